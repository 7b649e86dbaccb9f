"""Anything that can be done, in any order, on the database and on the model: they agree on everything."""

import os
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, seed, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, Engine, create_engine

import rewards
from rewards import (
    AccountId,
    AccountKind,
    AccountStatus,
    Asked,
    Booking,
    Departure,
    LedgerError,
    QuestionId,
    Reason,
    TransferId,
    Verdict,
    check,
)
from rewards.invoices import State
from rewards.model_gifts import SHARDS
from rewards.model_invoices import Invoices
from rewards.schema import install_statements
from tests.databases import Server
from tests.rewards.factories import MAKELAAR, A, B, a_member, clearing, now, trusting
from tests.rewards.long_runs import keep, version_of
from tests.rewards.rules_gifts import ONE, THREE, DepartureRules, GiftRules, PolicyRules
from tests.rewards.rules_invoices import InvoiceRules
from tests.rewards.rules_moving import PLACES, MovingRules, WordRules, make_notes
from tests.rewards.rules_paper import PaperRules
from tests.rewards.rules_welfare import AllowanceRules, WelfareRules

LONG = bool(os.environ.get("ZVE_TEST_LONG"))
STEPS = 100_000 if LONG else 3_000
SEED = int(os.environ.get("ZVE_TEST_SEED") or (random.randrange(10**6) if LONG else 1))
"""Printed with the number of steps; ZVE_TEST_SEED repeats a run."""
FULL = settings(
    max_examples=40 if LONG else 20,
    stateful_step_count=150 if LONG else 60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    database=None,
)

minutes = st.sampled_from([1, 30, 59, 60, 61, 120, 600, 720, 721])
pick = st.integers(0, 10**6)
BOOKED = (Booking, Asked, Verdict, Departure)
keys = st.sampled_from(["a", "b", "c"]) | st.uuids().map(str)
actors = st.sampled_from([MAKELAAR, ONE])


