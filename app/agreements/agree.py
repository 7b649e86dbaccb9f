"""The last yes: a proposal becomes an agreement with its occurrences, and the request is one helper nearer."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.agreements.calendar import AHEAD, FARTHEST, HORIZON, dates, moment
from app.agreements.models import Agreement, ArrangedBy, Occurrence, OccurrenceStatus
from app.agreements.schemas import Appointment, NewTime
from app.categories.vocabulary import Frequency, Kind
from app.checks import confirming, newcomers
from app.clock import AMSTERDAM, now
from app.couplings import course
from app.errors import Conflict, Invalid
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.ids import uuid7
from app.jobs.queue import defer
from app.matches.answer import LIVE, OWN_YES_RULES, TakenAlready, get_locked_pair, may_choose
from app.matches.models import Proposal, Status
from app.matches.propose import recheck
from app.notifications.service import tell, tell_brokers
from app.organisations.models import Organisation
from app.places.models import Municipality
from app.privacy import standing as consents
from app.roosjes import service as roosjes


class HelperBusy(Conflict):
    """The helper has another agreement at that time."""

    code = "helper-busy"


def agree(session: Session, actor: Actor, proposal_id: UUID, appointment: Appointment) -> Agreement:
    """The asker's own yes, or the one that a makelaar heard and writes down.

    Raises TakenAlready when the last place was filled just before, DoesNotFit when the helper can no longer, MeetFirst
    when a new helper gets acquainted first, HelperBusy, or Invalid. The request is locked first, so of two who agree at
    once one wins.
    """
    proposal, help_request = get_locked_pair(session, actor, proposal_id)
    spoken = _who_says_yes(session, actor, proposal, appointment)
    if (
        help_request.status is not RequestStatus.OPEN
        or help_request.helpers_found >= help_request.helpers_wanted
    ):
        raise TakenAlready
    recheck(session, proposal, ignoring=OWN_YES_RULES, yes_at=proposal.answered_at)
    starts_at = _start(session, help_request, appointment)
    confirming.check_day(session, proposal, starts_at)
    newcomers.check(session, proposal, spoken=spoken)
    proposal.step(Status.AGREED, actor.person_id, "spoken" if spoken else "")
    proposal.answered_at = proposal.answered_at or now(session)
    agreement = _agreement(session, actor, proposal, help_request, appointment, spoken)
    plan(session, actor, agreement, help_request, starts_at)
    _fill(session, actor, help_request)
    for person_id, municipality_id in agreement.sides():
        tell(session, person_id, municipality_id, "agreed", agreement.id, title=help_request.title,
             starts_at=starts_at.isoformat())  # fmt: skip
    session.flush()
    return agreement


def _who_says_yes(session: Session, actor: Actor, proposal: Proposal, appointment: Appointment) -> bool:
    may_choose(session, actor, proposal)
    if proposal.asker_id == actor.person_id:
        return False
    require(actor, Permission.ARRANGE_AGREEMENT, proposal.municipality_id)
    if not appointment.spoken:
        raise Invalid(details={"gesproken": "needs-the-asker"})
    return True


def _start(session: Session, help_request: HelpRequest, appointment: Appointment) -> datetime:
    starts_at = chosen(session, appointment)
    if help_request.kind is Kind.BETAALD and not appointment.contract_seen:
        raise Invalid(details={"contractGezien": "required"})
    return starts_at


def chosen(session: Session, wanted: Appointment | NewTime) -> datetime:
    """The moment that somebody chose; Invalid when it is past, or more than a year away."""
    starts_at = moment(wanted.on_date, wanted.at_time)
    if starts_at <= now(session):
        raise Invalid(details={"datum": "past"})
    if starts_at > now(session) + FARTHEST:
        raise Invalid(details={"datum": "too-far"})
    return starts_at


def _agreement(
    session: Session,
    actor: Actor,
    proposal: Proposal,
    help_request: HelpRequest,
    appointment: Appointment,
    spoken: bool,
) -> Agreement:
    agreement = Agreement(
        id=uuid7(),
        municipality_id=proposal.municipality_id,
        helper_municipality_id=proposal.helper_municipality_id,
        help_request_id=help_request.id,
        proposal_id=proposal.id,
        asker_id=proposal.asker_id,
        helper_id=proposal.helper_id,
        kind=help_request.kind,
        minutes=help_request.minutes,
        frequency=help_request.frequency,
        **_flag(session, proposal),
        arranged_by=ArrangedBy.BROKER if spoken else ArrangedBy.ASKER,
        arranged_by_id=actor.person_id,
        contract_seen=appointment.contract_seen,
    )
    session.add(agreement)
    session.flush()
    agreement.tell("", actor.person_id, "spoken" if spoken else "")
    return agreement


def _flag(session: Session, proposal: Proposal) -> dict[str, Any]:
    """Under whose flag, and how whoever helps is insured there; without a flag, as a neighbour of the asker's town."""
    # unscoped: anybody may find organisations
    query = (
        select(Organisation.id, Organisation.name, Organisation.insurance)
        .join(HelpOffer, HelpOffer.organisation_id == Organisation.id)
        .where(HelpOffer.id == proposal.help_offer_id)
    )
    row = session.execute(query).one_or_none()
    if row is not None:
        return {"flag_id": row.id, "flag": row.name, "insurance": row.insurance}
    municipality = session.get_one(Municipality, proposal.municipality_id)
    return {"flag": "", "insurance": municipality.insurance}


