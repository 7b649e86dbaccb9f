"""What a makelaar looked at last on the work list, and in which neighbourhoods they work: their team's."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.casework.models import DeskChoice, Whose
from app.ids import uuid7
from app.places.models import Neighbourhood
from app.schemas import Incoming, Whole

MOST = 60


class Areas(Incoming):
    """The neighbourhoods in which one works; none is nowhere in particular."""

    pc4s: Annotated[
        list[Annotated[Whole, Field(ge=1000, le=9999)]], Field(alias="wijken", max_length=MOST)
    ] = []


def mine(session: Session, actor: Actor, municipality_id: int) -> DeskChoice:
    """What one chose; the whole list where one chose nothing."""
    query = select(DeskChoice).where(
        DeskChoice.owned_by(actor.person_id), DeskChoice.municipality_id == municipality_id
    )
    kept = session.scalars(query).one_or_none()
    return kept or DeskChoice(
        person_id=actor.person_id, municipality_id=municipality_id, queue="alles", whose=Whose.ALL, pc4s=[]
    )


def keep(session: Session, actor: Actor, chosen: DeskChoice, queue: str, whose: Whose) -> None:
    """Remember what is looked at now, when that is something else."""
    if (chosen.queue, chosen.whose) != (queue, whose):
        _keep(session, actor, chosen.municipality_id, {"queue": queue, "whose": whose})


def set_areas(session: Session, actor: Actor, municipality_id: int, areas: Areas) -> None:
    """From now on these are the neighbourhoods in which one works; others than the municipality's are left out."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    known = {pc4 for pc4, _, _ in neighbourhoods(session, municipality_id)}
    _keep(session, actor, municipality_id, {"pc4s": sorted(known & set(areas.pc4s))})


def _keep(session: Session, actor: Actor, municipality_id: int, values: dict[str, object]) -> None:
    row = insert(DeskChoice).values(
        id=uuid7(), person_id=actor.person_id, municipality_id=municipality_id, **values
    )
    session.execute(row.on_conflict_do_update(index_elements=["person_id", "municipality_id"], set_=values))


def neighbourhoods(session: Session, municipality_id: int) -> list[tuple[int, str, int]]:
    """The municipality's neighbourhoods: postcode, place and how many live there."""
    query = (
        select(Neighbourhood.pc4, Neighbourhood.place, Neighbourhood.residents)
        .where(Neighbourhood.municipality_id == municipality_id)
        .order_by(Neighbourhood.place, Neighbourhood.pc4)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
