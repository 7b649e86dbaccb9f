"""Telling people: a notice on the site, and a mail that a job sends."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.ids import uuid7
from app.jobs.queue import defer
from app.notifications.models import Notice


def tell(
    session: Session,
    person_id: UUID,
    municipality_id: int,
    kind: str,
    subject_id: UUID,
    *,
    turn: int = 0,
    **params: Any,
) -> None:
    """One notice to one person, and the mail or letter they want; one kind about one subject and turn is told once."""
    notice_id = uuid7()
    # no RETURNING: whoever tells cannot read the notices of the other side
    made = session.execute(
        insert(Notice)
        .values(
            id=notice_id,
            person_id=person_id,
            municipality_id=municipality_id,
            kind=kind,
            subject_id=subject_id,
            turn=turn,
            params=params,
            waiting=True,
        )
        .on_conflict_do_nothing()
        .execution_options(preserve_rowcount=True)
    )
    if cast("CursorResult[Any]", made).rowcount:
        defer(session, "notices.mail", queue="mail", notice_id=str(notice_id), person_id=str(person_id))


def tell_brokers(
    session: Session, municipality_id: int, kind: str, subject_id: UUID, *, turn: int = 0, **params: Any
) -> None:
    """The same notice to each makelaar of a municipality, whoever acts."""
    for person_id in brokers(session, municipality_id):
        tell(session, person_id, municipality_id, kind, subject_id, turn=turn, **params)


def brokers(session: Session, municipality_id: int) -> list[UUID]:
    """The makelaars of a municipality, also for whoever may not see who works there."""
    staff = text("SELECT DISTINCT person_id FROM municipality_staff(:m) WHERE role = 'broker'")
    return list(session.scalars(staff, {"m": municipality_id}))


def mine(session: Session, actor: Actor, *, limit: int = 50) -> list[Notice]:
    """One's own notices, the newest first."""
    own = select(Notice).where(Notice.owned_by(actor.person_id))
    return list(session.scalars(own.order_by(Notice.created_at.desc()).limit(limit)))


def unread(session: Session, actor: Actor) -> int:
    """How many notices one has not opened."""
    own = select(func.count()).where(Notice.owned_by(actor.person_id), Notice.read_at.is_(None))
    return int(session.execute(own).scalar_one())


def mark_read(session: Session, actor: Actor) -> None:
    """All notices have been seen."""
    own = update(Notice).where(Notice.owned_by(actor.person_id), Notice.read_at.is_(None))
    session.execute(own.values(read_at=func.ledger.now()))
