"""The month's end of cheques, of their cash and of welfare budgets: each unit has figures of its own to meet."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, create_engine

from rewards import AccountKind, Reason, Unit, months, paper, welfare
from rewards.months import MonthEnd
from tests.databases import Database
from tests.rewards.factories import A, see
from tests.rewards.paper_factories import (
    a_desk,
    a_provider,
    a_redemption,
    a_refund,
    a_sale,
    an_old_payout,
    by,
    pass_time,
)
from tests.rewards.test_months import JANUARY, travel
from tests.rewards.test_welfare import a_grant, a_period, a_spending

UNGUARDED = "ALTER TABLE ledger.{table} DISABLE TRIGGER append_only"


@pytest.fixture
def books(apart: Database) -> Iterator[Connection]:
    """An own ledger in January: of five cheques one was redeemed and paid out, one refunded, one will lapse."""
    engine = create_engine(apart.owner_url)
    with engine.connect() as owner:
        see(owner, A)
        travel(owner, date(2031, 1, 5))
        desk, provider = a_desk(owner), a_provider(owner)
        sold = a_sale(owner, desk, 5)
        a_redemption(owner, sold.serials[0].text, provider)
        an_old_payout(owner, provider)
        a_refund(owner, sold.serials[1].text, desk)
        period = a_period(owner)
        a_grant(owner, period, 10_000)
        a_spending(owner, period, 3_000)
        undone = a_spending(owner, period, 500)
        welfare.undo_spending(owner, spending=undone.transfer, reason=Reason.BOOKED_BY_MISTAKE, **by())
        yield owner
        owner.rollback()
    engine.dispose()


def january(books: Connection, unit: Unit, month: date = JANUARY) -> MonthEnd:
    return months.month_end(books, A, unit, month)


def told(month: MonthEnd, what: str) -> tuple[int, int]:
    (check,) = (check for check in month.checks if check.what == what)
    return check.expected, check.found


def test_cheques_sold_are_redeemed_outstanding_expired_or_refunded(books: Connection) -> None:
    month = january(books, Unit.VOUCHER)
    assert month.reconciles
    assert told(month, "vouchers sold") == (5, 5)

    pass_time(books, days=366)
    paper.lapse_due(books)
    later = january(books, Unit.VOUCHER, date(2032, 1, 1))
    assert later.reconciles
    assert told(later, "vouchers sold") == (5, 5)
    closings = {line.kind: line.closing for line in later.balances}
    assert (closings[AccountKind.EXPIRED], closings[AccountKind.SUSPENSE]) == (3, 0)


def test_the_cash_of_the_desks_answers_to_what_was_sold_less_refunded(books: Connection) -> None:
    month = january(books, Unit.EURCENT)
    assert month.reconciles
    assert told(month, "cash of vouchers at the desks") == (6000, 6000)


def test_welfare_that_was_granted_is_spent_returned_or_left(books: Connection) -> None:
    month = january(books, Unit.WELFARE_CENT)
    assert month.reconciles
    assert told(month, "welfare granted") == (10_000, 10_000)


@pytest.mark.parametrize(
    ("unit", "what", "damage"),
    [
        (Unit.VOUCHER, "vouchers sold", "batch SET operation = 'other' WHERE operation = 'redeem'"),
        (Unit.EURCENT, "cash of vouchers at the desks",
         "entry e SET delta = delta - 1 FROM ledger.account a WHERE a.id = e.account_id AND kind = 'desk' AND seq = 1"),
        (Unit.WELFARE_CENT, "welfare granted", "batch SET operation = 'other' WHERE operation = 'welfare_spend'"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_said(books: Connection, unit: Unit, what: str, damage: str) -> None:
    books.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("batch", "entry"):
        books.exec_driver_sql(UNGUARDED.format(table=table))
    books.exec_driver_sql("ALTER TABLE ledger.entry DROP CONSTRAINT entry_sum")
    books.exec_driver_sql(f"UPDATE ledger.{damage}")

    month = january(books, unit)
    expected, found = told(month, what)
    assert expected != found
    assert not month.reconciles
