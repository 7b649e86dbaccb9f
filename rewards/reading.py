"""What one can read of the ledger: only accounts that the policies show to this transaction."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Row

from rewards import strict
from rewards.accounts import ACCOUNT_COLUMNS, account_of
from rewards.errors import UnknownAccount
from rewards.types import Account, AccountId, Balance, OpenHold, StatementLine, TransferId, TransferKind


def account(connection: Connection, account: AccountId) -> Account:
    """The account; raises UnknownAccount for one out of sight as for one that is not there."""
    row = connection.exec_driver_sql(
        f"SELECT {ACCOUNT_COLUMNS} FROM ledger.account WHERE id = %s",  # noqa: S608
        (strict.identity(account, "account"),),
    ).one_or_none()
    if row is None:
        raise UnknownAccount(account=account)
    return account_of(row)


def accounts(connection: Connection, owner: UUID) -> list[Account]:
    """The visible accounts of an owner, in the order in which they were opened."""
    rows = connection.exec_driver_sql(
        f"SELECT {ACCOUNT_COLUMNS} FROM ledger.account WHERE owner_pseudonym = %s ORDER BY id",  # noqa: S608
        (strict.pseudonym(owner, "owner"),),
    )
    return [account_of(row) for row in rows]


def balance(connection: Connection, account_id: AccountId) -> Balance:
    """The account's position now; raises UnknownAccount."""
    return account(connection, account_id).balance


def statement(
    connection: Connection, account_id: AccountId, *, before_seq: int | None = None, limit: int = 50
) -> list[StatementLine]:
    """The account's entries, newest first; the next page begins before the last `seq` of this one."""
    rows = connection.exec_driver_sql(
        """
        SELECT line.* FROM ledger.account a LEFT JOIN LATERAL (
            SELECT e.seq, coalesce(t.follows_id, t.id), t.kind::text, e.delta, e.balance,
                   CASE WHEN e.delta < 0 THEN t.payee ELSE t.payer END,
                   b.subject, b.actor, b.reason, coalesce(o.follows_id, o.id), coalesce(r.follows_id, r.id),
                   b.occurred_at, b.booked_at, b.operation, b.note_hash
            FROM ledger.entry e
            JOIN ledger.transfer t ON t.id = e.transfer_id
            JOIN ledger.batch b ON b.id = t.batch_id
            LEFT JOIN ledger.transfer o ON o.id = t.reverses_id
            LEFT JOIN ledger.transfer r ON r.reverses_id = t.id
            WHERE e.account_id = a.id AND e.seq < %s
            ORDER BY e.seq DESC LIMIT %s
        ) line ON true
        WHERE a.id = %s ORDER BY line.seq DESC
        """,
        (
            strict.ID_MAX if before_seq is None else strict.identity(before_seq, "before_seq"),
            strict.whole(limit, "limit", 1, strict.PAGE_MAX),
            strict.identity(account_id, "account"),
        ),
    )
    return [
        StatementLine(row[0], TransferId(row[1]), TransferKind(row[2]), *row[3:])
        for row in _of_an_account(account_id, rows)
    ]


def open_holds(connection: Connection, account_id: AccountId) -> list[OpenHold]:
    """What is set aside on the account, in either direction, the first to expire first."""
    rows = connection.exec_driver_sql(
        """
        SELECT held.* FROM ledger.account a LEFT JOIN LATERAL (
            SELECT coalesce(t.follows_id, t.id),
                   CASE WHEN o.debit_id = a.id THEN -o.amount ELSE o.amount END,
                   CASE WHEN o.debit_id = a.id THEN t.payee ELSE t.payer END,
                   b.subject, b.occurred_at, o.expires_at
            FROM ledger.open_hold o
            JOIN ledger.transfer t ON t.id = o.hold_id
            JOIN ledger.batch b ON b.id = t.batch_id
            WHERE o.debit_id = a.id OR o.credit_id = a.id
            ORDER BY o.expires_at, o.hold_id
        ) held ON true
        WHERE a.id = %s
        """,
        (strict.identity(account_id, "account"),),
    )
    return [OpenHold(TransferId(row[0]), *row[1:]) for row in _of_an_account(account_id, rows)]


def _of_an_account(account_id: AccountId, rows: CursorResult[Any]) -> list[Row[Any]]:
    """What stands beside an account, which is there once with nothing beside it; raises UnknownAccount."""
    found = list(rows)
    if not found:
        raise UnknownAccount(account=account_id)
    return [row for row in found if row[0] is not None]
