"""Gifts to the pot and out of it, payments to or by many at once. Keys and refusals: see `rewards.ledger`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import booking, by, maybe_moment, maybe_pseudonym, maybe_reason
from rewards.types import AccountId, Booking, Reason


def donate(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    payer: AccountId,
    minutes: int,
    subject: UUID | None = None,
    note_hash: bytes | None = None,
    occurred_at: datetime | None = None,
) -> Booking:
    """Give minutes to the pot of the payer's municipality, to one of its shards by the key.

    Raises Overdrawn, AccountNotOpen, WrongAccount.
    """
    values = (
        *by(key, actor),
        strict.identity(payer, "payer"),
        strict.amount(minutes),
        maybe_moment(occurred_at),
        maybe_pseudonym(subject, "subject"),
        strict.digest(note_hash),
    )
    return booking(connection, "ledger.donate(%s, %s, %s, %s, %s, %s, %s)", values)


def grant(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    payee: AccountId,
    minutes: int,
    subject: UUID | None = None,
    reason: Reason | None = None,
    note_hash: bytes | None = None,
    occurred_at: datetime | None = None,
) -> Booking:
    """Give minutes out of the pot of the payee's municipality; several transfers when one shard has too little.

    Raises NeedsSecondEyes above the policy's threshold (see `rewards.ask_grant`), OwnInterest to the actor's own
    account, PotEmpty, Overfull, AccountNotOpen, WrongAccount.
    """
    values = (
        *by(key, actor),
        strict.identity(payee, "payee"),
        strict.amount(minutes),
        maybe_moment(occurred_at),
        maybe_pseudonym(subject, "subject"),
        maybe_reason(reason),
        strict.digest(note_hash),
    )
    return booking(connection, "ledger.grant(%s, %s, %s, %s, %s, %s, %s, %s)", values)


def pay_many(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    payer: AccountId,
    payments: Sequence[tuple[AccountId, int]],
    subject: UUID | None = None,
    reason: Reason | None = None,
    note_hash: bytes | None = None,
    occurred_at: datetime | None = None,
) -> Booking:
    """Pay each payee their minutes, or nobody: one organiser, up to 100 helpers.

    The transfers stand in the batch in the order of `payments`; the booking names the first. Raises as `pay` does,
    for the first that cannot be paid, and WrongAccount for a pot as payer.
    """
    payees = strict.accounts([payment[0] for payment in payments], "payees")
    values = (
        *by(key, actor),
        strict.identity(payer, "payer"),
        payees,
        [strict.amount(payment[1]) for payment in payments],
        maybe_moment(occurred_at),
        maybe_pseudonym(subject, "subject"),
        maybe_reason(reason),
        strict.digest(note_hash),
    )
    return booking(
        connection, "ledger.pay_many(%s, %s, %s, %s::bigint[], %s::bigint[], %s, %s, %s, %s)", values
    )


def share(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    helper: AccountId,
    receivers: Sequence[AccountId],
    minutes: int,
    subject: UUID | None = None,
    reason: Reason | None = None,
    note_hash: bytes | None = None,
    occurred_at: datetime | None = None,
) -> Booking:
    """One helped many at once (a course): each receiver pays `minutes`, the helper gets them once.

    What the others pay goes to the pot of their municipality; on statements the other party is the helper. All or
    none. Raises as `pay` does, and WrongAccount for a pot among them.
    """
    values = (
        *by(key, actor),
        strict.identity(helper, "helper"),
        strict.accounts(receivers, "receivers"),
        strict.amount(minutes),
        maybe_moment(occurred_at),
        maybe_pseudonym(subject, "subject"),
        maybe_reason(reason),
        strict.digest(note_hash),
    )
    return booking(connection, "ledger.share(%s, %s, %s, %s::bigint[], %s, %s, %s, %s, %s)", values)
