"""Real threads on real connections, let go together: each race has one outcome, and nothing is lost."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

import rewards
from rewards import Account, LedgerError, check, errors
from tests.rewards.factories import (
    MAKELAAR,
    A,
    B,
    C,
    a_hold,
    a_member,
    a_payment,
    a_reversal,
    a_settlement,
    see,
    trusting,
)

Act = Callable[[Connection], object]


def race(engine: Engine, acts: list[Act]) -> list[object]:
    """Each act in a transaction of its own, all at once: its result, or the error that refused it."""
    barrier = Barrier(len(acts), timeout=60)  # one that cannot come must not keep the others waiting for ever

    def run(act: Act) -> object:
        with engine.connect() as connection:
            see(connection, A, B, C)
            barrier.wait()
            try:
                result = act(connection)
            except LedgerError as refusal:
                return refusal
            connection.commit()
            return result

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def committed(engine: Engine, *municipalities: int) -> list[Account]:
    with engine.begin() as connection:
        return [a_member(connection, municipality) for municipality in municipalities]


def refusals(results: list[object]) -> list[type]:
    return [type(result) for result in results if isinstance(result, LedgerError)]


@pytest.fixture(autouse=True)
def invariants_hold_afterwards(engine: Engine) -> object:
    yield
    with engine.connect() as connection:
        assert check.run(connection) == []


@pytest.mark.parametrize("_", range(5))
def test_a_hold_is_settled_or_voided_never_both(engine: Engine, _: int) -> None:
    asker, helper = committed(engine, A, A)
    with engine.begin() as connection:
        held = a_hold(connection, asker, helper, 60)

    results = race(
        engine,
        [
            lambda connection: a_settlement(connection, held, 60),
            lambda connection: rewards.void(connection, key=str(uuid4()), actor=MAKELAAR, hold=held.transfer),
        ]
        * 2,
    )

    assert refusals(results) == [errors.HoldEnded] * 3


@pytest.mark.parametrize("book", [a_hold, a_payment])
def test_eight_at_one_floor_get_no_further_than_it(engine: Engine, book: Callable[..., object]) -> None:
    asker, *helpers = committed(engine, *[A] * 9)

    def ask(helper: Account) -> Act:
        return lambda connection: book(connection, asker, helper, 300)

    results = race(engine, [ask(helper) for helper in helpers])

    assert refusals(results) == [errors.Overdrawn] * 6


def test_one_key_from_sixteen_sides_books_once(engine: Engine) -> None:
    payer, payee = committed(engine, A, A)

    results = race(engine, [lambda connection: a_payment(connection, payer, payee, 10, key="once")] * 16)

    bookings = [result for result in results if isinstance(result, rewards.Booking)]
    assert len(bookings) == 16
    assert len({booking.transfer for booking in bookings}) == 1
    assert [booking.hit for booking in bookings].count(False) == 1


def test_one_key_for_two_requests_serves_one_of_them(engine: Engine) -> None:
    payer, payee = committed(engine, A, A)

    def pay(minutes: int) -> Act:
        return lambda connection: a_payment(connection, payer, payee, minutes, key="two")

    results = race(engine, [pay(10), pay(20)] * 4)

    assert refusals(results) == [errors.KeyReused] * 4


def test_a_payment_is_reversed_once_from_eight_sides(engine: Engine) -> None:
    payer, payee = committed(engine, A, A)
    with engine.begin() as connection:
        payment = a_payment(connection, payer, payee)

    results = race(engine, [lambda connection: a_reversal(connection, payment)] * 8)

    assert refusals(results) == [errors.AlreadyReversed] * 7


def test_an_account_is_opened_once_from_eight_sides(engine: Engine) -> None:
    owner = uuid4()

    results = race(engine, [lambda connection: a_member(connection, A, owner=owner)] * 8)

    assert len({result.id for result in results if isinstance(result, Account)}) == 1


def test_trust_set_from_both_sides_at_once_makes_one_pair(engine: Engine) -> None:
    def trust(one: int, other: int) -> Act:
        return lambda connection: trusting(connection, one, other, 6000)

    for one in range(1, 11):  # a new pair each time, so that its accounts are opened in the race
        assert refusals(race(engine, [trust(one, C), trust(C, one)] * 3)) == []


def test_payments_in_a_ring_never_deadlock_and_lose_nothing(engine: Engine) -> None:
    accounts = committed(engine, A, B, A, B)
    with engine.begin() as connection:
        trusting(connection, A, B)
        trusting(connection, B, A)

    def shuffle(seed: int) -> Act:
        dice = random.Random(seed)

        def act(connection: Connection) -> None:
            for _ in range(15):
                payer, payee = dice.sample(accounts, 2)
                try:
                    held = a_hold(connection, payer, payee, dice.randint(1, 60))
                    connection.commit()
                    a_settlement(connection, held, 1)
                except errors.OverLimit:
                    connection.rollback()
                connection.commit()

        return act

    assert refusals(race(engine, [shuffle(seed) for seed in range(8)])) == []
