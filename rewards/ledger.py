"""The ledger's functions, each one call to the database, on the caller's connection and in its transaction.

They book everything or raise a LedgerError. A refusal by the database leaves the caller's transaction
unusable, as any failed statement does, unless the call stood in a SAVEPOINT:

    with connection.begin_nested():
        hold(connection, ...)

Refusals of the arguments alone (InvalidInput, InvalidAmount) come before any SQL and leave it as it was.

Keys: `key` is unique per actor and operation, for ever. The same call again returns the first booking with
`hit`; another call under the same key raises KeyReused. All arguments count for "the same", so a time that a
retry would compute anew must be left out (None: the moment of booking) or come from a stored row. Keys are
opaque: nothing about a person belongs in them.

Who may book is the application's business; what one can read is narrowed by the policies.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import booking, by, maybe_moment, maybe_pseudonym, maybe_reason
from rewards.errors import refusals
from rewards.types import (
    AccountId,
    Booking,
    ExpiredHold,
    Reason,
    TransferId,
)


def hold(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    asker: AccountId,
    helper: AccountId,
    minutes: int,
    expires_at: datetime,
    occurred_at: datetime | None = None,
    subject: UUID,
) -> Booking:
    """Set minutes of the asker aside for the helper until `expires_at`.

    Across municipalities the trust is set aside as well, so that settling cannot fail.
    Raises Overdrawn, Overfull, NoTrust, TrustExhausted, AccountNotOpen, SameAccount, ExpiryInPast.
    """
    values = (
        *by(key, actor),
        *_between(asker, helper),
        strict.amount(minutes),
        strict.moment(expires_at, "expires_at"),
        maybe_moment(occurred_at),
        strict.pseudonym(subject, "subject"),
    )
    return booking(connection, "ledger.hold(%s, %s, %s, %s, %s, %s, %s, %s)", values)


def settle(
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    hold: TransferId,
    minutes: int,
    occurred_at: datetime | None = None,
) -> Booking:
    """Move at most what was held, and let go of the rest. Raises HoldEnded, HoldPastExpiry, MoreThanHeld."""
    values = (
        *by(key, actor),
        strict.identity(hold, "hold"),
        strict.amount(minutes),
        maybe_moment(occurred_at),
    )
    return booking(connection, "ledger.settle(%s, %s, %s, %s, %s)", values)


def void(
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    hold: TransferId,
    reason: Reason | None = None,
    occurred_at: datetime | None = None,
) -> Booking:
    """Let go of a hold whole. Raises HoldEnded."""
    values = (*by(key, actor), strict.identity(hold, "hold"), maybe_moment(occurred_at), maybe_reason(reason))
    return booking(connection, "ledger.void(%s, %s, %s, %s, %s)", values)


def expire(connection: Connection, *, key: str, actor: UUID, hold: TransferId) -> Booking:
    """End a hold that is past its date by the database's clock. Raises HoldEnded, HoldNotDue."""
    values = (*by(key, actor), strict.identity(hold, "hold"))
    return booking(connection, "ledger.expire(%s, %s, %s)", values)


def expire_due(connection: Connection, limit: int = 100) -> list[ExpiredHold]:
    """End up to `limit` holds that are past their date, oldest first; call again until it returns none."""
    values = (strict.whole(limit, "limit", 1, strict.PAGE_MAX),)
    with refusals():
        rows = connection.exec_driver_sql(
            "SELECT hold_id, subject, transfer_id FROM ledger.expire_due(%s)", values
        )
    return [ExpiredHold(TransferId(row[0]), row[1], TransferId(row[2])) for row in rows]


def pay(  # noqa: PLR0913  # a booking is what it is: all by keyword
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
    occurred_at: datetime | None = None,
) -> Booking:
    """Move minutes at once: a gift, or a thank-you. Raises as `hold` does."""
    values = (
        *by(key, actor),
        *_between(payer, payee),
        strict.amount(minutes),
        maybe_moment(occurred_at),
        maybe_pseudonym(subject, "subject"),
        maybe_reason(reason),
        strict.digest(note_hash),
    )
    return booking(connection, "ledger.pay(%s, %s, %s, %s, %s, %s, %s, %s, %s)", values)


def reverse(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    transfer: TransferId,
    reason: Reason,
    note_hash: bytes | None = None,
    occurred_at: datetime | None = None,
) -> Booking:
    """Take a settlement or payment back, once and whole.

    Raises NotReversible, AlreadyReversed, and Overdrawn when the one who received has spent it.
    """
    values = (
        *by(key, actor),
        strict.identity(transfer, "transfer"),
        strict.member(reason, Reason),
        maybe_moment(occurred_at),
        strict.digest(note_hash),
    )
    return booking(connection, "ledger.reverse(%s, %s, %s, %s, %s, %s)", values)


def _between(payer: AccountId, payee: AccountId) -> tuple[int, int]:
    return strict.identity(payer, "payer"), strict.identity(payee, "payee")
