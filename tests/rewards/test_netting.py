"""Netting: imbalances between municipalities cancelled against the pots, with a yes from both sides."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine

import rewards
from rewards import AccountKind, Unit, check, errors, months, netting
from rewards.netting import Answer, Netting
from tests.databases import Database
from tests.rewards.factories import (
    A,
    B,
    C,
    a_member,
    a_payment,
    a_pot,
    clearing,
    posted,
    refused,
    see,
    trusting,
)
from tests.rewards.gift_factories import a_grant
from tests.rewards.test_months import FEBRUARY, JANUARY, travel

OF_A, OF_B = UUID(int=0xA), UUID(int=0xB)
"""Makelaars of either side."""


@pytest.fixture
def books(apart: Database) -> Iterator[Connection]:
    """In February: B's helpers gave A's residents 90 minutes in January and got 30 back; B's pot has 100."""
    engine = create_engine(apart.owner_url)
    with engine.connect() as owner:
        see(owner, A, B, C)
        travel(owner, date(2031, 1, 5))
        for one, other in ((A, B), (B, A)):
            trusting(owner, one, other)
        here, there = a_member(owner, A), a_member(owner, B)
        a_payment(owner, here, there, 90)
        a_payment(owner, there, here, 30)
        for shard, minutes in ((0, 45), (1, 55)):
            a_payment(owner, a_member(owner, B), a_pot(owner, B, shard=shard), minutes)
        travel(owner, date(2031, 2, 5))
        yield owner
        owner.rollback()
    engine.dispose()


def proposed(books: Connection) -> Netting:
    (one,) = netting.propose(books, B, JANUARY)
    return one


def say(
    connection: Connection, one: Netting, side: int, approved: bool = True, by: UUID | None = None
) -> Netting:
    return netting.answer(
        connection,
        actor=by or (OF_A if side == A else OF_B),
        netting=one.id,
        municipality_id=side,
        approved=approved,
    )


def of_pots(connection: Connection, municipality: int) -> int:
    month = months.month_end(connection, municipality, Unit.ROOSJE_MIN, FEBRUARY)
    return next(line.closing for line in month.balances if line.kind is AccountKind.POT)


def test_what_stood_open_at_the_months_end_is_proposed_once_whoever_asks(books: Connection) -> None:
    one = proposed(books)
    assert (one.taker_id, one.giver_id, one.month, one.minutes) == (A, B, JANUARY, 60)
    assert (one.taker, one.giver, one.batch) == (None, None, None)
    assert netting.propose(books, A, JANUARY) == [one]


def test_two_yeses_cancel_it_against_the_pots(books: Connection) -> None:
    one = proposed(books)
    assert say(books, one, A).batch is None
    assert posted(books, clearing(books, A, B)) == [60]

    done = say(books, one, B)

    assert (done.taker, done.giver) == (Answer(True, OF_A), Answer(True, OF_B))
    assert done.batch is not None
    assert posted(books, clearing(books, A, B), clearing(books, B, A)) == [0, 0]
    assert (of_pots(books, A), of_pots(books, B)) == (60, 40)
    assert check.run(books) == []
    for municipality in (A, B):
        month = months.month_end(books, municipality, Unit.ROOSJE_MIN, FEBRUARY)
        assert month.reconciles
        assert {line.operation for line in month.movements} == {"net"}


def test_the_same_answer_again_changes_nothing(books: Connection) -> None:
    one = proposed(books)
    first = say(books, one, A)
    assert say(books, one, A) == first
    done = say(books, one, B)
    assert say(books, one, B) == done
    assert say(books, one, A) == done
    assert of_pots(books, A) == 60


def test_nobody_answers_for_both_sides(books: Connection) -> None:
    one = proposed(books)
    say(books, one, A)
    with refused(books, errors.OwnInterest):
        say(books, one, B, by=OF_A)


def test_a_no_ends_it(books: Connection) -> None:
    one = proposed(books)
    assert say(books, one, A, approved=False).taker == Answer(False, OF_A)
    for side in (A, B):
        with refused(books, errors.NettingAnswered):
            say(books, one, side)
    assert check.run(books) == []


def test_a_side_does_not_answer_twice_in_another_way(books: Connection) -> None:
    one = proposed(books)
    say(books, one, A)
    with refused(books, errors.NettingAnswered):
        say(books, one, A, approved=False)
    with refused(books, errors.NettingAnswered):
        say(books, one, A, by=UUID(int=0xC))


def test_when_less_is_open_by_now_it_is_not_booked(books: Connection) -> None:
    one = proposed(books)
    say(books, one, A)
    a_payment(books, a_member(books, B), a_member(books, A), 1)

    with refused(books, errors.NettingOutgrown) as caught:
        say(books, one, B)

    assert caught.value.details == {"asked": 60, "room": 59}


def test_no_more_is_proposed_than_is_still_open(books: Connection) -> None:
    a_payment(books, a_member(books, B), a_member(books, A), 25)
    assert proposed(books).minutes == 35


def test_what_turned_round_since_is_not_proposed(books: Connection) -> None:
    a_payment(books, a_member(books, B), a_member(books, A), 60)
    assert netting.propose(books, B, JANUARY) == []


def test_a_pot_without_enough_books_nothing(books: Connection) -> None:
    a_grant(books, a_member(books, B), 41)
    one = proposed(books)
    say(books, one, A)
    with refused(books, errors.PotEmpty) as caught:
        say(books, one, B)
    assert caught.value.details == {"asked": 60, "room": 59}
    assert posted(books, clearing(books, A, B)) == [60]
    assert of_pots(books, B) == 59


