"""A helper puts themselves forward for a request that they saw."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.errors import Forbidden, NotFound
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches import meeting
from app.matches.answer import OWN_YES_RULES, TakenAlready, accept, still_open, tell_asker
from app.matches.index import offers_by_id, request_by_id
from app.matches.models import Origin, Proposal
from app.matches.propose import DoesNotFit, add, check
from matching.explain import explain
from matching.types import Offer


def come_forward(session: Session, actor: Actor, help_request_id: UUID, message: str = "") -> Proposal:
    """A helper who saw a request puts themselves forward, with the offer of theirs that fits best.

    Raises TakenAlready for a request that everybody could see until somebody was found, NotFound for any other that
    the helper cannot see: whether it exists is not told.
    """
    meeting.refuse_suspended(session, actor.person_id)
    help_request = _still_shown(session, actor, help_request_id)
    _in_turn(session, help_request_id)
    # unscoped: one's own proposal; not locked here, for whoever holds the request locks proposals after it
    own = select(Proposal).where(
        Proposal.help_request_id == help_request_id, Proposal.helper_id == actor.person_id
    )
    existing = session.scalars(own).one_or_none()
    if existing is not None:
        return accept(session, actor, existing.id, message)
    if not help_request.is_public:
        if help_request.status is not RequestStatus.OPEN:
            raise TakenAlready
        raise Forbidden  # who was not proposed is refused
    still_open(help_request)
    offer = _fitting_offer(session, actor, help_request)
    request = request_by_id(session, help_request_id)
    proposal = add(session, actor, help_request, request, offer, Origin.HELPER)
    proposal.message = message
    # only who is party to a request may lock it; the last place may have gone in between
    still_open(help_requests.get_locked(session, actor, help_request_id))
    if not meeting.hold(
        session, proposal.asker_id, proposal.helper_id
    ):  # people after the request, as everywhere
        raise DoesNotFit(details={"regel": "paused"})
    tell_asker(session, proposal, help_request)
    return proposal


def _still_shown(session: Session, actor: Actor, help_request_id: UUID) -> HelpRequest:
    try:
        return help_requests.get(session, actor, help_request_id)
    except NotFound:
        if session.execute(select(func.was_shown(help_request_id))).scalar_one():
            raise TakenAlready from None
        raise


def _in_turn(session: Session, help_request_id: UUID) -> None:
    """Let volunteers for one request come one after the other.

    A new proposal holds its request a little, and then wants it whole: two who do so at once wait for each other.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(help_request_id), 0))))


def _fitting_offer(session: Session, actor: Actor, help_request: HelpRequest) -> Offer:
    # unscoped: one's own offers
    query = select(HelpOffer.id).where(
        HelpOffer.person_id == actor.person_id, HelpOffer.status == OfferStatus.OPEN
    )
    offers = offers_by_id(session, list(session.scalars(query)))
    if not offers:
        raise DoesNotFit(details={"regel": "no-offer"})
    request = request_by_id(session, help_request.id)
    ranked = sorted(offers.values(), key=lambda offer: -explain(request, offer).score)
    ranked.sort(key=lambda offer: request.category not in offer.categories)
    check(session, request, ranked[0], ignoring=OWN_YES_RULES)
    return ranked[0]
