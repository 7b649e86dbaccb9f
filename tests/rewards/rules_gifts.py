"""Rules of the stateful test on policies, gifts and what waits: see `tests.rewards.test_model`."""

from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import Connection

import rewards
from rewards import AccountId, Terms
from rewards.model_policies import Policies
from tests.rewards.factories import MAKELAAR, A, B

pick = st.integers(0, 10**6)
terms = st.builds(
    Terms,
    floor=st.sampled_from([-720, -600, -60, 0]),
    ceiling=st.sampled_from([600, 3600]),
    lowest_floor=st.sampled_from([-720, -2000]),
    growth_percent=st.sampled_from([0, 10, 33, 100]),
    eyes_above=st.sampled_from([0, 60, 600]),
)


class PolicyRules:
    """Policies that follow each other, and accounts that follow them."""

    connection: Connection
    model: Policies
    account: Any
    both: Any

    @rule(municipality_id=st.sampled_from([A, B]), terms=terms)
    def policy(self, municipality_id: int, terms: Terms) -> None:
        rewards.set_policy(
            self.connection, key=str(uuid4()), actor=MAKELAAR, municipality_id=municipality_id, terms=terms
        )
        self.model.set_policy(municipality_id=municipality_id, terms=terms)

    @rule(municipality_id=st.sampled_from([A, B]), limit=st.sampled_from([1, 3, 1000]))
    def apply(self, municipality_id: int, limit: int) -> None:
        after: AccountId | None = AccountId(0)
        while after is not None:
            after = rewards.apply_policy(self.connection, municipality_id, after=after, limit=limit)
        self.model.apply_policy(municipality_id)

    @rule(one=pick)
    def follow(self, one: int) -> None:
        self.both("follow_policy", {"account": self.account(one)})
