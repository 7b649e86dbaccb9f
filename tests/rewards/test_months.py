"""Months: what the books say of one, closing it for good, and bookings that come too late."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, create_engine

import rewards
from rewards import AccountKind, Unit, check, errors, months
from rewards.months import Clearing, Holds, KindBalance
from tests.databases import Database
from tests.rewards.factories import (
    MAKELAAR,
    A,
    B,
    a_hold,
    a_member,
    a_payment,
    a_pot,
    a_reversal,
    a_settlement,
    now,
    refused,
    see,
    trusting,
)
from tests.rewards.gift_factories import a_grant

JANUARY, FEBRUARY, MARCH = date(2031, 1, 1), date(2031, 2, 1), date(2031, 3, 1)
TREASURER = UUID(int=7)


def travel(owner: Connection, day: date, hour: int = 12) -> None:
    """To a day, by the clock of Amsterdam (an hour ahead of UTC in winter)."""
    then = datetime(day.year, day.month, day.day, hour - 1, tzinfo=UTC)
    owner.exec_driver_sql("SELECT ledger.shift(%s - ledger.now())", (then,))


@pytest.fixture
def books(apart: Database) -> Iterator[Connection]:
    """The owner of an own ledger, at work in both municipalities on 5 January 2031."""
    engine = create_engine(apart.owner_url)
    with engine.connect() as owner:
        see(owner, A, B)
        travel(owner, date(2031, 1, 5))
        yield owner
        owner.rollback()
    engine.dispose()


def close(
    connection: Connection, month: date, municipality: int = A, unit: Unit = Unit.ROOSJE_MIN
) -> months.Closed:
    return months.close_month(
        connection, actor=TREASURER, municipality_id=municipality, unit=unit, month=month
    )


def of_kind(month: months.MonthEnd, kind: AccountKind) -> KindBalance:
    (line,) = (line for line in month.balances if line.kind is kind)
    return line


def test_a_month_says_what_it_began_with_what_came_and_went_and_what_was_left(books: Connection) -> None:
    one, other, pot = a_member(books), a_member(books), a_pot(books)
    a_payment(books, one, other, 60)
    a_payment(books, one, pot, 30)
    travel(books, date(2031, 2, 5))
    a_reversal(books, a_payment(books, other, one, 20))
    a_grant(books, other, 10)

    january = months.month_end(books, A, Unit.ROOSJE_MIN, JANUARY)
    february = months.month_end(books, A, Unit.ROOSJE_MIN, FEBRUARY)

    assert of_kind(january, AccountKind.MEMBER) == KindBalance(AccountKind.MEMBER, 0, 60, 90, -30)
    assert of_kind(february, AccountKind.MEMBER) == KindBalance(AccountKind.MEMBER, -30, 50, 40, -20)
    assert of_kind(february, AccountKind.POT) == KindBalance(AccountKind.POT, 30, 0, 10, 20)
    assert [(line.kind, line.operation, line.transfers, line.credits, line.debits) for line in february.movements] == [
        ("member", "grant", 1, 10, 0), ("member", "pay", 1, 20, 20), ("member", "reverse", 1, 20, 20),
        ("pot", "grant", 1, 0, 10),
    ]  # fmt: skip
    assert january.reconciles
    assert february.reconciles
    assert february.closed is None


def test_a_month_begins_at_midnight_in_amsterdam(books: Connection) -> None:
    one, other = a_member(books), a_member(books)
    for moment, minutes in (("2031-01-31 23:59:59.5+01", 1), ("2031-02-01 00:00:00+01", 2)):
        books.exec_driver_sql(f"SELECT ledger.shift('{moment}' - ledger.now())")
        a_payment(books, one, other, minutes)

    credits = [of_kind(months.month_end(books, A, Unit.ROOSJE_MIN, month), AccountKind.MEMBER).credits
               for month in (JANUARY, FEBRUARY)]  # fmt: skip
    assert credits == [1, 2]


def test_holds_are_told_by_their_age_as_they_were_when_the_month_ended(books: Connection) -> None:
    one, other = a_member(books), a_member(books)
    far = {"expires_at": datetime(2032, 1, 1, tzinfo=UTC)}
    a_hold(books, one, other, 10, **far)
    settled = a_hold(books, one, other, 20, **far)
    travel(books, date(2031, 3, 2))
    a_hold(books, one, other, 40, **far)
    travel(books, date(2031, 4, 2))
    a_settlement(books, settled, 20)
    a_hold(books, one, other, 80, **far)

    told = [months.month_end(books, A, Unit.ROOSJE_MIN, date(2031, month, 1)).holds for month in (1, 3, 4, 5)]
    assert told == [Holds(2, 30, 0, 0), Holds(3, 40, 30, 0), Holds(3, 80, 40, 10), Holds(3, 0, 80, 50)]


def test_clearing_nets_to_zero_with_each_neighbour(books: Connection) -> None:
    trusting(books, B, A)
    a_payment(books, a_member(books, A), a_member(books, B), 45)

    month = months.month_end(books, A, Unit.ROOSJE_MIN, JANUARY)
    assert month.clearing == [Clearing(B, 45, -45)]
    assert months.month_end(books, B, Unit.ROOSJE_MIN, JANUARY).clearing == [Clearing(A, -45, 45)]
    assert of_kind(month, AccountKind.CLEARING).closing == 45
    assert month.reconciles


def test_months_are_closed_once_over_in_order_and_for_good(books: Connection) -> None:
    one, other = a_member(books), a_member(books)
    a_payment(books, one, other, 60)
    a_hold(books, one, other, 15, expires_at=datetime(2032, 1, 1, tzinfo=UTC))
    assert months.next_month(books, A, Unit.ROOSJE_MIN) == JANUARY
    with refused(books, errors.MonthNotOver):
        close(books, JANUARY)
    travel(books, date(2031, 3, 5))
    with refused(books, errors.MonthOutOfOrder) as caught:
        close(books, FEBRUARY)
    assert caught.value.details == {"month": "2031-01-01"}
    with refused(books, errors.MonthOutOfOrder):
        close(books, date(2030, 12, 1))

    january = close(books, JANUARY)
    travel(books, date(2031, 3, 6))
    assert close(books, JANUARY) == january
    assert (january.by, january.transfers) == (TREASURER, 1)
    assert months.next_month(books, A, Unit.ROOSJE_MIN) == FEBRUARY
    close(books, FEBRUARY)
    month = months.month_end(books, A, Unit.ROOSJE_MIN, JANUARY)
    assert month.closed == january
    assert month.reconciles
    assert check.run(books) == []


def test_midnight_to_the_microsecond_decides_whether_a_month_is_over(books: Connection) -> None:
    a_member(books)
    assert books.exec_driver_sql(
        "SELECT ledger.month_begins('2031-02-01') = '2031-01-31 23:00:00+00' AND"
        " ledger.month_begins('2031-07-01') = '2031-06-30 22:00:00+00'"
    ).scalar_one()
    books.exec_driver_sql("SELECT ledger.shift('2031-02-01 00:00:00+01' - ledger.now())")
    close(books, JANUARY)


@pytest.mark.parametrize("act", ["pay", "hold", "settle", "void"])
def test_a_closed_month_takes_no_booking(books: Connection, act: str) -> None:
    one, other = a_member(books), a_member(books)
    held = a_hold(books, one, other, 15, expires_at=datetime(2032, 1, 1, tzinfo=UTC))
    travel(books, date(2031, 2, 5))
    close(books, JANUARY)
    travel(books, date(2031, 1, 20))  # a clock that was set back, or a booking that hung

    acts = {
        "pay": lambda: a_payment(books, one, other, 5),
        "hold": lambda: a_hold(books, one, other, 5),
        "settle": lambda: a_settlement(books, held, 15),
        "void": lambda: rewards.void(books, key=str(uuid4()), actor=MAKELAAR, hold=held.transfer),
    }
    with refused(books, errors.MonthClosed) as caught:
        acts[act]()
    assert caught.value.details == {"municipality": A, "month": "2031-01-01"}
    travel(books, date(2031, 2, 5))
    acts[act]()
    assert check.run(books) == []


def test_a_month_closed_on_either_side_takes_no_booking_across_the_border(books: Connection) -> None:
    trusting(books, B, A)
    trusting(books, A, B)
    here, there, third = a_member(books, A), a_member(books, B), a_member(books, A)
    travel(books, date(2031, 2, 5))
    close(books, JANUARY, B)
    travel(books, date(2031, 1, 20))

    for payer, payee in ((here, there), (there, here)):
        with refused(books, errors.MonthClosed):
            a_payment(books, payer, payee, 5)
        with refused(books, errors.MonthClosed):
            a_hold(books, payer, payee, 5)
    a_payment(books, here, third, 5)


def test_another_unit_stays_open(books: Connection) -> None:
    a_member(books)
    a_member(books, unit=Unit.VOUCHER, kind=AccountKind.ISSUER, owner=None)
    travel(books, date(2031, 2, 5))
    close(books, JANUARY)

    assert months.units(books, A) == [Unit.ROOSJE_MIN, Unit.VOUCHER]
    assert months.month_end(books, A, Unit.VOUCHER, JANUARY).closed is None


@pytest.mark.parametrize("table", ["period", "period_line"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET month = month", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_closed_stays_even_for_the_owner(owner: Connection, table: str, verb: str) -> None:
    with refused(owner, Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE|TRUNCATE)"):
        owner.exec_driver_sql(verb.format(f"ledger.{table}"))


@pytest.mark.parametrize(
    ("damage", "offender"),
    [
        (
            "UPDATE ledger.period_line SET credits = credits + 1, closing = closing + 1 WHERE kind = 'pot'",
            "pot",
        ),
        ("DELETE FROM ledger.period_line WHERE kind = 'desk'", "2031-01"),
        ("UPDATE ledger.period SET holds = 9", "2031-01"),
        ("UPDATE ledger.entry SET delta = delta * 2", "member"),
    ],
)
def test_a_month_that_no_longer_says_what_it_said_is_reported(
    books: Connection, damage: str, offender: str
) -> None:
    a_payment(books, a_member(books), a_member(books), 5)
    travel(books, date(2031, 2, 5))
    close(books, JANUARY)
    books.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("entry", "period", "period_line"):
        books.exec_driver_sql(f"ALTER TABLE ledger.{table} DISABLE TRIGGER append_only")
    books.exec_driver_sql("ALTER TABLE ledger.entry DROP CONSTRAINT entry_sum")
    assert check.run(books) == []

    books.exec_driver_sql(damage)

    found = [fault.offender for fault in check.run(books) if fault.invariant == "I22"]
    assert found
    assert all(one.endswith(offender) for one in found)


def test_books_that_do_not_reconcile_are_not_closed(books: Connection) -> None:
    a_payment(books, a_member(books), a_member(books), 5)
    travel(books, date(2031, 2, 5))
    books.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    books.exec_driver_sql("ALTER TABLE ledger.entry DISABLE TRIGGER append_only")
    books.exec_driver_sql("ALTER TABLE ledger.entry DROP CONSTRAINT entry_sum")
    books.exec_driver_sql("UPDATE ledger.entry SET delta = delta + 1 WHERE delta > 0")

    assert not months.month_end(books, A, Unit.ROOSJE_MIN, JANUARY).reconciles
    with refused(books, errors.DoesNotReconcile):
        close(books, JANUARY)


def test_months_of_others_do_not_exist(connection: Connection) -> None:
    a_member(connection, A)
    this_month = date(2026, 1, 1)
    for reach in ((), (B,)):
        see(connection, *reach)
        for act in (
            lambda: months.month_end(connection, A, Unit.ROOSJE_MIN, this_month),
            lambda: months.next_month(connection, A, Unit.ROOSJE_MIN),
            lambda: close(connection, this_month),
            lambda: months.month_end(connection, 9, Unit.ROOSJE_MIN, this_month),
        ):
            with refused(connection, errors.UnknownBooks, match="there are no such books here"):
                act()
        assert months.units(connection, A) == []


def test_a_member_sees_no_month(books: Connection, apart: Database) -> None:
    member = a_member(books)
    travel(books, date(2031, 2, 5))
    close(books, JANUARY)
    books.commit()
    engine = create_engine(apart.app_url)
    counts = "SELECT (SELECT count(*) FROM ledger.period), (SELECT count(*) FROM ledger.period_line)"
    with engine.connect() as connection:
        for seen, reach, pseudonym in ((1, (A,), None), (0, (B,), None), (0, (), member.owner)):
            see(connection, *reach, pseudonym=pseudonym)
            assert tuple(connection.exec_driver_sql(counts).one()) == (seen, 9 * seen)
    engine.dispose()


@pytest.mark.parametrize(
    "month", [date(2031, 1, 2), datetime(2031, 1, 1, tzinfo=UTC), "2031-01-01", None, 202601]
)
def test_a_month_is_the_date_of_its_first_day(connection: Connection, month: object) -> None:
    with pytest.raises(errors.InvalidInput):
        months.month_end(connection, A, Unit.ROOSJE_MIN, month)  # type: ignore[arg-type]


def in_turn(apart: Database, first_books: bool) -> tuple[list[object], Engine]:
    """A booking and a closing at once, the one under way when the other comes: what each of them came to."""
    owner_engine = create_engine(apart.owner_url)
    engine = create_engine(apart.app_url)
    with owner_engine.begin() as owner:
        see(owner, A)
        travel(owner, date(2031, 1, 31))
        one, other = a_member(owner), a_member(owner)
    under_way, results = threading.Event(), []

    def book(connection: Connection) -> object:
        return a_payment(connection, one, other, 5)

    def shut(connection: Connection) -> object:
        return close(connection, JANUARY)

    def first() -> object:
        with engine.begin() as connection:
            see(connection, A)
            if first_books:
                done = book(connection)
            else:
                with owner_engine.begin() as owner:
                    travel(owner, date(2031, 2, 1))
                done = shut(connection)
            under_way.set()
            # until the second waits for us
            for _ in range(2000):
                if connection.exec_driver_sql(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                ).scalar_one():
                    break
                threading.Event().wait(0.005)
            else:
                raise AssertionError("nobody waited")
            return done

    def second() -> object:
        under_way.wait(20)
        with owner_engine.begin() as owner:
            travel(owner, date(2031, 2, 1) if first_books else date(2031, 1, 31))
        try:
            with engine.begin() as connection:
                see(connection, A)
                return shut(connection) if first_books else book(connection)
        except errors.LedgerError as refusal:
            return refusal

    with ThreadPoolExecutor(2) as threads:
        results = [future.result(30) for future in (threads.submit(first), threads.submit(second))]
    owner_engine.dispose()
    return results, engine


@pytest.mark.parametrize("first_books", [True, False], ids=["booking-first", "closing-first"])
def test_a_booking_and_a_closing_wait_for_each_other(apart: Database, first_books: bool) -> None:
    results, engine = in_turn(apart, first_books)

    with engine.connect() as connection:
        see(connection, A)
        month = months.month_end(connection, A, Unit.ROOSJE_MIN, JANUARY)
        assert check.run(connection) == []
    engine.dispose()
    assert month.reconciles
    assert month.closed is not None
    if first_books:
        assert month.closed.transfers == 1
    else:
        assert isinstance(results[1], errors.MonthClosed)
        assert month.closed.transfers == 0


@pytest.mark.parametrize("seed", range(3))
def test_closings_among_bookings_lose_and_admit_nothing(apart: Database, seed: int) -> None:
    """Sixteen pay across the border around midnight while both municipalities close, again and again."""
    owner_engine = create_engine(apart.owner_url)
    engine = create_engine(apart.app_url, pool_size=20)
    with owner_engine.begin() as owner:
        see(owner, A, B)
        travel(owner, date(2031, 1, 31))
        trusting(owner, A, B)
        trusting(owner, B, A)
        people = [a_member(owner, place) for place in (A, B, A, B)]
    barrier = threading.Barrier(18)

    def pay(place: int) -> int:
        booked = 0
        barrier.wait()
        for turn in range(6):
            if place == 0 and turn == 1 + seed:
                with owner_engine.begin() as owner:
                    travel(owner, date(2031, 2, 1))
            payer, payee = people[place % 4], people[(place + 1 + turn % 3) % 4]
            try:
                with engine.begin() as connection:
                    a_payment(connection, payer, payee, 1)
                booked += 1
            except errors.MonthClosed:
                pass
        return booked

    def shut(municipality: int) -> int:
        barrier.wait()
        for _ in range(1000):
            try:
                with engine.begin() as connection:
                    see(connection, municipality)
                    close(connection, JANUARY, municipality)
                return 0
            except errors.MonthNotOver:
                threading.Event().wait(0.005)
        raise AssertionError("never closed")

    with ThreadPoolExecutor(18) as threads:
        booked = sum(future.result(60) for future in [
            *(threads.submit(pay, place) for place in range(16)), *(threads.submit(shut, m) for m in (A, B))
        ])  # fmt: skip
    with engine.connect() as connection:
        see(connection, A, B)
        assert check.run(connection) == []
        for municipality in (A, B):
            assert months.month_end(connection, municipality, Unit.ROOSJE_MIN, JANUARY).reconciles
        batches = connection.exec_driver_sql("SELECT count(*) FROM ledger.batch").scalar_one()
        assert batches == booked
        assert now(connection) > datetime(2031, 1, 31, tzinfo=UTC)
    engine.dispose()
    owner_engine.dispose()
