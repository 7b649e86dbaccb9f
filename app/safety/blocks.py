"""Blocking: from this moment no matches, proposals or messages between two people, either way; the other is not told.

What goes through the database's own guard: `hold_two()` holds both people while somebody is confirmed, and so does
whoever blocks. Locks are taken in the order of everybody who agrees: requests by key, proposals, people by key.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, locked
from app.agreements import occur
from app.agreements.models import Agreement, Status as AgreementStatus
from app.clock import now
from app.errors import Conflict, NotFound
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.jobs.queue import defer
from app.matches import answer, meeting
from app.matches.models import Proposal, Status, TwoSided
from app.notifications.service import tell
from app.safety import reports
from app.safety.models import PersonBlock
from app.safety.schemas import NewBlock, NewReport
from app.safety.subjects import Contact
from app.safety.words import Standing, Urgency, What

OPEN = (*answer.LIVE, Status.FULL)


class BlockedBefore(Conflict):
    """One blocked this person already."""

    code = "blocked-before"


def between(model: type[TwoSided], one: UUID, other: UUID) -> ColumnElement[bool]:
    """Rows in which one of the two asks and the other helps."""
    return or_(
        and_(model.asker_id == one, model.helper_id == other),
        and_(model.asker_id == other, model.helper_id == one),
    )


def agreements_with(session: Session, actor: Actor, other: UUID) -> list[Agreement]:
    """What was agreed with somebody and still stands: blocking asks what becomes of it."""
    # unscoped: one's own: agreements that one is party to
    query = occur.selection(actor).where(
        between(Agreement, actor.person_id, other), Agreement.status == AgreementStatus.ACTIVE
    )
    return list(session.scalars(query.order_by(Agreement.id)))


def block(session: Session, actor: Actor, at: Contact, wanted: NewBlock) -> PersonBlock:
    """Keep oneself and the other apart. Raises BlockedBefore.

    What was still open between the two ends as with any neutral no, so that nothing tells of the block.
    """
    if at.person is None or actor.behind is not None:
        raise NotFound
    me, other = actor.person_id, at.person.id
    _lock_what_is_between(session, me, other)
    meeting.hold(session, me, other)
    row = PersonBlock(
        id=uuid7(),
        municipality_id=actor.home or at.municipality_id,
        other_municipality_id=at.municipality_id if at.municipality_id != actor.home else None,
        blocker_id=me,
        blocked_id=other,
        agreements=wanted.agreements,
        by_id=actor.hand,
        created_at=now(session),
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as twice:
        raise BlockedBefore from twice
    _let_go(session, actor, other)
    _agreements(session, actor, at, wanted.agreements)
    # what was proposed at this very moment, which nobody could lock yet
    defer(session, "safety.apart", block_id=str(row.id))
    session.flush()
    return row


def _lock_what_is_between(session: Session, me: UUID, other: UUID) -> None:
    # unscoped: one's own: rows that one is party to
    proposed = select(Proposal.help_request_id).where(
        between(Proposal, me, other), Proposal.status.in_([*OPEN, Status.AGREED])
    )
    # unscoped: one's own
    requests = select(HelpRequest.id).where(HelpRequest.id.in_(proposed)).order_by(HelpRequest.id)
    session.execute(locked(requests))
    proposals = select(Proposal.id).where(between(Proposal, me, other))  # unscoped: one's own
    session.execute(locked(proposals.order_by(Proposal.id)))


def _let_go(session: Session, actor: Actor, other: UUID) -> None:
    """One's own neutral no to all that is open, as one could have said it on any day."""
    me = actor.person_id
    # unscoped: one's own: proposals that one is party to, locked just now
    query = select(Proposal.id, Proposal.helper_id, Proposal.status).where(
        between(Proposal, me, other), Proposal.status.in_(OPEN)
    )
    for row in session.execute(query.order_by(Proposal.id)).all():
        if row.helper_id == me:
            answer.decline(session, actor, row.id)
        elif row.status is Status.FULL:
            # unscoped: one's own request's, locked just now
            session.get_one(Proposal, row.id).step(Status.WITHDRAWN, me)
        else:
            _pass_over(session, actor, row.id)


