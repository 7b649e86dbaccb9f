"""Welfare budgets (PGB Welzijn): periods, grants, spending. Transactions, keys and refusals: see `rewards.ledger`.

The ceiling of a period counts grants, not what is left: what was spent is not granted again. Dates are days in the
Netherlands. Nobody decides on a budget of their own (OwnInterest).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import booking, by, maybe_moment
from rewards.errors import InvalidInput, UnknownPeriod, refusals
from rewards.types import AccountId, BatchId, Booking, PeriodId, Reason, TransferId

GRANTS_MAX_CENTS = 45_000
RECEIPT_GRACE_DAYS = 30
PERIOD_COLUMNS = "id, account_id, person, starts_on, ends_on"


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which a person has a budget, the last one included."""

    id: PeriodId
    account: AccountId
    person: UUID
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Budget:
    """A period's sums in cents: granted = spent + returned + rest."""

    period: Period
    granted: int
    spent: int
    returned: int
    rest: int
    is_open: bool

    @property
    def grantable(self) -> int:
        """What may still be granted, when the period is open."""
        return GRANTS_MAX_CENTS - self.granted


def open_period(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    municipality_id: int,
    person: UUID,
    starts_on: date,
    ends_on: date,
) -> Period:
    """A period of at most a year and a day, and the account for it when there is none.

    The same key again returns the same period. Raises PeriodOverlaps, OwnInterest.
    """
    values = (
        *by(key, actor),
        strict.municipality(municipality_id),
        strict.pseudonym(person, "person"),
        *_days(starts_on, ends_on),
    )
    call = "ledger.open_welfare_period(%s, %s, %s, %s, %s, %s)"
    with refusals():
        row = connection.exec_driver_sql(f"SELECT {PERIOD_COLUMNS} FROM {call}", values).one()  # noqa: S608
    return _period(row)


def grant(
    connection: Connection, *, key: str, actor: UUID, period: PeriodId, cents: int, approved_by: UUID | None
) -> Booking:
    """Add to the budget. `approved_by` is the second pair of eyes: never `actor`.

    Without one as long as what the period was granted so stays within the policy's `eyes_above_cents`; above that
    it raises NeedsSecondEyes. Raises GrantCeiling, OwnInterest, PeriodOver, UnknownPeriod, AccountNotOpen.
    """
    values = (
        *by(key, actor),
        strict.identity(period, "period"),
        strict.amount(cents),
        None if approved_by is None else strict.pseudonym(approved_by, "approved_by"),
    )
    return booking(connection, "ledger.welfare_grant(%s, %s, %s, %s, %s)", values)


def spend_approved(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    period: PeriodId,
    cents: int,
    approved_by: UUID,
    occurred_at: datetime | None = None,
) -> Booking:
    """Pay for what was approved beforehand. What is approved is the purpose; anybody may be paid.

    Raises Overdrawn, PeriodOver, OwnInterest, UnknownPeriod, AccountNotOpen.
    """
    approval = (strict.pseudonym(approved_by, "approved_by"), None)
    return _spend(connection, (key, actor, period, cents), approval, occurred_at)


def spend_on_receipt(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    period: PeriodId,
    cents: int,
    receipt_hash: bytes,
    occurred_at: datetime | None = None,
) -> Booking:
    """Refund what was bought in the period, against a receipt that was not refunded before.

    Raises ReceiptUsed, and as `spend_approved` does.
    """
    if receipt_hash is None:
        raise InvalidInput("a refund needs a receipt")
    return _spend(connection, (key, actor, period, cents), (None, strict.digest(receipt_hash)), occurred_at)


def undo_spending(
    connection: Connection, *, key: str, actor: UUID, spending: TransferId, reason: Reason
) -> Booking:
    """Take a spending back, once and whole, while its period is open. Its receipt can be used again.

    Raises UnknownTransfer, AlreadyReversed, PeriodOver, OwnInterest.
    """
    values = (*by(key, actor), strict.identity(spending, "spending"), strict.member(reason, Reason))
    return booking(connection, "ledger.welfare_undo(%s, %s, %s, %s)", values)


