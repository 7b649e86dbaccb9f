"""The end of a month: what a municipality's books say of it, whether that adds up, and closing it for good.

A month begins on the first at midnight by the clock of Amsterdam and counts what was booked in it; a booking
that came later belongs to its own month, whenever the help was. Only staff of the municipality see its months:
for others there are no such books.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.errors import InvalidInput, UnknownBooks, refusals
from rewards.types import AccountKind, Unit

VOUCHER_CENTS = 1500
CHECKS = {
    "closing": "closing of {of}",
    "movements": "movements of {of}",
    "as_closed": "{of} as it was closed",
    "together": "all kinds together",
    "clearing": "clearing with {of}",
    "cash": "cash of vouchers at the desks",
    "owed": "cents for vouchers that were paid or invoiced",
    "open": "open invoices",
    "vouchers": "vouchers sold",
    "welfare": "welfare granted",
}
"""What has to be the same, by name."""
OWING = ("pay_out", "invoice", "invoice_withdraw")
"""What takes vouchers from a provider against money, and back."""
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class KindBalance:
    """All accounts of one kind together, in the unit of the books."""

    kind: AccountKind
    opening: int
    credits: int
    debits: int
    closing: int


@dataclass(frozen=True, slots=True)
class Movement:
    """What one operation did to the accounts of one kind."""

    kind: AccountKind
    operation: str
    transfers: int
    credits: int
    debits: int


@dataclass(frozen=True, slots=True)
class Holds:
    """Open when the month ended: how many, and what they held by the days since they were made."""

    number: int
    to_30_days: int
    to_90_days: int
    longer: int


@dataclass(frozen=True, slots=True)
class Clearing:
    """Between this municipality and another; above zero, its residents got more help than they gave."""

    counter_municipality_id: int
    balance: int
    counter_balance: int


@dataclass(frozen=True, slots=True)
class Check:
    """Two figures that have to be the same; `name` is one of CHECKS, `of` a kind of account or a municipality."""

    name: str
    expected: int
    found: int
    of: str = ""

    @property
    def what(self) -> str:
        """The check in English."""
        return CHECKS[self.name].format(of=self.of)

    @property
    def right(self) -> bool:
        """Whether they are."""
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class Closed:
    """Who closed the month, when, and with how many transfers and which closings."""

    by: UUID
    at: datetime
    transfers: int
    closings: dict[AccountKind, int]


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The reconciliation of a month. `totals` are the movements since the books began."""

    municipality_id: int
    unit: Unit
    month: date
    balances: list[KindBalance]
    movements: list[Movement]
    totals: list[Movement]
    holds: Holds
    clearing: list[Clearing]
    closed: Closed | None
    sold_less_refunded: int
    """Vouchers, whatever the unit of these books: the cash of the desks answers to them."""
    owed_for: int = 0
    """Vouchers that were paid out or invoiced and not taken back, likewise."""
    open_cents: int = 0
    """What invoices say is still to be paid at the month's end: set aside in these books."""

    @property
    def checks(self) -> list[Check]:
        """What has to be the same, right or not."""
        return list(_checks(self))

    @property
    def reconciles(self) -> bool:
        """Whether everything is the same that has to be."""
        return all(check.right for check in self.checks)


def month_end(connection: Connection, municipality_id: int, unit: Unit, month: date) -> MonthEnd:
    """The books of a month, open or closed, computed from the entries. Raises UnknownBooks."""
    at = (strict.municipality(municipality_id), strict.member(unit, Unit), first_day(month))
    since: tuple[Any, ...] = (at[0], at[1], None, at[2])
    sold, owed = _of_vouchers_sold(connection, at[0], at[2]) if unit is Unit.EURCENT else (0, 0)
    return MonthEnd(
        *at,
        balances=_rows(
            connection, "month_balances", at, lambda row: KindBalance(AccountKind(row[0]), *row[1:])
        ),
        movements=_movements(connection, (*at, at[2])),
        totals=_movements(connection, since),
        holds=_rows(connection, "month_holds", at, lambda row: Holds(*row))[0],
        clearing=_rows(connection, "month_clearing", at, lambda row: Clearing(*row)),
        closed=closed(connection, *at),
        sold_less_refunded=sold,
        owed_for=owed,
        open_cents=_open_cents(connection, at[0], at[2]) if unit is Unit.EURCENT else 0,
    )


