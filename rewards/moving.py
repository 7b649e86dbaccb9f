"""Moving house: a person has one account of Roosjes in use, and takes it along. Refusals: see `rewards.ledger`."""

from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.accounts import ACCOUNT_COLUMNS, account_of
from rewards.errors import refusals
from rewards.types import Account, AccountId, BatchId


def move_home(connection: Connection, owner: UUID, municipality_id: int) -> Account:
    """Let this municipality keep the person's account from now on, and return the one in use.

    The account of before ends what it holds and takes on nothing new; what stands on it goes along with `carry_home`.
    An account that was closed for good is not opened again: then the other one stays in use.
    """
    values = (strict.pseudonym(owner, "owner"), strict.municipality(municipality_id))
    with refusals():
        row = connection.exec_driver_sql(
            f"SELECT {ACCOUNT_COLUMNS} FROM ledger.move_home(%s, %s)",  # noqa: S608
            values,
        ).one()
    return account_of(row)


def carry_home(connection: Connection, account: AccountId) -> BatchId | None:
    """Take what stands on an account that was left behind to the one in use; None when nothing was left.

    Raises NotEmpty while holds are open, NoTrust or TrustExhausted between the municipalities, WrongAccount for an
    account that nobody moved away from.
    """
    with refusals():
        batch = connection.exec_driver_sql(
            "SELECT ledger.carry_home(%s)", (strict.identity(account, "account"),)
        ).scalar_one()
    return None if batch is None else BatchId(batch)


def left_behind(connection: Connection, owner: UUID | None = None, *, limit: int = 100) -> list[Account]:
    """Accounts in sight that their owner moved away from and that keep something back; of one owner, or of all.

    An account keeps something back when it is not empty, or when the owner's credit line is narrow because of it.
    """
    rows = connection.exec_driver_sql(
        f"SELECT {ACCOUNT_COLUMNS} FROM ledger.account a"  # noqa: S608
        " WHERE moved_to IS NOT NULL AND ((posted, held_out, held_in) <> (0, 0, 0)"
        " OR EXISTS (SELECT FROM ledger.account m WHERE m.owner_pseudonym = a.owner_pseudonym AND m.narrowed))"
        " AND (%s::uuid IS NULL OR owner_pseudonym = %s) ORDER BY id LIMIT %s",
        (owner, owner, strict.whole(limit, "limit", 1, strict.PAGE_MAX)),
    )
    return [account_of(row) for row in rows]
