"""Opening accounts and setting their limits. Transactions and refusals: see `rewards.ledger`."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.errors import InvalidInput, refusals
from rewards.types import Account, AccountId, AccountKind, AccountStatus, Balance, Unit

ACCOUNT_COLUMNS = (
    "id, municipality_id, unit, kind, owner_pseudonym, counter_municipality_id, shard, status,"
    " posted, held_out, held_in, floor, ceiling"
)


def open_account(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    municipality_id: int,
    unit: Unit,
    kind: AccountKind,
    owner: UUID | None,
    shard: int = 0,
    floor: int | None = None,
    ceiling: int | None = None,
) -> Account:
    """The account of this owner, opened when there is none; the limits count for a new one only.

    A pot's `shard` is a part of it, a desk's its number.

    Members and organisations get a floor of -720 and a ceiling of 3600 minutes of Roosjes; a pot a floor
    of 0. Clearing accounts open with `set_trust`.
    """
    _check_owner(strict.member(kind, AccountKind), owner, shard)
    values = (
        strict.municipality(municipality_id),
        strict.member(unit, Unit),
        kind,
        owner,
        shard,
        None if floor is None else _floor(floor),
        None if ceiling is None else _ceiling(ceiling),
    )
    call = "ledger.open_account(%s, %s::ledger.unit, %s::ledger.account_kind, %s, NULL, %s, %s, %s)"
    return _account(connection, call, values)


def _check_owner(kind: AccountKind, owner: UUID | None, shard: int) -> None:
    if kind is AccountKind.CLEARING:
        raise InvalidInput("a clearing account opens with set_trust")
    owned = kind in (AccountKind.MEMBER, AccountKind.ORGANISATION, AccountKind.PROVIDER)
    if owned != (owner is not None):
        raise InvalidInput("members, organisations and providers have an owner, others have none")
    if owner is not None:
        strict.pseudonym(owner, "owner")
    strict.whole(shard, "shard", 0, 63 if kind in (AccountKind.POT, AccountKind.DESK) else 0)


def set_limits(connection: Connection, account: AccountId, *, floor: int, ceiling: int) -> Account:
    """Set a personal floor and ceiling. Tightened past the balance they only block going further away."""
    values = (strict.identity(account, "account"), _floor(floor), _ceiling(ceiling))
    return _account(connection, "ledger.set_limits(%s, %s, %s)", values)


def set_status(connection: Connection, account: AccountId, status: AccountStatus) -> Account:
    """Freeze, reopen or close. A closed account is empty (NotEmpty) and stays closed (AccountNotOpen)."""
    values = (strict.identity(account, "account"), strict.member(status, AccountStatus))
    return _account(connection, "ledger.set_status(%s, %s::ledger.account_status)", values)


def set_trust(
    connection: Connection,
    *,
    municipality_id: int,
    counter_municipality_id: int,
    limit_minutes: int,
    actor: UUID,
) -> None:
    """Let helpers of `municipality_id` help residents of the other, up to this many minutes on balance.

    One direction only. A lower limit than what is outstanding blocks more of it and undoes nothing.
    """
    values = (
        strict.municipality(municipality_id),
        strict.municipality(counter_municipality_id),
        strict.whole(limit_minutes, "limit_minutes", 0, strict.LIMIT_MAX),
        strict.pseudonym(actor, "actor"),
    )
    if municipality_id == counter_municipality_id:
        raise InvalidInput("a municipality needs no trust in itself")
    with refusals():
        connection.exec_driver_sql("SELECT ledger.set_trust(%s, %s, %s, %s)", values)


def _account(connection: Connection, call: str, values: tuple[Any, ...]) -> Account:
    with refusals():
        row = connection.exec_driver_sql(f"SELECT {ACCOUNT_COLUMNS} FROM {call}", values).one()  # noqa: S608
    return account_of(row)


def account_of(row: Any) -> Account:
    """An account from a row of ACCOUNT_COLUMNS."""
    return Account(
        id=AccountId(row[0]),
        municipality_id=row[1],
        unit=Unit(row[2]),
        kind=AccountKind(row[3]),
        owner=row[4],
        counter_municipality_id=row[5],
        shard=row[6],
        status=AccountStatus(row[7]),
        balance=Balance(*row[8:13]),
    )


def _floor(floor: int) -> int:
    return strict.whole(floor, "floor", -strict.LIMIT_MAX, 0)


def _ceiling(ceiling: int) -> int:
    return strict.whole(ceiling, "ceiling", 0, strict.LIMIT_MAX)


def count_from(connection: Connection, first: int) -> None:
    """Let all numbers of these books begin higher, as their owner; those of rows that are there stay what they are."""
    columns = connection.exec_driver_sql(
        "SELECT pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'ledger'::regnamespace AND a.attidentity <> '' ORDER BY 1"
    )
    for (sequence,) in columns.all():
        connection.exec_driver_sql(
            "SELECT setval(%s, greatest(nextval(%s), %s), false)",
            (sequence, sequence, strict.identity(first, "first")),
        )
