"""What is done for who was referred, until it is done or goes no further."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.clock import now
from app.errors import Conflict, Invalid
from app.ids import uuid7
from app.referrals.models import (
    OPEN,
    Referral,
    ReferralNeed,
    ReferralStatus,
    StepKind,
    StopReason,
)
from app.referrals.schemas import (
    Added,
    Arranged,
    Begun,
    OnVersion,
    Stopped,
    Written,
)
from app.referrals.service import (
    ReferralOver,
    add_step,
    asked_by,
    held,
    held_at_desk,
    locked_for,
    needs_of,
    selection,
)

R = ReferralStatus


class NotAllArranged(Conflict):
    """Something that is needed at home has nobody yet."""

    code = "not-all-arranged"


def write(session: Session, actor: Actor, id: UUID, done: Written) -> Referral:
    """Write down what was done; a talk or a visit is also a step further."""
    row = held(session, actor, id, done.version)
    if done.kind not in (StepKind.NOTE, StepKind.CALLED, StepKind.NOT_REACHED, StepKind.VISITED):
        raise Invalid(details={"wat": "choose"})
    if done.kind is StepKind.NOTE and not done.words:
        raise Invalid(details={"notitie": "missing"})
    add_step(session, actor, row, done.kind, done.words or "")
    if done.kind in (StepKind.CALLED, StepKind.VISITED) and row.status is R.TAKEN:
        row.spoken_at = now(session)
        row.step(R.SPOKEN, actor.person_id)
        session.flush()
    return row


def start(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """Something began. Raises Invalid for a request of somebody else."""
    row = held(session, actor, id, on.version)
    if isinstance(on, Begun) and on.help_request_id is not None:
        if on.help_request_id not in {one.id for one in asked_by(session, actor, row)}:
            raise Invalid(details={"vraag": "choose"})
        row.help_request_id = on.help_request_id
    row.ended_at = None
    row.step(R.STARTED, actor.person_id)
    session.flush()
    return row


def finish(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """It is done. Raises NotAllArranged while something at home has nobody."""
    row = held(session, actor, id, on.version)
    if any(need.arranged_at is None for need in needs_of(session, actor, row)):
        raise NotAllArranged
    row.ended_at = now(session)
    row.step(R.DONE, actor.person_id)
    session.flush()
    return row


def stop(session: Session, actor: Actor, id: UUID, why: Stopped) -> Referral:
    """It goes no further."""
    row = held_at_desk(session, actor, id, why.version)
    if row.status not in OPEN:
        raise ReferralOver
    row.ended_at, row.stop_reason = now(session), why.reason
    if why.reason is StopReason.DIED:  # nothing is told about who died but by whom they leave
        row.tells_back = False
    row.step(R.STOPPED, actor.person_id)
    session.flush()
    return row


def reopen(session: Session, actor: Actor, id: UUID, on: OnVersion) -> Referral:
    """It was stopped too soon: it lies with the core team again."""
    row = held_at_desk(session, actor, id, on.version)
    row.ended_at, row.stop_reason, row.owner_id, row.stand_in_id = None, None, None, None
    row.organisation_id = None
    row.step(R.RECEIVED, actor.person_id)
    session.flush()
    return row


def arrange(session: Session, actor: Actor, id: UUID, need_id: UUID, arranged: Arranged) -> Referral:
    """Who sees to something at home."""
    row = locked_for(session, actor, id)
    seen = selection(actor).with_only_columns(Referral.id)
    query = select(ReferralNeed).where(
        ReferralNeed.referral_id.in_(seen), ReferralNeed.id == need_id, ReferralNeed.referral_id == row.id
    )
    need = found(session.scalars(query).one_or_none())
    if row.status not in OPEN:
        raise ReferralOver
    need.who = arranged.who or ""
    need.arranged_at = now(session) if arranged.who else None
    need.arranged_by_id = actor.person_id if arranged.who else None
    session.flush()
    return row


def add_need(session: Session, actor: Actor, id: UUID, new: Added) -> Referral:
    """One thing more; what is there already stays as it is."""
    row = locked_for(session, actor, id)
    if row.status not in OPEN:
        raise ReferralOver
    if all(need.kind is not new.kind for need in needs_of(session, actor, row)):
        session.add(
            ReferralNeed(id=uuid7(), municipality_id=row.municipality_id, referral_id=row.id, kind=new.kind)
        )
        session.flush()
    return row
