"""Finding who fits a request, by the engine and by hand; ``app.matches.nearby`` looks the other way."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Conflict
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.help_requests.service import NotOpen, get_locked
from app.matches import meeting
from app.matches.explained import of_offers
from app.matches.index import MatchIndex, offers_by_id, request_by_id
from app.matches.models import Origin, Proposal, Status
from app.notifications.service import tell
from app.places.models import Mediation, Municipality
from matching import explain as explaining
from matching.explain import Counterfactual, Explanation, explain
from matching.pairs import Pair
from matching.rules import HOLDS, Rule
from matching.types import Match, Offer, Request

SHOWN = 20
VALID_DAYS = 14
FRESH = timedelta(days=1)
"""How long an asker waits for those who were asked, before pressing on brings more."""


class DoesNotFit(Conflict):
    """A hard rule stands in the way; ``details`` names it."""

    code = "does-not-fit"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of an answer: a helper for a request, or a request for a helper."""

    match: Match
    explanation: Explanation
    offer: HelpOffer
    help_request: HelpRequest


def for_request(session: Session, actor: Actor, help_request: HelpRequest) -> list[Proposal]:
    """Ask the best few helpers that have not been asked for this request; none where only makelaars propose.

    An asker who pauses, changes or widens again and again does not fill the week of everybody who helps: whom that
    asker's request asked today, and who said nothing yet, counts among the few.
    """
    municipality = found(session.get(Municipality, help_request.municipality_id))
    if help_request.status is not RequestStatus.OPEN or municipality.mediation == Mediation.PROPOSED:
        return []
    session.flush()
    index = MatchIndex.of(session)
    earlier = session.execute(_asked(help_request.id)).all()
    asked = {row.helper_id for row in earlier}
    places = help_request.helpers_wanted - help_request.helpers_found
    wanted = municipality.asked_at_once + places - 1
    if actor.person == help_request.person_id:
        since = now(session) - FRESH
        wanted -= sum(row.status is Status.PROPOSED and row.created_at > since for row in earlier)
        wanted = max(wanted, 0)
    request = request_by_id(session, help_request.id)
    fresh = [m for m in index.offers.top_k(request, wanted + len(asked)) if m.person_id not in asked][:wanted]
    offers = offers_by_id(session, [m.offer_id for m in fresh])
    return [
        add(session, actor, help_request, request, offers[m.offer_id], Origin.ENGINE)
        for m in fresh
        if m.offer_id in offers
    ]


def _asked(help_request_id: UUID) -> Any:
    # unscoped: goes with a request that the actor holds: only who was already asked
    return select(Proposal.helper_id, Proposal.status, Proposal.created_at).where(
        Proposal.help_request_id == help_request_id
    )


def by_hand(session: Session, actor: Actor, help_request_id: UUID, offer_id: UUID) -> Proposal:
    """A makelaar proposes one helper; the hard rules hold for makelaars too, raising DoesNotFit.

    An offer that does not fit and that the makelaar cannot see does not exist: NotFound, as for a made-up key.
    """
    help_request = get_locked(session, actor, help_request_id)
    require(actor, Permission.PROPOSE, help_request.municipality_id)
    if help_request.status is not RequestStatus.OPEN:
        raise NotOpen
    offer = offers_by_id(session, [offer_id]).get(offer_id)
    request = request_by_id(session, help_request.id)
    offer = found(offer)
    try:
        check(session, request, offer, ignoring=LIMITS)
    except DoesNotFit:
        seen = select(HelpOffer.id).where(visible(actor, Permission.SEE_OFFERS, HelpOffer))
        found(session.scalars(seen.where(HelpOffer.id == offer_id)).one_or_none())
        raise
    existing = existing_for(session, help_request.id, offer.person_id)
    if existing is None:
        return add(session, actor, help_request, request, offer, Origin.BROKER)
    if existing.status in (Status.EXPIRED, Status.WITHDRAWN):
        existing.step(Status.PROPOSED, actor.person)
        existing.expires_at = now(session) + timedelta(days=VALID_DAYS)
    return existing


LIMITS = frozenset({Rule.PROPOSALS, Rule.DISTANCE, Rule.TIME, Rule.ORGANISATION})
"""What a makelaar may look past when asking somebody by name; the helper still says yes or no."""


def check(
    session: Session,
    request: Request,
    offer: Offer,
    *,
    ignoring: frozenset[Rule] = frozenset(),
) -> None:
    """The hard rules, on rows read in this transaction; raises DoesNotFit with the first that fails."""
    pair = Pair(request, offer, MatchIndex.of(session).borders)
    for rule, holds in HOLDS.items():
        if rule not in ignoring and not holds(pair):
            # that one of the two excluded the other is never told
            told = rule if rule is not Rule.EXCLUDED else Rule.PAUSED
            raise DoesNotFit(told.name, details={"regel": told.name.lower()})


