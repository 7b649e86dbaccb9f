"""Months and nettings among everything else that can be done, on the database and on the model."""

import time
from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from rewards.model_invoices import Invoices
from rewards.model_netting import Nettings
from tests.rewards.factories import A, B, see
from tests.rewards.long_runs import keep, version_of
from tests.rewards.rules_months import MonthRules
from tests.rewards.test_model import FULL, LONG, SEED, Twins, empty_ledger

__all__ = ["empty_ledger"]

STEPS = 100_000 if LONG else 500
ROUND = settings(
    FULL, max_examples=40 if LONG else 6, phases=[Phase.generate, *([Phase.shrink] if LONG else [])]
)
"""Without the long form a failure is printed as it was found: making it small takes minutes."""


class Yearly(Invoices, Nettings):
    """Everything, with months."""


@pytest.mark.long
def test_months_and_nettings_agree_with_the_model(empty_ledger: Engine) -> None:
    """Rounds with a seed of their own each, until there were so many steps."""
    started, rounds = time.monotonic(), 0

    class Machine(MonthRules, Twins):
        engine = empty_ledger
        kind = Yearly
        seen: ClassVar[Counter[str]] = Counter()

        def __init__(self) -> None:
            super().__init__()
            see(self.connection, A, B)

    while Machine.steps < STEPS or (len(Machine.seen) < 4 and rounds < 10):
        run_state_machine_as_test(seed(SEED + rounds)(Machine), settings=ROUND)
        rounds += 1
        took = f"{Machine.steps} steps in {time.monotonic() - started:.0f} s, seed {SEED}"
        print(f"{took}, {rounds} rounds, {dict(Machine.seen)}")  # noqa: T201
    assert Machine.seen.keys() == {"closed", "proposed", "answered", "booked"}
    if LONG:
        seconds = round(time.monotonic() - started)
        figures = {
            "steps": Machine.steps,
            "seed": SEED,
            "rounds": rounds,
            "seconds": seconds,
            "seen": Machine.seen,
        }
        keep("model_months", version_of(empty_ledger), figures)
