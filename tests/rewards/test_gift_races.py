"""Gifts, grants, answers, departures and payments at the same moment on the same accounts."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

import rewards
from rewards import (
    Account,
    AccountId,
    AccountKind,
    Asked,
    Departure,
    LedgerError,
    Outcome,
    Verdict,
    check,
    errors,
)
from tests.rewards.factories import MAKELAAR, a_member, a_payment, a_reversal, see
from tests.rewards.gift_factories import (
    COLLEAGUE,
    a_donation,
    a_grant,
    a_grant_to_see,
    a_question,
    a_verdict,
)
from tests.rewards.test_races import Act, race, refusals

WAYS = (2, 8)


@pytest.fixture(autouse=True)
def invariants_hold_afterwards(engine: Engine) -> object:
    yield
    with engine.connect() as connection:
        assert check.run(connection) == []


class Scene:
    """One municipality of its own: a member with what a pot needs, and a pot of 16 shards of 10 minutes."""

    numbers = iter(range(3000, 9000))

    def __init__(self, engine: Engine) -> None:
        self.engine, self.municipality = engine, next(self.numbers)
        with engine.begin() as connection:
            see(connection, self.municipality)
            self.member = a_member(connection, self.municipality)
            self.other = a_member(connection, self.municipality)
            giver = a_member(connection, self.municipality, floor=-1000)
            for shard in range(16):
                pot = rewards.open_account(
                    connection, municipality_id=self.municipality, unit=rewards.Unit.ROOSJE_MIN,
                    kind=AccountKind.POT, owner=None, shard=shard,
                )  # fmt: skip
                a_payment(connection, giver, pot, 10)
            self.giver = giver

    def acts(self) -> dict[str, Callable[[], Act]]:
        return {
            "donate": lambda: lambda connection: a_donation(connection, self.member, 7),
            "grant": lambda: lambda connection: a_grant(connection, self.member, 25),
            "decide": self.deciding,
            "leave": lambda: (
                lambda connection: rewards.leave(
                    connection, key=str(uuid4()), actor=MAKELAAR, account=self.member.id
                )
            ),
            "pay": lambda: lambda connection: a_payment(connection, self.other, self.member, 5),
            "pay back": lambda: lambda connection: a_payment(connection, self.member, self.other, 5),
        }

    def deciding(self) -> Act:
        """A grant by two pairs of eyes, each of its own."""
        with self.engine.begin() as connection:
            asked = a_grant_to_see(connection, self.member, 25)
        return lambda connection: a_verdict(connection, asked, COLLEAGUE)

    def total(self) -> int:
        with self.engine.connect() as connection:
            see(connection, self.municipality)
            total: int = connection.exec_driver_sql(
                "SELECT sum(posted)::bigint FROM ledger.account WHERE municipality_id = %s",
                (self.municipality,),
            ).scalar_one()
        return total

    def balances(self, *accounts: Account) -> list[int]:
        with self.engine.connect() as connection:
            see(connection, self.municipality)
            return [rewards.balance(connection, AccountId(account.id)).posted for account in accounts]


ACTS = ["donate", "grant", "decide", "leave", "pay", "pay back"]
PAIRS = list(combinations_with_replacement(ACTS, 2))


@pytest.mark.parametrize("ways", WAYS)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_pair_is_booked_whole_and_never_deadlocks(
    engine: Engine, one: str, other: str, ways: int
) -> None:
    scene = Scene(engine)
    acts = scene.acts()

    results = race(engine, [acts[name]() for name in (one, other) * (ways // 2)])

    leaving = "leave" in (one, other)
    assert set(refusals(results)) <= {errors.PotEmpty, *([errors.AccountNotOpen] if leaving else [])}
    assert scene.total() == 0
    if leaving:
        assert sum(isinstance(result, Departure) for result in results) == 1
        assert scene.balances(scene.member) == [0]
        return
    change = {"donate": -7, "grant": 25, "decide": 25, "pay": 5, "pay back": -5}
    done = [
        name
        for name, result in zip((one, other) * (ways // 2), results, strict=True)
        if not isinstance(result, errors.LedgerError)
    ]
    assert scene.balances(scene.member) == [sum(change[name] for name in done)]


@pytest.mark.parametrize("ways", WAYS)
def test_a_pot_gives_all_it_has_and_not_a_minute_more(engine: Engine, ways: int) -> None:
    scene = Scene(engine)
    with engine.begin() as connection:
        see(connection, scene.municipality)
        members = [a_member(connection, scene.municipality) for _ in range(ways)]
    part = 320 // ways  # twice what there is

    results = race(
        engine,
        [lambda connection, member=member: a_grant(connection, member, part) for member in members],  # type: ignore[misc]
    )

    assert refusals(results) == [errors.PotEmpty] * (ways // 2)
    assert sum(scene.balances(*members)) == 160


@pytest.mark.parametrize("ways", WAYS)
def test_a_question_gets_one_answer(engine: Engine, ways: int) -> None:
    scene = Scene(engine)
    with engine.begin() as connection:
        asked = a_question(connection, scene.member, scene.other, 100)

    def answer(number: int) -> Act:
        outcome = (Outcome.ACCEPTED, Outcome.REJECTED)[number % 2]
        return lambda connection: a_verdict(connection, asked, scene.member.owner, outcome)

    results = race(engine, [answer(number) for number in range(ways)])

    (verdict,) = [result for result in results if isinstance(result, Verdict)]
    assert refusals(results) == [errors.AlreadyDecided] * (ways - 1)
    moved = 100 if verdict.outcome is Outcome.ACCEPTED else 0
    assert scene.balances(scene.member, scene.other) == [-moved, moved]


@pytest.mark.parametrize("ways", WAYS)
def test_one_key_answers_once_and_for_one_question(engine: Engine, ways: int) -> None:
    scene = Scene(engine)
    with engine.begin() as connection:
        asked = [a_question(connection, scene.member, scene.other, 10) for _ in range(2)]
    key = str(uuid4())

    def answer(number: int) -> Act:
        question = asked[number % 2]
        return lambda connection: a_verdict(connection, question, scene.member.owner, key=key)

    results = race(engine, [answer(number) for number in range(ways)])

    assert refusals(results) == [errors.KeyReused] * (ways // 2)
    verdicts = [result for result in results if isinstance(result, Verdict)]
    assert len({verdict.question for verdict in verdicts}) == 1
    assert [verdict.hit for verdict in verdicts].count(False) == 1
    assert scene.balances(scene.other) == [10]


@pytest.mark.parametrize("ways", WAYS)
def test_one_key_asks_once(engine: Engine, ways: int) -> None:
    scene = Scene(engine)
    key = str(uuid4())

    results = race(
        engine, [lambda connection: a_question(connection, scene.member, scene.other, key=key)] * ways
    )

    asked = [result for result in results if isinstance(result, Asked)]
    assert len({one.question for one in asked}) == 1
    assert [one.hit for one in asked].count(False) == 1


def test_a_pot_opens_once_from_eight_sides(engine: Engine) -> None:
    municipality = next(Scene.numbers)
    with engine.begin() as connection:
        see(connection, municipality)
        members = [a_member(connection, municipality) for _ in range(8)]

    def give(member: Account) -> Act:
        def act(connection: Connection) -> None:
            a_donation(connection, member, 5)

        return act

    assert refusals(race(engine, [give(member) for member in members])) == []
    with engine.connect() as connection:
        see(connection, municipality)
        counted = connection.exec_driver_sql(
            "SELECT count(*), sum(posted)::bigint FROM ledger.account WHERE kind = 'pot' AND municipality_id = %s",
            (municipality,),
        ).one()
    assert tuple(counted) == (16, 40)


@pytest.mark.parametrize("ways", WAYS)
def test_a_policy_is_applied_while_people_book(engine: Engine, ways: int) -> None:
    scene = Scene(engine)

    def apply(connection: Connection) -> None:
        rewards.set_policy(
            connection, key=str(uuid4()), actor=MAKELAAR, municipality_id=scene.municipality,
            terms=rewards.Terms(floor=-600),
        )  # fmt: skip
        assert rewards.apply_policy(connection, scene.municipality, limit=1000) is not None

    pay = scene.acts()["pay"]
    assert refusals(race(engine, [apply, pay()] * (ways // 2))) == []


@pytest.mark.parametrize("ways", WAYS)
def test_a_wrong_booking_is_reversed_or_made_good_never_both(engine: Engine, ways: int) -> None:
    """While the receiver comes to money: each way sees one of the two states."""
    scene = Scene(engine)
    with engine.begin() as connection:
        see(connection, scene.municipality)
        receiver = a_member(connection, scene.municipality, floor=0)
        wrong = a_payment(connection, scene.member, receiver, 30)
        a_payment(connection, receiver, scene.other, 30)

    def repair(connection: Connection) -> object:
        key = str(uuid4())
        return rewards.make_whole(
            connection, key=key, actor=MAKELAAR, transfer=wrong.transfer, reason=rewards.Reason.OTHER
        )

    def undo(connection: Connection) -> object:
        a_payment(connection, scene.other, receiver, 30)
        connection.commit()  # two bookings in one transaction would lock in no order
        return a_reversal(connection, wrong)

    results = race(engine, [repair, undo] * (ways // 2))

    assert len(refusals(results)) == ways - 1
    assert set(refusals(results)) <= {errors.AlreadyMadeWhole, errors.AlreadyReversed, errors.ReceiverCanBear}
    assert scene.balances(scene.member) == [0]


@pytest.mark.parametrize("ways", WAYS)
def test_many_at_once_never_deadlock_and_lose_nothing(engine: Engine, ways: int) -> None:
    scene = Scene(engine)
    with engine.begin() as connection:
        see(connection, scene.municipality)
        people = [a_member(connection, scene.municipality).id for _ in range(4)]

    def act(number: int) -> Act:
        order = people[number % 4 :] + people[: number % 4]
        if number % 2:
            return lambda connection: rewards.share(
                connection, key=str(uuid4()), actor=MAKELAAR, helper=order[0], receivers=order[1:], minutes=5
            )
        payments = [(payee, 5) for payee in order[1:]]
        return lambda connection: rewards.pay_many(
            connection, key=str(uuid4()), actor=MAKELAAR, payer=order[0], payments=payments
        )

    assert refusals(race(engine, [act(number) for number in range(ways)])) == []
    assert scene.total() == 0


def test_who_waits_for_the_payee_has_locked_the_payer_even_a_closed_one(
    engine: Engine, owner_engine: Engine
) -> None:
    """Else it asks for the payer afterwards, and waits for ever for one that locked them in the right order."""
    scene = Scene(engine)
    lock = "SELECT FROM ledger.account WHERE id = %s FOR NO KEY UPDATE"
    waiting = """SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted AND pid IN (
        SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database())"""
    with engine.begin() as connection:
        see(connection, scene.municipality)
        rewards.leave(connection, key=str(uuid4()), actor=MAKELAAR, account=scene.member.id)

    def pay() -> object:
        with engine.connect() as connection:
            see(connection, scene.municipality)
            try:
                return a_payment(connection, scene.member, scene.other, 5)
            except LedgerError as refusal:
                return refusal

    with ThreadPoolExecutor(1) as threads, owner_engine.connect() as payee, owner_engine.connect() as third:
        payee.exec_driver_sql(lock, (scene.other.id,))
        paying = threads.submit(pay)
        for _ in range(2000):
            if payee.exec_driver_sql(waiting).scalar_one():
                break
            time.sleep(0.005)
        else:
            raise AssertionError("nobody waits")

        with pytest.raises(OperationalError, match="could not obtain lock"):
            third.exec_driver_sql(f"{lock} NOWAIT", (scene.member.id,))

        payee.rollback()
        assert isinstance(paying.result(30), errors.AccountNotOpen)
