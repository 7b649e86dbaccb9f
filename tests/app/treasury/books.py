"""Books of two months in all four units, booked by the ledger itself, for tests of the treasurer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from app.clock import AMSTERDAM
from app.treasury.calendar import following
from rewards import Account, Booking
from tests.databases import Database
from tests.rewards.factories import (
    A,
    B,
    C,
    a_hold,
    a_member,
    a_payment,
    a_pot,
    a_reversal,
    a_settlement,
    see,
    trusting,
)
from tests.rewards.paper_factories import a_desk, a_provider, a_redemption, a_refund, a_sale
from tests.rewards.test_welfare import a_grant, a_period, a_spending

FIRST = datetime.now(AMSTERDAM).date().replace(day=1)
"""The month in which a test's database gets its region, and with it the first accounts."""
SECOND = following(FIRST)
THIRD = following(SECOND)


@dataclass(frozen=True)
class Booked:
    """What tests ask for by name."""

    wrong: Booking
    members: list[Account]


@contextmanager
def as_owner(database: Database, *municipalities: int) -> Iterator[Connection]:
    """The owner at work in these municipalities, in one transaction."""
    with database.owner.begin() as owner:
        see(owner, *(municipalities or (A, B, C)))
        yield owner


def go_to(owner: Connection, day: date) -> None:
    """Noon of that day, by the ledger's clock."""
    owner.execute(
        text("SELECT ledger.shift((:day + time '11:00') AT TIME ZONE 'UTC' - ledger.now())"), {"day": day}
    )


def travel(database: Database, day: date) -> None:
    """The same, for everybody."""
    with as_owner(database) as owner:
        go_to(owner, day)


def two_months(database: Database) -> Booked:
    """The first with bookings in every unit, the second with a correction; it is day 5 of the third afterwards."""
    with as_owner(database) as owner:
        for pair in ((A, B), (B, A)):
            trusting(owner, *pair)
        here, other, there = a_member(owner, A), a_member(owner, A), a_member(owner, B)
        a_settlement(owner, a_hold(owner, here, other, 90), 75)
        wrong = a_payment(owner, here, other, 60)
        a_payment(owner, here, there, 120)
        for shard, minutes in ((0, 100), (1, 80)):
            a_payment(owner, a_member(owner, B), a_pot(owner, B, shard=shard), minutes)
        _cheques(owner)
        _budget(owner)
        go_to(owner, SECOND.replace(day=5))
        a_hold(owner, here, other, 45)
        a_reversal(owner, wrong)
        go_to(owner, THIRD.replace(day=5))
    return Booked(wrong, [here, other, there])


def _cheques(owner: Connection) -> None:
    desk, provider = a_desk(owner), a_provider(owner)
    papers = a_sale(owner, desk, 5)
    for serial in papers.serials[:2]:
        a_redemption(owner, serial.text, provider)
    a_refund(owner, papers.serials[2].text, desk)


def _budget(owner: Connection) -> None:
    budget = a_period(owner)
    a_grant(owner, budget, 12_345)
    a_spending(owner, budget, 2_045)
