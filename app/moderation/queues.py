"""The work list: a queue of requests, the most pressing first, beside the counts of all queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.casework import presence
from app.casework.models import Whose
from app.clock import now
from app.help_requests.models import HelpRequest
from app.help_requests.service import FACE
from app.matches.models import Proposal, Status as ProposalStatus
from app.moderation.conditions import (
    EVERYBODYS,
    Conditions,
    Part,
    Queue,
    by_phone,
    conditions,
    count_of,
    disputed,
    has_choice,
    is_for_today,
    is_late,
    meeting_with,
    part_of,
    since_of,
    task_what,
)
from app.moderation.deadlines import Deadlines, deadlines
from app.people.models import Person
from app.places.models import Municipality

PAGE = 100


class Group(IntEnum):
    """How soon: past the promise, within it today, somebody to choose, or later."""

    LATE = 0
    TODAY = 1
    CHOICE = 2
    """Past the promise, and there is somebody: nobody waits for us any more, and it is not for today either."""
    WEEK = 3


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
    task: str
    """What was to be done today, or before."""
    busy: list[str]
    """Colleagues who have it before them now."""
    seen_from: datetime
    """The moment for which this was read."""


@dataclass(frozen=True, slots=True)
class Board:
    """A queue on a screen, beside the counts of all queues and of the colleagues."""

    queue: Queue
    part: Part
    entries: list[Entry]
    counts: Mapping[Queue, int]
    whose: Mapping[Whose, int]
    """How much of this queue is one's own, the team's, and everybody's."""
    late: int
    colleagues: list[tuple[UUID, str, int]]
    page: int
    pages: int
    now: datetime


def board(  # noqa: PLR0913 - which part of the work
    session: Session,
    actor: Actor,
    municipality: Municipality,
    queue: Queue = Queue.ALL,
    *,
    page: int = 1,
    of: UUID | None = None,
    part: Part = EVERYBODYS,
) -> Board:
    """A queue of one municipality, the most pressing first; ``of`` shows a colleague's work instead.

    ``part`` narrows the list and all counts beside it alike.
    """
    require(actor, Permission.MODERATE_REQUEST, municipality.id)
    moment = now(session)
    queues = conditions(moment, municipality, actor.person_id)
    limits = deadlines(moment, municipality.promise_days)
    group = _group(moment, limits)
    parts = {one: part_of(Part(one, part.pc4s), moment, actor.person_id) for one in Whose}
    within = parts[part.whose]
    counted = _count(session, municipality.id, {
        **{str(name): and_(condition, within) for name, condition in queues.items()},
        **{f"whose_{one}": and_(queues[queue], condition) for one, condition in parts.items()},
    })  # fmt: skip
    colleagues = _colleagues(session, municipality.id, queues[Queue.ALL], actor.person_id)
    wanted = (
        and_(queues[queue], within) if of is None else and_(queues[Queue.ALL], HelpRequest.broker_id == of)
    )
    total = counted[queue] if of is None else next((n for key, _, n in colleagues if key == of), 0)
    query = _list(municipality.id, queues, group, moment).where(wanted)
    if queue is Queue.RECENT:
        query = query.order_by(HelpRequest.id.desc())
    else:
        query = query.order_by(group, since_of(moment), HelpRequest.id)
    rows = list(session.execute(query.limit(PAGE).offset((page - 1) * PAGE)))
    busy = presence.busy(session, actor, [row[0].id for row in rows])
    return Board(
        queue=queue,
        part=part,
        entries=[_entry(row, queues, limits, moment, busy) for row in rows],
        counts={name: counted[name] for name in queues},
        whose={one: counted[f"whose_{one}"] for one in Whose},
        late=counted[Queue.LATE],
        colleagues=colleagues,
        page=page,
        pages=max(1, -(-total // PAGE)),
        now=moment,
    )


def entries_of(session: Session, actor: Actor, municipality: Municipality, ids: list[UUID]) -> list[Entry]:
    """Rows of the work list for these requests of the municipality, in the order given; absent ones are left out."""
    moment = now(session)
    queues = conditions(moment, municipality, actor.person)
    limits = deadlines(moment, municipality.promise_days)
    query = _list(municipality.id, queues, _group(moment, limits), moment).where(HelpRequest.id.in_(ids))
    busy = presence.busy(session, actor, ids)
    found = {row[0].id: _entry(row, queues, limits, moment, busy) for row in session.execute(query)}
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
            task_what(moment).label("task"),
            *(condition.label(name.name) for name, condition in queues.items()),
        )
        .where(HelpRequest.municipality_id == municipality_id)
        .options(*FACE)
    )


def _entry(
    row: Any, queues: Conditions, limits: Deadlines, moment: datetime, busy: Mapping[UUID, list[str]]
) -> Entry:
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
        task=row.task or "",
        busy=busy.get(row[0].id, []),
        seen_from=moment,
    )


def _count(
    session: Session, municipality_id: int, wanted: Mapping[str, ColumnElement[bool]]
) -> dict[str, int]:
    columns = [func.count().filter(condition).label(name) for name, condition in wanted.items()]
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
    """Whoever has a choice of helpers is no longer waiting for us: not late, and with nothing due not today either."""
    return case(
        (is_late(moment, limits), literal(Group.LATE.value, Integer)),
        (has_choice(moment, limits), Group.CHOICE.value),
        (is_for_today(moment, limits), Group.TODAY.value),
        else_=Group.WEEK.value,
    )
