"""Who of the desk has a case before them now: a sign of life with a short term, so that nobody stays "busy"."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.casework.models import Presence
from app.clock import now
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.people.models import Person

TERM: Final = timedelta(seconds=100)
"""Longer than two signs of life that a page sends (40 s), so that one that is lost makes nobody disappear."""
KEPT: Final = timedelta(hours=12)


def come(session: Session, actor: Actor, help_request: HelpRequest) -> None:
    """A sign of life at a case; whoever was gone for longer than the term begins anew."""
    moment = now(session)
    sign = insert(Presence).values(
        id=uuid7(), municipality_id=help_request.municipality_id, help_request_id=help_request.id,
        person_id=actor.person_id, since=moment, seen_at=moment,
    )  # fmt: skip
    gone = Presence.seen_at < moment - TERM
    session.execute(
        sign.on_conflict_do_update(
            index_elements=["help_request_id", "person_id"],
            set_={"seen_at": moment, "since": case((gone, moment), else_=Presence.since)},
        )
    )


def tidy(session: Session, actor: Actor) -> None:
    """Signs of life of before are of no use to anybody. For the worker, in all of its reach."""
    seen = visible(actor, Permission.MODERATE_REQUEST, Presence)
    session.execute(delete(Presence).where(seen, Presence.seen_at < now(session) - KEPT))


def others(session: Session, actor: Actor, help_request: HelpRequest) -> list[Presence]:
    """Colleagues who have this case before them now, with since when."""
    query = (
        select(Presence)
        .where(
            visible(actor, Permission.MODERATE_REQUEST, Presence),
            Presence.help_request_id == help_request.id,
            Presence.person_id != actor.person_id,
            Presence.seen_at > now(session) - TERM,
        )
        .order_by(Presence.since, Presence.id)
    )
    return list(session.scalars(query.options(joinedload(Presence.person).load_only(Person.first_name))))


def busy(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, list[str]]:
    """Per case of a list the first names of colleagues who have it before them now."""
    query = (
        select(Presence.help_request_id, Person.first_name)
        .join(Person, Person.id == Presence.person_id)
        .where(
            visible(actor, Permission.MODERATE_REQUEST, Presence),
            Presence.help_request_id.in_(ids),
            Presence.person_id != actor.person_id,
            Presence.seen_at > now(session) - TERM,
        )
        .order_by(Presence.since, Presence.id)
    )
    found: dict[UUID, list[str]] = {}
    for case_id, name in session.execute(query):
        found.setdefault(case_id, []).append(name)
    return found
