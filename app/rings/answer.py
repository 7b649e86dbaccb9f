"""A member's yes, or a neutral no; and what ends a ring without either."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked
from app.clock import now
from app.errors import Conflict
from app.help_offers.models import HelpOffer, Status as OfferStatus
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.jobs.queue import defer
from app.matches import meeting
from app.notifications.service import tell
from app.rings.models import LIVE, Ending, Ring, RingAnswer, RingArc, RingStatus

AT_ONCE: Final = 200


class RingEnded(Conflict):
    """The ring was let go, or ran out of time, just before."""

    code = "ring-ended"


def yes(session: Session, actor: Actor, id: UUID) -> Ring:
    """One's own yes; the last one sets the ring going. Said twice it counts once. Raises RingEnded, NotFound."""
    meeting.refuse_suspended(session, actor.person_id)
    ring, arc = _locked(session, actor, id)
    if arc.answer is RingAnswer.YES and ring.status in (*LIVE, RingStatus.AGREED):
        return ring
    moment = now(session)
    if ring.status is not RingStatus.PROPOSED or ring.expires_at <= moment:
        raise RingEnded
    arc.answer, arc.answered_at = RingAnswer.YES, moment
    ring.yes += 1
    if ring.yes == ring.people:
        ring.step(RingStatus.READY, actor.person_id)
        # a job: no member may touch what belongs to the others
        defer(session, "rings.carry_out", ring_id=str(ring.id))
    session.flush()
    return ring


def no(session: Session, actor: Actor, id: UUID) -> Ring:
    """One's own no, also after a yes; nobody is told whose it was. Raises RingEnded once the ring goes ahead."""
    ring, arc = _locked(session, actor, id)
    if arc.answer is RingAnswer.NO:
        return ring
    if ring.status is not RingStatus.PROPOSED:
        raise RingEnded
    if arc.answer is RingAnswer.YES:
        ring.yes -= 1
    arc.answer, arc.answered_at = RingAnswer.NO, now(session)
    # the steps of a ring can be read by its members: they do not say who took this one
    end(session, ring, RingStatus.DISSOLVED, Ending.NO)
    session.flush()
    return ring


def _locked(session: Session, actor: Actor, id: UUID) -> tuple[Ring, RingArc]:
    """The ring and the arc in which one gives; the ring first, so that answers come one after the other."""
    member = actor.person_id
    # unscoped: one's own ring
    own = select(Ring).where(Ring.id == id, Ring.has_party(member))
    ring = found(session.scalars(locked(own)).one_or_none())
    # unscoped: one's own arc
    mine = select(RingArc).where(RingArc.ring_id == id, RingArc.giver_id == member)
    return ring, session.scalars(locked(mine)).one()


def counting_on(session: Session, help_request_id: UUID) -> Ring | None:
    """The live ring in which somebody would help with this request, locked."""
    # unscoped: row-level security: one's own ring or one of the desk's
    arcs = select(RingArc.ring_id).where(RingArc.live, RingArc.help_request_id == help_request_id)
    # unscoped: row-level security
    query = select(Ring).where(Ring.id.in_(arcs), Ring.status.in_(LIVE))
    return session.scalars(locked(query)).one_or_none()


def end(session: Session, ring: Ring, status: RingStatus, why: Ending | None = None) -> None:
    """Let a locked ring go; its members are free at once, and a job tells them."""
    ring.step(status, None, why.value if why else "")
    ring.reason = why.value if why else ""
    ring.ended_at = now(session)
    defer(session, "rings.ended", ring_id=str(ring.id))


def tell_ended(session: Session, ring_id: UUID) -> None:
    """A kind word to all but who said no themselves: the requests are open as they were. Nothing while it lives."""
    # unscoped: the worker's reach is every municipality
    query = select(RingArc).where(RingArc.ring_id == ring_id, RingArc.answer != RingAnswer.NO)
    query = query.join(Ring, Ring.id == RingArc.ring_id).where(Ring.status.not_in((*LIVE, RingStatus.AGREED)))
    for arc in session.scalars(query.order_by(RingArc.position)):
        tell(session, arc.giver_id, arc.giver_municipality_id, "ring-ended", ring_id)


def expire_due(session: Session) -> int:
    """Rings on which not everybody answered in time."""
    return _end_all(session, _expired(now(session)), RingStatus.EXPIRED, None)


def dissolve_broken(session: Session) -> int:
    """Rings in which a request or an offer went away meanwhile."""
    # unscoped: the worker's reach is every municipality
    gone = (
        select(RingArc.ring_id)
        .join(HelpRequest, HelpRequest.id == RingArc.help_request_id)
        .join(HelpOffer, HelpOffer.id == RingArc.help_offer_id)
        .where(
            RingArc.live,
            or_(HelpRequest.status != RequestStatus.OPEN, HelpOffer.status != OfferStatus.OPEN),
        )
    )
    condition = (Ring.status == RingStatus.PROPOSED) & Ring.id.in_(gone)
    return _end_all(session, condition, RingStatus.DISSOLVED, Ending.GONE)


def _expired(moment: datetime) -> ColumnElement[bool]:
    return (Ring.status == RingStatus.PROPOSED) & (Ring.expires_at <= moment)


def _end_all(session: Session, condition: ColumnElement[bool], status: RingStatus, why: Ending | None) -> int:
    # unscoped: the worker's reach is every municipality
    query = select(Ring).where(condition).order_by(Ring.id).limit(AT_ONCE)
    rings = list(session.scalars(query.with_for_update(skip_locked=True)))
    for ring in rings:
        end(session, ring, status, why)
    return len(rings)
