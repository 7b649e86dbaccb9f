"""Somebody's Roosjes stand still, and go again: nothing comes in or goes out that was not set aside before."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.roles import Permission
from app.notifications.service import tell
from app.pots import notes
from app.pots.errors import NotNow
from app.pots.models import LedgerNote, NoteKind
from app.pots.schemas import Stand
from app.roosjes import service as roosjes
from rewards import AccountStatus, errors


def stand(session: Session, actor: Actor, person_id: UUID, wanted: Stand, key: UUID) -> rewards.Account:
    """Let an account stand still, or go again, and tell whose it is.

    Help goes on without Roosjes; what was set aside before is settled or let go as ever. Raises Forbidden for a
    member's own account, OwnInterest for the makelaar's own or household's, NotNow for one that was closed.
    """
    person, municipality_id = notes.resident(session, actor, Permission.SET_LIMITS, person_id)
    notes.refuse_own(session, actor, person.id)
    kind = NoteKind.FREEZE if wanted.still else NoteKind.THAW
    note = notes.write(session, actor, key, kind, person.id, municipality_id, wanted.reason)
    account = roosjes.account_of(session, person, municipality_id)
    connection = session.connection()
    try:
        with connection.begin_nested():
            account = rewards.set_status(
                connection, account.id, AccountStatus.FROZEN if wanted.still else AccountStatus.OPEN
            )
    except errors.AccountNotOpen as refusal:
        raise NotNow from refusal
    tell(session, person.id, municipality_id, "roosjes-still" if wanted.still else "roosjes-go", note.id)
    return account


def why_still(session: Session, actor: Actor, account: rewards.Account) -> str | None:
    """What was written when one's own account was let stand still; None while it goes."""
    if account.status is not AccountStatus.FROZEN:
        return None
    own = select(LedgerNote.text).where(
        LedgerNote.owned_by(actor.person_id), LedgerNote.kind == NoteKind.FREEZE
    )
    return session.scalars(own.order_by(LedgerNote.at.desc()).limit(1)).first() or ""
