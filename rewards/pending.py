"""What waits for somebody: payments that were asked, grants for a second pair of eyes. Refusals: `rewards.ledger`.

Balances do not move before a question is accepted, and whether they can is seen then. The ledger keeps out who
asked and who would get it; that a payer alone answers for their account, and staff alone for the pot, is for the
application to see to, as with every booking.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import by, maybe_pseudonym, maybe_reason
from rewards.errors import InvalidInput, refusals
from rewards.types import (
    AccountId,
    Asked,
    BatchId,
    Outcome,
    Question,
    QuestionId,
    Reason,
    TransferId,
    Verdict,
)


def ask(  # noqa: PLR0913  # a question is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    payer: AccountId,
    payee: AccountId,
    minutes: int,
    subject: UUID | None = None,
    reason: Reason | None = None,
    note_hash: bytes | None = None,
) -> Asked:
    """Ask the payer for minutes. Raises what the payment would raise, but for limits, and WrongAccount for a pot."""
    values = (
        *by(key, actor),
        strict.identity(payer, "payer"),
        strict.identity(payee, "payee"),
        strict.amount(minutes),
        maybe_pseudonym(subject, "subject"),
        maybe_reason(reason),
        strict.digest(note_hash),
    )
    return _asked(connection, "ledger.ask(%s, %s, %s, %s, %s, %s, %s, %s)", values)


def ask_grant(  # noqa: PLR0913  # a question is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    payee: AccountId,
    minutes: int,
    subject: UUID | None = None,
    reason: Reason | None = None,
    note_hash: bytes | None = None,
) -> Asked:
    """Ask a second pair of eyes for a grant. Raises OwnInterest, WrongAccount, UnknownAccount."""
    values = (
        *by(key, actor),
        strict.identity(payee, "payee"),
        strict.amount(minutes),
        maybe_pseudonym(subject, "subject"),
        maybe_reason(reason),
        strict.digest(note_hash),
    )
    return _asked(connection, "ledger.ask_grant(%s, %s, %s, %s, %s, %s, %s)", values)


def decide(
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    question: QuestionId,
    outcome: Outcome,
    reason: Reason | None = None,
) -> Verdict:
    """Accept or reject, once. The key is unique per actor, whatever the question.

    A payment is decided on by whoever would pay it, a grant by anybody but who asked or would get it.
    Raises UnknownQuestion, AlreadyDecided, OwnInterest, TooLateToDecide; when accepted also what the payment or
    the grant raises, and then the question keeps waiting.
    """
    if strict.member(outcome, Outcome) is Outcome.LAPSED:
        raise InvalidInput("a question lapses by itself")
    values = (*by(key, actor), strict.identity(question, "question"), outcome, maybe_reason(reason))
    with refusals():
        row = connection.exec_driver_sql(
            "SELECT pending_id, outcome, batch_id, transfer_id, hit"
            " FROM ledger.decide(%s, %s, %s, %s::ledger.outcome, %s)",
            values,
        ).one()
    return Verdict(
        QuestionId(row[0]),
        Outcome(row[1]),
        None if row[2] is None else BatchId(row[2]),
        None if row[3] is None else TransferId(row[3]),
        row[4],
    )


def lapse_questions(connection: Connection, limit: int = 100) -> list[QuestionId]:
    """Let up to `limit` questions lapse that nobody answered in time; call again until it returns none."""
    values = (strict.whole(limit, "limit", 1, strict.PAGE_MAX),)
    with refusals():
        rows = connection.exec_driver_sql("SELECT ledger.lapse_questions(%s)", values)
    return [QuestionId(row[0]) for row in rows]


def waiting(connection: Connection, *, limit: int = 50) -> list[Question]:
    """The questions in sight that nobody answered yet, the first to lapse first."""
    rows = connection.exec_driver_sql(
        """
        SELECT id, operation, payer_id, payee_id, amount, asked_by, beneficiary, subject, reason, asked_at, lapses_at
        FROM ledger.pending p
        WHERE NOT EXISTS (SELECT FROM ledger.decision d WHERE d.pending_id = p.id)
        ORDER BY lapses_at, id LIMIT %s
        """,
        (strict.whole(limit, "limit", 1, strict.PAGE_MAX),),
    )
    return [
        Question(QuestionId(row[0]), row[1], row[2] and AccountId(row[2]), AccountId(row[3]), *row[4:])
        for row in rows
    ]


def _asked(connection: Connection, call: str, values: tuple[Any, ...]) -> Asked:
    with refusals():
        row = connection.exec_driver_sql(f"SELECT pending_id, hit FROM {call}", values).one()  # noqa: S608
    return Asked(QuestionId(row[0]), row[1])
