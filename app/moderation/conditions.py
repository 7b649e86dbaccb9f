"""The queues of the desk as SQL conditions on requests, each said once: it counts, lists and tags."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select, true

from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.categories.vocabulary import Visibility
from app.help_requests.models import HelpRequest, Status
from app.matches.models import Proposal, Status as ProposalStatus
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
    NEW = "nieuw"
    NOBODY = "niemand-gevonden"
    STUCK = "loopt-vast"
    MEETING = "gesprek"
    REPORTS = "meldingen"
    MINE = "van-mij"
    UNCLAIMED = "van-niemand"
    RESTING = "even-gestopt"
    RECENT = "onlangs-klaar"


Conditions = dict[Queue, ColumnElement[bool]]


def conditions(moment: datetime, municipality: Municipality, me: UUID | None) -> Conditions:
    """Each queue as a condition on ``HelpRequest``, at this moment and for this makelaar.

    Where people find each other freely, an open question is work only when the desk was asked, took it, or nobody
    was found.
    """
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
        ),
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
    work = or_(waiting, *(queues[name] for name in (Queue.NOBODY, Queue.STUCK, Queue.MEETING, Queue.REPORTS)))
    queues[Queue.ALL] = work
    queues[Queue.MINE] = and_(work, HelpRequest.broker_id == me)
    queues[Queue.UNCLAIMED] = and_(work, HelpRequest.broker_id.is_(None))
    return queues


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
            func.coalesce(trouble, HelpRequest.waits_since, HelpRequest.created_at),
        ),
        (HelpRequest.status == Status.EXPIRED, HelpRequest.expires_at),
        else_=func.coalesce(HelpRequest.waits_since, HelpRequest.created_at),
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
