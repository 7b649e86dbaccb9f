"""One's own proposals: for one request, on their way to an agreement, and on the waiting list."""

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


def pending(session: Session, actor: Actor) -> list[Proposal]:
    """What is on its way to an agreement, on either side: asked, willing, getting acquainted; newest first.

    An asker does not see a helper whom the makelaar still has to introduce.
    """
    mine, helping = actor.person_id, Proposal.helper_id == actor.person_id
    # unscoped: one's own: proposals that one is party to
    own = select(Proposal).where(
        or_(
            helping & Proposal.status.in_([Status.PROPOSED, Status.WILLING, Status.MEETING]),
            (Proposal.asker_id == mine) & Proposal.status.in_([Status.WILLING, Status.MEETING]),
        )
    )
    rows = session.scalars(own.options(*FACE).order_by(Proposal.created_at.desc()).limit(60))
    return [row for row in rows if row.helper_id == mine or row.is_introduced(row.help_request.municipality)]


def wait(session: Session, actor: Actor, proposal_id: UUID) -> Proposal:
    """Somebody was first: stand on the waiting list, to be asked when the place comes free."""
    # unscoped: one's own proposal
    own = select(Proposal).where(Proposal.id == proposal_id, Proposal.helper_id == actor.person_id)
    proposal = found(session.scalars(locked(own)).one_or_none())
    if proposal.status is not Status.FULL:
        raise Conflict
    proposal.answered_at = proposal.answered_at or now(session)
    return proposal
