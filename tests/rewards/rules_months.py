"""Rules of the stateful test on months and nettings: see `tests.rewards.test_model_months`."""

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import Connection

from rewards import AccountKind, Unit, months, netting
from rewards.model_months import following, month_of
from rewards.model_netting import Nettings
from tests.rewards.factories import MAKELAAR, A, B
from tests.rewards.rules_gifts import ONE

COMPARED = (AccountKind.MEMBER, AccountKind.ORGANISATION, AccountKind.POT, AccountKind.CLEARING)
places = st.sampled_from([A, B])
pick = st.integers(0, 10**6)
ANSWERS = st.just([(A, MAKELAAR, True), (B, ONE, True)]) | st.lists(
    st.tuples(places, st.sampled_from([MAKELAAR, ONE]), st.booleans()), max_size=3
)
OFTEN = st.sampled_from([True, True, True, False])


class MonthRules:
    """Months that end, are closed in order, and nettings with two answers."""

    connection: Connection
    model: Any
    both: Any
    seen: ClassVar[Counter[str]]
    """How often a month was closed, and a netting proposed, answered, booked: a run without any shows nothing."""

    @invariant()
    def entries_have_their_month(self) -> None:
        self.model.note_months()

    def alike(self, ours: Any, theirs: Any) -> Any:
        """Both do it or refuse it alike; what ours came to, or None."""
        expected, actual = _tried(theirs), None
        with self.connection.begin_nested() as savepoint:
            actual = _tried(ours)
            if isinstance(actual, type):
                savepoint.rollback()
        if isinstance(expected, type) or isinstance(actual, type):
            assert actual == expected
            return None
        return actual, expected

    @rule()
    def a_month_passes(self) -> None:
        self.connection.exec_driver_sql("SELECT ledger.shift('31 days')")
        self.model.now += timedelta(days=31)

    @rule(place=places, later=st.integers(0, 1))
    def close(self, place: int, later: int) -> None:
        month = self.model.next_month(place)
        month = following(month) if later else month
        both = self.alike(
            lambda: months.close_month(
                self.connection, actor=MAKELAAR, municipality_id=place, unit=Unit.ROOSJE_MIN, month=month
            ),
            lambda: self.model.close_month(place, month),
        )
        if both:
            self.seen["closed"] += 1
            ours = {kind: both[0].closings[kind] for kind in COMPARED if both[0].closings[kind]}
            assert ours == {kind: both[1][kind] for kind in COMPARED if both[1].get(kind)}

    @rule(place=places, back=st.integers(0, 2))
    def propose(self, place: int, back: int) -> None:
        month = month_of(self.model.now)
        for _ in range(back):
            month = (month - timedelta(days=1)).replace(day=1)
        both = self.alike(
            lambda: netting.propose(self.connection, place, month),
            lambda: self.model.propose_netting(place, month),
        )
        if both:
            theirs = {
                (n.taker_id, n.giver_id, n.month, n.minutes) for n in self.model.nettings
                if n.month == month and place in (n.taker_id, n.giver_id)
            }  # fmt: skip
            assert {(n.taker_id, n.giver_id, n.month, n.minutes) for n in both[0]} == theirs
            self.seen["proposed"] += len(theirs)

    @rule(swapped=st.booleans(), minutes=st.sampled_from([30, 120]), key=st.uuids().map(str), said=ANSWERS)
    def help_crosses_and_the_month_ends(
        self, swapped: bool, minutes: int, key: str, said: list[tuple[int, UUID, bool]]
    ) -> None:
        """What nettings are about; left to chance it comes up too seldom."""
        payer, payee = (
            next(id for id, one in self.model.accounts.items()
                 if one.kind is AccountKind.MEMBER and one.municipality_id == place)
            for place in ((A, B) if swapped else (B, A))
        )  # fmt: skip
        self.both("pay", {"key": key, "actor": MAKELAAR, "payer": payer, "payee": payee, "minutes": minutes})
        self.model.note_months()
        self.a_month_passes()
        self.propose(A, 1)
        for place, actor, yes in said if self.model.nettings else ():
            self.answer(3, place, actor, yes)

    @precondition(lambda self: self.model.nettings)
    @rule(which=pick, place=places, actor=st.sampled_from([MAKELAAR, ONE, UUID(int=2)]), yes=OFTEN)
    def answer(self, which: int, place: int, actor: UUID, yes: bool) -> None:
        nettings = self.model.nettings if which % 3 else self.model.nettings[-2:]
        theirs = nettings[which % len(nettings)]
        side = (
            A if A in (theirs.taker_id, theirs.giver_id) else B
        )  # people move to a third place, and owe from there
        (ours,) = (
            n for n in netting.nettings(self.connection, side)
            if (n.taker_id, n.giver_id, n.month) == (theirs.taker_id, theirs.giver_id, theirs.month)
        )  # fmt: skip
        both = self.alike(
            lambda: netting.answer(
                self.connection, actor=actor, netting=ours.id, municipality_id=place, approved=yes
            ),
            lambda: self.model.answer_netting(
                key=f"netting:{ours.id}", actor=actor, netting=theirs, municipality_id=place, approved=yes
            ),
        )
        if both:
            assert (both[0].batch is not None) == both[1]
            self.seen["booked" if both[1] else "answered"] += 1


def _tried(call: Any) -> Any:
    from rewards import LedgerError

    try:
        return call()
    except LedgerError as refusal:
        return type(refusal)


__all__ = ["MonthRules", "Nettings"]
