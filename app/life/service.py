"""Somebody died, is in hospital or moved: one act that stops everything, and one that puts it back."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked, require, require_apart
from app.access.roles import Permission
from app.clock import now, today
from app.errors import Conflict, Invalid
from app.ids import uuid7
from app.jobs.queue import defer
from app.life.models import LifeEvent, LifeKind
from app.life.schemas import NewEvent
from app.moderation import people
from app.people.models import Person
from app.people.service import home

UNDO: Final = timedelta(days=7)
"""So long who died or moved by mistake is put back in one act; then what was agreed is ended for good."""


class StandsAlready(Conflict):
    """A colleague wrote something like it down already."""

    code = "stands-already"


class TooLate(Conflict):
    """It was settled: what was agreed has ended, and is asked anew."""

    code = "settled-already"


def _standing(actor: Actor, person_id: UUID) -> Select[LifeEvent]:
    return select(LifeEvent).where(
        LifeEvent.person_id == person_id,
        LifeEvent.undone_at.is_(None),
        LifeEvent.in_reach_of(actor.reach(Permission.MODERATE_REQUEST)),
    )


def standing(session: Session, actor: Actor, person_id: UUID) -> LifeEvent | None:
    """What stands of one of the desk's people."""
    names = (joinedload(LifeEvent.by).load_only(Person.first_name),)
    selection = _standing(actor, person_id)
    return session.scalars(selection.options(*names)).one_or_none()


def until(event: LifeEvent) -> datetime | None:
    """Until when it can be put back; None for ever, as long as somebody is in hospital."""
    return None if event.kind is LifeKind.HOSPITAL else event.at + UNDO


def happened(session: Session, actor: Actor, person_id: UUID, new: NewEvent) -> LifeEvent:
    """From this moment no mail; a job stops the rest within seconds, wherever the other side lives.

    Raises NotFound out of reach, Forbidden about oneself, StandsAlready, Invalid for a day to come or without the tick.
    """
    people.get(session, actor, person_id)
    municipality_id = home(session, person_id).municipality_id
    require_apart(actor, Permission.MODERATE_REQUEST, municipality_id, person_id)
    day = today(session)
    on_date = new.on_date or day
    if on_date > day:
        raise Invalid(details={"opWelkeDag": "not-future"})
    if not new.sure:
        raise Invalid(details={"zeker": "required"})
    row = LifeEvent(
        id=uuid7(), municipality_id=municipality_id, person_id=person_id, kind=new.kind, on_date=on_date,
        words=new.words or "", by_id=actor.person_id, stopped={},
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:
        raise StandsAlready from twice
    defer(session, "life.happened", event_id=str(row.id))
    return row


def undo(session: Session, actor: Actor, person_id: UUID) -> LifeEvent:
    """It was a mistake, or somebody is home again: a job puts back what was stopped. Raises TooLate, NotFound."""
    people.get(session, actor, person_id)
    selection = _standing(actor, person_id)
    row = found(session.scalars(locked(selection)).one_or_none())
    require(actor, Permission.MODERATE_REQUEST, row.municipality_id)
    if row.settled_at is not None:
        raise TooLate
    row.undone_at, row.undone_by_id = now(session), actor.person_id
    session.flush()
    defer(session, "life.undone", event_id=str(row.id))
    return row
