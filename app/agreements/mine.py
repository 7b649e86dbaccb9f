"""Agreements as their parties meet them: through one occurrence, and with what happened to it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.agreements.occur import selection
from app.states import StateEvent


def of_occurrence(session: Session, actor: Actor, occurrence_id: UUID) -> Agreement:
    """The agreement under which this time was planned; NotFound when the actor may not see it."""
    # unscoped: goes with the agreement, which is selected in scope: only the key
    key = select(Occurrence.agreement_id).where(Occurrence.id == occurrence_id)
    return found(session.scalars(selection(actor).where(Agreement.id.in_(key))).one_or_none())


def who_cancelled(session: Session, occurrences: Iterable[Occurrence]) -> dict[UUID, UUID | None]:
    """Per cancelled occurrence the person who did it; None is the platform itself."""
    ids = [row.id for row in occurrences if row.status is OccurrenceStatus.CANCELLED]
    if not ids:
        return {}
    # unscoped: goes with occurrences that the caller read in scope
    steps = select(StateEvent.entity_id, StateEvent.by_person_id).where(
        StateEvent.entity_id.in_(ids), StateEvent.after == OccurrenceStatus.CANCELLED
    )
    return {row[0]: row[1] for row in session.execute(steps)}


def moved(session: Session, occurrences: Iterable[Occurrence]) -> set[UUID]:
    """Those that were given another time."""
    # unscoped: goes with occurrences that the caller read in scope
    steps = select(StateEvent.entity_id).where(
        StateEvent.entity_id.in_([row.id for row in occurrences]), StateEvent.reason == "moved"
    )
    return set(session.scalars(steps))
