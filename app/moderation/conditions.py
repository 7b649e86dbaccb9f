"""The work of a desk as a sheet: a row for whatever is work, rests, or was just done, and what each queue asks of it.

What happened around a request (talks that are due, times of which nobody said anything, ...) is found once for the
desk, through an index on its municipality, and laid beside the requests that wait or rest. So the sheet costs what
there is to do, and neither what was ever done nor what goes well.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Subquery,
    Uuid,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    outerjoin,
    select,
    true,
    union,
)

from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.casework import evaluations, faces
from app.casework.models import CaseQuestion, CaseTask, QuestionKind, Whose
from app.categories.vocabulary import Visibility
from app.clock import AMSTERDAM
from app.help_requests.models import HelpRequest, Status
from app.matches.models import Proposal, Status as ProposalStatus
from app.moderation.deadlines import deadlines
from app.moderation.models import CaseNote
from app.people.models import Contact, Person
from app.places.models import Mediation, Municipality
from app.states import StateEvent

NOBODY_AFTER = timedelta(days=3)
LAPSED_AFTER = timedelta(days=3)
"""How long after the agreed time both may leave unsaid whether it happened."""
RECENT = timedelta(days=14)
STALE = timedelta(days=30)
"""After this an end that nobody followed up rests, and a report nobody wrote about is history."""


class Queue(StrEnum):
    """The queues, by the word in their address."""

    ALL = "alles"
    LATE = "te-laat"
    NEW = "nieuw"
    NOBODY = "niemand-gevonden"
    STUCK = "loopt-vast"
    MEETING = "gesprek"
    EVALUATION = "hoe-gaat-het"
    FOLLOW_UP = "vandaag-terug"
    REPORTS = "meldingen"
    MINE = "van-mij"
    UNCLAIMED = "van-niemand"
    RESTING = "even-gestopt"
    RECENT = "onlangs-klaar"


Conditions = dict[Queue, ColumnElement[bool]]
WORK: Final = (Queue.NOBODY, Queue.STUCK, Queue.MEETING, Queue.EVALUATION, Queue.FOLLOW_UP, Queue.REPORTS)
"""Queues whose rows are work, whatever the question itself reads."""
AT_HAND: Final = (Status.SUBMITTED, Status.OPEN, Status.PAUSED, Status.REFERRED, Status.EXPIRED)
"""What stands in a queue by its status alone; help that goes well does not."""
MATTERS: Final = ("tasks", "talks", "trouble", "missed", "knots", "ended")
"""What puts a request in a queue whatever its status; the rest is asked of those that wait."""
UNSAID: Final = (OccurrenceStatus.AGREED, OccurrenceStatus.HELPED, OccurrenceStatus.RECEIVED)
NO_MORE: Final = (
    ProposalStatus.DECLINED, ProposalStatus.PASSED, ProposalStatus.EXPIRED, ProposalStatus.WITHDRAWN,
)  # fmt: skip
GOING_ON: Final = (ProposalStatus.PROPOSED, ProposalStatus.WILLING, ProposalStatus.MEETING)


class Group(IntEnum):
    """How soon: past the promise, within it today, somebody to choose, or later."""

    LATE = 0
    TODAY = 1
    CHOICE = 2
    """Past the promise, and there is somebody: nobody waits for us any more, and it is not for today either."""
    WEEK = 3


@dataclass(frozen=True, slots=True)
class Part:
    """Whose part of the work is looked at; ``pc4s`` are the neighbourhoods of the team."""

    whose: Whose = Whose.ALL
    pc4s: tuple[int, ...] = field(default=())


EVERYBODYS = Part()


@dataclass(frozen=True, slots=True)
class Desk:
    """Of whom the sheet is, and when."""

    municipality: Municipality
    moment: datetime
    me: UUID | None

    @property
    def day(self) -> date:
        """In Amsterdam."""
        return self.moment.astimezone(AMSTERDAM).date()

    @property
    def tonight(self) -> datetime:
        """The end of this day in Amsterdam."""
        return datetime.combine(self.day + timedelta(days=1), time(), tzinfo=AMSTERDAM)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows as a table of the statement, and the conditions on it. Every row has ``id``, ``broker_id``, ``since``
    and ``urgency``, a Group."""

    rows: CTE

    def queue(self, queue: Queue) -> ColumnElement[bool]:
        """What stands in a queue."""
        return self.rows.c[queue.name]

    def part(self, part: Part) -> ColumnElement[bool]:
        """What is one's own, the team's, or everybody's."""
        if part.whose is Whose.MINE:
            return self.rows.c.own
        if part.whose is Whose.TEAM:
            return self.rows.c.pc4.in_(part.pc4s)
        return true()


