"""What time does to agreements: series that come near, silence, reminders; `lapse` has what ran out."""

from datetime import timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import locked
from app.agreements.agree import HelperBusy, make_agreed, new_occurrence
from app.agreements.calendar import AHEAD, HORIZON, dates, moment
from app.agreements.mine import moved
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status
from app.agreements.occur import finish, get_locked
from app.categories.vocabulary import Frequency
from app.checks import confirming
from app.clock import AMSTERDAM, now
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches.answer import LIVE
from app.matches.models import Proposal, Status as ProposalStatus
from app.notifications.models import Notice
from app.notifications.service import tell, tell_brokers
from app.states import StateEvent

SILENCE = timedelta(days=7)
"""After the helper's word and a reminder, an asker's silence this long counts as a yes."""
REMINDER = timedelta(days=3)
REMINDED = 1
"""The turn of the second "please confirm", which is the reminder."""
O = OccurrenceStatus  # noqa: E741 - short, beside so many states


def series_due(session: Session) -> list[UUID]:
    """Live series: each is looked at in a transaction of its own."""
    # unscoped: the worker's reach is every municipality
    query = select(Agreement.id).where(
        Agreement.status == Status.ACTIVE, Agreement.frequency != Frequency.ONCE
    )
    return list(session.scalars(query))


def advance(session: Session, actor: Actor, agreement_id: UUID) -> None:
    """Plan up to the horizon, and agree on what lies within two weeks, with its hold.

    An occurrence at which the helper is busy elsewhere stays planned; both are told once. So does one on a day on
    which the helper does not hold what the request asks: helper and makelaar are told once, and the next look at it
    after a renewal agrees on it.
    """
    # unscoped: the worker's reach is every municipality
    agreement = session.scalars(locked(select(Agreement).where(Agreement.id == agreement_id))).one()
    if agreement.status is not Status.ACTIVE:
        return
    # unscoped: the worker's reach is every municipality
    help_request = session.get_one(HelpRequest, agreement.help_request_id)
    _extend(session, actor, agreement, help_request)
    soon = select(Occurrence).where(  # unscoped: the worker's reach is every municipality
        Occurrence.agreement_id == agreement_id,
        Occurrence.status == O.PLANNED,
        Occurrence.starts_at <= now(session) + AHEAD,
        Occurrence.starts_at > now(session),
    )
    # unscoped: the worker's reach is every municipality
    proposal = session.get_one(Proposal, agreement.proposal_id)
    for occurrence in session.scalars(soon.order_by(Occurrence.starts_at)).all():
        if not confirming.holds(session, proposal, occurrence.starts_at):
            _tell_missing(session, occurrence, help_request)
            continue
        try:
            with session.begin_nested():
                make_agreed(session, actor, occurrence)
        except HelperBusy:
            session.refresh(occurrence)
            for person_id, municipality_id in occurrence.sides():
                tell(session, person_id, municipality_id, "busy", occurrence.id, title=help_request.title)


def _tell_missing(session: Session, occurrence: Occurrence, help_request: HelpRequest) -> None:
    tell(session, occurrence.helper_id, occurrence.helper_municipality_id, "check-missing", occurrence.id,
         title=help_request.title)  # fmt: skip
    tell_brokers(
        session, occurrence.municipality_id, "check-missing-desk", occurrence.id, title=help_request.title
    )


def _extend(session: Session, actor: Actor, agreement: Agreement, help_request: HelpRequest) -> None:
    """Plan on in the rhythm of a time that stayed where it was: one that was moved does not move those after it."""
    # unscoped: goes with the agreement that is locked by the caller; keys are in the order of planning
    known = session.scalars(
        select(Occurrence).where(Occurrence.agreement_id == agreement.id).order_by(Occurrence.id)
    ).all()
    elsewhere = moved(session, known)
    kept = [number for number, row in enumerate(known) if row.id not in elsewhere]
    number = kept[-1] if kept else len(known) - 1
    local = known[number].starts_at.astimezone(AMSTERDAM)
    horizon = (now(session) + HORIZON).astimezone(AMSTERDAM).date()
    until = min(help_request.until_date or horizon, horizon)
    for day in islice(dates(agreement.frequency, local.date(), until), len(known) - number, None):
        new_occurrence(session, actor, agreement, moment(day, local.time()))


def silent(session: Session) -> list[UUID]:
    """Occurrences that the helper confirmed a week ago, and the asker, who was reminded in time, never answered.

    A reminder that came late gives as long as one that came on its day: without a worker nobody's time runs.
    """
    # unscoped: the worker's reach is every municipality
    reminded = select(Notice.subject_id).where(
        Notice.kind == "please-confirm",
        Notice.turn == REMINDED,
        Notice.person_id == Occurrence.asker_id,
        Notice.created_at <= now(session) - (SILENCE - REMINDER),
    )
    return list(session.scalars(_helped_before(session, SILENCE).where(Occurrence.id.in_(reminded))))


