"""A ring on which all agree becomes ordinary proposals, all of them or none; the worker's work.

Everything is locked in one order (the ring, the requests by key, the helpers by key) and checked again before anything
is written. What follows is the ordinary path: each asker plans a day with their own helper.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked
from app.clock import now
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.matches.answer import WILLING_RULES
from app.matches.index import offers_by_id, request_by_id
from app.matches.models import Origin, Proposal, Status
from app.matches.propose import DoesNotFit, add, check
from app.notifications.service import tell
from app.rings.answer import end
from app.rings.models import Ending, Ring, RingArc, RingStatus
from matching.types import Offer

STANDS = (Status.WILLING, Status.MEETING)
ASKED = (Status.PROPOSED, Status.EXPIRED, Status.WITHDRAWN)


class NoLonger(Exception):
    """Something in the ring no longer fits; nothing was written."""


def carry_out(session: Session, actor: Actor, ring_id: UUID) -> Ring:
    """Carry out a ring that is ready, or dissolve it when it no longer fits; done before, nothing happens."""
    # unscoped: the worker's reach is every municipality
    ring = found(session.scalars(locked(select(Ring).where(Ring.id == ring_id))).one_or_none())
    if ring.status is not RingStatus.READY:
        return ring
    # unscoped: the worker's reach is every municipality
    arcs = list(session.scalars(select(RingArc).where(RingArc.ring_id == ring_id).order_by(RingArc.position)))
    try:
        requests, offers, standing = _held(session, arcs)
    except NoLonger:
        end(session, ring, RingStatus.DISSOLVED, Ending.CHANGED)
        return ring
    for arc in arcs:
        offer = offers[arc.help_offer_id]
        proposal = _willing(session, actor, arc, requests[arc.help_request_id], offer, standing.get(arc.id))
        arc.proposal_id = proposal.id
    ring.step(RingStatus.AGREED, None)
    ring.ended_at = now(session)
    for arc in arcs:
        tell(session, arc.giver_id, arc.giver_municipality_id, "ring-agreed", ring.id)
    session.flush()
    return ring


def _held(
    session: Session, arcs: list[RingArc]
) -> tuple[dict[UUID, HelpRequest], dict[UUID, Offer], dict[UUID, Proposal]]:
    """Requests and offers locked and checked, and proposals that there are, by arc. Raises NoLonger."""
    keys = sorted(arc.help_request_id for arc in arcs)
    # unscoped: the worker's reach is every municipality
    wanted = select(HelpRequest).where(HelpRequest.id.in_(keys)).order_by(HelpRequest.id)
    requests = {row.id: row for row in session.scalars(locked(wanted))}
    for arc in sorted(arcs, key=lambda arc: arc.giver_id):
        session.execute(select(func.hold_helper(arc.giver_id, arc.help_offer_id, None)))
    offers = offers_by_id(session, [arc.help_offer_id for arc in arcs])
    standing = {}
    for arc in arcs:
        _still_fits(session, arc, requests[arc.help_request_id], offers.get(arc.help_offer_id))
        there = _standing(session, arc)
        if there is not None:
            standing[arc.id] = there
    return requests, offers, standing


def _still_fits(session: Session, arc: RingArc, help_request: HelpRequest, offer: Offer | None) -> None:
    open_places = help_request.helpers_wanted - help_request.helpers_found
    if help_request.status is not RequestStatus.OPEN or open_places <= 0 or offer is None or offer.paused:
        raise NoLonger
    try:
        # a yes overrules what a helper's own yes always overrules: they know how far they go and how busy they are
        check(session, request_by_id(session, arc.help_request_id), offer, ignoring=WILLING_RULES)
    except DoesNotFit as error:
        raise NoLonger from error


def _standing(session: Session, arc: RingArc) -> Proposal | None:
    """A proposal between the two that was made meanwhile; an answer given outside the ring stands. Raises NoLonger."""
    # unscoped: the worker's reach is every municipality
    query = select(Proposal).where(
        Proposal.help_request_id == arc.help_request_id, Proposal.helper_id == arc.giver_id
    )
    there = session.scalars(locked(query)).one_or_none()
    if there is not None and there.status not in (*STANDS, *ASKED):
        raise NoLonger
    return there


def _willing(
    session: Session,
    actor: Actor,
    arc: RingArc,
    help_request: HelpRequest,
    offer: Offer,
    there: Proposal | None,
) -> Proposal:
    if there is None:
        request = request_by_id(session, help_request.id)
        return add(session, actor, help_request, request, offer, Origin.RING)
    if there.status in ASKED:
        there.step(Status.WILLING, arc.giver_id)
        there.answered_at = arc.answered_at
    return there
