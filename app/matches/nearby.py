"""What is asked nearby: the requests that fit one's offers, and what a visitor sees around a postcode."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import visible
from app.access.roles import Permission
from app.categories.vocabulary import SLOTS
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.matches.explained import of_requests
from app.matches.index import MatchIndex
from app.matches.models import Proposal, Status
from app.matches.propose import SHOWN, Candidate
from app.people.models import Person
from app.places.models import Municipality, Neighbourhood
from app.places.service import Place
from matching.types import Match, Offer
from matching.validation import CHECK_BITS, LANGUAGE_BITS, MAX_KM, SKILL_BITS

OPEN_TO_ONE = (Status.PROPOSED, Status.EXPIRED, Status.WITHDRAWN)
"""A request is still shown to a helper whose proposal stands like this."""
MOST_CATEGORIES = 64
AROUND_KM = 15
ANYBODY: Final = UUID("00000000-0000-7000-8000-000000000000")
"""Who looks without an offer. The same for all, since ties are broken by a hash with the offer: they stay where they
are however often one looks."""

FACE = (
    joinedload(HelpRequest.person).load_only(Person.first_name),
    joinedload(HelpRequest.category),
    joinedload(HelpRequest.neighbourhood).load_only(Neighbourhood.place),
    joinedload(HelpRequest.municipality).load_only(Municipality.name),
)


@dataclass(frozen=True, slots=True)
class Nearby:
    """A request and how far it is, between the centres of two cells."""

    help_request: HelpRequest
    distance_m: int


def for_offers(
    session: Session, actor: Actor, offers: Sequence[HelpOffer], *, radius_km: int | None = None
) -> list[Candidate]:
    """The best requests over one's open offers, each once; ``radius_km`` tries another distance for all."""
    index = MatchIndex.of(session)
    best: dict[UUID, tuple[Match, HelpOffer, Offer]] = {}
    for offer in offers:
        fact = index.offers.get(offer.id)
        if fact is None:
            continue
        for match in index.requests.top_k(_looking(fact, radius_km), 3 * SHOWN):
            held = best.get(match.request_id)
            if held is None or match.score > held[0].score:
                best[match.request_id] = (match, offer, fact)
    rows = _rows(session, actor, list(best))
    # in the engine's order, whose ties are broken by a hash: not in the order in which rows lie in their table
    ranked = sorted((best[key] for key in best if key in rows), key=lambda entry: -entry[0].score)[:SHOWN]
    by_offer: dict[UUID, list[UUID]] = {}
    for match, offer, _ in ranked:
        by_offer.setdefault(offer.id, []).append(match.request_id)
    facts = {offer.id: fact for _, offer, fact in ranked}
    explained = {key: one for offer_id, keys in by_offer.items()
                 for key, one in of_requests(facts[offer_id], keys, index.requests).items()}  # fmt: skip
    return [
        Candidate(match, explained[match.request_id], offer, rows[match.request_id])
        for match, offer, _ in ranked
        if match.request_id in explained
    ]


def _looking(fact: Offer, radius_km: int | None) -> Offer:
    """The offer of somebody who looks for themselves: how often they were asked, or how full their week is,
    spares them our questions and hides nothing from them."""
    km = fact.radius_km if radius_km is None else min(radius_km, MAX_KM)
    return replace(fact, radius_km=km, proposals_this_week=0, proposal_cap=1, load_minutes=0, resting=False)


def around(session: Session, actor: Actor, place: Place, radius_km: int = AROUND_KM) -> list[Nearby]:
    """What is asked around a place, whatever it is, the nearest first: for who has not offered anything yet."""
    index = MatchIndex.of(session)
    anybody = Offer(
        id=ANYBODY, person_id=actor.person or ANYBODY, municipality_id=place.municipality_id, cell=place.cell,
        categories=tuple(range(MOST_CATEGORIES)), slots=(1 << SLOTS) - 1, minutes_per_week=2400, radius_km=radius_km,
        languages=(1 << LANGUAGE_BITS) - 1, skills=(1 << SKILL_BITS) - 1, checks=(1 << CHECK_BITS) - 1,
    )  # fmt: skip
    far = {match.request_id: match.distance_m for match in index.requests.top_k(anybody, 3 * SHOWN)}
    rows = _rows(session, actor, list(far))
    # of what is equally far the engine's order stays: a key would tell what was asked first
    found = [Nearby(rows[key], metres) for key, metres in far.items() if key in rows]
    return sorted(found, key=lambda near: near.distance_m)[:SHOWN]


def _rows(session: Session, actor: Actor, ids: list[UUID]) -> dict[UUID, HelpRequest]:
    """Of these, the requests that the actor may see and has not answered yet."""
    if not ids:
        return {}
    seen = visible(actor, Permission.SEE_REQUESTS, HelpRequest)
    query = select(HelpRequest).where(HelpRequest.id.in_(ids), seen).options(*FACE)
    if actor.person is not None:
        query = query.where(HelpRequest.id.not_in(_answered(actor.person)))
    return {row.id: row for row in session.scalars(query)}


def _answered(person_id: UUID) -> Select[UUID]:
    # unscoped: one's own proposals, only their keys
    return select(Proposal.help_request_id).where(
        Proposal.helper_id == person_id, Proposal.status.not_in(OPEN_TO_ONE)
    )