def _pass_over(session: Session, actor: Actor, id: UUID) -> None:
    """Also for a helper who was asked and has not answered: the asker does not see that proposal."""
    # unscoped: one's own request's proposal, locked just now
    proposal = session.scalars(
        select(Proposal).where(Proposal.id == id).options(joinedload(Proposal.help_request))
    ).one()
    if proposal.status is Status.PROPOSED:
        proposal.step(Status.PASSED, actor.person_id)
        return
    answer.pass_over(session, actor, id)


def _agreements(session: Session, actor: Actor, at: Contact, wanted: Standing) -> None:
    assert at.person is not None  # `block` asked
    standing = agreements_with(session, actor, at.person.id)
    if wanted is Standing.STOP:
        for agreement in standing:
            occur.end(session, actor, agreement.id)
    elif wanted is Standing.CALL and standing:
        asked = NewReport.model_construct(
            what=What.OTHER, words="call-about-agreements", urgency=Urgency.NOW, may_be_named=False
        )
        reports.keep(session, actor, at, asked)


def mine(session: Session, actor: Actor) -> list[PersonBlock]:
    """Whom one blocked and did not let go."""
    own = select(PersonBlock).where(PersonBlock.owned_by(actor.person_id), PersonBlock.ended_at.is_(None))
    return list(
        session.scalars(own.options(joinedload(PersonBlock.blocked)).order_by(PersonBlock.created_at))
    )


def my_own(session: Session, actor: Actor, id: UUID) -> PersonBlock:
    """One of one's own; NotFound for any other."""
    own = select(PersonBlock).where(PersonBlock.owned_by(actor.person_id), PersonBlock.id == id)
    return found(session.scalars(own.options(joinedload(PersonBlock.blocked))).one_or_none())


def end(session: Session, actor: Actor, id: UUID) -> PersonBlock:
    """Let a block go; what ended then stays ended. Twice is once."""
    own = select(PersonBlock).where(PersonBlock.owned_by(actor.person_id), PersonBlock.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    if row.ended_at is None:
        row.ended_at = now(session)
        session.flush()
    return row


def tidy(session: Session, block_id: UUID) -> int:
    """Let go of what was proposed between the two at the moment of the block; the worker's reach is everyone."""
    # unscoped: the worker's reach is every municipality
    row = session.scalars(select(PersonBlock).where(PersonBlock.id == block_id)).one_or_none()
    if row is None or row.ended_at is not None:
        return 0
    return let_go_between(session, row.blocker_id, row.blocked_id)


def let_go_between(session: Session, one: UUID, other: UUID) -> int:
    """Neutral ends to open proposals between two people; how many there were."""
    # unscoped: the worker's reach is every municipality
    query = select(Proposal).where(between(Proposal, one, other), Proposal.status.in_(OPEN))
    rows = list(
        session.scalars(
            query.order_by(Proposal.id)
            .options(joinedload(Proposal.help_request))
            .with_for_update(of=Proposal, skip_locked=True)
        )
    )
    for proposal in rows:
        let_go(session, proposal)
    return len(rows)


def let_go(session: Session, proposal: Proposal) -> None:
    """A proposal ends by itself; who hoped for it reads one neutral sentence."""
    had_hope = proposal.status in (Status.WILLING, Status.MEETING)
    proposal.step(Status.WITHDRAWN, None)
    if not had_hope:
        return
    title = proposal.help_request.title
    for person_id, municipality_id in proposal.sides():
        tell(session, person_id, municipality_id, "not-this-time", proposal.id, title=title)


def still_apart(session: Session) -> int:
    """Open proposals between people who are kept apart, however they came about; the worker sweeps now and then."""
    # unscoped: the worker's reach is every municipality
    query = (
        select(Proposal)
        .where(Proposal.status.in_(OPEN), func.are_blocked(Proposal.asker_id, Proposal.helper_id))
        .options(joinedload(Proposal.help_request))
        .with_for_update(of=Proposal, skip_locked=True)
        .limit(200)
    )
    rows = list(session.scalars(query))
    for proposal in rows:
        let_go(session, proposal)
    return len(rows)