def sheet(desk: Desk, ids: Collection[UUID] | None = None) -> Sheet:
    """All that waits, rests or that something is the matter with, or these requests alone, whatever they are.

    Where people find each other freely, an open question is work only when the desk was asked, took it, or nobody was
    found. What somebody has to be told or asked today is work whatever the question reads.
    """
    beside = {
        name: _only(query, ids).cte(name)
        for name, query in (
            ("tasks", _tasks(desk)),
            ("talks", evaluations.due(desk.municipality.id, desk.day)),
            ("trouble", _trouble(desk)),
            ("missed", _missed(desk)),
            ("asked", _asked(desk)),
            ("knots", _knots(desk)),
            ("ended", _ended(desk)),
        )
    }
    joined: Any = HelpRequest
    for one in beside.values():
        joined = outerjoin(joined, one, one.c.id == HelpRequest.id)
    # unscoped: the permission was asked for this municipality, by the caller
    query = select(*_facts(desk, beside)).where(_at_hand(desk, beside, ids)).select_from(joined)
    # what is told of a request is worked out once, before it is weighed a dozen times
    facts = query.cte("facts").prefix_with("MATERIALIZED")
    return Sheet(select(*_columns(facts)).cte("sheet"))


def _only(query: Select[Any], ids: Collection[UUID] | None) -> Select[Any]:
    """The same of these requests alone; the first column of each query is the request."""
    return query if ids is None else query.where(among(query.selected_columns[0], ids))


def _at_hand(desk: Desk, beside: Mapping[str, CTE], ids: Collection[UUID] | None) -> ColumnElement[bool]:
    """What waits or rests is read by its status, and what something is the matter with by its key, as an array:
    neither by reading all that lives."""
    here = HelpRequest.municipality_id == desk.municipality.id
    if ids is not None:
        return and_(here, among(HelpRequest.id, ids))
    others = union(*(select(beside[name].c.id) for name in MATTERS))
    keys = func.array(others.scalar_subquery(), type_=ARRAY(Uuid))
    return or_(and_(here, HelpRequest.status.in_(AT_HAND)), and_(here, HelpRequest.id == any_(keys)))


def _tasks(desk: Desk) -> Select[Any]:
    """When the first thing is due that is to be done today, or was before."""
    columns: list[Any] = [CaseTask.help_request_id.label("id"), func.min(CaseTask.due_at).label("due_at")]
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(*columns)
        .where(
            CaseTask.municipality_id == desk.municipality.id,
            CaseTask.done_at.is_(None),
            CaseTask.due_at < desk.tonight,
        )
        .group_by(CaseTask.help_request_id)
    )


def _trouble(desk: Desk) -> Select[Any]:
    """Times of which one says this and the other that, or of which nobody said anything for days."""
    since = desk.moment - LAPSED_AFTER
    disputed = Occurrence.status == OccurrenceStatus.DISPUTED
    lapsed = and_(Occurrence.status.in_(UNSAID), Occurrence.starts_at <= since, Occurrence.ends_at <= since)
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(
            Agreement.help_request_id.label("id"),
            func.min(Occurrence.ends_at).label("ends_at"),
            func.bool_or(disputed).label("disputed"),
            func.bool_or(lapsed).label("lapsed"),
        )
        .join(Occurrence, Occurrence.agreement_id == Agreement.id)
        .where(Occurrence.municipality_id == desk.municipality.id, or_(disputed, lapsed))
        .group_by(Agreement.help_request_id)
    )


def _missed(desk: Desk) -> Select[Any]:
    """Somebody did not come, and nobody of the desk wrote or called since."""
    # unscoped: the permission was asked for this municipality, by the caller
    written = (
        select(CaseNote.id)
        .where(CaseNote.help_request_id == Agreement.help_request_id, CaseNote.at > StateEvent.at)
        .correlate(Agreement, StateEvent)
        .exists()
    )
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(Agreement.help_request_id.label("id"))
        .join(Occurrence, Occurrence.agreement_id == Agreement.id)
        .join(StateEvent, StateEvent.entity_id == Occurrence.id)
        .where(
            StateEvent.municipality_id == desk.municipality.id,
            StateEvent.entity == Occurrence.__tablename__,
            StateEvent.after == OccurrenceStatus.NO_SHOW.value,
            StateEvent.at > desk.moment - STALE,
            Occurrence.status == OccurrenceStatus.NO_SHOW,
            not_(written),
        )
        .group_by(Agreement.help_request_id)
    )


