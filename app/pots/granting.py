"""Giving from the pot: at once, or after a second pair of eyes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.errors import DomainError, NotFound
from app.notifications.service import brokers, tell
from app.people.models import Person
from app.pots import notes
from app.pots.errors import Answered, KeyUsed, NotNow, OwnInterest, PotTooSmall
from app.pots.models import LedgerNote, NoteKind
from app.pots.schemas import Gift
from app.roosjes import service as roosjes
from rewards import errors

_ASKED = text("SELECT id FROM ledger.pending WHERE asked_by = :by AND operation = 'grant' AND key = :key")
# unscoped: the permission was asked: its reach is in the condition
_WAITING = text("""
    SELECT p.id, p.amount, p.asked_at, p.lapses_at, asker.first_name, asker.id, getter.first_name, getter.id,
           n.id, n.text, a.municipality_id, n.occurrence_id
    FROM ledger.pending p
    JOIN ledger.account a ON a.id = p.payee_id
    JOIN person asker ON asker.pseudonym = p.asked_by
    JOIN person getter ON getter.pseudonym = p.beneficiary
    LEFT JOIN ledger_note n ON n.id = p.subject
    WHERE p.operation = 'grant' AND a.municipality_id = ANY(:municipalities) AND p.lapses_at > ledger.now()
        AND NOT EXISTS (SELECT FROM ledger.decision d WHERE d.pending_id = p.id)
        AND (CAST(:question AS bigint) IS NULL OR p.id = :question)
    ORDER BY p.asked_at, p.id LIMIT 100
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A grant that waits for a second pair of eyes."""

    question: int
    minutes: int
    asked_at: datetime
    lapses_at: datetime
    asker: str
    asker_id: UUID
    name: str
    person_id: UUID
    note_id: UUID | None
    reason: str | None
    municipality_id: int
    occurrence_id: UUID | None


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a grant: it waits, or it stands on the account."""

    note: LedgerNote
    waits: bool


def give(
    session: Session, actor: Actor, person_id: UUID, gift: Gift, key: UUID, occurrence_id: UUID | None = None
) -> Given:
    """Out of the pot of where the person lives; above the threshold of its rules a colleague is asked first.

    Raises OwnInterest, PotTooSmall, NotNow (the account cannot take it), KeyUsed, NotFound for who lives elsewhere.
    """
    person, municipality_id = notes.resident(session, actor, Permission.GIVE_FROM_POT, person_id)
    notes.refuse_own(session, actor, person.id)
    note = notes.write(
        session, actor, key, NoteKind.GRANT, person.id, municipality_id, gift.reason,
        minutes=gift.minutes, occurrence_id=occurrence_id,
    )  # fmt: skip
    account = roosjes.account_of(session, person, municipality_id)
    waits = _booked_or_asked(session, actor, account.id, note)
    if waits:
        _tell_colleagues(session, actor, note, person)
    else:
        _tell_getter(session, note)
    return Given(note, waits)


def _booked_or_asked(session: Session, actor: Actor, payee: rewards.AccountId, note: LedgerNote) -> bool:
    """Whether it waits. A form that is sent again does not book what it asked the first time."""
    connection, by, key = session.connection(), found(actor.pseudonym), f"grant:{note.id}"
    if session.execute(_ASKED, {"by": by, "key": key}).first() is not None:
        return True
    minutes, words = note.minutes or 0, notes.hash_of(note)
    try:
        with connection.begin_nested():
            rewards.grant(
                connection, key=key, actor=by, payee=payee, minutes=minutes, subject=note.id, note_hash=words
            )
        return False
    except errors.NeedsSecondEyes:
        rewards.ask_grant(
            connection, key=key, actor=by, payee=payee, minutes=minutes, subject=note.id, note_hash=words
        )
        return True
    except errors.PotEmpty as refusal:
        raise PotTooSmall from refusal
    except errors.KeyReused as refusal:
        raise KeyUsed from refusal
    except (errors.OverLimit, errors.AccountNotOpen) as refusal:
        raise NotNow from refusal


def _tell_colleagues(session: Session, actor: Actor, note: LedgerNote, person: Person) -> None:
    for colleague in brokers(session, note.municipality_id):
        if colleague not in (actor.person_id, person.id):
            tell(session, colleague, note.municipality_id, "grant-waits", note.id)


def _tell_getter(session: Session, note: LedgerNote) -> None:
    tell(
        session,
        note.person_id,
        note.municipality_id,
        "granted",
        note.id,
        minutes=note.minutes,
        terms="roosjes",
    )


def waiting(session: Session, actor: Actor, municipality_id: int) -> list[Waiting]:
    """What waits in one municipality, the oldest first; one's own questions too, which a colleague decides."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    return _waiting(session, [municipality_id])


def _waiting(session: Session, municipalities: list[int], question: int | None = None) -> list[Waiting]:
    values = {"municipalities": municipalities, "question": question}
    return [Waiting(*row) for row in session.execute(_WAITING, values)]


def may_decide(actor: Actor, asked: Waiting) -> bool:
    """Whether this actor may be the second pair of eyes, as far as the question says."""
    return actor.person_id not in (asked.asker_id, asked.person_id) and asked.municipality_id in actor.reach(
        Permission.GIVE_FROM_POT
    )


def decide(session: Session, actor: Actor, question: int, yes: bool) -> Waiting:
    """The second pair of eyes: give it, or not.

    Raises OwnInterest for who asked, would get it or lives with them; Answered; PotTooSmall and NotNow, and then the
    question keeps waiting.
    """
    reach = sorted(actor.reach(Permission.GIVE_FROM_POT))
    asked = next(iter(_waiting(session, reach, question)), None)
    if asked is None:
        raise _no_question(session, actor, question, reach)
    notes.refuse_own(session, actor, asked.person_id)
    outcome = rewards.Outcome.ACCEPTED if yes else rewards.Outcome.REJECTED
    connection = session.connection()
    try:
        with connection.begin_nested():
            rewards.decide(
                connection, key=f"decide:{question}", actor=found(actor.pseudonym),
                question=rewards.QuestionId(question), outcome=outcome,
            )  # fmt: skip
    except errors.OwnInterest as refusal:
        raise OwnInterest from refusal
    except (errors.AlreadyDecided, errors.TooLateToDecide) as refusal:
        raise Answered from refusal
    except errors.PotEmpty as refusal:
        raise PotTooSmall from refusal
    except (errors.OverLimit, errors.AccountNotOpen) as refusal:
        raise NotNow from refusal
    _tell_outcome(session, asked, yes)
    return asked


def _no_question(session: Session, actor: Actor, question: int, reach: list[int]) -> DomainError:
    """Why nothing waits: it is one's own, it is out of reach, or somebody answered."""
    seen = text("SELECT a.municipality_id, p.beneficiary FROM ledger.pending p"
                " JOIN ledger.account a ON a.id = p.payee_id"
                " WHERE p.id = :question AND p.operation = 'grant'")  # fmt: skip
    row = session.execute(seen, {"question": question}).one_or_none()
    if row is not None and row.beneficiary == actor.pseudonym:
        return OwnInterest()
    return Answered() if row is not None and row.municipality_id in reach else NotFound()


def _tell_outcome(session: Session, asked: Waiting, yes: bool) -> None:
    if asked.note_id is None:
        return
    kind = "grant-accepted" if yes else "grant-rejected"
    tell(session, asked.asker_id, asked.municipality_id, kind, asked.note_id, minutes=asked.minutes)
    if yes:
        tell(session, asked.person_id, asked.municipality_id, "granted", asked.note_id,
             minutes=asked.minutes, terms="roosjes")  # fmt: skip