def units(connection: Connection, municipality_id: int) -> list[Unit]:
    """What the municipality has books of, as far as this transaction sees."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT unit FROM ledger.account WHERE municipality_id = %s ORDER BY unit",
        (strict.municipality(municipality_id),),
    )
    return [Unit(row[0]) for row in rows]


def next_month(connection: Connection, municipality_id: int, unit: Unit) -> date:
    """The month to close next: after the last that was closed, or that of the first account. Raises UnknownBooks."""
    values = (strict.municipality(municipality_id), strict.member(unit, Unit))
    with refusals():
        month: date = connection.exec_driver_sql(
            "SELECT ledger.next_month(%s, %s::ledger.unit)", values
        ).scalar_one()
    return month


def close_month(
    connection: Connection, *, actor: UUID, municipality_id: int, unit: Unit, month: date
) -> Closed:
    """Close a month for good; the same again returns what was closed before. One a transaction.

    Waits for bookings under way, and bookings wait for it. Raises UnknownBooks, MonthNotOver, MonthOutOfOrder,
    DoesNotReconcile.
    """
    at = (strict.municipality(municipality_id), strict.member(unit, Unit), first_day(month))
    with refusals():
        connection.exec_driver_sql(
            "SELECT ledger.close_month(%s, %s, %s::ledger.unit, %s)", (strict.pseudonym(actor, "actor"), *at)
        )
    done = closed(connection, *at)
    if done is None:
        raise UnknownBooks(municipality=municipality_id)
    return done


def closed(connection: Connection, municipality_id: int, unit: Unit, month: date) -> Closed | None:
    """How the month was closed, if it was."""
    at = (strict.municipality(municipality_id), strict.member(unit, Unit), first_day(month))
    period = connection.exec_driver_sql(
        "SELECT closed_by, closed_at, transfers FROM ledger.period"
        " WHERE municipality_id = %s AND unit = %s::ledger.unit AND month = %s",
        at,
    ).one_or_none()
    if period is None:
        return None
    lines = connection.exec_driver_sql(
        "SELECT kind, closing FROM ledger.period_line"
        " WHERE municipality_id = %s AND unit = %s::ledger.unit AND month = %s ORDER BY kind",
        at,
    )
    return Closed(period[0], period[1], period[2], {AccountKind(row[0]): row[1] for row in lines})


def first_day(month: object) -> date:
    """A month as the date of its first day; raises InvalidInput."""
    if type(month) is not date or month.day != 1:
        raise InvalidInput("a month is the date of its first day")
    return month


def _checks(month: MonthEnd) -> Iterator[Check]:
    for line in month.balances:
        kind = line.kind.value
        yield Check("closing", line.opening + line.credits - line.debits, line.closing, kind)
        moved = sum(one.credits - one.debits for one in month.movements if one.kind is line.kind)
        yield Check("movements", line.credits - line.debits, moved, kind)
        if month.closed is not None:
            yield Check("as_closed", month.closed.closings.get(line.kind, 0), line.closing, kind)
    yield Check("together", 0, sum(line.closing for line in month.balances))
    for pair in month.clearing:
        yield Check("clearing", 0, pair.balance + pair.counter_balance, str(pair.counter_municipality_id))
    if month.unit is Unit.VOUCHER:
        yield from _of_vouchers(month)
    elif month.unit is Unit.EURCENT:
        cash = _moved(month, AccountKind.DESK, "sell") + _moved(month, AccountKind.DESK, "refund")
        yield Check("cash", VOUCHER_CENTS * month.sold_less_refunded, cash)
        owed = -sum(_moved(month, AccountKind.ISSUER, operation) for operation in OWING)
        yield Check("owed", VOUCHER_CENTS * month.owed_for, owed)
        yield Check("open", month.open_cents, _closing(month, AccountKind.SUSPENSE))
    elif month.unit is Unit.WELFARE_CENT:
        yield from _of_welfare(month)


def _of_vouchers(month: MonthEnd) -> Iterator[Check]:
    """Sold = redeemed + outstanding + expired + refunded."""
    sold = -_moved(month, AccountKind.ISSUER, "sell")
    gone = (
        _moved(month, AccountKind.PROVIDER, "redeem")
        + _moved(month, AccountKind.EXPIRED, "lapse")
        + _moved(month, AccountKind.ISSUER, "refund")
    )
    yield Check("vouchers", sold, gone + _closing(month, AccountKind.SUSPENSE))


def _of_welfare(month: MonthEnd) -> Iterator[Check]:
    """Granted = spent + returned + balance."""
    granted = _moved(month, AccountKind.MEMBER, "welfare_grant")
    kept = _closing(month, AccountKind.MEMBER)
    for operation in ("welfare_spend", "welfare_undo", "welfare_return"):
        kept -= _moved(month, AccountKind.MEMBER, operation)
    yield Check("welfare", granted, kept)


def _moved(month: MonthEnd, kind: AccountKind, operation: str) -> int:
    """What an operation brought accounts of a kind since the books began; below zero when it took."""
    return sum(
        one.credits - one.debits for one in month.totals if (one.kind, one.operation) == (kind, operation)
    )


def _closing(month: MonthEnd, kind: AccountKind) -> int:
    return sum(line.closing for line in month.balances if line.kind is kind)


def _of_vouchers_sold(connection: Connection, municipality_id: int, month: date) -> tuple[int, int]:
    """Vouchers sold less those refunded, and those that were paid out or invoiced."""
    if Unit.VOUCHER not in units(connection, municipality_id):
        return 0, 0
    totals = _movements(connection, (municipality_id, Unit.VOUCHER, None, month))
    return (
        sum(
            one.debits - one.credits
            for one in totals
            if one.kind is AccountKind.ISSUER and one.operation in ("sell", "refund")
        ),
        sum(
            one.debits - one.credits
            for one in totals
            if one.kind is AccountKind.PROVIDER and one.operation in OWING
        ),
    )


def _open_cents(connection: Connection, municipality_id: int, month: date) -> int:
    """What invoices say that this municipality had still to pay when the month ended."""
    cents: int = connection.exec_driver_sql(
        """
        SELECT coalesce(sum(i.cents), 0)::bigint FROM ledger.invoice i
        CROSS JOIN LATERAL (
            SELECT s.state FROM ledger.invoice_step s
            WHERE s.invoice_id = i.id AND ledger.month_of(s.at) <= %s ORDER BY s.seq DESC LIMIT 1
        ) last
        WHERE i.payer_id = %s AND last.state NOT IN ('paid', 'withdrawn')
        """,
        (month, municipality_id),
    ).scalar_one()
    return cents


def _movements(connection: Connection, at: tuple[Any, ...]) -> list[Movement]:
    with refusals():
        rows = connection.exec_driver_sql(
            "SELECT * FROM ledger.month_movements(%s, %s::ledger.unit, %s::date, %s)", at
        ).all()
    return [Movement(AccountKind(row[0]), *row[1:]) for row in rows]


def _rows(
    connection: Connection, function: str, at: tuple[Any, ...], made: Callable[[Any], Row]
) -> list[Row]:
    query = f"SELECT * FROM ledger.{function}(%s, %s::ledger.unit, %s)"  # noqa: S608
    with refusals():
        rows = connection.exec_driver_sql(query, at).all()
    return [made(row) for row in rows]