def _asked(desk: Desk) -> Select[Any]:
    """Where somebody was asked and may still help; whether somebody would like to, or the two are meeting."""
    meeting = Proposal.status == ProposalStatus.MEETING
    chosen = Proposal.status.in_([ProposalStatus.WILLING, ProposalStatus.MEETING])
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(
            Proposal.help_request_id.label("id"),
            func.bool_or(chosen).label("chosen"),
            func.bool_or(meeting).label("meeting"),
        )
        .where(Proposal.municipality_id == desk.municipality.id, Proposal.status.in_(GOING_ON))
        .group_by(Proposal.help_request_id)
    )


def _refused(asked: CTE) -> ColumnElement[bool]:
    """Open, and everybody who was asked said no or nothing; only looked up where nobody may still help."""
    # unscoped: the permission was asked for the municipality of the requests, by the caller
    none_left = (
        select(func.bool_and(Proposal.status.in_(NO_MORE)))
        .where(Proposal.help_request_id == HelpRequest.id)
        .correlate(HelpRequest)
        .scalar_subquery()
    )
    return case((and_(HelpRequest.status == Status.OPEN, asked.c.id.is_(None)), none_left), else_=false())


def _knots(desk: Desk) -> Select[Any]:
    """Where who has the mandate was asked to decide, and has not yet."""
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(CaseQuestion.help_request_id.label("id"))
        .where(
            CaseQuestion.municipality_id == desk.municipality.id,
            CaseQuestion.kind == QuestionKind.DEADLOCK,
            CaseQuestion.answered_at.is_(None),
        )
        .group_by(CaseQuestion.help_request_id)
    )


def _ended(desk: Desk) -> Select[Any]:
    """What was just done or closed."""
    # unscoped: the permission was asked for this municipality, by the caller
    return (
        select(StateEvent.entity_id.label("id"))
        .where(
            StateEvent.municipality_id == desk.municipality.id,
            StateEvent.entity == HelpRequest.__tablename__,
            StateEvent.after.in_([Status.DONE.value, Status.CLOSED.value]),
            StateEvent.at >= desk.moment - RECENT,
        )
        .group_by(StateEvent.entity_id)
    )


def _facts(desk: Desk, beside: Mapping[str, CTE]) -> list[Any]:
    limits = deadlines(desk.moment, desk.municipality.promise_days)
    due_on, due_at = beside["talks"].c.due_on, beside["tasks"].c.due_at
    since = _since(beside)
    queues = _queues(desk, beside)
    waiting = or_(
        HelpRequest.status == Status.SUBMITTED,
        and_(HelpRequest.status == Status.OPEN, _told(desk.municipality)),
    )
    return [
        HelpRequest.id,
        HelpRequest.broker_id,
        HelpRequest.pc4,
        faces.mine(desk.me, desk.day).label("own"),
        since.label("since"),
        (since <= limits.late).label("over"),
        (since <= limits.today).label("due"),
        _is(beside["asked"].c.chosen).label("willing"),
        _is(due_at < desk.moment).label("task_over"),
        due_at.is_not(None).label("task"),
        _is(due_on < desk.day).label("talk_over"),
        due_on.is_not(None).label("talk"),
        waiting.label("waiting"),
        *(_is(condition).label(queue.name) for queue, condition in queues.items()),
    ]


def _columns(facts: CTE) -> list[Any]:
    told = facts.c
    late = or_(and_(told.over, not_(told.willing)), told.task_over, told.talk_over)
    choice = and_(told.over, told.willing, not_(told.task), not_(told.talk))
    urgency = case(
        (late, literal(Group.LATE.value, Integer)),
        (choice, Group.CHOICE.value),
        (or_(told.due, told.task, told.talk), Group.TODAY.value),
        else_=Group.WEEK.value,
    )
    work = or_(told.waiting, *(told[name.name] for name in WORK))
    queues = {
        **{one: told[one.name] for one in Queue if one.name in told},
        Queue.ALL: work,
        Queue.LATE: and_(work, late),
        Queue.MINE: and_(work, told.own),
        Queue.UNCLAIMED: and_(work, told.broker_id.is_(None)),
    }
    return [
        told.id,
        told.broker_id,
        told.pc4,
        told.own,
        told.since,
        urgency.label("urgency"),
        *(_is(condition).label(queue.name) for queue, condition in queues.items()),
    ]


