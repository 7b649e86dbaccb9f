"""The work list: a queue of requests, the most pressing first, beside the counts of all queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, not_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.clock import now
from app.help_requests.models import HelpRequest
from app.help_requests.service import FACE
from app.matches.models import Proposal, Status as ProposalStatus
from app.moderation.conditions import (
    Conditions,
    Queue,
    by_phone,
    conditions,
    count_of,
    disputed,
    meeting_with,
    since_of,
    with_willing,
)
from app.moderation.deadlines import Deadlines, deadlines
from app.people.models import Person
from app.places.models import Municipality

PAGE = 100


class Group(IntEnum):
    """How soon: past the promise, within it today, or later."""

    LATE = 0
    TODAY = 1
    WEEK = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the work list. Moments are aware; ``due`` is the promise to the asker."""

    help_request: HelpRequest
    queues: frozenset[Queue]
    group: Group
    since: datetime
    due: datetime
    asked: int
    """Helpers who have not answered yet."""
    willing: int
    unconfirmed: int
    """Willing helpers whom the makelaar has not introduced yet."""
    meeting_with: str
    by_phone: bool
    """The asker has no e-mail address: whatever is to be chosen, is chosen on the telephone."""
    disputed: bool
    seen_from: datetime
    """The moment for which this was read."""


@dataclass(frozen=True, slots=True)
class Board:
    """A queue on a screen, beside the counts of all queues and of the colleagues."""

    queue: Queue
    entries: list[Entry]
    counts: Mapping[Queue, int]
    late: int
    colleagues: list[tuple[UUID, str, int]]
    page: int
    pages: int
    now: datetime


def board(
    session: Session,
    actor: Actor,
    municipality: Municipality,
    queue: Queue = Queue.ALL,
    *,
    page: int = 1,
    of: UUID | None = None,
) -> Board:
    """A queue of one municipality, the most pressing first; ``of`` shows a colleague's work instead."""
    require(actor, Permission.MODERATE_REQUEST, municipality.id)
    moment = now(session)
    queues = conditions(moment, municipality, actor.person_id)
    limits = deadlines(moment, municipality.promise_days)
    group = _group(moment, limits)
    counted = _count(session, municipality.id, queues, group)
    colleagues = _colleagues(session, municipality.id, queues[Queue.ALL], actor.person_id)
    wanted = queues[queue] if of is None else and_(queues[Queue.ALL], HelpRequest.broker_id == of)
    total = counted[queue] if of is None else next((n for key, _, n in colleagues if key == of), 0)
    query = _list(municipality.id, queues, group, moment).where(wanted)
    if queue is Queue.RECENT:
        query = query.order_by(HelpRequest.id.desc())
    else:
        query = query.order_by(group, since_of(moment), HelpRequest.id)
    rows = session.execute(query.limit(PAGE).offset((page - 1) * PAGE))
    return Board(
        queue=queue,
        entries=[_entry(row, queues, limits, moment) for row in rows],
        counts={name: counted[name] for name in queues},
        late=counted["late"],
        colleagues=colleagues,
        page=page,
        pages=max(1, -(-total // PAGE)),
        now=moment,
    )


def entries_of(session: Session, municipality: Municipality, ids: list[UUID], me: UUID | None) -> list[Entry]:
    """Rows of the work list for these requests of the municipality, in the order given; absent ones are left out."""
    moment = now(session)
    queues = conditions(moment, municipality, me)
    limits = deadlines(moment, municipality.promise_days)
    query = _list(municipality.id, queues, _group(moment, limits), moment).where(HelpRequest.id.in_(ids))
    found = {row[0].id: _entry(row, queues, limits, moment) for row in session.execute(query)}
    return [found[id] for id in ids if id in found]


def _list(municipality_id: int, queues: Conditions, group: ColumnElement[int], moment: datetime) -> Any:
    asked = count_of(Proposal.status == ProposalStatus.PROPOSED)
    willing = count_of(Proposal.status == ProposalStatus.WILLING)
    unconfirmed = count_of(Proposal.status == ProposalStatus.WILLING, Proposal.confirmed_at.is_(None))
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(
            HelpRequest,
            group.label("urgency"),
            since_of(moment).label("since"),
            asked.label("asked"),
            willing.label("willing"),
            unconfirmed.label("unconfirmed"),
            meeting_with().label("meeting_with"),
            by_phone().label("by_phone"),
            disputed().label("disputed"),
            *(condition.label(name.name) for name, condition in queues.items()),
        )
        .where(HelpRequest.municipality_id == municipality_id)
        .options(*FACE)
    )


def _entry(row: Any, queues: Conditions, limits: Deadlines, moment: datetime) -> Entry:
    return Entry(
        help_request=row[0],
        queues=frozenset(name for name in queues if getattr(row, name.name)),
        group=Group(row.urgency),
        since=row.since,
        due=limits.due(row.since),
        asked=row.asked,
        willing=row.willing,
        unconfirmed=row.unconfirmed,
        meeting_with=row.meeting_with or "",
        by_phone=row.by_phone,
        disputed=row.disputed,
        seen_from=moment,
    )


def _count(
    session: Session, municipality_id: int, queues: Conditions, group: ColumnElement[int]
) -> dict[str, int]:
    late = and_(queues[Queue.ALL], group == Group.LATE.value)
    columns = [
        func.count().filter(condition).label(name) for name, condition in [*queues.items(), ("late", late)]
    ]
    # unscoped: the permission was asked for this municipality, by the caller
    query = select(*columns).select_from(HelpRequest).where(HelpRequest.municipality_id == municipality_id)
    return dict(session.execute(query).mappings().one())


def _colleagues(
    session: Session, municipality_id: int, work: ColumnElement[bool], me: UUID
) -> list[tuple[UUID, str, int]]:
    # unscoped: the permission was asked for this municipality, by the caller
    query = (
        select(Person.id, Person.first_name, func.count())
        .join(HelpRequest, HelpRequest.broker_id == Person.id)
        .where(HelpRequest.municipality_id == municipality_id, work, Person.id != me)
        .group_by(Person.id, Person.first_name)
        .order_by(Person.first_name, Person.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _group(moment: datetime, limits: Deadlines) -> ColumnElement[int]:
    """Whoever has a choice of helpers is no longer waiting for us: today, but not late."""
    since = since_of(moment)
    return case(
        (and_(since <= limits.late, not_(with_willing())), literal(Group.LATE.value, Integer)),
        (since <= limits.today, Group.TODAY.value),
        else_=Group.WEEK.value,
    )
