"""Where the pot stands in: for what a receiver cannot give back, and for who leaves. Refusals: `rewards.ledger`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import booking, by, maybe_moment
from rewards.errors import refusals
from rewards.types import AccountId, BatchId, Booking, Departure, Reason, TransferId


def make_whole(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    transfer: TransferId,
    reason: Reason,
    note_hash: bytes | None = None,
    occurred_at: datetime | None = None,
) -> Booking:
    """Pay the payer of a wrong booking out of the pot, when its receiver cannot bear that it is reversed.

    Once, whole, and instead of a reversal. Raises ReceiverCanBear, AlreadyReversed, AlreadyMadeWhole, NotReversible,
    OwnInterest for one's own loss, WrongAccount when a pot paid, PotEmpty, and NeedsSecondEyes above what one pair of
    eyes may give an account out of the pot.
    """
    values = (
        *by(key, actor),
        strict.identity(transfer, "transfer"),
        strict.member(reason, Reason),
        maybe_moment(occurred_at),
        strict.digest(note_hash),
    )
    return booking(connection, "ledger.make_whole(%s, %s, %s, %s, %s, %s)", values)


def leave(connection: Connection, *, key: str, actor: UUID, account: AccountId) -> Departure:
    """Close the account of somebody who leaves, as the makelaar who confirms it.

    A balance goes to the pot of the municipality; what was owed comes out of it. Raises NotEmpty while holds are open,
    OwnInterest for one's own account, AccountNotOpen for a closed one, PotEmpty, WrongAccount.
    """
    values = (*by(key, actor), strict.identity(account, "account"))
    with refusals():
        row = connection.exec_driver_sql(
            "SELECT account_id, balance, batch_id, transfer_id, hit FROM ledger.leave(%s, %s, %s)", values
        ).one()
    return Departure(
        AccountId(row[0]),
        row[1],
        None if row[2] is None else BatchId(row[2]),
        None if row[3] is None else TransferId(row[3]),
        row[4],
    )
