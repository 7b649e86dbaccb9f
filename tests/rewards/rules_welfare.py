"""Rules of the stateful test on welfare budgets and the meter of allowances: see `tests.rewards.test_model`."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Connection

import rewards
from rewards import LedgerError, Reason, allowance, welfare
from rewards.allowance import AllowanceKind
from rewards.model_allowance import Allowances
from rewards.model_welfare import Welfare
from tests.rewards.factories import MAKELAAR, A, B

pick = st.integers(0, 10**6)
keys = st.sampled_from(["a", "b"]) | st.uuids().map(str)
ONE, TWO = UUID(int=101), UUID(int=102)
"""A resident and a colleague, who also act where they must not."""
actors = st.sampled_from([MAKELAAR, ONE, TWO])
people = st.sampled_from([ONE, TWO])
cents = st.sampled_from([1, 999, 15_000, 22_500, 45_000, 45_001])
amounts = st.sampled_from([1, 5_000, 10_500, 20_999, 21_000, 105_000, 210_001])
kinds = st.sampled_from(AllowanceKind)
RECEIPTS = [sha256(bytes([number])).digest() for number in range(3)]


class Sides:
    """The same call on database and model."""

    connection: Connection
    model: Any

    def compare(
        self, name: str, ours: Callable[[], Any], theirs: Callable[[], Any]
    ) -> tuple[Any, Any] | None:
        """What both came to, or None when both refuse alike; a hit is a hit on both sides."""
        expected = _outcome(theirs)
        with self.connection.begin_nested() as savepoint:
            actual = _outcome(ours)
            if isinstance(actual, type):
                savepoint.rollback()
        if isinstance(expected, type) or isinstance(actual, type):
            assert actual == expected, name
            return None
        assert (actual is None) == (expected is None), name
        hits = [getattr(side, "hit", False) for side in (actual, expected)]
        if name != "open_period":  # a period comes back without saying whether it was there
            assert hits[0] == hits[1], name
        return actual, expected


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except LedgerError as refusal:
        return type(refusal)


class WelfareRules(Sides):
    """Budgets; periods and spendings are remembered by their two ids."""

    welfare: Welfare
    budgets: list[tuple[Any, int]]
    spendings: list[tuple[Any, int]]

    def begin_welfare(self) -> None:
        self.welfare = Welfare(
            lambda: self.model.now, lambda municipality_id: self.model.terms(municipality_id)
        )
        self.budgets, self.spendings = [], []

    @rule(place=st.sampled_from([A, B]), person=people, start=st.integers(-40, 40),
          days=st.sampled_from([-1, 0, 5, 30, 366, 367]), key=keys, actor=actors)  # fmt: skip
    def open_budget(self, place: int, person: UUID, start: int, days: int, key: str, actor: UUID) -> None:
        first = self.welfare.today + timedelta(days=start)
        call: dict[str, Any] = {"key": key, "actor": actor, "municipality_id": place, "person": person,
                "starts_on": first, "ends_on": first + timedelta(days=days)}  # fmt: skip
        both = self.compare(
            "open_period",
            lambda: welfare.open_period(self.connection, **call),
            lambda: self.welfare.open_period(**call),
        )
        if both:
            pair = both[0].id, both[1].number
            assert pair in self.budgets or not both[1].hit
            self.budgets += [] if both[1].hit else [pair]

    @precondition(lambda self: self.budgets)
    @rule(which=pick, cents=cents, key=keys, actor=actors, other=st.none() | actors)
    def grant_budget(self, which: int, cents: int, key: str, actor: UUID, other: UUID | None) -> None:
        ours, theirs = self.budgets[which % len(self.budgets)]
        call: dict[str, Any] = {"key": key, "actor": actor, "cents": cents, "approved_by": other}
        self.compare(
            "grant",
            lambda: welfare.grant(self.connection, period=ours, **call),
            lambda: self.welfare.grant(period=theirs, **call),
        )

    @precondition(lambda self: self.budgets)
    @rule(
        which=pick,
        cents=cents,
        key=keys,
        actor=actors,
        other=actors,
        receipt=st.none() | st.sampled_from(RECEIPTS),
    )
    def spend_budget(
        self, which: int, cents: int, key: str, actor: UUID, other: UUID, receipt: bytes | None
    ) -> None:
        ours, theirs = self.budgets[which % len(self.budgets)]
        name = "spend_approved" if receipt is None else "spend_on_receipt"
        why: dict[str, Any] = {"approved_by": other} if receipt is None else {"receipt_hash": receipt}
        call: dict[str, Any] = {"key": key, "actor": actor, "cents": cents, **why}
        both = self.compare(
            name,
            lambda: getattr(welfare, name)(self.connection, period=ours, **call),
            lambda: getattr(self.welfare, name)(period=theirs, **call),
        )
        if both and not both[1].hit:
            self.spendings.append((both[0].transfer, both[1].number))

    @precondition(lambda self: self.spendings)
    @rule(which=pick, key=keys, actor=actors)
    def undo_budget(self, which: int, key: str, actor: UUID) -> None:
        ours, theirs = self.spendings[which % len(self.spendings)]
        call: dict[str, Any] = {"key": key, "actor": actor}
        self.compare(
            "undo",
            lambda: welfare.undo_spending(self.connection, spending=ours, reason=Reason.OTHER, **call),
            lambda: self.welfare.undo_spending(spending=theirs, **call),
        )

    @precondition(lambda self: self.budgets)
    @rule(which=pick, key=keys, actor=actors)
    def close_budget(self, which: int, key: str, actor: UUID) -> None:
        ours, theirs = self.budgets[which % len(self.budgets)]
        call: dict[str, Any] = {"key": key, "actor": actor}
        self.compare(
            "close",
            lambda: welfare.close_period(self.connection, period=ours, **call),
            lambda: self.welfare.close_period(period=theirs, **call),
        )

    @precondition(lambda self: self.budgets)
    @rule()
    def budgets_close(self) -> None:
        ours = {period for period, _ in welfare.close_due(self.connection, 1000)}
        theirs = set(self.welfare.close_due(rewards.SYSTEM))
        assert ours == {one for one, other in self.budgets if other in theirs}

    def compare_budgets(self) -> None:
        """The sums of every period."""
        for ours, theirs in self.budgets:
            found, twin = welfare.budget(self.connection, ours), self.welfare.periods[theirs]
            assert (found.granted, found.spent, found.returned, found.rest, found.is_open) == (
                twin.granted, twin.spent, twin.returned, twin.rest, twin.is_open
            )  # fmt: skip


class AllowanceRules(Sides):
    """The meter; a row is remembered by its two ids."""

    allowances: Allowances
    noted: list[tuple[Any, int]]

    def begin_allowances(self) -> None:
        self.allowances = Allowances(lambda: self.model.now)
        self.noted = []

    @rule(person=people, kind=kinds, ago=st.integers(-1, 70), cents=amounts, key=keys, actor=actors)
    def note_allowance(
        self, person: UUID, kind: AllowanceKind, ago: int, cents: int, key: str, actor: UUID
    ) -> None:
        call: dict[str, Any] = {"key": key, "actor": actor, "municipality_id": A, "person": person, "kind": kind,
                "day": self.allowances.today - timedelta(days=ago), "cents": cents}  # fmt: skip
        both = self.compare(
            "note", lambda: allowance.note(self.connection, **call), lambda: self.allowances.note(**call)
        )
        self._remember(both)

    @precondition(lambda self: self.noted)
    @rule(which=pick, key=keys, actor=actors)
    def withdraw_allowance(self, which: int, key: str, actor: UUID) -> None:
        ours, theirs = self.noted[which % len(self.noted)]
        call: dict[str, Any] = {"key": key, "actor": actor}
        both = self.compare(
            "withdraw",
            lambda: allowance.withdraw(self.connection, allowance=ours, **call),
            lambda: self.allowances.withdraw(allowance=theirs, **call),
        )
        self._remember(both)

    @rule(kind=kinds, months=st.integers(0, 2), first=st.booleans(), month=st.sampled_from([10_000, 21_000]))
    def rules_change(self, kind: AllowanceKind, months: int, first: bool, month: int) -> None:
        day = (self.allowances.today.replace(day=1) + timedelta(days=31 * months)).replace(
            day=1 if first else 2
        )
        call: dict[str, Any] = {"kind": kind, "valid_from": day, "month": month, "year": 10 * month}
        self.compare(
            "set_limit",
            lambda: allowance.set_limit(self.connection, actor=uuid4(), **call),
            lambda: self.allowances.set_limit(**call),
        )

    def _remember(self, both: tuple[Any, Any] | None) -> None:
        if both and not both[1].hit:
            self.noted.append((both[0].allowance, both[1].number))

    def compare_allowances(self) -> None:
        """Sums and limits of every month in which something was counted."""
        months: set[tuple[UUID, AllowanceKind, date]] = {
            (row.person, row.kind, row.day) for row in self.allowances.rows
        }
        for person, kind, day in months:
            found = allowance.standing(self.connection, person=person, kind=kind, day=day)
            assert (found.month, found.year) == self.allowances.sums(person, kind, day)
            assert (found.month_most, found.year_most) == self.allowances.limit(kind, day)