def _helped_before(session: Session, ago: timedelta) -> Select[UUID]:
    # unscoped: the worker's reach is every municipality
    return (
        select(Occurrence.id)
        .join(StateEvent, StateEvent.entity_id == Occurrence.id)
        .where(
            Occurrence.status == O.HELPED, StateEvent.after == O.HELPED, StateEvent.at <= now(session) - ago
        )
    )


def settle_silent(session: Session, actor: Actor, occurrence_id: UUID) -> None:
    """The asker was reminded and stayed silent: it counts as done."""
    occurrence, agreement, help_request = get_locked(session, actor, occurrence_id)
    if occurrence.status is O.HELPED:
        finish(session, actor, occurrence, agreement, help_request)


def remind(session: Session) -> None:
    """The day before, and after three days without the asker's word; nobody is reminded twice."""
    moment_now = now(session)
    # unscoped: the worker's reach is every municipality
    tomorrow = select(Occurrence).where(
        Occurrence.status == O.AGREED,
        Occurrence.starts_at > moment_now,
        Occurrence.starts_at <= moment_now + timedelta(hours=30),
    )
    for occurrence in session.scalars(tomorrow):
        for person_id, municipality_id in occurrence.sides():
            tell(session, person_id, municipality_id, "reminder", occurrence.id,
                 turn=occurrence.starts_at.toordinal() % 100_000,
                 starts_at=occurrence.starts_at.isoformat())  # fmt: skip
    waiting = _helped_before(session, REMINDER)
    for occurrence in session.scalars(
        select(Occurrence).where(Occurrence.id.in_(waiting))
    ):  # unscoped: the worker's reach is every municipality
        tell(
            session,
            occurrence.asker_id,
            occurrence.municipality_id,
            "please-confirm",
            occurrence.id,
            turn=REMINDED,
        )


def ask_waiting_list(session: Session, help_request_id: UUID) -> None:
    """A request looks for somebody again: those who were willing and just too late are asked first."""
    # unscoped: the worker's reach is every municipality
    help_request = session.scalars(locked(select(HelpRequest).where(HelpRequest.id == help_request_id))).one()
    if help_request.status is not RequestStatus.OPEN:
        return
    waiting = select(Proposal).where(  # unscoped: the worker's reach is every municipality
        Proposal.help_request_id == help_request_id,
        Proposal.status == ProposalStatus.FULL,
        Proposal.answered_at.is_not(None),
        ~func.are_apart(Proposal.asker_id, Proposal.helper_id),
    )
    for proposal in session.scalars(waiting.with_for_update()):
        proposal.step(ProposalStatus.WILLING, None)
        tell(session, proposal.helper_id, proposal.helper_municipality_id, "again", proposal.id,
             turn=help_request.version, title=help_request.title)  # fmt: skip


def end_proposals(session: Session, help_request_id: UUID) -> None:
    """A request stopped: nobody is asked any more, and those who had said yes are told."""
    # unscoped: the worker's reach is every municipality
    help_request = session.scalars(locked(select(HelpRequest).where(HelpRequest.id == help_request_id))).one()
    if help_request.status in (RequestStatus.OPEN, RequestStatus.PAUSED, RequestStatus.FILLED):
        return
    live = select(Proposal).where(  # unscoped: the worker's reach is every municipality
        Proposal.help_request_id == help_request_id,
        Proposal.status.in_([*LIVE, ProposalStatus.FULL]),
    )
    for proposal in session.scalars(live.with_for_update()):
        proposal.step(ProposalStatus.WITHDRAWN, None)
        if proposal.answered_at is not None:
            tell(session, proposal.helper_id, proposal.helper_municipality_id, "stopped", proposal.id,
                 turn=help_request.version, title=help_request.title)  # fmt: skip


# unscoped: the worker's reach is every municipality
OCCURRENCES_OUT_OF_STEP = """
WITH held AS (
    SELECT b.subject, count(*) AS holds, min(h.hold_id) AS hold_id
    FROM ledger.open_hold h JOIN ledger.transfer t ON t.id = h.hold_id JOIN ledger.batch b ON b.id = t.batch_id
    WHERE h.follows_id IS NULL GROUP BY b.subject
), settled AS (
    SELECT b.subject, count(*) AS settlements, min(t.hold_id) AS hold_id
    FROM ledger.transfer t JOIN ledger.batch b ON b.id = t.batch_id
    WHERE t.kind = 'settle' AND t.follows_id IS NULL GROUP BY b.subject
)
SELECT o.id, o.status, coalesce(held.holds, 0) AS holds, coalesce(settled.settlements, 0) AS settlements
FROM occurrence o LEFT JOIN held ON held.subject = o.id LEFT JOIN settled ON settled.subject = o.id
WHERE coalesce(held.holds, 0)
        <> (o.kind = 'roosjes' AND o.status IN ('agreed', 'helped', 'received', 'disputed'))::integer
   OR coalesce(settled.settlements, 0) <> (o.kind = 'roosjes' AND o.status = 'done')::integer
   OR coalesce(held.hold_id, settled.hold_id) IS DISTINCT FROM o.hold_id
"""
"""Agreed and one open hold go together, and so do done and one settlement: any row here is a fault.

What the ledger has is found by what it says it is about, so that no hold of a time goes unseen.
"""
