"""What may be shown once: the first who shows it wins, also against many at the same moment."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.proof_models import SpentProof


def spend_once(session: Session, shown: bytes, expires_at: datetime) -> bool:
    """Whether this was never shown before; until ``expires_at`` at least it is remembered."""
    once = (
        insert(SpentProof).values(hash=sha256(shown).digest(), expires_at=expires_at).on_conflict_do_nothing()
    )
    return session.execute(once.returning(SpentProof.hash)).one_or_none() is not None
