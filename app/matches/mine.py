"""One's own proposals: for one request, while getting acquainted, and on the waiting list."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked
from app.clock import now
from app.errors import Conflict
from app.matches.answer import FACE
from app.matches.models import Proposal, Status


def for_one(session: Session, actor: Actor, help_request_id: UUID) -> Proposal | None:
    """What one was asked, or said, about this request."""
    # unscoped: one's own proposal
    own = select(Proposal).where(
        Proposal.help_request_id == help_request_id, Proposal.helper_id == actor.person_id
    )
    return session.scalars(own.options(*FACE)).one_or_none()


def meetings(session: Session, actor: Actor) -> list[Proposal]:
    """People with whom one is getting acquainted, on either side; the first to end first."""
    # unscoped: proposals that one is party to
    own = select(Proposal).where(
        Proposal.status == Status.MEETING,
        or_(Proposal.helper_id == actor.person_id, Proposal.asker_id == actor.person_id),
    )
    return list(session.scalars(own.options(*FACE).order_by(Proposal.meeting_until)))


def wait(session: Session, actor: Actor, proposal_id: UUID) -> Proposal:
    """Somebody was first: stand on the waiting list, to be asked when the place comes free."""
    # unscoped: one's own proposal
    own = select(Proposal).where(Proposal.id == proposal_id, Proposal.helper_id == actor.person_id)
    proposal = found(session.scalars(locked(own)).one_or_none())
    if proposal.status is not Status.FULL:
        raise Conflict
    proposal.answered_at = proposal.answered_at or now(session)
    return proposal