def test_a_later_month_takes_the_place_of_an_earlier(books: Connection) -> None:
    one = proposed(books)
    say(books, one, A)
    travel(books, date(2031, 3, 5))
    (later,) = netting.propose(books, A, FEBRUARY)
    with refused(books, errors.NettingOutgrown):
        say(books, one, B)
    say(books, later, B)
    say(books, later, A)
    assert posted(books, clearing(books, A, B)) == [0]


def test_a_month_that_is_not_over_proposes_nothing(books: Connection) -> None:
    with refused(books, errors.MonthNotOver):
        netting.propose(books, A, FEBRUARY)


def test_a_netting_can_be_taken_back_leg_by_leg(books: Connection) -> None:
    one = proposed(books)
    say(books, one, A)
    batch = say(books, one, B).batch
    firsts = books.exec_driver_sql(
        f"SELECT id FROM ledger.transfer WHERE batch_id = {batch} AND follows_id IS NULL"
    ).scalars().all()  # fmt: skip
    for first in firsts:
        rewards.reverse(
            books, key=str(first), actor=OF_A, transfer=first, reason=rewards.Reason.BOOKED_BY_MISTAKE
        )
    assert posted(books, clearing(books, A, B), clearing(books, B, A)) == [60, -60]
    assert check.run(books) == []


def test_others_have_no_part_in_it_and_see_none(books: Connection, apart: Database) -> None:
    one = proposed(books)
    say(books, one, A)
    books.commit()
    engine = create_engine(apart.app_url)
    with engine.connect() as connection:
        see(connection, A)
        for number, side in ((one.id, B), (one.id, C), (999, A)):
            with refused(connection, errors.UnknownNetting, match="there is no such proposal here"):
                netting.answer(connection, actor=OF_B, netting=number, municipality_id=side, approved=True)
        with refused(connection, errors.UnknownBooks):
            netting.propose(connection, B, JANUARY)
        assert len(netting.nettings(connection, B)) == 1
        counts = "SELECT (SELECT count(*) FROM ledger.netting), (SELECT count(*) FROM ledger.netting_answer)"
        for reach, pseudonym in (((C,), None), ((), OF_A)):
            see(connection, *reach, pseudonym=pseudonym)
            assert tuple(connection.exec_driver_sql(counts).one()) == (0, 0)
    engine.dispose()


@pytest.mark.parametrize("approved", [1, "yes", None])
def test_an_answer_is_yes_or_no(connection: Connection, approved: object) -> None:
    with pytest.raises(errors.InvalidInput):
        netting.answer(connection, actor=OF_A, netting=1, municipality_id=A, approved=approved)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", ["netting", "netting_answer"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_proposed_and_said_stays_even_for_the_owner(
    owner: Connection, table: str, verb: str
) -> None:
    column = {"netting": "amount", "netting_answer": "approved"}[table]
    with refused(owner, Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE|TRUNCATE)"):
        owner.exec_driver_sql(verb.format(f"ledger.{table}", column, column))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger.netting SET amount = amount + 1",
        "UPDATE ledger.netting_answer SET batch_id = NULL",
        "UPDATE ledger.netting_answer SET approved = false WHERE side = 'taker'",
        "DELETE FROM ledger.netting_answer WHERE batch_id IS NOT NULL",
    ],
)
def test_a_netting_that_was_not_approved_as_booked_is_reported(books: Connection, damage: str) -> None:
    one = proposed(books)
    say(books, one, A)
    say(books, one, B)
    for table in ("netting", "netting_answer"):
        books.exec_driver_sql(f"ALTER TABLE ledger.{table} DISABLE TRIGGER append_only")

    books.exec_driver_sql(damage)

    assert {fault.invariant for fault in check.run(books)} == {"I23"}


def test_both_sides_at_once_book_it_once_while_others_pay(books: Connection, apart: Database) -> None:
    one = proposed(books)
    books.commit()
    engine = create_engine(apart.app_url, pool_size=16)
    barrier = threading.Barrier(12)

    def act(place: int) -> None:
        with engine.begin() as connection:
            see(connection, A, B)
            if place % 3 == 2:
                payer, payee = a_member(connection, A), a_member(connection, B)
            barrier.wait()
            if place % 3 == 2:
                a_payment(connection, payer, payee, 1)
            else:
                say(connection, one, (A, B)[place % 3])

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(act, range(12)))

    with engine.connect() as connection:
        see(connection, A, B)
        assert check.run(connection) == []
        assert posted(connection, clearing(connection, A, B)) == [4]
        (done,) = netting.nettings(connection, A)
        assert done.batch is not None
        booked = "SELECT count(*) FROM ledger.batch WHERE operation = 'net'"
        assert connection.exec_driver_sql(booked).scalar_one() == 1
    engine.dispose()


def test_months_with_a_netting_are_closed_on_both_sides(books: Connection) -> None:
    one = proposed(books)
    say(books, one, A)
    say(books, one, B)
    travel(books, date(2031, 3, 1))
    for municipality in (A, B):
        for month in (JANUARY, FEBRUARY):
            months.close_month(
                books, actor=OF_A, municipality_id=municipality, unit=Unit.ROOSJE_MIN, month=month
            )
        assert months.month_end(books, municipality, Unit.ROOSJE_MIN, FEBRUARY).reconciles
    assert check.run(books) == []
