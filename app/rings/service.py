"""Reading rings: one's own, and those of a desk's municipality."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.help_requests.models import HelpRequest
from app.rings.models import LIVE, Ring, RingArc, RingStatus

SHOWN = 60
SHORTEST = 2
"""Of two, the one who would help is the one whom one helps oneself."""
ARCS = selectinload(Ring.arcs)
FACE = (
    ARCS.joinedload(RingArc.giver),
    ARCS.joinedload(RingArc.receiver),
    ARCS.joinedload(RingArc.municipality),
    ARCS.joinedload(RingArc.giver_municipality),
    ARCS.joinedload(RingArc.proposal),
    ARCS.joinedload(RingArc.help_request).joinedload(HelpRequest.category),
)
"""What a page shows of a ring; of the arcs row-level security lets through what is one's own to see."""


def own(actor: Actor) -> Select[Ring]:
    """Rings that one is a member of, the newest first."""
    # unscoped: one's own
    return (
        select(Ring).where(Ring.has_party(actor.person_id)).order_by(Ring.created_at.desc(), Ring.id.desc())
    )


def mine(session: Session, actor: Actor) -> list[Ring]:
    """One's own rings with the two arcs at one's own place."""
    return list(session.scalars(own(actor).options(*FACE).limit(SHOWN)))


def get(session: Session, actor: Actor, id: UUID) -> Ring:
    """One of one's own rings; NotFound for anybody else's."""
    query = own(actor).where(Ring.id == id).options(*FACE)
    return found(session.scalars(query.execution_options(populate_existing=True)).one_or_none())


def waiting(session: Session, actor: Actor) -> Ring | None:
    """The live ring that one is in, if any: there is one at most."""
    return session.scalars(own(actor).where(Ring.status.in_(LIVE)).options(*FACE).limit(1)).one_or_none()


def own_arcs(ring: Ring, person_id: UUID) -> tuple[RingArc, RingArc]:
    """What this member gives, and what they get."""
    gives = next(arc for arc in ring.arcs if arc.giver_id == person_id)
    gets = next(arc for arc in ring.arcs if arc.receiver_id == person_id)
    return gives, gets


def arc(session: Session, actor: Actor, id: UUID) -> RingArc:
    """One in which one gives or receives; NotFound for any other."""
    # unscoped: one's own
    query = select(RingArc).where(RingArc.id == id, RingArc.has_party(actor.person_id))
    faces = (
        joinedload(RingArc.ring), joinedload(RingArc.giver), joinedload(RingArc.receiver),
        joinedload(RingArc.municipality), joinedload(RingArc.proposal),
    )  # fmt: skip
    return found(session.scalars(query.options(*faces)).one_or_none())


def behind(session: Session, actor: Actor, help_request_id: UUID) -> RingArc | None:
    """The arc in which somebody would help with this request of one's own, of a ring that runs or went ahead."""
    # unscoped: one's own
    mine = select(RingArc).where(
        RingArc.receiver_id == actor.person_id, RingArc.help_request_id == help_request_id
    )
    standing = mine.where(or_(RingArc.live, RingArc.proposal_id.is_not(None)))
    return session.scalars(standing.order_by(RingArc.live.desc(), RingArc.id.desc()).limit(1)).one_or_none()


def at_desks(actor: Actor) -> Select[Ring]:
    """Rings with a member where the actor sees who was proposed to whom, the newest first."""
    # unscoped: the permission was asked: its reach is in the condition
    query = select(Ring).where(Ring.in_reach_of(actor.reach(Permission.SEE_MATCHES)))
    return query.order_by(Ring.created_at.desc(), Ring.id.desc())


def of_a_desk(session: Session, actor: Actor, id: UUID) -> Ring:
    """One of those, with the arcs that concern the actor's municipalities; NotFound for any other."""
    return found(session.scalars(at_desks(actor).where(Ring.id == id).options(*FACE)).one_or_none())


@dataclass(frozen=True, slots=True)
class Search:
    """How good the newest search was that found something, over the whole region."""

    at: datetime
    members: int
    """Among how many who ask and offer."""
    served: int
    upper_bound: int
    """No set of rings, of whatever length, serves more of them."""
    optimal: bool


def newest_search(session: Session, actor: Actor, municipality_id: int) -> Search | None:
    """The search that found the newest ring of the municipality; None when that is not known."""
    require(actor, Permission.SEE_MATCHES, municipality_id)
    # unscoped: the permission was asked: its reach is the condition
    query = select(Ring).where(Ring.in_reach_of(frozenset({municipality_id})), Ring.served.is_not(None))
    ring = session.scalars(query.order_by(Ring.created_at.desc(), Ring.id.desc()).limit(1)).one_or_none()
    if ring is None or ring.members is None or ring.served is None or ring.upper_bound is None:
        return None
    return Search(ring.created_at, ring.members, ring.served, ring.upper_bound, bool(ring.optimal))


def of_desk(session: Session, actor: Actor, municipality_id: int) -> list[Ring]:
    """Rings with a member of the municipality, those that run first; the newest on top."""
    require(actor, Permission.SEE_MATCHES, municipality_id)
    # unscoped: the permission was asked: its reach is in the condition
    query = select(Ring).where(Ring.in_reach_of(frozenset({municipality_id})))
    ordered = query.order_by(
        Ring.status.in_([RingStatus.PROPOSED, RingStatus.READY]).desc(), Ring.created_at.desc(), Ring.id
    )
    return list(session.scalars(ordered.options(*FACE).limit(SHOWN)))
