"""What the night does: what waited in vain is forgotten, and what is past its last day ends."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.notifications.service import tell
from app.representations.models import Representation, RepresentationStatus as S
from app.representations.service import ASKED_DAYS


def lapse_due(session: Session, *, limit: int = 200) -> int:
    """What waited in vain is forgotten; the worker's reach is everyone."""
    # unscoped: the worker's reach is every municipality
    due = (
        select(Representation)
        .where(
            Representation.status == S.ASKED,
            Representation.created_at <= now(session) - timedelta(days=ASKED_DAYS),
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(due))
    for row in rows:
        row.claimed, row.question = {}, {}
        row.step(S.LAPSED, None)
    return len(rows)


def end_due(session: Session, *, limit: int = 200) -> int:
    """What is past its last day ends, and both hear so; the worker's reach is everyone."""
    # unscoped: the worker's reach is every municipality
    due = select(Representation).where(Representation.is_over()).limit(limit)
    rows = list(session.scalars(due.with_for_update(skip_locked=True)))
    for row in rows:
        row.ended_at = now(session)
        row.step(S.ENDED, None)
        for party in row.parties():
            tell(session, party, row.municipality_id, "representation-ended", row.id)
    return len(rows)