def recheck(
    session: Session, proposal: Proposal, *, ignoring: frozenset[Rule], yes_at: datetime | None = None
) -> None:
    """``check`` for a proposal of long ago; without an offer there is nothing to check. Raises DoesNotFit.

    The helper is held until the transaction ends: one who goes, or is confirmed elsewhere, at this very moment comes
    before or after. A helper's own yes overrules how full their week was; what they promised since then counts.
    """
    if not meeting.hold(session, proposal.asker_id, proposal.helper_id):
        raise DoesNotFit(details={"regel": "paused"})  # that one of the two blocked the other is never told
    if proposal.help_offer_id is None:
        return
    holding = select(func.hold_helper(proposal.helper_id, proposal.help_offer_id, yes_at))
    promised_minutes = session.execute(holding).scalar_one()
    offer = offers_by_id(session, [proposal.help_offer_id]).get(proposal.help_offer_id)
    if offer is None or offer.paused:
        raise DoesNotFit(details={"regel": "paused"})
    if promised_minutes is not None:
        offer, ignoring = replace(offer, load_minutes=promised_minutes), ignoring - {Rule.LOAD}
    check(session, request_by_id(session, proposal.help_request_id), offer, ignoring=ignoring)


def existing_for(session: Session, help_request_id: UUID, helper_id: UUID) -> Proposal | None:
    # unscoped: goes with the request that the caller holds
    query = select(Proposal).where(
        Proposal.help_request_id == help_request_id, Proposal.helper_id == helper_id
    )
    return session.scalars(query.with_for_update()).one_or_none()


def add(
    session: Session, actor: Actor, help_request: HelpRequest, request: Request, offer: Offer, origin: Origin
) -> Proposal:
    """A new proposal; who comes forward, or said yes to a ring, is willing from the start, anybody else is asked."""
    explanation = explain(request, offer)
    moment = now(session)
    came_forward = origin in (Origin.HELPER, Origin.RING)
    proposal = Proposal(
        municipality_id=help_request.municipality_id,
        helper_municipality_id=offer.municipality_id,
        help_request_id=help_request.id,
        help_offer_id=offer.id,
        asker_id=help_request.person_id,
        helper_id=offer.person_id,
        origin=origin,
        status=Status.WILLING if came_forward else Status.PROPOSED,
        score=explanation.score,
        terms={term.name.lower(): points for term, points in explanation.terms.items()},
        distance_m=explanation.distance_m,
        expires_at=moment + timedelta(days=VALID_DAYS),
        answered_at=moment if came_forward else None,
    )
    session.add(proposal)
    session.flush()
    proposal.tell("", actor.person)
    if not came_forward:
        title = help_request.title
        tell(session, offer.person_id, offer.municipality_id, "proposed", proposal.id, title=title)
    return proposal


def candidates(session: Session, actor: Actor, help_request: HelpRequest) -> list[Candidate]:
    """The best twenty helpers for the makelaar's screen, with the parts of their scores."""
    require(actor, Permission.PROPOSE, help_request.municipality_id)
    index = MatchIndex.of(session)
    request = request_by_id(session, help_request.id)
    matches = index.offers.top_k(request, SHOWN)
    explained = of_offers(request, [m.offer_id for m in matches], index.offers)
    # unscoped: goes with a request in the makelaar's reach: found by the engine, also across the border
    offers = _offers(session, [m.offer_id for m in matches])
    return [
        Candidate(m, explained[m.offer_id], offers[m.offer_id], help_request)
        for m in matches
        if m.offer_id in explained and m.offer_id in offers
    ]


def _offers(session: Session, ids: list[UUID]) -> dict[UUID, HelpOffer]:
    # unscoped: row-level security still stands behind it
    query = (
        select(HelpOffer)
        .where(HelpOffer.id.in_(ids))
        .options(
            joinedload(HelpOffer.person),
            joinedload(HelpOffer.neighbourhood),
            joinedload(HelpOffer.municipality),
        )
    )
    return {offer.id: offer for offer in session.scalars(query)}


def counterfactuals(session: Session, actor: Actor, help_request: HelpRequest) -> list[Counterfactual]:
    """What would bring more helpers: "+5 km: 7"."""
    require(actor, Permission.PROPOSE, help_request.municipality_id)
    index = MatchIndex.of(session)
    return explaining.counterfactuals(request_by_id(session, help_request.id), index.offers)
