"""Every pair of operations at one moment, 2, 8 and 32 ways: nothing breaks, nothing is lost, nothing is done twice.

`make test` plays the pairs that meet on one thing, and a sample of the others; `make test-long` plays all of them.
ZVE_TEST_SEED repeats a sample.
"""

import inspect
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement, count
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine

import rewards
from rewards import LedgerError, allowance, check, errors, invoices, months, netting, paper, seals, welfare
from tests.databases import Server
from tests.rewards import conftest
from tests.rewards.long_runs import keep, version_of
from tests.rewards.race_acts import OPS, Scene, Try

LONG = bool(os.environ.get("ZVE_TEST_LONG"))
SEED = int(os.environ.get("ZVE_TEST_SEED") or random.randrange(10**6))
PAIRS = list(combinations_with_replacement(OPS, 2))
MEETING = [(one, other) for one, other in PAIRS if OPS[one].once and OPS[one].once == OPS[other].once]
SAMPLE = 120
SECONDS = 15
WAYS = (2, 8, 32)
RACED: Counter[str] = Counter()
"""What the long form came to so far."""
UNEXPECTED = (errors.LedgerBroken, errors.KeyReused)
READS = {
    "account", "accounts", "balance", "open_holds", "statement", "waiting", "policy_at", "policies_of", "left_behind",
    "month_end", "units", "next_month", "closed", "first_day", "nettings", "worth", "numbers", "budget", "budgets",
    "limits", "near_limit", "nettings_of_all", "standing", "seals", "parse", "verify", "get", "of_batch",
    "of_municipality", "of_owner",
    "count_from",  # the owner's, on books in which nobody books yet
}  # fmt: skip
KEYS = """
    SELECT key FROM ledger.batch WHERE id > %(batch)s
    UNION ALL SELECT key FROM ledger.pending WHERE key = ANY (%(keys)s)
    UNION ALL SELECT key FROM ledger.decision WHERE key = ANY (%(keys)s)
    UNION ALL SELECT key FROM ledger.departure WHERE key = ANY (%(keys)s) AND batch_id IS NULL
    UNION ALL SELECT key FROM ledger.policy WHERE key = ANY (%(keys)s)
    UNION ALL SELECT key FROM ledger.welfare_period WHERE key = ANY (%(keys)s)
    UNION ALL SELECT key FROM ledger.allowance WHERE key = ANY (%(keys)s)
"""
OF_ITSELF = (
    "hold:",
    "pending:",
    "paper:",
    "serial:",
    "period:",
    "netting:",
    "move:",
    "moved:",
    "home:",
    "carry:",
    "invoice:",
)
"""How keys begin that the ledger makes for what it does by itself, or in the name of an answer."""
WITHOUT_A_KEY = {
    "open_account", "set_limits", "set_status", "set_trust", "expire_due", "move_home", "carry_home",
    "lapse_questions", "apply_policy", "follow_policy", "lapse_due", "close_due", "set_limit", "close_month",
    "propose", "answer", "answer_other", "seal", "step", "step_back",
}  # fmt: skip


class Arena:
    """A ledger of its own with scenes on it, and connections that stay open between races."""

    def __init__(self, engine: Engine, owner: Engine) -> None:
        self.engine, self.owner = engine, owner
        self.numbers = count(1, 2)

    def play(self, names: list[str]) -> list[object]:
        """One race of these acts, and all that must be true after it; what each came to."""
        here = next(self.numbers)
        scene = Scene(self.engine, self.owner, here, here + 1)
        tries = {name: OPS[name].prepare(scene) for name in dict.fromkeys(names)}
        with self.owner.connect() as owner:
            before: int = owner.exec_driver_sql("SELECT coalesce(max(id), 0) FROM ledger.batch").scalar_one()
        contenders = [(name, str(uuid4())) for name in names]
        results = self._race(scene, [(tries[name], key) for name, key in contenders])
        told = f"{names[0]} and {names[-1]}, {len(names)} ways, seed {SEED}"
        unexpected = [result for result in results if isinstance(result, UNEXPECTED)]
        assert unexpected == [], told
        done = [
            pair
            for pair, result in zip(contenders, results, strict=True)
            if not isinstance(result, LedgerError)
        ]
        self._each_thing_once(done, results, told)
        self._each_key_once(contenders, done, before, told)
        with self.engine.connect() as connection:
            assert check.run(connection) == [], told
        return results

    def _race(self, scene: Scene, tries: list[tuple[Try, str]]) -> list[object]:
        """Each try in a transaction of its own, all at once. What is no refusal, a deadlock too, is raised."""
        barrier = Barrier(len(tries), timeout=60)

        def run(one: tuple[Try, str]) -> object:
            act, key = one
            with self.engine.connect() as connection:
                scene.see(connection)
                barrier.wait()
                try:
                    result = act(connection, key)
                except LedgerError as refusal:
                    return refusal
                connection.commit()
                return result

        with ThreadPoolExecutor(len(tries)) as threads:
            return list(threads.map(run, tries))

    def _each_thing_once(self, done: list[tuple[str, str]], results: list[object], told: str) -> None:
        for thing in {OPS[name].once for name, _ in done} - {"", "budget", "over"}:
            times = len([name for name, _ in done if OPS[name].once == thing])
            # what is handed in after a payment is there for the next
            most = 2 if thing == "redeemed" and "redeem" in {name for name, _ in done} else 1
            assert 1 <= times <= most, f"{thing}: {told}"

    def _each_key_once(
        self, contenders: list[tuple[str, str]], done: list[tuple[str, str]], before: int, told: str
    ) -> None:
        """What was acknowledged is there once, what was refused left nothing, and nothing else was booked."""
        keys = [key for _, key in contenders]
        with self.owner.connect() as owner:
            found = list(owner.exec_driver_sql(KEYS, {"batch": before, "keys": keys}).scalars())
        mine = [key for key in found if not key.startswith(OF_ITSELF)]
        acknowledged = {key for name, key in done if name not in WITHOUT_A_KEY}
        empty = {key for name, key in done if name in ("close_period", "close_over")}
        assert len(mine) == len(set(mine)), told
        assert acknowledged - empty <= set(mine) <= acknowledged, told


