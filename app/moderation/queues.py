"""The work list: a queue of requests, the most pressing first, beside the counts of all queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.casework import presence
from app.casework.models import Whose
from app.clock import now
from app.help_requests.models import HelpRequest
from app.help_requests.service import FACE
from app.moderation.conditions import (
    EVERYBODYS,
    Desk,
    Group,
    Part,
    Queue,
    Sheet,
    among,
    by_phone,
    disputed,
    proposals_of,
    sheet,
    task_what,
)
from app.moderation.deadlines import Deadlines, deadlines
from app.people.models import Person
from app.places.models import Municipality

PAGE = 50


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
    desk = Desk(municipality, now(session), actor.person_id)
    whole = sheet(desk)
    within = whole.part(part)
    wanted = (
        and_(whole.queue(queue), within)
        if of is None
        else and_(whole.queue(Queue.ALL), whole.rows.c.broker_id == of)
    )
    counted = _counted(session, whole, queue, part, _page(whole, queue, wanted, page))
    colleagues = _colleagues(session, counted.work, actor.person_id)
    total = counted.queues[queue] if of is None else next((n for key, _, n in colleagues if key == of), 0)
    return Board(
        queue=queue,
        part=part,
        entries=_entries(session, actor, desk, counted.lines),
        counts=counted.queues,
        whose=counted.whose,
        late=counted.queues[Queue.LATE],
        colleagues=colleagues,
        page=page,
        pages=max(1, -(-total // PAGE)),
        now=desk.moment,
    )


def entries_of(session: Session, actor: Actor, municipality: Municipality, ids: list[UUID]) -> list[Entry]:
    """Rows of the work list for these requests of the municipality, in the order given; absent ones are left out."""
    if not ids:
        return []
    desk = Desk(municipality, now(session), actor.person)
    these = sheet(desk, ids)
    found = {line.id: line for line in map(_line_of, session.scalars(select(_line(these))))}
    return _entries(session, actor, desk, [found[id] for id in ids if id in found])


@dataclass(frozen=True, slots=True)
class _Line:
    """What the sheet says of a request."""

    id: UUID
    since: datetime
    group: Group
    queues: frozenset[Queue]


def _line(of: Sheet) -> ColumnElement[Any]:
    """A row of the sheet as one value, so that whoever reads the whole sheet reads the lines of a page with it."""
    rows = of.rows.c
    return func.jsonb_build_array(rows.id, rows.since, rows.urgency, *(of.queue(queue) for queue in Queue))


def _line_of(value: list[Any]) -> _Line:
    id, since, urgency, *flags = value
    queues = frozenset(queue for queue, within in zip(Queue, flags, strict=True) if within)
    return _Line(UUID(id), datetime.fromisoformat(since), Group(urgency), queues)


def _entries(session: Session, actor: Actor, desk: Desk, lines: list[_Line]) -> list[Entry]:
    if not lines:
        return []
    ids = [line.id for line in lines]
    limits = deadlines(desk.moment, desk.municipality.promise_days)
    busy = presence.busy(session, actor, ids)
    found = {row[0].id: row for row in session.execute(_list(desk, ids))}
    return [_entry(line, found[line.id], limits, desk, busy) for line in lines if line.id in found]


def _list(desk: Desk, ids: list[UUID]) -> Any:
    around = proposals_of(ids)
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(
            HelpRequest,
            *(func.coalesce(around.c[name], 0).label(name) for name in ("asked", "willing", "unconfirmed")),
            around.c.meeting_with,
            by_phone().label("by_phone"),
            disputed().label("disputed"),
            task_what(desk).label("task"),
        )
        .outerjoin(around, around.c.id == HelpRequest.id)
        .where(among(HelpRequest.id, ids))
        .options(*FACE)
    )


def _entry(line: _Line, row: Any, limits: Deadlines, desk: Desk, busy: Mapping[UUID, list[str]]) -> Entry:
    return Entry(
        help_request=row[0],
        queues=line.queues,
        group=line.group,
        since=line.since,
        due=limits.due(line.since),
        asked=row.asked,
        willing=row.willing,
        unconfirmed=row.unconfirmed,
        meeting_with=row.meeting_with or "",
        by_phone=row.by_phone,
        disputed=row.disputed,
        task=row.task or "",
        busy=busy.get(line.id, []),
        seen_from=desk.moment,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one reading of the sheet says: how many in each queue and part, what is on this page, who has how much."""

    queues: dict[Queue, int]
    whose: dict[Whose, int]
    lines: list[_Line]
    work: dict[UUID, int]


def _page(whole: Sheet, queue: Queue, wanted: ColumnElement[bool], page: int) -> Any:
    rows = whole.rows.c
    order = [rows.id.desc()] if queue is Queue.RECENT else [rows.urgency, rows.since, rows.id]
    query = select(_line(whole)).where(wanted).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
    return func.array(query.scalar_subquery(), type_=ARRAY(JSONB))


def _counted(session: Session, whole: Sheet, queue: Queue, part: Part, page: Any) -> _Counted:
    within = whole.part(part)
    parts = {one: whole.part(Part(one, part.pc4s)) for one in Whose}
    brokers = (
        select(func.jsonb_build_array(whole.rows.c.broker_id, func.count()))
        .where(whole.queue(Queue.ALL), whole.rows.c.broker_id.is_not(None))
        .group_by(whole.rows.c.broker_id)
    )
    row = session.execute(
        select(
            page.label("page"),
            func.array(brokers.scalar_subquery(), type_=ARRAY(JSONB)).label("work"),
            *(func.count().filter(whole.queue(one), within).label(one.name) for one in Queue),
            *(
                func.count().filter(whole.queue(queue), of).label(f"whose_{one.name}")
                for one, of in parts.items()
            ),
        ).select_from(whole.rows)
    ).one()
    return _Counted(
        {one: getattr(row, one.name) for one in Queue},
        {one: getattr(row, f"whose_{one.name}") for one in Whose},
        [_line_of(value) for value in row.page],
        {UUID(id): count for id, count in row.work},
    )


def _colleagues(session: Session, work: Mapping[UUID, int], me: UUID) -> list[tuple[UUID, str, int]]:
    """Who has how much of the work, but oneself."""
    query = select(Person.id, Person.first_name).where(Person.id.in_(work), Person.id != me)
    rows = session.execute(query.order_by(Person.first_name, Person.id))
    return [(row.id, row.first_name, work[row.id]) for row in rows]
