"""What the desk sets right at one time of help: what the two see differently, and what was booked wrongly."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.access.roles import Permission
from app.agreements import occur
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.errors import Conflict
from app.help_requests.models import HelpRequest
from app.moderation import cases
from app.roosjes import service as roosjes

_SETTLED = text("""
    SELECT t.hold_id, t.id FROM ledger.transfer t
    WHERE t.hold_id = ANY(:holds) AND t.kind = 'settle' AND t.follows_id IS NULL
        AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id)
        AND NOT EXISTS (SELECT FROM ledger.made_whole w WHERE w.transfer_id = t.id)
""")


class NothingBooked(Conflict):
    """There is no booking of this time that can still be taken back."""

    code = "nothing-booked"


def occurrence_of(session: Session, actor: Actor, id: UUID, occurrence_id: UUID) -> Occurrence:
    """One time under an agreement of this very case."""
    cases.get(session, actor, id)
    # unscoped: goes with a case in the actor's reach
    query = (
        select(Occurrence)
        .join(Agreement, Agreement.id == Occurrence.agreement_id)
        .where(Occurrence.id == occurrence_id, Agreement.help_request_id == id)
    )
    return found(session.scalars(query).one_or_none())


def decide(session: Session, actor: Actor, id: UUID, occurrence_id: UUID, minutes: int) -> Occurrence:
    """What really happened; nought minutes means that it did not."""
    occurrence_of(session, actor, id, occurrence_id)
    return occur.decide(session, actor, occurrence_id, minutes)


def correct(session: Session, actor: Actor, id: UUID, occurrence_id: UUID, reason: rewards.Reason) -> None:
    """Take a booking back: a new line beside the old one. Raises NothingBooked, and Forbidden for a party to it."""
    occurrence = occurrence_of(session, actor, id, occurrence_id)
    transfer = booked(session, occurrence)
    if transfer is None:
        raise NothingBooked
    roosjes.correct(session, actor, occurrence, transfer, reason)


def booked(session: Session, occurrence: Occurrence) -> int | None:
    """The settlement of this time that has not been taken back, on the asker's account."""
    if occurrence.status is not OccurrenceStatus.DONE or occurrence.hold_id is None:
        return None
    return _settled(session, [occurrence]).get(occurrence.id)


def _settled(session: Session, occurrences: list[Occurrence]) -> dict[UUID, int]:
    """Per time the settlement of its hold that still stands: neither taken back nor made good by the pot."""
    rows = session.execute(_SETTLED, {"holds": [occurrence.hold_id for occurrence in occurrences]})
    by_hold = {row[0]: row[1] for row in rows}
    return {one.id: by_hold[one.hold_id] for one in occurrences if one.hold_id in by_hold}


def may_correct(actor: Actor, help_request: HelpRequest) -> bool:
    """Whether this actor sets bookings of the case right."""
    return help_request.municipality_id in actor.reach(Permission.CORRECT_LEDGER)


def correctable(session: Session, actor: Actor, case: cases.Case) -> set[UUID]:
    """Times of the case whose booking this actor can still take back."""
    done = [
        occurrence
        for agreement in case.agreements
        for occurrence in agreement.occurrences
        if occurrence.status is OccurrenceStatus.DONE
        and occurrence.hold_id is not None
        and actor.person_id not in occurrence.parties()
    ]
    if not done or not may_correct(actor, case.help_request):
        return set()
    return set(_settled(session, done))