@pytest.fixture(scope="module")
def arena(database_server: Server, worker: str) -> Iterator[Arena]:
    yield from an_arena(database_server, f"races_{worker}")


@pytest.fixture
def own_arena(database_server: Server, worker: str) -> Iterator[Arena]:
    """Small, so that the invariants are quickly computed again after each of many races."""
    yield from an_arena(database_server, f"races_{worker}_{uuid4().hex[:8]}")


def an_arena(server: Server, name: str) -> Iterator[Arena]:
    with server.empty(name) as database:
        conftest.install(database)
        engine = create_engine(database.app_url, pool_size=32, max_overflow=20)
        owner = create_engine(database.owner_url, pool_size=2)
        yield Arena(engine, owner)
        engine.dispose()
        owner.dispose()


def test_each_act_is_done_when_nobody_is_in_its_way(arena: Arena) -> None:
    alone = {"set_status", "decide_late", "reverse_paid"}  # refused by design, or half of the time
    refused = {name: arena.play([name])[0] for name in OPS.keys() - alone}
    assert {name: result for name, result in refused.items() if isinstance(result, LedgerError)} == {}


@pytest.mark.parametrize(("one", "other"), MEETING, ids=[f"{one}-{other}" for one, other in MEETING])
def test_what_can_happen_once_happens_once(arena: Arena, one: str, other: str) -> None:
    arena.play([one, other] * 4)


def test_any_two_at_one_moment_leave_the_books_right(arena: Arena) -> None:
    """As many of the sample as there is time for, and some in any case; the first ones 32 ways."""
    dice, started = random.Random(SEED), time.monotonic()
    for number, (one, other) in enumerate(dice.sample(PAIRS, SAMPLE)):
        if number >= 10 and time.monotonic() - started > SECONDS:
            break
        arena.play([one, other] * (16 if number < 3 else dice.choice((1, 4))))


@pytest.mark.long
@pytest.mark.parametrize("one", OPS if LONG else ["pay"])
def test_every_two_at_one_moment_leave_the_books_right(own_arena: Arena, one: str) -> None:
    """In its quick form payments with whatever comes first."""
    others, started = [other for first, other in PAIRS if first == one], time.monotonic()
    for ways in WAYS if LONG else (2,):
        for other in others if LONG else others[:10]:
            own_arena.play([one, other] * (ways // 2))
    if LONG:
        RACED.update(
            pairs=len(others), races=len(others) * len(WAYS), seconds=round(time.monotonic() - started)
        )
        figures = {**RACED, "of pairs": len(PAIRS), "ways": WAYS, "seed": SEED}
        keep("races", version_of(own_arena.owner), figures)


def test_one_key_of_many_does_one_thing(arena: Arena) -> None:
    """The same call from eight sides: all are told the same, and it happened once."""
    for name in OPS.keys() - WITHOUT_A_KEY:
        here = next(arena.numbers)
        scene = Scene(arena.engine, arena.owner, here, here + 1)
        act, key = OPS[name].prepare(scene), str(uuid4())
        results = arena._race(scene, [(act, key)] * 8)
        refused = [result for result in results if isinstance(result, LedgerError)]
        assert len(refused) in (0, 8), f"{name}: {refused}"
        with arena.owner.connect() as owner:
            found = list(owner.exec_driver_sql(KEYS, {"batch": 10**9, "keys": [key]}).scalars())
            batches: int = owner.exec_driver_sql(
                "SELECT count(*) FROM ledger.batch WHERE key = %s", (key,)
            ).scalar_one()
        assert len(found) <= 1, name
        assert batches <= 1, name
        assert bool(found or batches) == (not refused), name


def test_every_function_that_moves_or_decides_is_tried() -> None:
    modules = (rewards, paper, welfare, allowance, months, netting, invoices, seals)
    functions = {
        name
        for module in modules
        for name, function in vars(module).items()
        if inspect.isfunction(function) and not name.startswith("_")
        and function.__module__.startswith("rewards.")
        and function.__module__ not in ("rewards.strict", "rewards.calls", "rewards.errors", "rewards.serials")
    }  # fmt: skip
    assert functions - READS - OPS.keys() == set()
