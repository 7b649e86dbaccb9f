"""Rules of the stateful test on policies, gifts and what waits: see `tests.rewards.test_model`."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Connection

import rewards
from rewards import AccountId, Outcome, Terms
from rewards.model_departures import Departures
from tests.rewards.factories import MAKELAAR, A, B

pick = st.integers(0, 10**6)
minutes = st.sampled_from([1, 30, 60, 100, 300, 720])
keys = st.sampled_from(["a", "b", "c"]) | st.uuids().map(str)
ONE = UUID(int=1)
"""Somebody with an account, who also acts at the desk."""
actors = st.sampled_from([MAKELAAR, ONE])
crowd = st.lists(pick, min_size=1, max_size=5)
THREE = UUID(int=3)
deciders = st.sampled_from([MAKELAAR, ONE, THREE, UUID(int=2)])
terms = st.builds(
    Terms,
    floor=st.sampled_from([-720, -600, -60, 0]),
    ceiling=st.sampled_from([600, 3600]),
    lowest_floor=st.sampled_from([-720, -2000]),
    growth_percent=st.sampled_from([0, 10, 33, 100]),
    eyes_above=st.sampled_from([0, 60, 600]),
    asked_days=st.sampled_from([1, 14]),
    eyes_days=st.sampled_from([1, 30]),
    eyes_above_cents=st.sampled_from([0, 1000, 10_000, 45_000]),
)


class PolicyRules:
    """Policies that follow each other, and accounts that follow them."""

    connection: Connection
    model: Departures
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


class GiftRules:
    """The pot and the questions; a question is remembered by its two ids."""

    connection: Connection
    model: Departures
    account: Any
    both: Any
    moves: list[Any]
    questions: list[Any]

    @rule(one=pick, minutes=minutes, key=keys, actor=actors)
    def donate(self, one: int, minutes: int, key: str, actor: UUID) -> None:
        pair = self.both(
            "donate", {"key": key, "actor": actor, "payer": self.account(one), "minutes": minutes}
        )
        self.moves += [pair] if pair else []

    @rule(one=pick, minutes=minutes, key=keys, actor=actors)
    def grant(self, one: int, minutes: int, key: str, actor: UUID) -> None:
        """One transfer of several is remembered: each is reversed by itself."""
        pair = self.both(
            "grant", {"key": key, "actor": actor, "payee": self.account(one), "minutes": minutes}
        )
        self.moves += [pair] if pair else []

    @rule(one=pick, other=pick, minutes=minutes, key=keys, actor=actors)
    def ask(self, one: int, other: int, minutes: int, key: str, actor: UUID) -> None:
        pair = self.both("ask", {
            "key": key, "actor": actor, "payer": self.account(one), "payee": self.account(other),
            "minutes": minutes,
        })  # fmt: skip
        self.questions += [pair] if pair else []

    @rule(one=pick, minutes=minutes, key=keys, actor=actors)
    def ask_grant(self, one: int, minutes: int, key: str, actor: UUID) -> None:
        pair = self.both(
            "ask_grant", {"key": key, "actor": actor, "payee": self.account(one), "minutes": minutes}
        )
        self.questions += [pair] if pair else []

    @precondition(lambda self: self.questions)
    @rule(which=pick, yes=st.booleans(), key=keys, actor=deciders)
    def decide(self, which: int, yes: bool, key: str, actor: UUID) -> None:
        ours, theirs = self.questions[which % len(self.questions)]
        call = {"key": key, "actor": actor, "outcome": Outcome.ACCEPTED if yes else Outcome.REJECTED}
        pair = self.both("decide", call | {"question": ours}, call | {"question": theirs})
        self.moves += [pair] if pair and pair[0] else []

    @rule()
    def questions_lapse(self) -> None:
        ours = set(rewards.lapse_questions(self.connection, 1000))
        theirs = set(self.model.lapse_questions())
        assert ours == {one for one, other in self.questions if other in theirs}


class DepartureRules:
    """Bookings of many at once, leaving, and what the pot makes good for."""

    account: Any
    accounts: list[AccountId]
    both: Any
    moves: list[Any]

    def some(self, which: list[int]) -> list[AccountId]:
        """Accounts, each once."""
        return list(dict.fromkeys(self.account(number) for number in which))

    @rule(one=pick, others=crowd, minutes=minutes, key=keys, actor=actors)
    def pay_many(self, one: int, others: list[int], minutes: int, key: str, actor: UUID) -> None:
        payments = [(payee, minutes + place) for place, payee in enumerate(self.some(others))]
        pair = self.both(
            "pay_many", {"key": key, "actor": actor, "payer": self.account(one), "payments": payments}
        )
        self.moves += [pair] if pair else []

    @rule(one=pick, others=crowd, minutes=minutes, key=keys, actor=actors)
    def share(self, one: int, others: list[int], minutes: int, key: str, actor: UUID) -> None:
        pair = self.both("share", {
            "key": key, "actor": actor, "helper": self.account(one), "receivers": self.some(others),
            "minutes": minutes,
        })  # fmt: skip
        self.moves += [pair] if pair else []

    @precondition(lambda self: self.moves)
    @rule(which=pick, key=keys, actor=actors)
    def make_whole(self, which: int, key: str, actor: UUID) -> None:
        ours, theirs = self.moves[which % len(self.moves)]
        call = {"key": key, "actor": actor}
        pair = self.both("make_whole", call | {"transfer": ours}, call | {"transfer": theirs})
        self.moves += [pair] if pair else []

    @rule(one=pick, key=keys, actor=actors)
    def leave(self, one: int, key: str, actor: UUID) -> None:
        pair = self.both("leave", {"key": key, "actor": actor, "account": self.account(one)})
        self.moves += [pair] if pair and pair[0] else []
