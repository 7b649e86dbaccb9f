"""Doing something once, however often the form is sent."""

from hashlib import sha256

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.models import IdempotencyKey


def first_answer(session: Session, actor: Actor, operation: str, key: str) -> str | None:
    """None the first time; afterwards what ``remember`` kept, waiting for it when both come at once."""
    taken = (
        insert(IdempotencyKey)
        .values(
            person_id=actor.person_id, operation=operation, key=key, body_hash=sha256(key.encode()).digest()
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if session.execute(taken).one_or_none() is not None:
        return None
    return session.scalars(select(IdempotencyKey.answer).where(_row(actor, operation, key))).one() or ""


def remember(session: Session, actor: Actor, operation: str, key: str, answer: str) -> None:
    """Keep what the first time came to."""
    session.execute(
        update(IdempotencyKey).where(_row(actor, operation, key)).values(answer=answer, status=303)
    )


def _row(actor: Actor, operation: str, key: str) -> ColumnElement[bool]:
    return and_(
        IdempotencyKey.person_id == actor.person_id,
        IdempotencyKey.operation == operation,
        IdempotencyKey.key == key,
    )
