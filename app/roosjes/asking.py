"""Asking somebody for Roosjes: it waits for their yes or no, and lapses by itself when nobody answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, joinedload

import rewards
from app.access.actor import Actor
from app.access.policy import found
from app.errors import Conflict, NotFound
from app.notifications.service import tell
from app.people.models import Person
from app.roosjes import giving, notes, service
from app.roosjes.giving import Gift, Receiver
from app.roosjes.models import RoosjesNote
from rewards import errors, pending
from rewards.types import Outcome, QuestionId

_MINE = """
SELECT p.id, p.amount, p.asked_at, p.lapses_at, d.outcome::text AS outcome, d.decided_at
FROM ledger.pending p LEFT JOIN ledger.decision d ON d.pending_id = p.id
WHERE p.operation = 'pay' AND p.id = ANY (:ids)
"""
MOST = 100


class AskedBefore(Conflict):
    """One question at a time: this person was asked, and has not answered yet."""

    code = "asked-before"


class Answered(Conflict):
    """The question was answered before, or lapsed; one answer does not become another."""

    code = "question-answered"


@dataclass(frozen=True, slots=True)
class Asking:
    """A question for Roosjes, as either of the two reads it. ``outcome`` is empty while it waits."""

    id: UUID
    minutes: int
    text: str
    asker: Person
    payer: Person
    asked_at: datetime
    lapses_at: datetime
    outcome: str
    decided_at: datetime | None


def ask(session: Session, actor: Actor, payer: Receiver, wanted: Gift) -> tuple[UUID, bool]:
    """Ask somebody for Roosjes; the key of the question, and whether this very form was sent before.

    Raises AskedBefore, OutOfRoosjes, KeyUsed.
    """
    asker, home = service.oneself(session, actor)
    if any(
        one.payer.id == payer.person.id for one in _without(own(session, actor), session, asker, wanted.key)
    ):
        raise AskedBefore
    words = notes.Words(asker.id, home, payer.person.id, payer.municipality_id, _key(wanted.key), wanted.text)

    def put() -> tuple[UUID, rewards.Asked]:
        note_id, note_hash = notes.keep(session, words)
        asked = pending.ask(
            session.connection(),
            key=wanted.key,
            actor=asker.pseudonym,
            payer=service.account_of(session, payer.person, payer.municipality_id).id,
            payee=service.account_of(session, asker, home).id,
            minutes=wanted.minutes,
            note_hash=note_hash,
        )
        # unscoped: goes with the note that was written just now
        about = update(RoosjesNote).where(RoosjesNote.id == note_id).values(question_id=int(asked.question))
        session.execute(about)
        return note_id, asked

    note_id, asked = giving.refusing(session, put)
    if not asked.hit:
        tell(session, payer.person.id, payer.municipality_id, "roosjes-asked", note_id,
             minutes=wanted.minutes, terms="roosjes")  # fmt: skip
    return note_id, asked.hit


def _key(key: str) -> str:
    return f"ask:{key}"


def _without(askings: list[Asking], session: Session, asker: Person, key: str) -> list[Asking]:
    """What waits, less what was asked under this very key."""
    # unscoped: one's own words
    same = select(RoosjesNote.id).where(RoosjesNote.from_id == asker.id, RoosjesNote.key == _key(key))
    this = session.execute(same).scalar_one_or_none()
    return [one for one in askings if not one.outcome and one.id != this]


def own(session: Session, actor: Actor) -> list[Asking]:
    """What one asked of others, the newest first."""
    return _read(session, RoosjesNote.from_id == actor.person_id)


def for_me(session: Session, actor: Actor) -> list[Asking]:
    """What others ask of one and waits for an answer."""
    return [one for one in _read(session, RoosjesNote.to_id == actor.person_id) if not one.outcome]


def get(session: Session, actor: Actor, id: UUID) -> Asking:
    """One question that one asked or was asked; NotFound for anybody else's."""
    rows = _read(session, (RoosjesNote.id == id) & RoosjesNote.has_party(actor.person_id))
    return found(rows[0] if rows else None)


def _read(session: Session, which: Any) -> list[Asking]:
    # unscoped: goes with notes from or to the actor, which the caller names
    query = (
        select(RoosjesNote)
        .where(which, RoosjesNote.question_id.is_not(None))
        .options(joinedload(RoosjesNote.giver), joinedload(RoosjesNote.receiver))
        .order_by(RoosjesNote.created_at.desc(), RoosjesNote.id.desc())
        .limit(MOST)
    )
    rows = list(session.scalars(query))
    asked: Mapping[int, Any] = {
        row.id: row for row in session.execute(text(_MINE), {"ids": [note.question_id for note in rows]})
    }
    return [
        _told(note, note.receiver, asked[note.question_id])
        for note in rows
        if note.receiver is not None and note.question_id is not None and note.question_id in asked
    ]


def _told(note: RoosjesNote, payer: Person, row: Any) -> Asking:
    return Asking(
        note.id, row.amount, note.text, note.giver, payer,
        row.asked_at, row.lapses_at, row.outcome or "", row.decided_at,
    )  # fmt: skip


def answer(session: Session, actor: Actor, id: UUID, *, yes: bool, key: str) -> Asking:
    """The payer's own yes or no. NotFound for who was not asked; raises Answered, OutOfRoosjes.

    A yes that a limit stops leaves the question waiting.
    """
    asking = get(session, actor, id)
    if asking.payer.id != actor.person_id:
        raise NotFound  # also for who asked: it is not theirs to answer
    # unscoped: goes with the note that was read just now
    note = session.get_one(RoosjesNote, id)
    outcome = Outcome.ACCEPTED if yes else Outcome.REJECTED
    if asking.outcome and asking.outcome != outcome:
        raise Answered
    try:
        verdict = giving.refusing(session, lambda: pending.decide(
            session.connection(), key=key, actor=asking.payer.pseudonym,
            question=QuestionId(note.question_id or 0), outcome=outcome,
        ))  # fmt: skip
    except (errors.AlreadyDecided, errors.TooLateToDecide) as over:
        raise Answered from over
    if not verdict.hit:
        kind = "roosjes-yes" if yes else "roosjes-no"
        tell(
            session, asking.asker.id, note.municipality_id, kind, id, minutes=asking.minutes, terms="roosjes"
        )
    return get(session, actor, id)


def lapse_due(session: Session, limit: int = 200) -> int:
    """Questions that nobody answered in time are over, and who asked hears so; how many there were."""
    lapsed = [int(id) for id in pending.lapse_questions(session.connection(), limit)]
    # unscoped: the worker's reach is every municipality
    for note in session.scalars(select(RoosjesNote).where(RoosjesNote.question_id.in_(lapsed))):
        tell(session, note.from_id, note.municipality_id, "roosjes-lapsed", note.id)
    return len(lapsed)
