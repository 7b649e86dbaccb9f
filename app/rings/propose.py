"""Looking for rings among everybody in the region who both asks and offers; the worker's work: nobody else sees all."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.clock import now
from app.distribution.region import Situation, situation
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.jobs.queue import defer
from app.matches.index import UNPAID, MatchIndex
from app.notifications.service import tell
from app.places.models import Mediation, Municipality
from app.rings import parts
from app.rings.models import Occasion, Ring, RingAnswer, RingArc, RingStatus
from matching.explain import explain
from matching.rings.types import Arc, Member, Ring as Found
from matching.types import Offer, Request

log = logging.getLogger("zorgvoorelkaar.rings")
VALID_DAYS: Final = 7
REST_DAYS: Final = 14
"""Who said no to a ring, or let one pass, is left alone with rings for so long."""


def ask(session: Session, actor: Actor, municipality_id: int) -> None:
    """A makelaar has the region looked through now; a job does it, for a makelaar sees a part."""
    require(actor, Permission.PROPOSE, municipality_id)
    defer(session, "rings.propose", municipality_id=str(municipality_id))


def propose(session: Session, actor: Actor, *, wanted_by: int | None = None) -> list[Ring]:
    """Find rings, keep them and ask their members. `wanted_by` is the municipality whose makelaar asked for it."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("rings", 2))))
    seen = situation(session)
    left_out = _municipalities_left_out(session, wanted_by)
    members = members_of(seen, _resting(session), left_out)
    found = parts.find(members, MatchIndex.of(session).borders)
    titles = _titles(session, {arc.request_id for ring in found.rings for arc in ring.arcs})
    occasion = Occasion.NIGHT if wanted_by is None else Occasion.HAND
    made = [_kept(session, actor, seen, ring, titles, occasion) for ring in found.rings]
    for ring in made:
        ring.members, ring.served = len(members), found.served
        ring.upper_bound, ring.optimal = found.upper_bound, found.optimal
    session.flush()
    log.info(
        "rings: %d, with %d people of at most %d, among %d who ask and offer%s",
        len(made), found.served, found.upper_bound, len(members), "; proven optimal" if found.optimal else "",
    )  # fmt: skip
    return made


def members_of(seen: Situation, resting: set[UUID], left_out: frozenset[int]) -> list[Member]:
    """Everybody with a request that still wants somebody and an offer, both without money, who is free for a ring."""
    asked: dict[UUID, list[Request]] = defaultdict(list)
    offered: dict[UUID, list[Offer]] = defaultdict(list)
    # those who answered a request already are excluded in the rows of the region
    for request in seen.region.requests:
        if request.kinds & UNPAID and seen.region.places.get(request.id, 0) > 0:
            asked[request.person_id].append(replace(request, kinds=request.kinds & UNPAID))
    for offer in seen.offers.values():
        if offer.kinds & UNPAID:
            offered[offer.person_id].append(replace(offer, kinds=offer.kinds & UNPAID))
    return [
        Member(person, asked[person], offered[person])
        for person in sorted(asked.keys() & offered.keys() - resting)
        if not left_out & {*_places(asked[person]), *_places(offered[person])}
    ]


def _places(rows: Iterable[Request | Offer]) -> set[int]:
    return {row.municipality_id for row in rows}


def _municipalities_left_out(session: Session, wanted_by: int | None) -> frozenset[int]:
    """Where only a makelaar proposes, and it was not that makelaar who asked for this."""
    # unscoped: anybody may know the degree of mediation
    closed = select(Municipality.id).where(Municipality.mediation >= Mediation.PROPOSED)
    return frozenset(session.scalars(closed)) - {wanted_by}


def _resting(session: Session) -> set[UUID]:
    since = now(session) - timedelta(days=REST_DAYS)
    passed = (RingArc.answer == RingAnswer.WAITING) & (Ring.status == RingStatus.EXPIRED)
    # unscoped: the worker's reach is every municipality
    query = (
        select(RingArc.giver_id)
        .join(Ring)
        .where(
            or_(
                RingArc.live,
                (Ring.ended_at > since) & or_(RingArc.answer == RingAnswer.NO, passed),
            )
        )
    )
    return set(session.scalars(query))


def _titles(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    # unscoped: the worker's reach is every municipality
    query = select(HelpRequest.id, HelpRequest.title).where(HelpRequest.id.in_(ids))
    return {row.id: row.title for row in session.execute(query)}


def _kept(
    session: Session,
    actor: Actor,
    seen: Situation,
    found: Found,
    titles: Mapping[UUID, str],
    occasion: Occasion,
) -> Ring:
    requests = [seen.requests[arc.request_id] for arc in found.arcs]
    offers = [seen.offers[arc.offer_id] for arc in found.arcs]
    moment = now(session)
    ring = Ring(
        id=uuid7(),
        municipality_id=requests[0].municipality_id,
        municipality_ids=sorted({*_places(requests), *_places(offers)}),
        member_ids=list(found.people),
        occasion=occasion,
        status=RingStatus.PROPOSED,
        chords=found.chords,
        expires_at=moment + timedelta(days=VALID_DAYS),
    )
    session.add(ring)
    session.flush()
    ring.tell("", actor.person)
    for position, arc in enumerate(found.arcs):
        request, offer = requests[position], offers[position]
        session.add(_arc(ring, position, arc, request, offer, titles[arc.request_id]))
        tell(session, arc.giver_id, offer.municipality_id, "ring-proposed", ring.id)
    return ring


def _arc(ring: Ring, position: int, arc: Arc, request: Request, offer: Offer, title: str) -> RingArc:
    explanation = explain(request, offer)
    return RingArc(
        id=uuid7(),
        ring_id=ring.id,
        position=position,
        municipality_id=request.municipality_id,
        giver_municipality_id=offer.municipality_id,
        giver_id=arc.giver_id,
        receiver_id=arc.receiver_id,
        help_request_id=arc.request_id,
        help_offer_id=arc.offer_id,
        title=title,
        score=explanation.score,
        terms={term.name.lower(): points for term, points in explanation.terms.items()},
        distance_m=explanation.distance_m,
    )
