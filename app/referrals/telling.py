"""What the referrer hears, as far as the person said yes to that."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked
from app.clock import now
from app.errors import Forbidden, NotFound
from app.jobs.queue import defer
from app.notifications.service import tell
from app.referrals.models import (
    Referral,
    StepKind,
)
from app.referrals.schemas import (
    TellsBack,
    Told,
)
from app.referrals.service import add_step, held


def tell_back(session: Session, actor: Actor, id: UUID, said: Told) -> Referral:
    """What the referrer reads; Forbidden without the person's yes."""
    row = held(session, actor, id, said.version)
    if not row.tells_back:
        raise Forbidden
    row.told, row.told_at = said.words, now(session)
    session.flush()
    add_step(session, actor, row, StepKind.TOLD_BACK, said.words)
    defer(session, "referrals.told", queue="mail", referral_id=str(row.id))
    if row.referrer_id is not None and row.referrer_id != actor.person_id and row.link_id is None:
        tell(session, row.referrer_id, row.municipality_id, "referral-told", row.id, turn=row.version,
             title=row.reference)  # fmt: skip
    return row


def hear(session: Session, actor: Actor, id: UUID, said: TellsBack) -> Referral:
    """The person says on the telephone whether the referrer may hear how it goes."""
    row = held(session, actor, id, said.version)
    moment = now(session)
    if said.tells_back and not row.tells_back:
        row.tells_back_since, row.tells_back_ended_at = moment, None
    elif row.tells_back and not said.tells_back:
        row.tells_back_ended_at, row.told, row.told_at = moment, "", None
    row.tells_back = said.tells_back
    session.flush()
    return row


def take_back(session: Session, actor: Actor, id: UUID) -> None:
    """The person themselves: the referrer hears nothing more, and what was told shows no longer."""
    if actor.behind is not None:
        raise NotFound
    own = select(Referral).where(Referral.owned_by(actor.person_id), Referral.id == id)
    row = found(session.scalars(locked(own)).one_or_none())
    row.tells_back_ended_at = row.tells_back_ended_at or now(session)
    row.tells_back, row.told, row.told_at = False, "", None
    session.flush()
