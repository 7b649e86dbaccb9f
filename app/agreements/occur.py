"""What becomes of one time: done, moved, cancelled, nobody came, seen differently, thanked."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.agreements.agree import chosen, is_series, make_agreed, reopen
from app.agreements.calendar import AHEAD
from app.agreements.models import (
    HOLDING,
    Agreement,
    Occurrence,
    OccurrenceStatus,
    Status,
    TimeProposal,
    TimeStatus,
)
from app.agreements.schemas import NewTime
from app.categories.vocabulary import Kind
from app.checks import confirming
from app.clock import now
from app.couplings import course
from app.errors import Conflict, Forbidden, Invalid
from app.help_requests.models import ClosingReason, HelpRequest, Status as RequestStatus
from app.matches import meeting
from app.matches.models import Proposal, Status as ProposalStatus
from app.notifications.service import tell, tell_brokers
from app.pots.notes import refuse_own
from app.roosjes import service as roosjes

LATE = timedelta(hours=24)
O = OccurrenceStatus  # noqa: E741 - short, beside so many states

FACE = (
    joinedload(Agreement.help_request).joinedload(HelpRequest.category),
    joinedload(Agreement.help_request).joinedload(HelpRequest.neighbourhood),
    joinedload(Agreement.asker),
    joinedload(Agreement.helper),
    joinedload(Agreement.municipality),
    joinedload(Agreement.helper_municipality),
    joinedload(Agreement.proposal),
    selectinload(Agreement.occurrences),
)


class TooEarly(Conflict):
    """It has not begun yet."""

    code = "too-early"


class AlreadyBegun(Conflict):
    """It has begun: the two say whether it happened, and no longer that it does not go on."""

    code = "already-begun"


def selection(actor: Actor) -> Select[Agreement]:
    """The agreements that the actor may see, with what every screen shows beside them."""
    return select(Agreement).where(visible(actor, Permission.SEE_AGREEMENTS, Agreement)).options(*FACE)


def get(session: Session, actor: Actor, id: UUID) -> Agreement:
    """One agreement; NotFound when the actor may not see it."""
    return found(session.scalars(selection(actor).where(Agreement.id == id)).one_or_none())


def mine(session: Session, actor: Actor) -> list[Agreement]:
    """The agreements in which one asks or helps, live ones first."""
    own = select(Agreement).where(Agreement.has_party(actor.person_id)).options(*FACE)
    return list(
        session.scalars(
            own.order_by(Agreement.status != Status.ACTIVE, Agreement.created_at.desc()).limit(60)
        )
    )


def get_one(session: Session, actor: Actor, id: UUID) -> Occurrence:
    """One occurrence; NotFound when the actor may not see it."""
    seen = visible(actor, Permission.SEE_AGREEMENTS, Occurrence)
    return found(session.scalars(select(Occurrence).where(Occurrence.id == id, seen)).one_or_none())


def get_locked(session: Session, actor: Actor, id: UUID) -> tuple[Occurrence, Agreement, HelpRequest]:
    """An occurrence with its agreement and request, locked from the request down."""
    occurrence = get_one(session, actor, id)
    # unscoped: goes with the occurrence, which was visible, and row-level security stands behind it
    agreement = found(session.get(Agreement, occurrence.agreement_id))
    # unscoped: goes with the occurrence
    request = select(HelpRequest).where(HelpRequest.id == agreement.help_request_id)
    help_request = session.scalars(locked(request)).one()
    agreement = session.scalars(
        locked(select(Agreement).where(Agreement.id == agreement.id))
    ).one()  # unscoped: goes with the occurrence
    occurrence = session.scalars(
        locked(select(Occurrence).where(Occurrence.id == id))
    ).one()  # unscoped: goes with the occurrence
    return occurrence, agreement, help_request


def happened(session: Session, actor: Actor, id: UUID, minutes: int | None = None) -> Occurrence:
    """One side says it took place; when both have, the Roosjes move."""
    occurrence, agreement, help_request = get_locked(session, actor, id)
    side = _side(actor, occurrence)
    if now(session) < occurrence.starts_at:
        raise TooEarly
    _state_minutes(occurrence, minutes)
    other_said = O.RECEIVED if side is O.HELPED else O.HELPED
    if occurrence.status is other_said:
        finish(session, actor, occurrence, agreement, help_request)
        return occurrence
    occurrence.step(side, actor.person_id)
    _tell_others(session, actor, occurrence, "please-confirm", title=help_request.title)
    return occurrence


def _state_minutes(occurrence: Occurrence, minutes: int | None) -> None:
    """Never more than was agreed. Who speaks second says the same, or nothing; anything else is a dispute."""
    if minutes is None:
        return
    if minutes > occurrence.minutes:
        raise Invalid(details={"minuten": "more-than-agreed"})
    if occurrence.status in (O.HELPED, O.RECEIVED) and minutes != (
        occurrence.done_minutes or occurrence.minutes
    ):
        raise Invalid(details={"minuten": "differs"})
    occurrence.done_minutes = minutes


def finish(
    session: Session, actor: Actor, occurrence: Occurrence, agreement: Agreement, help_request: HelpRequest
) -> None:
    """Both agree: settle what was done and, after the last time, close agreement and request."""
    occurrence.done_minutes = occurrence.done_minutes or occurrence.minutes
    occurrence.step(O.DONE, actor.person)
    roosjes.settle(session, actor, occurrence, occurrence.done_minutes)
    for person_id, municipality_id in occurrence.sides():
        tell(session, person_id, municipality_id, "done", occurrence.id, title=help_request.title,
             minutes=occurrence.done_minutes, terms=str(occurrence.kind), helper=str(occurrence.helper_id))  # fmt: skip
    session.flush()
    close_when_last(session, actor, agreement, help_request)


def close_when_last(session: Session, actor: Actor, agreement: Agreement, help_request: HelpRequest) -> None:
    """After the last time agreement and request come to their end: done, or failed where nobody was helped."""
    if agreement.status is not Status.ACTIVE:
        return  # it was stopped before the last word about this time was said
    # unscoped: goes with the agreement that is locked here
    statuses = set(session.scalars(select(Occurrence.status).where(Occurrence.agreement_id == agreement.id)))
    if statuses & {O.PLANNED, *HOLDING} or (help_request.until_date is None and is_series(agreement)):
        return
    agreement.step(Status.DONE if O.DONE in statuses else Status.CANCELLED, actor.person)
    session.flush()
    _close_request(session, actor, help_request)


def _close_request(session: Session, actor: Actor, help_request: HelpRequest) -> None:
    # of the other helpers too, whose agreements the last one to speak does not see
    statuses = set(session.scalars(select(func.agreement_statuses(help_request.id))).one())
    if help_request.status is not RequestStatus.FILLED or Status.ACTIVE in statuses:
        return
    if Status.DONE in statuses:
        help_request.closing_reason = ClosingReason.FULFILLED
        help_request.step(RequestStatus.DONE, actor.person)
    else:
        help_request.closing_reason = ClosingReason.FAILED
        help_request.step(RequestStatus.CLOSED, actor.person)


def dispute(session: Session, actor: Actor, id: UUID, reason: str) -> Occurrence:
    """ "Dit klopt niet": nothing moves until a makelaar has looked."""
    occurrence, _agreement, help_request = get_locked(session, actor, id)
    _side(actor, occurrence)
    with session.no_autoflush:  # after a no-show nothing is set aside: status and hold reach the row together
        if occurrence.status is O.NO_SHOW and occurrence.kind is Kind.ROOSJES:
            roosjes.hold(session, actor, occurrence, since=now(session))
        occurrence.step(O.DISPUTED, actor.person_id, reason)
    tell_brokers(session, occurrence.municipality_id, "disputed", occurrence.id, title=help_request.title)
    _tell_others(session, actor, occurrence, "disputed", title=help_request.title)
    return occurrence


def decide(session: Session, actor: Actor, id: UUID, minutes: int) -> Occurrence:
    """A makelaar decides what the two see differently."""
    occurrence, agreement, help_request = get_locked(session, actor, id)
    require(actor, Permission.ARRANGE_AGREEMENT, occurrence.municipality_id)
    refuse_own(session, actor, *occurrence.parties())  # nobody decides on help of their own or of their house
    if occurrence.status is not O.DISPUTED:
        raise Conflict
    if minutes == 0:
        occurrence.step(O.CANCELLED, actor.person_id, "decided")
        roosjes.void(session, actor, occurrence)
        close_when_last(session, actor, agreement, help_request)
        return occurrence
    _state_minutes(occurrence, minutes)
    finish(session, actor, occurrence, agreement, help_request)
    return occurrence


def move(session: Session, actor: Actor, id: UUID, wanted: NewTime) -> Occurrence:
    """Another date and time, as one of the two or a makelaar says; the hold moves along, and the other is told.

    On the pages one of the two proposes first and the other says yes: `app.agreements.times`.
    """
    occurrence, agreement, help_request = get_locked(session, actor, id)
    may_undo(session, actor, occurrence)
    if occurrence.status not in (O.PLANNED, O.AGREED):
        raise Conflict
    return move_locked(session, actor, (occurrence, agreement, help_request), chosen(session, wanted))


def move_locked(
    session: Session, actor: Actor, rows: tuple[Occurrence, Agreement, HelpRequest], starts_at: datetime
) -> Occurrence:
    """The same for rows that the caller locked, to a moment that they checked.

    A time of a series that comes to lie beyond two weeks is planned again, without a hold, until it comes near. Another
    moment that was proposed and waits for a yes lapses.
    """
    occurrence, agreement, help_request = rows
    far = is_series(agreement) and starts_at > now(session) + AHEAD
    if not far:
        # unscoped: one's own: either side of an agreement is party to what it came from
        confirming.check_day(session, session.get_one(Proposal, agreement.proposal_id), starts_at)
    with session.no_autoflush:  # the row is right again only when it has its new state, and its hold
        roosjes.void(session, actor, occurrence)
        occurrence.starts_at = starts_at
        occurrence.ends_at = starts_at + timedelta(minutes=occurrence.minutes)
        if far:
            _plan_again(actor, occurrence, agreement)
        else:
            make_agreed(session, actor, occurrence, "moved")
    session.flush()
    lapse_proposed(session, actor, occurrence)
    _tell_others(session, actor, occurrence, "moved", title=help_request.title, starts_at=starts_at.isoformat(),
                 turn=occurrence.version)  # fmt: skip
    return occurrence


def lapse_proposed(session: Session, actor: Actor, occurrence: Occurrence) -> None:
    """A moment that was proposed for this time and not answered is past, now that the time itself changed."""
    waiting = select(TimeProposal).where(
        visible(actor, Permission.SEE_AGREEMENTS, TimeProposal),
        TimeProposal.occurrence_id == occurrence.id,
        TimeProposal.status == TimeStatus.PROPOSED,
    )
    for proposed in session.scalars(waiting.with_for_update()):
        proposed.answered_at = now(session)
        proposed.step(TimeStatus.LAPSED, actor.person)


def _plan_again(actor: Actor, occurrence: Occurrence, agreement: Agreement) -> None:
    """Without a hold; whether there are Roosjes for it is asked when it comes near."""
    occurrence.kind = agreement.kind
    if occurrence.status is O.PLANNED:
        occurrence.tell(str(occurrence.status), actor.person_id, "moved")
    else:
        occurrence.step(O.PLANNED, actor.person_id, "moved")


def cancel(session: Session, actor: Actor, id: UUID, reason: str = "") -> Occurrence:
    """One time does not go on; less than a day before, that is marked."""
    occurrence, agreement, help_request = get_locked(session, actor, id)
    may_undo(session, actor, occurrence)
    _cancel_one(session, actor, occurrence, reason)
    _tell_others(session, actor, occurrence, "cancelled", title=help_request.title, reason=reason,
                 starts_at=occurrence.starts_at.isoformat())  # fmt: skip
    if not is_series(agreement) and agreement.status is Status.ACTIVE:
        _end(session, actor, agreement, help_request, reason)
    return occurrence


def _cancel_one(session: Session, actor: Actor, occurrence: Occurrence, reason: str) -> None:
    occurrence.late_cancel = occurrence.starts_at - now(session) < LATE
    occurrence.step(O.CANCELLED, actor.person, reason)
    roosjes.void(session, actor, occurrence)
    session.flush()
    lapse_proposed(session, actor, occurrence)


def end(session: Session, actor: Actor, agreement_id: UUID, reason: str = "") -> Agreement:
    """Stop the whole agreement: what is still to come is cancelled, the other is told once.

    What has begun stays as it is, so that the two still say whether it happened.
    """
    seen = get(session, actor, agreement_id)
    request = select(HelpRequest).where(
        HelpRequest.id == seen.help_request_id
    )  # unscoped: goes with the agreement, which was visible
    help_request = session.scalars(locked(request)).one()
    agreement = session.scalars(
        locked(select(Agreement).where(Agreement.id == agreement_id))
    ).one()  # unscoped: goes with the agreement
    _party_or_broker(actor, agreement)
    # unscoped: goes with the agreement that is locked here
    coming = select(Occurrence).where(
        Occurrence.agreement_id == agreement.id,
        Occurrence.status.in_([O.PLANNED, O.AGREED]),
        Occurrence.starts_at > now(session),
    )
    for occurrence in session.scalars(coming.with_for_update()):
        _cancel_one(session, actor, occurrence, reason)
    _end(session, actor, agreement, help_request, reason)
    _tell_others(session, actor, agreement, "ended", title=help_request.title, reason=reason)
    return agreement


def _end(
    session: Session, actor: Actor, agreement: Agreement, help_request: HelpRequest, reason: str
) -> None:
    agreement.step(Status.CANCELLED, actor.person, reason)
    # unscoped: goes with the agreement that it led to, which the caller holds
    proposal = found(session.get(Proposal, agreement.proposal_id))
    proposal.step(ProposalStatus.WITHDRAWN, actor.person, reason)
    reopen(session, actor, help_request)
    session.flush()
    course.end(session, actor, agreement)


def no_show(session: Session, actor: Actor, id: UUID, reason: str = "") -> Occurrence:
    """One of the two did not come; nothing is booked, and the makelaar hears of it."""
    occurrence, agreement, help_request = get_locked(session, actor, id)
    _side(actor, occurrence)
    if now(session) < occurrence.starts_at:
        raise TooEarly
    if occurrence.status is not O.AGREED:
        raise Conflict  # what the two see differently is a makelaar's to decide
    occurrence.step(O.NO_SHOW, actor.person_id, reason)
    roosjes.void(session, actor, occurrence)
    session.flush()
    tell_brokers(session, occurrence.municipality_id, "no-show", occurrence.id, title=help_request.title)
    _tell_others(session, actor, occurrence, "no-show", title=help_request.title)
    if not is_series(agreement) and agreement.status is Status.ACTIVE:
        _end(session, actor, agreement, help_request, "no-show")
    return occurrence


def thank(session: Session, actor: Actor, id: UUID, words: str) -> Occurrence:
    """A word of thanks from the asker, after it was done."""
    occurrence, _agreement, help_request = get_locked(session, actor, id)
    if occurrence.asker_id != actor.person_id:
        raise Forbidden
    if occurrence.status is not O.DONE or meeting.blocked(session, *occurrence.parties()):
        raise Conflict
    occurrence.thanks, occurrence.thanked_at = words, now(session)
    tell(session, occurrence.helper_id, occurrence.helper_municipality_id, "thanked", occurrence.id,
         title=help_request.title)  # fmt: skip
    return occurrence


def _side(actor: Actor, occurrence: Occurrence) -> OccurrenceStatus:
    """What the actor's word would make of it."""
    if occurrence.helper_id == actor.person_id:
        return O.HELPED
    if occurrence.asker_id == actor.person_id:
        return O.RECEIVED
    raise Forbidden


def may_undo(session: Session, actor: Actor, occurrence: Occurrence) -> None:
    """Either of the two while it is still to come; after that only a makelaar."""
    if actor.person in occurrence.parties() and occurrence.starts_at <= now(session):
        raise AlreadyBegun
    _party_or_broker(actor, occurrence)


def _party_or_broker(actor: Actor, row: Occurrence | Agreement) -> None:
    """One of the two, the desk of the asker, or the worker, which is nobody and reaches everywhere."""
    if actor.person in (row.asker_id, row.helper_id):
        return
    if row.municipality_id not in actor.reach(Permission.ARRANGE_AGREEMENT):
        raise Forbidden(Permission.ARRANGE_AGREEMENT)


def _tell_others(
    session: Session, actor: Actor, row: Occurrence | Agreement, kind: str, *, turn: int = 0, **params: str
) -> None:
    for person_id, municipality_id in row.sides():
        if person_id != actor.person:
            tell(session, person_id, municipality_id, kind, row.id, turn=turn, **params)