def close_period(connection: Connection, *, key: str, actor: UUID, period: PeriodId) -> Booking | None:
    """End a period and return what is left of it; None when nothing was. Raises PeriodOver."""
    values = (*by(key, actor), strict.identity(period, "period"))
    with refusals():
        row = connection.exec_driver_sql(
            "SELECT batch_id, transfer_id, hit FROM ledger.welfare_return(%s, %s, %s)", values
        ).one()
    return None if row[0] is None else Booking(BatchId(row[0]), TransferId(row[1]), row[2])


def close_due(
    connection: Connection, limit: int = 100, grace_days: int = RECEIPT_GRACE_DAYS
) -> list[tuple[PeriodId, TransferId | None]]:
    """Close periods that ended more than `grace_days` ago; call again until it returns none.

    With each the transfer that returned the rest, None when nothing was left.
    """
    values = (
        strict.whole(grace_days, "grace_days", 0, 366),
        strict.whole(limit, "limit", 1, strict.PAGE_MAX),
    )
    with refusals():
        rows = connection.exec_driver_sql(
            "SELECT period_id, transfer_id FROM ledger.welfare_return_due(%s, %s)", values
        ).all()
    return [(PeriodId(row[0]), None if row[1] is None else TransferId(row[1])) for row in rows]


def budget(connection: Connection, period: PeriodId) -> Budget:
    """A period's sums; raises UnknownPeriod for one out of sight as for one that is not there."""
    found = budgets(connection, [period])
    if period not in found:
        raise UnknownPeriod(period=period)
    return found[period]


def budgets(connection: Connection, periods: Sequence[PeriodId]) -> dict[PeriodId, Budget]:
    """The sums of many periods in one question; those out of sight are left out."""
    rows = connection.exec_driver_sql(
        """
        SELECT p.id, p.account_id, p.person, p.starts_on, p.ends_on,
            coalesce(sum(cents) FILTER (WHERE kind = 'grant'), 0)::bigint,
            coalesce(sum(CASE kind WHEN 'spend' THEN cents WHEN 'undo' THEN -cents ELSE 0 END), 0)::bigint,
            coalesce(sum(cents) FILTER (WHERE kind = 'close'), 0)::bigint,
            coalesce(bool_and(stays_open), true)
        FROM ledger.welfare_period p LEFT JOIN ledger.welfare_line l ON l.period_id = p.id
        WHERE p.id = ANY (%s) GROUP BY p.id, p.account_id, p.person, p.starts_on, p.ends_on
        """,
        ([strict.identity(period, "period") for period in periods],),
    ).all()
    return {PeriodId(row[0]): _budget(row) for row in rows}


def _budget(row: Any) -> Budget:
    granted, spent, returned = row[5:8]
    return Budget(_period(row), granted, spent, returned, granted - spent - returned, row[8])


def _spend(
    connection: Connection,
    call: tuple[str, UUID, PeriodId, int],
    approval: tuple[UUID | None, bytes | None],
    occurred_at: datetime | None,
) -> Booking:
    key, actor, period, cents = call
    values = (
        *by(key, actor),
        strict.identity(period, "period"),
        strict.amount(cents),
        *approval,
        maybe_moment(occurred_at),
    )
    return booking(connection, "ledger.welfare_spend(%s, %s, %s, %s, %s, %s, %s)", values)


def _days(starts_on: object, ends_on: object) -> tuple[date, date]:
    for day in (starts_on, ends_on):
        if type(day) is not date:
            raise InvalidInput("a period has a first and a last day")
    return starts_on, ends_on  # type: ignore[return-value]  # both are dates, as the loop saw


def _period(row: Any) -> Period:
    return Period(PeriodId(row[0]), AccountId(row[1]), *row[2:5])
