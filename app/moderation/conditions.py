"""The queues of the desk as SQL conditions on requests, each said once: it counts, lists and tags."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, case, cast, func, not_, or_, select, true

from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.casework import evaluations, faces, questions
from app.casework.models import CaseTask, Whose
from app.categories.vocabulary import Visibility
from app.clock import AMSTERDAM
from app.help_requests.models import HelpRequest, Status
from app.matches.models import Proposal, Status as ProposalStatus
from app.moderation.deadlines import Deadlines, deadlines
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


@dataclass(frozen=True, slots=True)
class Part:
    """Whose part of the work is looked at; ``pc4s`` are the neighbourhoods of the team."""

    whose: Whose = Whose.ALL
    pc4s: tuple[int, ...] = field(default=())


EVERYBODYS = Part()


def part_of(part: Part, moment: datetime, me: UUID | None) -> ColumnElement[bool]:
    """The part of the work as a condition."""
    if part.whose is Whose.MINE:
        return faces.mine(me, moment.astimezone(AMSTERDAM).date())
    if part.whose is Whose.TEAM:
        return HelpRequest.pc4.in_(part.pc4s)
    return true()


def conditions(moment: datetime, municipality: Municipality, me: UUID | None) -> Conditions:
    """Each queue as a condition on ``HelpRequest``, at this moment and for this makelaar.

    Where people find each other freely, an open question is work only when the desk was asked, took it, or nobody
    was found. What somebody has to be told or asked today is work whatever the question reads.
    """
    day = moment.astimezone(AMSTERDAM).date()
    status = HelpRequest.status
    nobody = and_(
        status == Status.OPEN, HelpRequest.waits_since <= moment - NOBODY_AFTER, not_(with_willing())
    )
    told = _told(municipality)
    queues: Conditions = {
        Queue.NEW: or_(
            status == Status.SUBMITTED, and_(status == Status.OPEN, HelpRequest.seen_at.is_(None), told)
        ),
        Queue.NOBODY: nobody,
        Queue.STUCK: or_(
            and_(status == Status.EXPIRED, HelpRequest.expires_at > moment - STALE),
            _nobody_said_yes(),
            _lapsed(moment),
            questions.waiting(),
        ),
        Queue.EVALUATION: evaluations.is_due(day),
        Queue.FOLLOW_UP: _follow_up(moment),
        Queue.MEETING: and_(status == Status.OPEN, _proposals(Proposal.status == ProposalStatus.MEETING)),
        Queue.REPORTS: or_(disputed(), _times(_is_no_show(moment))),
        Queue.RESTING: or_(
            status.in_([Status.PAUSED, Status.REFERRED]),
            and_(status == Status.EXPIRED, HelpRequest.expires_at <= moment - STALE),
        ),
        Queue.RECENT: and_(
            status.in_([Status.DONE, Status.CLOSED]), _stepped(moment - RECENT, Status.DONE, Status.CLOSED)
        ),
    }
    waiting = or_(status == Status.SUBMITTED, and_(status == Status.OPEN, told))
    work = or_(waiting, *(queues[name] for name in WORK))
    queues[Queue.ALL] = work
    queues[Queue.LATE] = and_(work, is_late(moment, deadlines(moment, municipality.promise_days)))
    queues[Queue.MINE] = and_(work, faces.mine(me, day))
    queues[Queue.UNCLAIMED] = and_(work, HelpRequest.broker_id.is_(None))
    return queues


WORK = (Queue.NOBODY, Queue.STUCK, Queue.MEETING, Queue.EVALUATION, Queue.FOLLOW_UP, Queue.REPORTS)
"""Queues whose rows are work, whatever the question itself reads."""


def is_late(moment: datetime, limits: Deadlines) -> ColumnElement[bool]:
    """Past the promise, a task, or the day of a talk; whoever has a choice of helpers waits for us no longer."""
    yesterday = moment.astimezone(AMSTERDAM).date() - timedelta(days=1)
    return or_(
        and_(since_of(moment) <= limits.late, not_(with_willing())),
        task_due(moment) < moment,
        evaluations.is_due(yesterday),
    )


def has_choice(moment: datetime, limits: Deadlines) -> ColumnElement[bool]:
    """Past the promise with somebody to choose, and nothing else is due today."""
    return and_(
        since_of(moment) <= limits.late,
        with_willing(),
        not_(_follow_up(moment)),
        not_(evaluations.is_due(moment.astimezone(AMSTERDAM).date())),
    )


def is_for_today(moment: datetime, limits: Deadlines) -> ColumnElement[bool]:
    """The promise ends today, or something is to be done or asked today."""
    return or_(
        since_of(moment) <= limits.today,
        _follow_up(moment),
        evaluations.is_due(moment.astimezone(AMSTERDAM).date()),
    )


def tonight(moment: datetime) -> datetime:
    """The end of this day in Amsterdam."""
    return datetime.combine(moment.astimezone(AMSTERDAM).date() + timedelta(days=1), time(), tzinfo=AMSTERDAM)


def _follow_up(moment: datetime) -> ColumnElement[bool]:
    """Something that was to be done today, or before."""
    return (
        select(CaseTask.id)
        .where(
            CaseTask.help_request_id == HelpRequest.id,
            CaseTask.done_at.is_(None),
            CaseTask.due_at < tonight(moment),
        )
        .correlate(HelpRequest)
        .exists()
    )


def task_due(moment: datetime) -> ColumnElement[datetime]:
    """When the first thing is due that is to be done today, or was before."""
    return (
        select(func.min(CaseTask.due_at))
        .where(
            CaseTask.help_request_id == HelpRequest.id,
            CaseTask.done_at.is_(None),
            CaseTask.due_at < tonight(moment),
        )
        .correlate(HelpRequest)
        .scalar_subquery()
    )


def task_what(moment: datetime) -> ColumnElement[str]:
    """What that is."""
    return (
        select(CaseTask.what)
        .where(
            CaseTask.help_request_id == HelpRequest.id,
            CaseTask.done_at.is_(None),
            CaseTask.due_at < tonight(moment),
        )
        .order_by(CaseTask.due_at, CaseTask.id)
        .limit(1)
        .correlate(HelpRequest)
        .scalar_subquery()
    )


def _told(municipality: Municipality) -> ColumnElement[bool]:
    if municipality.mediation >= Mediation.TOLD:
        return true()
    return or_(
        HelpRequest.visibility == Visibility.BROKER,
        HelpRequest.consent.in_(["phone", "visit"]),
        HelpRequest.broker_id.is_not(None),
    )


def since_of(moment: datetime) -> ColumnElement[datetime]:
    """From when somebody waits: for a helper, or for the desk to set right what went wrong."""
    trouble = (
        select(func.min(Occurrence.ends_at))
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .where(Agreement.help_request_id == HelpRequest.id, or_(_is_lapsed(moment), _isdisputed()))
        .correlate(HelpRequest)
        .scalar_subquery()
    )
    return case(
        (
            HelpRequest.status.not_in([Status.SUBMITTED, Status.OPEN, Status.EXPIRED]),
            func.coalesce(trouble, least_of(moment), HelpRequest.waits_since, HelpRequest.created_at),
        ),
        (HelpRequest.status == Status.EXPIRED, HelpRequest.expires_at),
        else_=func.coalesce(HelpRequest.waits_since, HelpRequest.created_at),
    )


def least_of(moment: datetime) -> ColumnElement[datetime]:
    """When what is to be done or asked was due, whichever came first."""
    talk = func.timezone("Europe/Amsterdam", cast(evaluations.due_on(), DateTime))
    return case(
        (evaluations.is_due(moment.astimezone(AMSTERDAM).date()), func.least(task_due(moment), talk)),
        else_=task_due(moment),
    )


def _proposals(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Proposal.id).where(Proposal.help_request_id == HelpRequest.id, *where).exists()


def count_of(*where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(Proposal.help_request_id == HelpRequest.id, *where).scalar_subquery()


def with_willing() -> ColumnElement[bool]:
    return _proposals(Proposal.status.in_([ProposalStatus.WILLING, ProposalStatus.MEETING]))


def _nobody_said_yes() -> ColumnElement[bool]:
    over = [
        ProposalStatus.DECLINED,
        ProposalStatus.PASSED,
        ProposalStatus.EXPIRED,
        ProposalStatus.WITHDRAWN,
    ]
    return and_(
        HelpRequest.status == Status.OPEN,
        _proposals(Proposal.status.in_(over)),
        not_(_proposals(Proposal.status.not_in(over))),
    )


def meeting_with() -> ColumnElement[str]:
    return (
        select(func.min(Person.first_name))
        .join(Proposal, Proposal.helper_id == Person.id)
        .where(Proposal.help_request_id == HelpRequest.id, Proposal.status == ProposalStatus.MEETING)
        .scalar_subquery()
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


def _is_lapsed(moment: datetime) -> ColumnElement[bool]:
    unsaid = [OccurrenceStatus.AGREED, OccurrenceStatus.HELPED, OccurrenceStatus.RECEIVED]
    return and_(Occurrence.status.in_(unsaid), Occurrence.ends_at <= moment - LAPSED_AFTER)


def _isdisputed() -> ColumnElement[bool]:
    return Occurrence.status == OccurrenceStatus.DISPUTED


def _times(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(Occurrence.id)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .where(Agreement.help_request_id == HelpRequest.id, *where)
        .correlate(HelpRequest)
        .exists()
    )


def _lapsed(moment: datetime) -> ColumnElement[bool]:
    return _times(_is_lapsed(moment))


def disputed() -> ColumnElement[bool]:
    return _times(_isdisputed())


def _is_no_show(moment: datetime) -> ColumnElement[bool]:
    """Somebody did not come, and nobody of the desk wrote or called since."""
    written = (
        select(CaseNote.id)
        .where(CaseNote.help_request_id == HelpRequest.id, CaseNote.at > StateEvent.at)
        .correlate(HelpRequest, StateEvent)
        .exists()
    )
    told = (
        select(StateEvent.id)
        .where(
            StateEvent.entity_id == Occurrence.id,
            StateEvent.after == OccurrenceStatus.NO_SHOW.value,
            StateEvent.at > moment - STALE,
            not_(written),
        )
        .correlate(Occurrence, HelpRequest)
        .exists()
    )
    return and_(Occurrence.status == OccurrenceStatus.NO_SHOW, told)


def _stepped(since: datetime, *states: Status) -> ColumnElement[bool]:
    return (
        select(StateEvent.id)
        .where(
            StateEvent.entity_id == HelpRequest.id,
            StateEvent.after.in_([state.value for state in states]),
            StateEvent.at >= since,
        )
        .exists()
    )
