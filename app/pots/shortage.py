"""An agreement that met the asker's limit: give what is missing from the pot and hold it after all, or leave it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.agreements import occur
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus
from app.categories.vocabulary import Kind
from app.clock import now
from app.errors import Conflict, Forbidden
from app.people.models import Person
from app.pots import granting, notes
from app.pots.errors import NotNow
from app.pots.models import LedgerNote, NoteKind
from app.pots.schemas import Gift
from app.roosjes import service as roosjes

GRANT_LEAST = 15


@dataclass(frozen=True, slots=True)
class Short:
    """A time that goes on without Roosjes: ``missing`` minutes stand between it and a hold."""

    occurrence_id: UUID
    starts_at: datetime
    minutes: int
    missing: int
    waits: bool
    """A grant for it waits for a second pair of eyes."""


def of_case(session: Session, actor: Actor, agreements: list[Agreement]) -> list[Short]:
    """Times to come of these agreements that met a limit, and that nobody decided on."""
    moment = now(session)
    short = [
        occurrence
        for agreement in agreements
        for occurrence in agreement.occurrences
        if _is_short(agreement, occurrence, moment) and actor.person_id not in occurrence.parties()
    ]
    if not short or short[0].municipality_id not in actor.reach(Permission.GIVE_FROM_POT):
        return []
    # unscoped: goes with a case in the actor's reach: about its times
    query = select(LedgerNote.occurrence_id, LedgerNote.minutes).where(
        LedgerNote.occurrence_id.in_([one.id for one in short])
    )
    decided = {row[0]: row[1] for row in session.execute(query)}
    asker = found(session.get(Person, short[0].asker_id))
    spendable = roosjes.account_of(session, asker, short[0].municipality_id).balance.spendable
    return [
        Short(one.id, one.starts_at, one.minutes, _missing(one, spendable), one.id in decided)
        for one in short
        if decided.get(one.id, one.minutes) is not None
    ]


def _is_short(agreement: Agreement, occurrence: Occurrence, moment: datetime) -> bool:
    return (
        agreement.kind is Kind.ROOSJES
        and occurrence.kind is Kind.ZONDER
        and occurrence.status is OccurrenceStatus.AGREED
        and occurrence.starts_at > moment
    )


def _missing(occurrence: Occurrence, spendable: int) -> int:
    return max(occurrence.minutes - spendable, 0)


def give(session: Session, actor: Actor, occurrence_id: UUID, key: UUID, reason: str) -> bool:
    """Grant what is missing and hold the time; False when the grant waits for a second pair of eyes.

    Raises what a grant raises, and NotNow when the hold still meets a limit: then nothing was given.
    """
    occurrence, agreement, help_request = occur.get_locked(session, actor, occurrence_id)
    require(actor, Permission.GIVE_FROM_POT, occurrence.municipality_id)
    # unscoped: one's own: the key of this very form
    earlier = session.get(LedgerNote, key)
    if earlier is not None and earlier.occurrence_id == occurrence_id:
        return occurrence.kind is Kind.ROOSJES  # the same form, sent again
    _refuse_others(session, actor, agreement, occurrence)
    asker = found(session.get(Person, occurrence.asker_id))
    spendable = roosjes.account_of(session, asker, occurrence.municipality_id).balance.spendable
    missing = _missing(occurrence, spendable)
    if missing:
        gift = Gift.model_validate(
            {"minuten": max(missing, GRANT_LEAST), "reden": reason or help_request.title}
        )
        if granting.give(session, actor, asker.id, gift, key, occurrence_id).waits:
            return False
    hold(session, actor, occurrence)
    return True


def hold(session: Session, actor: Actor, occurrence: Occurrence) -> None:
    """The hold that was refused before; raises NotNow when it is refused again."""
    with session.no_autoflush:  # kind and hold reach the row together
        occurrence.kind = Kind.ROOSJES
        if not roosjes.hold(session, actor, occurrence):
            raise NotNow
        occurrence.tell(str(occurrence.status), actor.person, "pot")
    session.flush()


def hold_after(session: Session, actor: Actor, occurrence_id: UUID) -> bool:
    """The hold for which a second pair of eyes gave; False when the time has passed or changed in between."""
    occurrence, agreement, _ = occur.get_locked(session, actor, occurrence_id)
    if not _is_short(agreement, occurrence, now(session)):
        return False
    try:
        with session.begin_nested():
            hold(session, actor, occurrence)
    except NotNow:
        return False
    return True


def leave(session: Session, actor: Actor, occurrence_id: UUID, key: UUID) -> None:
    """It goes on without Roosjes, and the case does not ask again."""
    occurrence, agreement, help_request = occur.get_locked(session, actor, occurrence_id)
    require(actor, Permission.GIVE_FROM_POT, occurrence.municipality_id)
    # unscoped: one's own: the key of this very form
    if session.get(LedgerNote, key) is None:
        _refuse_others(session, actor, agreement, occurrence)
        notes.write(
            session, actor, key, NoteKind.GRANT, occurrence.asker_id, occurrence.municipality_id,
            help_request.title, occurrence_id=occurrence_id,
        )  # fmt: skip


def _refuse_others(session: Session, actor: Actor, agreement: Agreement, occurrence: Occurrence) -> None:
    if actor.person_id in occurrence.parties():
        raise Forbidden
    if not _is_short(agreement, occurrence, now(session)):
        raise Conflict
