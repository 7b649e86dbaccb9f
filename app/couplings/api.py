"""/begeleidingsgesprekken: talks of lasting couplings, as each of the two meets them, and for who leads them."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.api.paging import Page, paged, rows_of
from app.couplings import service
from app.couplings.models import CouplingTalk, GoesOn, How, TalkAnswer, TalkKind, TalkOutcome
from app.couplings.schemas import NewAnswer, PlanTalk, TalkHeld
from app.http import ApiActor, Opened
from app.satisfaction.models import Face
from app.schemas import Moment, Outgoing
from app.words import State

router = APIRouter(prefix="/begeleidingsgesprekken", tags=["Maatjes"])


class AnswerOut(Outgoing):
    """What one of the two said; the other never reads it."""

    author_id: Annotated[UUID, Field(serialization_alias="van")]
    face: Annotated[Face, Field(serialization_alias="gezicht")]
    goes_on: Annotated[GoesOn, Field(serialization_alias="verder")]
    words: Annotated[str, Field(serialization_alias="woorden")]
    said_at: Annotated[Moment, Field(serialization_alias="gezegdOp")]


class TalkOut(Outgoing):
    """One talk; when and where once somebody planned it."""

    id: UUID
    agreement_id: Annotated[UUID, Field(serialization_alias="afspraak")]
    kind: Annotated[TalkKind, Field(serialization_alias="soort")]
    due_on: Annotated[date, Field(serialization_alias="rond")]
    starts_at: Annotated[Moment | None, Field(serialization_alias="begintOp")]
    how: Annotated[How | None, Field(serialization_alias="hoe")]
    status: Annotated[State, Field(serialization_alias="staat")]
    outcome: Annotated[TalkOutcome | None, Field(serialization_alias="uitkomst")]
    version: Annotated[int, Field(serialization_alias="versie")]


class OwnTalkOut(TalkOut):
    """The same with what one said for it oneself."""

    answer: Annotated[AnswerOut | None, Field(serialization_alias="antwoord")] = None


class LedTalkOut(TalkOut):
    """The same with what both said for it, for who leads it."""

    answers: Annotated[list[AnswerOut], Field(serialization_alias="antwoorden")] = []


def _led(talk: CouplingTalk, said: Sequence[TalkAnswer]) -> LedTalkOut:
    return LedTalkOut.model_validate(talk).model_copy(
        update={"answers": [AnswerOut.model_validate(one) for one in said]}
    )


@router.get("", response_model=list[TalkOut], summary="Lees uw begeleidingsgesprekken")
def list_(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> Sequence[CouplingTalk]:
    """Gesprekken over u en uw maatje, op de dag waar ze rond zijn."""
    return paged(request, response, page, rows_of(session, service.mine(actor), page))


@router.get(
    "/bureau", response_model=list[LedTalkOut], summary="Lees gesprekken die te plannen of te houden zijn"
)
def at_desk(
    request: Request, response: Response, session: Opened, actor: ApiActor, page: Annotated[Page, Query()]
) -> list[LedTalkOut]:
    """Voor makelaars, en voor wie vrijwilligers van een organisatie begeleidt; met wat beide maatjes ervan zeggen."""
    talks = paged(request, response, page, rows_of(session, service.to_lead(session, actor), page))
    said = service.answers(session, actor, [talk.id for talk in talks])
    return [_led(talk, said[talk.id]) for talk in talks]


@router.get("/{id}", response_model=OwnTalkOut, summary="Lees één gesprek over u en uw maatje")
def get(session: Opened, actor: ApiActor, id: UUID) -> OwnTalkOut:
    """Met wat u er zelf van zei. Wat uw maatje zei, ziet alleen wie het gesprek leidt."""
    talk, said = service.own(session, actor, id)
    return OwnTalkOut.model_validate(talk).model_copy(
        update={"answer": AnswerOut.model_validate(said) if said else None}
    )


@router.post("/{id}/antwoorden", response_model=OwnTalkOut, summary="Zeg hoe het gaat met uw maatje")
def say(once: OnceOnly, id: UUID, new: Sent[NewAnswer]) -> Response:
    """Tot het gesprek er is; wat u het laatst zei, telt. Liever stoppen? Wie het gesprek leidt, belt u."""

    def act() -> OwnTalkOut:
        service.say(once.session, once.actor, id, new)
        return get(once.session, once.actor, id)

    return once.answer(new, act)


@router.post("/{id}/planningen", response_model=TalkOut, summary="Plan een gesprek")
def plan(once: OnceOnly, id: UUID, wanted: Sent[PlanTalk]) -> Response:
    """Voor wie het leidt. Beide maatjes krijgen bericht; nog eens geeft een ander moment."""
    return once.answer(
        wanted, lambda: TalkOut.model_validate(service.plan(once.session, once.actor, id, wanted))
    )


@router.post("/{id}/verslagen", response_model=TalkOut, summary="Zeg wat eruit kwam")
def hold(once: OnceOnly, id: UUID, said: Sent[TalkHeld]) -> Response:
    """Voor wie het leidt. Met `gestopt` eindigt ook de afspraak. De notitie is alleen voor het bureau."""
    return once.answer(said, lambda: TalkOut.model_validate(service.hold(once.session, once.actor, id, said)))