class Twins(
    PolicyRules, GiftRules, DepartureRules, MovingRules, WordRules, WelfareRules, AllowanceRules, PaperRules,
    InvoiceRules, RuleBasedStateMachine,
):  # fmt: skip
    """The same calls on both ledgers; transfers are remembered as pairs of ids."""

    engine: Engine
    kind: type[Invoices] = Invoices
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).steps -= 1  # the first count comes before any step
        self.connection: Connection = self.engine.connect()
        self.start = now(self.connection)
        self.model: Any = self.kind(self.start)
        self.accounts: list[AccountId] = []
        self.holds: list[tuple[TransferId, TransferId]] = []
        self.moves: list[tuple[TransferId, TransferId]] = []
        self.questions: list[tuple[QuestionId, QuestionId]] = []
        self.calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.begin_welfare()
        self.begin_allowances()
        self.begin_papers()
        self.begin_invoices()
        self.begin_words()

    def teardown(self) -> None:
        try:
            assert check.run(self.connection) == []
            self.compare_statements()
            self.compare_budgets()
            self.compare_allowances()
            self.compare_papers()
            self.compare_invoices()
            self.compare_words()
        finally:
            self.connection.rollback()
            self.connection.close()

    @invariant()
    def a_step_is_counted(self) -> None:
        type(self).steps += 1

    def open(self, municipality_id: int, kind: AccountKind, floor: int, ceiling: int, **changes: Any) -> None:
        named = {"owner": None if kind is AccountKind.POT else uuid4(), "shard": 0} | changes
        limits = {"floor": floor, "ceiling": ceiling}
        account = a_member(self.connection, municipality_id, kind=kind, **limits, **named)
        self.accounts.append(account.id)
        twin = self.model.open_account(account.id, municipality_id, kind, floor, ceiling)
        twin.owner, twin.shard = account.owner, account.shard

    @initialize()
    def begin(self) -> None:
        named = {A: ONE, B: THREE}
        for municipality_id in PLACES:
            self.open(municipality_id, AccountKind.MEMBER, -720, 3600)
            self.open(
                municipality_id, AccountKind.MEMBER, -720, 3600, owner=named.get(municipality_id) or uuid4()
            )
            self.open(municipality_id, AccountKind.ORGANISATION, -5000, 3600)
            giver = self.accounts[-1]
            for shard in range(SHARDS):
                self.open(municipality_id, AccountKind.POT, 0, 10**6, shard=shard)
            filled = [(pot, 40) for pot in self.accounts[-SHARDS:]]
            self.both(
                "pay_many",
                {"key": "f", "actor": UUID(int=municipality_id), "payer": giver, "payments": filled},
            )
        self.trust(B, A, 700)

    def trust(self, municipality_id: int, counter: int, limit: int) -> None:
        trusting(self.connection, municipality_id, counter, limit)
        self.model.set_trust(
            municipality_id=municipality_id, counter_municipality_id=counter, limit_minutes=limit
        )

    def both(self, name: str, ours: dict[str, Any], theirs: dict[str, Any] | None = None) -> Any:
        """Call both; the outcomes are alike, an error's class included. Returns the two bookings, or None."""
        theirs = ours if theirs is None else theirs
        expected = self.outcome(lambda: getattr(self.model, name)(**theirs))
        with self.connection.begin_nested() as savepoint:
            actual = self.outcome(lambda: self.database_call(name, ours))
            if isinstance(actual, type):
                savepoint.rollback()
        if isinstance(expected, type) or isinstance(actual, type):
            assert actual == expected, name
            return None
        if expected is not None:
            assert actual.hit == expected.hit, name
            if expected.hit:
                return None
            self.calls.append((name, ours, theirs))
            return self.handle(actual), self.handle(expected)
        return None

    @staticmethod
    def handle(result: Any) -> Any:
        return result.question if isinstance(result, Asked) else result.transfer

    def database_call(self, name: str, arguments: dict[str, Any]) -> Any:
        extra: dict[str, dict[str, Any]] = {
            "hold": {"subject": UUID(int=7)}, "reverse": {"reason": Reason.OTHER},
            "make_whole": {"reason": Reason.OTHER},
        }  # fmt: skip
        result = getattr(rewards, name)(self.connection, **extra.get(name, {}), **arguments)
        return result if isinstance(result, BOOKED) else None

    @staticmethod
    def outcome(call: Any) -> Any:
        try:
            result = call()
        except LedgerError as refusal:
            return type(refusal)
        return result if isinstance(result, BOOKED) else None

    def account(self, number: int) -> AccountId:
        """Any account; the shards of a pot come up as often as one member."""
        kinds = {id: self.model.accounts[id].kind for id in self.accounts}
        people = [id for id, kind in kinds.items() if kind is not AccountKind.POT]
        shards = [id for id, kind in kinds.items() if kind is AccountKind.POT]
        which = number % (len(people) + 1)
        return people[which] if which < len(people) else shards[number // 7 % len(shards)]

    @rule(one=pick, other=pick, minutes=minutes, days=st.integers(-1, 20), key=keys, actor=actors)
    def hold(self, one: int, other: int, minutes: int, days: int, key: str, actor: UUID) -> None:
        pair = self.both("hold", {
            "key": key, "actor": actor, "asker": self.account(one), "helper": self.account(other),
            "minutes": minutes, "expires_at": self.model.now + timedelta(days=days, hours=12),
        })  # fmt: skip
        self.holds += [pair] if pair else []

    @rule(one=pick, other=pick, minutes=minutes, key=keys, actor=actors)
    def pay(self, one: int, other: int, minutes: int, key: str, actor: UUID) -> None:
        pair = self.both("pay", {
            "key": key, "actor": actor, "payer": self.account(one), "payee": self.account(other),
            "minutes": minutes,
        })  # fmt: skip
        self.moves += [pair] if pair else []

    @precondition(lambda self: self.holds)
    @rule(which=pick, minutes=minutes, key=keys, actor=actors)
    def settle(self, which: int, minutes: int, key: str, actor: UUID) -> None:
        ours, theirs = self.holds[which % len(self.holds)]
        call = {"key": key, "actor": actor, "minutes": minutes}
        pair = self.both("settle", call | {"hold": ours}, call | {"hold": theirs})
        self.moves += [pair] if pair else []

    @precondition(lambda self: self.holds)
    @rule(which=pick, way=st.sampled_from(["void", "expire"]), key=keys, actor=actors)
    def let_go(self, which: int, way: str, key: str, actor: UUID) -> None:
        ours, theirs = self.holds[which % len(self.holds)]
        call = {"key": key, "actor": actor}
        self.both(way, call | {"hold": ours}, call | {"hold": theirs})

    @precondition(lambda self: self.moves)
    @rule(which=pick, key=keys, actor=actors)
    def reverse(self, which: int, key: str, actor: UUID) -> None:
        ours, theirs = self.moves[which % len(self.moves)]
        call = {"key": key, "actor": actor}
        pair = self.both("reverse", call | {"transfer": ours}, call | {"transfer": theirs})
        self.moves += [pair] if pair else []

    @precondition(lambda self: self.calls)
    @rule(which=pick)
    def repeat(self, which: int) -> None:
        """An earlier call once more, word for word: a hit on both sides."""
        name, ours, theirs = self.calls[which % len(self.calls)]
        assert getattr(self.model, name)(**theirs).hit
        self.both(name, ours, theirs)

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.connection.exec_driver_sql("SELECT ledger.shift(make_interval(days => %s))", (days,))
        self.model.now += timedelta(days=days)

    @rule()
    def due_holds_expire(self) -> None:
        ours = {hold.hold for hold in rewards.expire_due(self.connection, 1000)}
        theirs = set(self.model.expire_due())
        assert ours == {one for one, other in self.holds if other in theirs}

    @rule(one=pick, floor=st.sampled_from([-900, -720, -60, 0]), ceiling=st.sampled_from([0, 60, 600, 3600]))
    def limits(self, one: int, floor: int, ceiling: int) -> None:
        self.both("set_limits", {"account": self.account(one), "floor": floor, "ceiling": ceiling})

    @rule(one=pick, status=st.sampled_from(AccountStatus))
    def status(self, one: int, status: AccountStatus) -> None:
        self.both("set_status", {"account": self.account(one), "status": status})

    @rule(pair=st.permutations(PLACES), limit=st.sampled_from([0, 60, 700, 5000]))
    def trust_changes(self, pair: list[int], limit: int) -> None:
        self.trust(pair[0], pair[1], limit)

    @rule(municipality_id=st.sampled_from([A, B]), floor=st.sampled_from([-720, 0]))
    def newcomer(self, municipality_id: int, floor: int) -> None:
        self.open(municipality_id, AccountKind.ORGANISATION, floor, 3600)

    def compare_statements(self) -> None:
        """Every account's whole history, and what is held."""
        ids = {account: self.model.accounts[account] for account in self.accounts}
        ids |= {clearing(self.connection, *pair): twin for pair, twin in self.model.clearing.items()}
        for account, twin in ids.items():
            balance = rewards.balance(self.connection, account)
            lines = rewards.statement(self.connection, account, limit=1000)
            held = rewards.open_holds(self.connection, account)
            assert (balance.posted, balance.held_out, balance.held_in, balance.floor, balance.ceiling) == (
                twin.posted, twin.held_out, twin.held_in, twin.floor, twin.ceiling
            )  # fmt: skip
            assert [line.delta for line in reversed(lines)] == twin.deltas
            assert sum(hold.delta for hold in held) == twin.held_in - twin.held_out


@pytest.fixture
def empty_ledger(database_server: Server, worker: str) -> Iterator[Engine]:
    """A ledger on which nothing was ever booked: what other tests commit would count as the machine's own."""
    with database_server.empty(f"model_{worker}") as database:
        made = create_engine(database.owner_url)
        with made.begin() as connection:
            for script in install_statements(database.application_role):
                connection.exec_driver_sql(script)
        make_notes(made)
        yield made
        made.dispose()


@pytest.mark.long
def test_the_database_and_the_model_agree(empty_ledger: Engine) -> None:
    """Rounds of some examples each, every one with a seed of its own, until there were so many steps."""
    started, rounds = time.monotonic(), 0

    class Machine(Twins):
        engine = empty_ledger

    while Machine.steps < STEPS:
        run_state_machine_as_test(seed(SEED + rounds)(Machine), settings=FULL)
        rounds += 1
        print(f"{Machine.steps} steps in {time.monotonic() - started:.0f} s, seed {SEED}, {rounds} rounds")  # noqa: T201
    assert Machine.taken[State.PAID]
    if LONG:
        took = round(time.monotonic() - started)
        figures = {"steps": Machine.steps, "seed": SEED, "rounds": rounds, "seconds": took}
        keep("model", version_of(empty_ledger), figures)


@pytest.mark.parametrize("call", ["hold", "pay", "ask"])
def test_between_accounts_of_any_two_kinds_both_refuse_for_the_same_reason(
    empty_ledger: Engine, call: str
) -> None:
    class Machine(Twins):
        engine = empty_ledger

    state = Machine()
    names = {"hold": ("asker", "helper")}.get(call, ("payer", "payee"))
    rest: dict[str, Any] = {"actor": MAKELAAR, "minutes": 1}
    if call == "hold":
        rest["expires_at"] = state.start + timedelta(days=1)
    try:
        state.begin()
        accounts = {
            (account.municipality_id, account.kind): account.id for account in state.model.accounts.values()
        }
        parties = [*accounts.values(), AccountId(10**9)]  # and one that is not there
        for parties_of_one in product(parties, repeat=2):
            state.both(call, {"key": str(uuid4()), **dict(zip(names, parties_of_one, strict=True)), **rest})
    finally:
        state.teardown()
