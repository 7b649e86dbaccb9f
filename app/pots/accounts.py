"""Somebody's Roosjes as the desk sees them: where the account stands, its lines, and what may be set right."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.roles import Permission
from app.audit import write as audit
from app.people.models import Person
from app.pots import notes
from app.pots.models import LedgerNote
from app.roosjes import service as roosjes

PAGE = 20
_CORRECTABLE = text("""
    SELECT t.id FROM ledger.transfer t
    JOIN ledger.batch b ON b.id = t.batch_id
    JOIN ledger.account a ON a.id = t.debit_id
    WHERE t.id = ANY(:transfers) AND t.follows_id IS NULL AND t.kind IN ('settle', 'pay')
        AND b.operation IN ('settle', 'pay', 'pay_many', 'share', 'donate', 'grant')
        AND a.municipality_id = ANY(:municipalities)
        AND NOT EXISTS (SELECT FROM ledger.transfer r WHERE r.reverses_id = t.id)
        AND NOT EXISTS (SELECT FROM ledger.made_whole w WHERE w.transfer_id = t.id)
""")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``minutes`` is signed, ``by`` who booked it, ``words`` why; ``transfer`` where it can be set right."""

    seq: int
    moment: datetime
    minutes: int
    balance: int
    operation: str
    name: str
    by: str
    words: str
    taken_back: bool
    correction: bool
    transfer: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account on a screen of the desk; minutes."""

    person: Person
    municipality_id: int
    account: rewards.Account
    lines: list[Line]
    older: int | None
    notes: list[LedgerNote]


def of_person(session: Session, actor: Actor, person_id: UUID, *, before: int | None = None) -> Account:
    """Of somebody who lives in the actor's municipalities, which is written down; NotFound for anybody else."""
    person, municipality_id = notes.resident(session, actor, Permission.SEE_LEDGER, person_id)
    audit.note(
        session,
        actor,
        audit.Act.BOOKINGS,
        subject=person_id,
        municipality_id=municipality_id,
        entity="person",
    )
    account = roosjes.account_of(session, person, municipality_id)
    rows = rewards.statement(session.connection(), account.id, before_seq=before, limit=PAGE + 1)
    return Account(
        person=person,
        municipality_id=municipality_id,
        account=account,
        lines=_lines(session, actor, rows[:PAGE]),
        older=rows[PAGE - 1].seq if len(rows) > PAGE else None,
        notes=notes.of_person(session, actor, person_id, limit=PAGE),
    )


def _lines(session: Session, actor: Actor, rows: list[rewards.StatementLine]) -> list[Line]:
    names = roosjes.names(
        session, {row.counterparty for row in rows if row.counterparty} | {row.actor for row in rows}
    )
    words = notes.texts(session, {row.subject for row in rows if row.subject})
    values = {
        "transfers": [int(row.transfer) for row in rows],
        "municipalities": sorted(actor.reach(Permission.CORRECT_LEDGER)),
    }
    correctable = set(session.execute(_CORRECTABLE, values).scalars())
    return [
        Line(
            row.seq, row.occurred_at, row.delta, row.balance, row.operation,
            names.get(row.counterparty, "") if row.counterparty else "", names.get(row.actor, ""),
            words.get(row.subject, "") if row.subject else "", row.reversed_by is not None,
            row.reverses is not None, int(row.transfer) if row.transfer in correctable else None,
        )
        for row in rows
    ]  # fmt: skip
