"""/keren/{id}/tevredenheid: how the two look back on one time."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.access.actor import Actor
from app.agreements import occur
from app.api.bodies import Sent
from app.api.once import OnceOnly
from app.http import ApiActor, Opened
from app.satisfaction import service
from app.satisfaction.models import Face, Satisfaction
from app.satisfaction.schemas import NewSatisfaction
from app.schemas import Moment, Outgoing

router = APIRouter(prefix="/keren/{id}/tevredenheid", tags=["Afspraken"])


class SatisfactionOut(Outgoing):
    """What one of the two said of one time."""

    id: UUID
    mine: Annotated[bool, Field(serialization_alias="vanMij")]
    face: Annotated[Face, Field(serialization_alias="gezicht")]
    words: Annotated[str, Field(serialization_alias="woorden")]
    for_other: Annotated[bool, Field(serialization_alias="voorAllebei")]
    created_at: Annotated[Moment, Field(serialization_alias="gezegdOp")]


def out(actor: Actor, row: Satisfaction) -> SatisfactionOut:
    """It, told from the reader's side."""
    return SatisfactionOut(
        id=row.id, mine=row.author_id == actor.person, face=row.face, words=row.words,
        for_other=row.for_other, created_at=row.created_at,
    )  # fmt: skip


@router.get("", response_model=list[SatisfactionOut], summary="Lees hoe het was")
def list_(session: Opened, actor: ApiActor, id: UUID) -> list[SatisfactionOut]:
    """Wat u zelf zei, en wat de ander ook voor u schreef; de makelaar leest allebei."""
    row = occur.get_one(session, actor, id)
    said = service.of_occurrences(session, actor, [row]).get(row.id, [])
    return [out(actor, one) for one in said]


@router.post("", response_model=SatisfactionOut, summary="Zeg of u tevreden bent")
def say(once: OnceOnly, id: UUID, new: Sent[NewSatisfaction]) -> Response:
    """Als het gedaan is, en één keer: nog eens gezegd blijft wat u eerst zei. Eerder volgt 409."""
    return once.answer(new, lambda: out(once.actor, service.say(once.session, once.actor, id, new)))
