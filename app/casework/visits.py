"""People to call on (outreach): who asks nothing and may well be glad of somebody at the door."""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.casework.models import Visit, VisitWhy
from app.clock import now, today
from app.errors import Conflict, Invalid
from app.ids import uuid7
from app.moderation import people
from app.people.models import Person
from app.people.service import home
from app.schemas import Day, Incoming
from app.text import Typed

FARTHEST: Final = timedelta(days=366)
MOST: Final = 200


class NewVisit(Incoming):
    """Why, from which day, and whether the person knows that somebody comes."""

    why: Annotated[VisitWhy, Field(alias="waarom")]
    visit_on: Annotated[Day, Field(alias="vanaf")]
    knows: Annotated[bool, Field(alias="weetErvan")] = False
    words: Annotated[Annotated[str, Typed(1000, lines=True)] | None, Field(alias="toelichting")] = None


class VisitDone(Incoming):
    """What came of it."""

    outcome: Annotated[Annotated[str, Typed(1000, lines=True)], Field(alias="uitkomst")]


class OnTheList(Conflict):
    """Somebody put this person on the list already."""

    code = "on-the-list"


class VisitedAlready(Conflict):
    """A colleague was there."""

    code = "visited-already"


def _waiting(actor: Actor, municipality_id: int) -> Select[Visit]:
    return select(Visit).where(
        visible(actor, Permission.MODERATE_REQUEST, Visit),
        Visit.municipality_id == municipality_id,
        Visit.done_at.is_(None),
    )


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[Visit]:
    """Everybody who is on the list of a municipality, the first day first."""
    require(actor, Permission.SEE_PEOPLE, municipality_id)
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    names = (joinedload(Visit.person), joinedload(Visit.asked_by).load_only(Person.first_name))
    rows = _waiting(actor, municipality_id).options(*names).order_by(Visit.visit_on, Visit.id)
    return list(session.scalars(rows.limit(MOST)))


def count_waiting(session: Session, actor: Actor, municipality_id: int) -> int:
    """How many those are."""
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    return session.scalars(_waiting(actor, municipality_id).with_only_columns(func.count())).one()


def plan(session: Session, actor: Actor, person_id: UUID, new: NewVisit) -> Visit:
    """Put somebody on the list. Raises NotFound out of reach, OnTheList, Invalid for a day too far."""
    people.get(session, actor, person_id)
    municipality_id = home(session, person_id).municipality_id
    require(actor, Permission.MODERATE_REQUEST, municipality_id)
    day = today(session)
    if not day <= new.visit_on <= day + FARTHEST:
        raise Invalid(details={"vanaf": "past" if new.visit_on < day else "too-far"})
    row = Visit(
        id=uuid7(), municipality_id=municipality_id, person_id=person_id, why=new.why, words=new.words or "",
        knows=new.knows, visit_on=new.visit_on, asked_by_id=actor.person_id,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:
        raise OnTheList from twice
    return row


def get(session: Session, actor: Actor, id: UUID) -> Visit:
    """One of the desk's; NotFound for any other."""
    query = select(Visit).where(Visit.id == id, Visit.in_reach_of(actor.reach(Permission.MODERATE_REQUEST)))
    return found(session.scalars(query.options(joinedload(Visit.person))).one_or_none())


def done(session: Session, actor: Actor, id: UUID, said: VisitDone) -> Visit:
    """Somebody was there, or need not go any more. Raises VisitedAlready."""
    get(session, actor, id)
    row = session.scalars(
        locked(select(Visit).where(visible(actor, Permission.MODERATE_REQUEST, Visit), Visit.id == id))
    ).one()
    if row.done_at is not None:
        raise VisitedAlready
    row.done_at, row.done_by_id, row.outcome = now(session), actor.person_id, said.outcome
    session.flush()
    return row


def of_person(session: Session, actor: Actor, person_id: UUID) -> list[Visit]:
    """Past and planned visits to one of the desk's people, the newest first."""
    query = select(Visit).where(
        Visit.person_id == person_id, Visit.in_reach_of(actor.reach(Permission.MODERATE_REQUEST))
    )
    names = (
        joinedload(Visit.asked_by).load_only(Person.first_name),
        joinedload(Visit.done_by).load_only(Person.first_name),
    )
    return list(session.scalars(query.options(*names).order_by(Visit.asked_at.desc()).limit(30)))
