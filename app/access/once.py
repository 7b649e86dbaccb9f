"""Doing something once, however often it is sent: the first answer is kept under a key of the person's own."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import IdempotencyKey
from app.errors import Conflict

KEPT = timedelta(hours=48)
"""How long a first answer is kept; ``forget_expired()`` in the database counts the same."""


class KeyReused(Conflict):
    """The key came with another request before."""

    code = "key-reused"


def first_answer(session: Session, actor: Actor, operation: str, key: str, sent: str = "") -> str | None:
    """None for who comes first, else what ``remember`` kept, or ""; raises KeyReused when ``sent`` differs.

    The key is inserted in the transaction of the act: who comes second waits for the first, and a refusal leaves
    nothing behind.
    """
    whose = f"{actor.person_id}\n" if actor.behind else ""  # the same words for another are another request
    body_hash = sha256((whose + sent).encode()).digest()
    claim = insert(IdempotencyKey).values(
        person_id=actor.hand, operation=operation, key=key, body_hash=body_hash
    )
    claimed = claim.on_conflict_do_nothing().returning(IdempotencyKey.key)
    if session.execute(claimed).one_or_none() is not None:
        return None
    known = select(IdempotencyKey.body_hash, IdempotencyKey.answer).where(_row(actor, operation, key))
    was, answer = session.execute(known).one()
    if was != body_hash:
        raise KeyReused
    return answer or ""


def known_answer(session: Session, actor: Actor, operation: str, key: str) -> str:
    """What ``remember`` kept, for who looks before anything is claimed; "" where nothing is."""
    known = select(IdempotencyKey.answer).where(_row(actor, operation, key))
    return session.execute(known).scalar_one_or_none() or ""


def remember(session: Session, actor: Actor, operation: str, key: str, status: int, answer: str) -> None:
    """Keep what the first time came to."""
    kept = update(IdempotencyKey).where(_row(actor, operation, key))
    session.execute(kept.values(status=status, answer=answer))


def _row(actor: Actor, operation: str, key: str) -> ColumnElement[bool]:
    # unscoped: one's own keys, also while one acts for another
    return and_(
        IdempotencyKey.person_id == actor.hand,
        IdempotencyKey.operation == operation,
        IdempotencyKey.key == key,
    )
