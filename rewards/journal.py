"""What stands behind the figures of a month: its bookings line by line, and the rows that do not fit.

Amounts are in the unit of the books; owners are pseudonyms. Only staff of the municipality read these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.errors import refusals
from rewards.months import first_day
from rewards.types import AccountKind, TransferKind, Unit

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Booked:
    """One transfer that moved something. `corrects` is the one that it takes back or makes good for."""

    transfer: int
    batch: int
    booked_at: datetime
    occurred_at: datetime
    operation: str
    kind: TransferKind
    amount: int
    debit: int
    debit_kind: AccountKind
    debit_owner: UUID | None
    credit: int
    credit_kind: AccountKind
    credit_owner: UUID | None
    corrects: int | None
    corrects_month: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A wrong row. `what`: missing (an entry before it), amount, chain, hash, entries or leg (of a transfer)."""

    what: str
    account: int | None
    seq: int | None
    transfer: int
    booked_at: datetime


def journal(
    connection: Connection, municipality_id: int, unit: Unit, month: date, *, page: int = PAGE
) -> Iterator[Booked]:
    """What moved in the month, in the order of its booking, read a page at a time. Raises UnknownBooks."""
    after = 0
    while True:
        rows = _journal(connection, municipality_id, unit, month, (after, page, False))
        yield from rows
        if len(rows) < page:
            return
        after = rows[-1].transfer


def corrections(
    connection: Connection, municipality_id: int, unit: Unit, month: date, *, limit: int
) -> list[Booked]:
    """The bookings of the month that take back or make good an earlier one. Raises UnknownBooks."""
    return _journal(connection, municipality_id, unit, month, (0, limit, True))


def _journal(
    connection: Connection, municipality_id: int, unit: Unit, month: date, which: tuple[int, int, bool]
) -> list[Booked]:
    at = (strict.municipality(municipality_id), strict.member(unit, Unit), first_day(month))
    with refusals():
        rows = connection.exec_driver_sql(
            "SELECT * FROM ledger.month_journal(%s, %s::ledger.unit, %s, %s, %s, %s)", (*at, *which)
        ).all()
    return [_booked(row) for row in rows]


def faults(connection: Connection, municipality_id: int, unit: Unit, month: date) -> list[Fault]:
    """The rows up to the end of the month that are not what they must be, the first of each account."""
    at = (strict.municipality(municipality_id), strict.member(unit, Unit), first_day(month))
    with refusals():
        rows = connection.exec_driver_sql(
            "SELECT * FROM ledger.month_faults(%s, %s::ledger.unit, %s)", at
        ).all()
    return [Fault(*row) for row in rows]


def _booked(row: Any) -> Booked:
    values = list(row)
    values[5], values[8], values[11] = TransferKind(row[5]), AccountKind(row[8]), AccountKind(row[11])
    return Booked(*values)
