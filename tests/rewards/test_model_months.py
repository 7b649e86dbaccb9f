"""Months and nettings among everything else that can be done, on the database and on the model."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from rewards.model_netting import Nettings
from tests.rewards.factories import A, B, see
from tests.rewards.rules_months import MonthRules
from tests.rewards.test_model import FULL, LONG, Twins, empty_ledger

__all__ = ["empty_ledger"]


@pytest.mark.long
def test_months_and_nettings_agree_with_the_model(empty_ledger: Engine) -> None:
    class Machine(MonthRules, Twins):
        engine = empty_ledger

        def __init__(self) -> None:
            super().__init__()
            see(self.connection, A, B)
            kind = type(self.model)
            self.model = type("Yearly", (kind, Nettings), {})(self.start)

    run_state_machine_as_test(
        Machine, settings=settings(FULL, max_examples=FULL.max_examples if LONG else 12)
    )