def plan(
    session: Session, actor: Actor, agreement: Agreement, help_request: HelpRequest, starts_at: datetime
) -> None:
    """The occurrences up to the horizon; those within two weeks are agreed at once, with their holds."""
    local = starts_at.astimezone(AMSTERDAM)
    until = min(help_request.until_date or date.max, (now(session) + HORIZON).astimezone(AMSTERDAM).date())
    first = True
    for day in dates(agreement.frequency, local.date(), max(until, local.date())):
        occurrence = new_occurrence(session, actor, agreement, moment(day, local.time()))
        if first or occurrence.starts_at <= now(session) + AHEAD:
            make_agreed(session, actor, occurrence)
        first = False
    course.begin(session, agreement, help_request, starts_at)


def new_occurrence(session: Session, actor: Actor, agreement: Agreement, starts_at: datetime) -> Occurrence:
    """One planned time under an agreement."""
    occurrence = Occurrence(
        id=uuid7(),
        municipality_id=agreement.municipality_id,
        helper_municipality_id=agreement.helper_municipality_id,
        agreement_id=agreement.id,
        asker_id=agreement.asker_id,
        helper_id=agreement.helper_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=agreement.minutes),
        minutes=agreement.minutes,
        kind=agreement.kind,
    )
    session.add(occurrence)
    session.flush()
    occurrence.tell("", actor.person)
    return occurrence


def make_agreed(session: Session, actor: Actor, occurrence: Occurrence, reason: str = "") -> None:
    """What is planned, or has just lost its hold, is agreed with its hold; without Roosjes when a limit stands in the
    way. Raises HelperBusy."""
    with session.no_autoflush:  # status and hold reach the row together
        held = occurrence.kind is not Kind.ROOSJES or roosjes.hold(session, actor, occurrence)
        if occurrence.status is OccurrenceStatus.AGREED:
            occurrence.tell(str(occurrence.status), actor.person, reason)
        else:
            occurrence.step(OccurrenceStatus.AGREED, actor.person, reason)
    flush_at_one_place(session)
    if not held:
        tell_brokers(session, occurrence.municipality_id, "without-roosjes", occurrence.id)


def flush_at_one_place(session: Session) -> None:
    """Write, or raise HelperBusy when the helper would be at two places at once."""
    try:
        session.flush()
    except IntegrityError as error:
        if "ex_occurrence" in str(error):
            raise HelperBusy from error
        raise


def _fill(session: Session, actor: Actor, help_request: HelpRequest) -> None:
    help_request.helpers_found += 1
    if help_request.helpers_found < help_request.helpers_wanted:
        return
    help_request.is_public = False
    help_request.step(RequestStatus.FILLED, actor.person_id)
    # unscoped: goes with the request that is locked here
    others = select(Proposal).where(Proposal.help_request_id == help_request.id, Proposal.status.in_(LIVE))
    for other in session.scalars(others.with_for_update()):
        other.step(Status.FULL, actor.person_id)
        if other.answered_at is not None:
            tell(
                session,
                other.helper_id,
                other.helper_municipality_id,
                "full",
                other.id,
                title=help_request.title,
            )


def reopen(session: Session, actor: Actor, help_request: HelpRequest) -> None:
    """A helper fell away: the request is looking again, and a job asks who was just too late.

    A job, since the one who falls away cannot see the others who are willing.
    """
    help_request.helpers_found -= 1
    if help_request.status is not RequestStatus.FILLED:
        return
    about = help_request.person_id, help_request.category_number, help_request.skills
    if consents.to_come(session, *about) is not None:  # the yes to it was taken back meanwhile
        help_request.step(RequestStatus.PAUSED, actor.person)
    else:
        help_request.reopened_at = now(session)
        help_request.step(RequestStatus.OPEN, actor.person)
        defer(session, "requests.reopened", help_request_id=str(help_request.id))


def is_series(agreement: Agreement) -> bool:
    """Whether help comes back."""
    return agreement.frequency is not Frequency.ONCE
