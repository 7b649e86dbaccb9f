"""/roosjesvragen and /roosjessignalen: what the desk answers and looks at."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.access.policy import require_anywhere
from app.access.roles import Permission
from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.roosjes import advice, questions, watch
from app.roosjes.api import QuestionOut
from app.roosjes.models import LineQuestion, Signal
from app.schemas import Moment, Outgoing
from app.words import SignalName

router = APIRouter(tags=["Roosjes"])


class SignalOut(Outgoing):
    """Something unusual in the books; it says nothing about why."""

    id: UUID
    kind: Annotated[SignalName, Field(serialization_alias="soort")]
    person_id: Annotated[UUID, Field(serialization_alias="persoon")]
    other_id: Annotated[UUID | None, Field(serialization_alias="metPersoon")]
    minutes: Annotated[int, Field(serialization_alias="minuten")]
    found_at: Annotated[Moment, Field(serialization_alias="gezienOp")]
    remark: Annotated[str, Field(serialization_alias="opmerking")]


class NearOut(Outgoing):
    """Somebody at half of the way to a limit or further; minutes."""

    person_id: Annotated[UUID, Field(serialization_alias="persoon")]
    available: Annotated[int, Field(serialization_alias="beschikbaar")]
    limit: Annotated[int, Field(serialization_alias="grens")]
    level: Annotated[int, Field(serialization_alias="procent")]
    silent: Annotated[bool, Field(serialization_alias="zonderBericht")]


@router.get("/roosjesgrenzen", response_model=list[NearOut], summary="Lees wie dicht bij een grens is")
def near(session: Opened, actor: ApiActor) -> list[advice.Near]:
    """Voor makelaars: wie de helft van de weg naar een grens of meer aflegde, de dichtstbijzijnde eerst."""
    return [
        one
        for place in sorted(require_anywhere(actor, Permission.CORRECT_LEDGER))
        for one in advice.near(session, actor, place)
    ]


@router.get("/roosjesvragen", response_model=list[QuestionOut], summary="Lees vragen over regels")
def waiting(session: Opened, actor: ApiActor) -> list[LineQuestion]:
    """Voor makelaars: wat nog op antwoord wacht, het oudste eerst."""
    return [
        one
        for place in sorted(require_anywhere(actor, Permission.CORRECT_LEDGER))
        for one in questions.waiting(session, actor, place)
    ]


@router.post("/roosjesvragen/{id}/antwoorden", response_model=QuestionOut, summary="Beantwoord een vraag")
def answer(once: OnceOnly, id: UUID, said: Sent[questions.Answer]) -> Response:
    """Verbeteren boekt de regel terug; uitleggen verandert niets. Beide kanten lezen het."""

    def act() -> QuestionOut:
        return QuestionOut.model_validate(questions.answer(once.session, once.actor, id, said))

    return once.answer(said, act)


@router.get("/roosjessignalen", response_model=list[SignalOut], summary="Lees wat opviel")
def signals(session: Opened, actor: ApiActor) -> list[Signal]:
    """Voor makelaars: wat in de boeken opviel en waar nog niemand naar keek."""
    return [
        one
        for place in sorted(require_anywhere(actor, Permission.CORRECT_LEDGER))
        for one in watch.waiting(session, actor, place)
    ]


@router.post("/roosjessignalen/{id}/afhandelingen", response_model=SignalOut, summary="U keek ernaar")
def seen(once: OnceOnly, id: UUID, remark: Sent[watch.Remark]) -> Response:
    """Met een opmerking erbij. Er verandert verder niets."""

    def act() -> SignalOut:
        return SignalOut.model_validate(watch.seen(once.session, once.actor, id, remark))

    return once.answer(remark, act)
