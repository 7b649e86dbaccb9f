"""What a life event stops, and puts back: by the worker, whose reach is both sides of a border."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import locked, visible
from app.access.roles import Permission
from app.agreements import occur
from app.agreements.agree import HelperBusy, is_series, make_agreed, new_occurrence
from app.agreements.calendar import AHEAD
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status
from app.casework.models import CaseTask, TaskKind
from app.clock import now
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import ClosingReason, HelpRequest, Status as RequestStatus
from app.ids import uuid7
from app.life.models import LifeEvent, LifeKind
from app.life.service import UNDO
from app.matches.answer import overruled, tell_asker
from app.matches.models import Origin, Proposal, Status as ProposalStatus
from app.matches.propose import LIMITS, DoesNotFit, recheck
from app.notifications.service import tell
from app.people.models import Person
from app.places.working_days import add_working_days
from app.privacy import standing as consents
from app.roosjes import service as roosjes
from app.safety.blocks import OPEN, let_go

DESK = Permission.MODERATE_REQUEST
COMING = (OccurrenceStatus.PLANNED, OccurrenceStatus.AGREED)


def stop(session: Session, actor: Actor, event_id: UUID) -> None:
    """Times of help are off with their holds, proposals end, requests and offers rest; each other side is told once,
    in words that tell nothing, and the desk is asked to phone them. Run twice it stops what came in between."""
    event = _event(session, actor, event_id)
    if event is None or event.undone_at is not None:
        return
    kept: dict[str, Any] = {"times": [], "proposals": [], "requests": [], "offers": [], **event.stopped}
    for agreement in _agreements(session, actor, event.person_id):
        kept["times"] += _call_off(session, actor, event, agreement)
    kept["proposals"] += _let_proposals_go(session, actor, event.person_id)
    kept["requests"] += _rest_requests(session, actor, event)
    kept["offers"] += _rest_offers(session, actor, event.person_id)
    event.stopped = dict(kept)
    session.flush()


def _event(session: Session, actor: Actor, event_id: UUID) -> LifeEvent | None:
    query = select(LifeEvent).where(LifeEvent.id == event_id, visible(actor, DESK, LifeEvent))
    return session.scalars(locked(query)).one_or_none()


def _of(person_id: UUID) -> ColumnElement[bool]:
    return or_(Agreement.asker_id == person_id, Agreement.helper_id == person_id)


def _agreements(session: Session, actor: Actor, person_id: UUID) -> list[Agreement]:
    seen = visible(actor, DESK, Agreement)
    query = select(Agreement).where(_of(person_id), Agreement.status == Status.ACTIVE, seen)
    return list(session.scalars(query.order_by(Agreement.help_request_id, Agreement.id)))


def _asked_for(session: Session, actor: Actor, agreement: Agreement) -> HelpRequest:
    """The request under an agreement, locked: whatever is stopped or put back starts there."""
    query = select(HelpRequest).where(
        HelpRequest.id == agreement.help_request_id, visible(actor, DESK, HelpRequest)
    )
    return session.scalars(locked(query)).one()


def _call_off(session: Session, actor: Actor, event: LifeEvent, agreement: Agreement) -> list[dict[str, str]]:
    """The times to come of one agreement, which itself stays: it goes on where it was, or ends later."""
    help_request = _asked_for(session, actor, agreement)
    coming = select(Occurrence).where(
        visible(actor, DESK, Occurrence),
        Occurrence.agreement_id == agreement.id,
        Occurrence.status.in_(COMING),
        Occurrence.starts_at > now(session),
    )
    off = []
    for occurrence in session.scalars(coming.order_by(Occurrence.starts_at).with_for_update()).all():
        occurrence.step(OccurrenceStatus.CANCELLED, actor.person, "")
        roosjes.void(session, actor, occurrence)
        session.flush()
        occur.lapse_proposed(session, actor, occurrence)
        off.append({"agreement": str(agreement.id), "starts_at": occurrence.starts_at.isoformat()})
    _tell_other(session, event, agreement, help_request, "life-stopped")
    _ask_to_phone(session, actor, event, agreement)
    return off


def _tell_other(
    session: Session, event: LifeEvent, agreement: Agreement, help_request: HelpRequest, kind: str
) -> None:
    for person_id, municipality_id in agreement.sides():
        if person_id != event.person_id:
            tell(session, person_id, municipality_id, kind, agreement.id, turn=_turn(event),
                 title=help_request.title)  # fmt: skip


def _turn(event: LifeEvent) -> int:
    return event.id.int % 2_000_000_011


def _ask_to_phone(session: Session, actor: Actor, event: LifeEvent, agreement: Agreement) -> None:
    other = agreement.helper_id if agreement.asker_id == event.person_id else agreement.asker_id
    what = f"Bel {session.get_one(Person, other).first_name}: de hulp gaat niet door"
    asked = select(CaseTask.id).where(
        visible(actor, DESK, CaseTask),
        CaseTask.help_request_id == agreement.help_request_id,
        CaseTask.what == what,
        CaseTask.done_at.is_(None),
    )
    if session.scalars(asked.limit(1)).first() is not None:
        return
    session.add(CaseTask(
        id=uuid7(), municipality_id=agreement.municipality_id, help_request_id=agreement.help_request_id,
        asker_id=agreement.asker_id, kind=TaskKind.TASK, what=what,
        due_at=add_working_days(now(session), 0), made_by_id=event.by_id,
    ))  # fmt: skip
    session.flush()


def _let_proposals_go(session: Session, actor: Actor, person_id: UUID) -> list[dict[str, str]]:
    live = select(Proposal).where(
        visible(actor, DESK, Proposal),
        or_(Proposal.asker_id == person_id, Proposal.helper_id == person_id),
        Proposal.status.in_(OPEN),
    )
    rows = live.options(joinedload(Proposal.help_request)).order_by(Proposal.id)
    gone = []
    for proposal in session.scalars(rows.with_for_update(of=Proposal)):
        gone.append({"id": str(proposal.id), "was": str(proposal.status)})
        let_go(session, proposal)
    session.flush()
    return gone


def _rest_requests(session: Session, actor: Actor, event: LifeEvent) -> list[dict[str, Any]]:
    open_ = select(HelpRequest).where(
        HelpRequest.person_id == event.person_id,
        HelpRequest.status == RequestStatus.OPEN,
        visible(actor, DESK, HelpRequest),
    )
    rested = []
    for row in session.scalars(locked(open_.order_by(HelpRequest.id))).all():
        rested.append({"id": str(row.id), "public": row.is_public})
        row.is_public = False
        row.step(RequestStatus.PAUSED, event.by_id)
    session.flush()
    return rested


def _rest_offers(session: Session, actor: Actor, person_id: UUID) -> list[dict[str, Any]]:
    open_ = select(HelpOffer).where(
        visible(actor, DESK, HelpOffer),
        HelpOffer.person_id == person_id,
        HelpOffer.status == OfferStatus.OPEN,
    )
    rested = []
    for row in session.scalars(locked(open_.order_by(HelpOffer.id))).all():
        rested.append({"id": str(row.id), "public": row.is_public})
        row.is_public = False
        row.step(OfferStatus.PAUSED, None)
    session.flush()
    return rested


def put_back(session: Session, actor: Actor, event_id: UUID) -> None:
    """Requests and offers as they were, proposals where the other is still free, and times of help that are still to
    come; the other side hears that too."""
    event = _event(session, actor, event_id)
    if event is None or event.undone_at is None or not event.stopped:
        return
    for kept in event.stopped["requests"]:
        _reopen(session, actor, event, UUID(kept["id"]), public=kept["public"])
    for kept in event.stopped["offers"]:
        _offer_again(session, actor, event, UUID(kept["id"]), public=kept["public"])
    times: dict[UUID, list[datetime]] = {}
    for kept in event.stopped["times"]:
        times.setdefault(UUID(kept["agreement"]), []).append(datetime.fromisoformat(kept["starts_at"]))
    for agreement in _agreements(session, actor, event.person_id):
        _resume(session, actor, event, agreement, times.get(agreement.id, []))
    _propose_again(session, actor, event)
    event.stopped = {}
    session.flush()


def _reopen(session: Session, actor: Actor, event: LifeEvent, id: UUID, *, public: bool) -> None:
    theirs = HelpRequest.person_id == event.person_id
    query = select(HelpRequest).where(HelpRequest.id == id, theirs, visible(actor, DESK, HelpRequest))
    row = session.scalars(locked(query)).one_or_none()
    if row is None or row.status is not RequestStatus.PAUSED:
        return
    if consents.to_come(session, row.person_id, row.category_number, row.skills) is not None:
        return  # a yes was taken back meanwhile: it rests until somebody says it again
    row.step(RequestStatus.OPEN, event.undone_by_id)
    row.is_public = public
    session.flush()


def _offer_again(session: Session, actor: Actor, event: LifeEvent, id: UUID, *, public: bool) -> None:
    theirs = HelpOffer.person_id == event.person_id
    query = select(HelpOffer).where(HelpOffer.id == id, theirs, visible(actor, DESK, HelpOffer))
    row = session.scalars(locked(query)).one_or_none()
    if row is not None and row.status is OfferStatus.PAUSED:
        row.step(OfferStatus.OPEN, None)
        row.is_public = public
        session.flush()


def _propose_again(session: Session, actor: Actor, event: LifeEvent) -> None:
    """Proposals that were withdrawn, where the other still asks or still helps."""
    was = {UUID(kept["id"]): ProposalStatus(kept["was"]) for kept in event.stopped.get("proposals", [])}
    withdrawn = select(Proposal).where(
        visible(actor, DESK, Proposal),
        Proposal.id.in_(list(was)),
        or_(Proposal.asker_id == event.person_id, Proposal.helper_id == event.person_id),
        Proposal.status == ProposalStatus.WITHDRAWN,
    )
    asked = select(HelpRequest).where(
        visible(actor, DESK, HelpRequest),
        HelpRequest.id.in_(withdrawn.with_only_columns(Proposal.help_request_id)),
    )
    # requests before their proposals and before people, as everywhere
    questions = {row.id: row for row in session.scalars(locked(asked.order_by(HelpRequest.id)))}
    for proposal in session.scalars(locked(withdrawn.order_by(Proposal.id))).all():
        help_request = questions.get(proposal.help_request_id)
        if help_request is not None and help_request.status is RequestStatus.OPEN:
            _stand_again(session, event, proposal, help_request, was[proposal.id])


def _stand_again(
    session: Session, event: LifeEvent, proposal: Proposal, help_request: HelpRequest, was: ProposalStatus
) -> None:
    """As it was, and getting acquainted is arranged anew; nothing where one of the two is not free any more."""
    said_yes = was is not ProposalStatus.PROPOSED
    by_name = LIMITS if proposal.origin is Origin.BROKER else frozenset()
    try:
        recheck(
            session, proposal, ignoring=overruled(proposal) if said_yes else by_name,
            yes_at=proposal.answered_at if said_yes else None,
        )  # fmt: skip
    except DoesNotFit:
        return
    proposal.step(ProposalStatus.WILLING if said_yes else ProposalStatus.PROPOSED, event.undone_by_id)
    proposal.expires_at += now(session) - event.at  # the days that it stood still do not count
    session.flush()
    if said_yes:  # both read that it would not be
        tell_asker(session, proposal, help_request, turn=_turn(event))
        tell(session, proposal.helper_id, proposal.helper_municipality_id, "again", proposal.id, turn=_turn(event),
             title=help_request.title)  # fmt: skip


def _resume(
    session: Session, actor: Actor, event: LifeEvent, agreement: Agreement, moments: list[datetime]
) -> None:
    help_request = _asked_for(session, actor, agreement)
    coming = [starts_at for starts_at in moments if starts_at > now(session)]
    for starts_at in coming:
        occurrence = new_occurrence(session, actor, agreement, starts_at)
        if starts_at > now(session) + AHEAD:
            continue
        try:
            with session.begin_nested():
                make_agreed(session, actor, occurrence)
        except HelperBusy:  # elsewhere meanwhile: it stays planned, and the two agree on another moment
            session.refresh(occurrence)
    if not coming and not is_series(agreement) and not _others(session, actor, agreement):
        occur.end(session, actor, agreement.id)  # its only time has passed
        return
    _tell_other(session, event, agreement, help_request, "life-resumed")


def _others(session: Session, actor: Actor, agreement: Agreement) -> bool:
    """Whether something of it still waits for a word."""
    left = select(Occurrence.id).where(
        visible(actor, DESK, Occurrence), Occurrence.agreement_id == agreement.id,
        Occurrence.status.in_([*COMING, OccurrenceStatus.HELPED, OccurrenceStatus.RECEIVED, OccurrenceStatus.DISPUTED]),
    )  # fmt: skip
    return session.scalars(left.limit(1)).first() is not None


def due(session: Session, actor: Actor) -> list[UUID]:
    """Who died or moved so long ago that nobody puts it back: each is settled in a transaction of its own."""
    query = select(LifeEvent.id).where(
        visible(actor, DESK, LifeEvent),
        LifeEvent.kind != LifeKind.HOSPITAL,
        LifeEvent.undone_at.is_(None),
        LifeEvent.settled_at.is_(None),
        LifeEvent.at <= now(session) - UNDO,
    )
    return list(session.scalars(query.order_by(LifeEvent.id)))


def settle(session: Session, actor: Actor, event_id: UUID) -> None:
    """What was agreed ends, and what was asked is closed. From here on it is not put back."""
    event = _event(session, actor, event_id)
    if event is None or event.undone_at is not None or event.settled_at is not None:
        return
    for agreement in _agreements(session, actor, event.person_id):
        occur.end(session, actor, agreement.id)
    open_ = select(HelpRequest).where(
        visible(actor, DESK, HelpRequest), HelpRequest.person_id == event.person_id,
        HelpRequest.status.in_([RequestStatus.SUBMITTED, RequestStatus.OPEN, RequestStatus.PAUSED,
                                RequestStatus.EXPIRED, RequestStatus.REFERRED]),
    )  # fmt: skip
    for row in session.scalars(locked(open_.order_by(HelpRequest.id))).all():
        row.is_public = False
        row.closing_reason = ClosingReason.NOT_NEEDED
        row.step(RequestStatus.CLOSED, None)
    event.settled_at = now(session)
    session.flush()