def _queues(desk: Desk, beside: Mapping[str, CTE]) -> Conditions:
    """Of each queue that is not a part of all the work."""
    status, moment = HelpRequest.status, desk.moment
    is_open, expired = status == Status.OPEN, status == Status.EXPIRED
    trouble = beside["trouble"].c
    return {
        Queue.NEW: or_(
            status == Status.SUBMITTED,
            and_(is_open, HelpRequest.seen_at.is_(None), _told(desk.municipality)),
        ),
        Queue.NOBODY: and_(
            is_open, HelpRequest.waits_since <= moment - NOBODY_AFTER, not_(_is(beside["asked"].c.chosen))
        ),
        Queue.STUCK: or_(
            and_(expired, HelpRequest.expires_at > moment - STALE),
            _is(_refused(beside["asked"])),
            _is(trouble.lapsed),
            beside["knots"].c.id.is_not(None),
        ),
        Queue.EVALUATION: beside["talks"].c.id.is_not(None),
        Queue.FOLLOW_UP: beside["tasks"].c.id.is_not(None),
        Queue.MEETING: and_(is_open, _is(beside["asked"].c.meeting)),
        Queue.REPORTS: or_(_is(trouble.disputed), beside["missed"].c.id.is_not(None)),
        Queue.RESTING: or_(
            status.in_([Status.PAUSED, Status.REFERRED]),
            and_(expired, HelpRequest.expires_at <= moment - STALE),
        ),
        Queue.RECENT: and_(status.in_([Status.DONE, Status.CLOSED]), beside["ended"].c.id.is_not(None)),
    }


def _is(condition: ColumnElement[Any]) -> ColumnElement[bool]:
    """What is not known is not so."""
    return func.coalesce(condition, false())


def _told(municipality: Municipality) -> ColumnElement[bool]:
    if municipality.mediation >= Mediation.TOLD:
        return true()
    return or_(
        HelpRequest.visibility == Visibility.BROKER,
        HelpRequest.consent.in_(["phone", "visit"]),
        HelpRequest.broker_id.is_not(None),
    )


def _since(beside: Mapping[str, CTE]) -> ColumnElement[datetime]:
    """From when somebody waits: for a helper, or for the desk to set right what went wrong."""
    due_on, due_at = beside["talks"].c.due_on, beside["tasks"].c.due_at
    talk = func.timezone("Europe/Amsterdam", cast(due_on, DateTime))
    first = func.least(due_at, talk)
    waited = func.coalesce(HelpRequest.waits_since, HelpRequest.created_at)
    return case(
        (
            HelpRequest.status.not_in([Status.SUBMITTED, Status.OPEN, Status.EXPIRED]),
            func.coalesce(beside["trouble"].c.ends_at, first, waited),
        ),
        (HelpRequest.status == Status.EXPIRED, HelpRequest.expires_at),
        else_=waited,
    )


def task_what(desk: Desk) -> ColumnElement[str]:
    """What was to be done today first, or before."""
    return (
        select(CaseTask.what)
        .where(
            CaseTask.help_request_id == HelpRequest.id,
            CaseTask.done_at.is_(None),
            CaseTask.due_at < desk.tonight,
        )
        .order_by(CaseTask.due_at, CaseTask.id)
        .limit(1)
        .correlate(HelpRequest)
        .scalar_subquery()
    )


def among(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """As ``in_``, by one array: however many there are, the statement reads the same, and is prepared once."""
    found: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(Uuid)))
    return found


def proposals_of(ids: Collection[UUID]) -> Subquery:
    """Of these requests with proposals: how many helpers were asked and would like to, and who meets the asker."""
    willing, meeting = (Proposal.status == one for one in (ProposalStatus.WILLING, ProposalStatus.MEETING))
    # unscoped: the permission was asked for the municipality of the requests, by the caller
    return (
        select(
            Proposal.help_request_id.label("id"),
            func.count().filter(Proposal.status == ProposalStatus.PROPOSED).label("asked"),
            func.count().filter(willing).label("willing"),
            func.count().filter(willing, Proposal.confirmed_at.is_(None)).label("unconfirmed"),
            func.min(Person.first_name).filter(meeting).label("meeting_with"),
        )
        .outerjoin(Person, and_(Person.id == Proposal.helper_id, meeting))
        .where(among(Proposal.help_request_id, ids), Proposal.status.in_(GOING_ON))
        .group_by(Proposal.help_request_id)
        .subquery()
    )


def by_phone() -> ColumnElement[bool]:
    """Whether the asker has no e-mail address."""
    mailed = (
        select(Contact.person_id)
        .where(Contact.person_id == HelpRequest.person_id, Contact.email.is_not(None))
        .correlate(HelpRequest)
        .exists()
    )
    return not_(mailed)


def disputed() -> ColumnElement[bool]:
    """Whether one says this of a time and the other that."""
    return (
        select(Occurrence.id)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .where(Agreement.help_request_id == HelpRequest.id, Occurrence.status == OccurrenceStatus.DISPUTED)
        .correlate(HelpRequest)
        .exists()
    )
