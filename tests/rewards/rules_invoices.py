"""Rules of the stateful test on invoices: see `tests.rewards.test_model`."""

from collections import Counter
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Connection

from rewards import AccountId, LedgerError, Reason, invoices
from rewards.invoices import State
from rewards.model_months import month_of
from tests.rewards.factories import MAKELAAR, A, B, see
from tests.rewards.rules_gifts import ONE, actors, keys, pick

PLACES = (A, B)
places = st.sampled_from(PLACES)
days = st.sampled_from([None, 0, 0, 1, -3, -40])
reasons = st.sampled_from([None, None, Reason.OTHER])
LIKELY = {
    State.MADE: State.SENT,
    State.SENT: State.REPORTED,
    State.REPORTED: State.PAID,
    State.PAID: State.SENT,
    State.DISPUTED: State.WITHDRAWN,
    State.WITHDRAWN: State.SENT,
}
"""What mostly comes next, so that chance alone need not find the way to a payment."""


class InvoiceRules:
    """Invoices are remembered as pairs: the ledger's number, and the model's."""

    connection: Connection
    model: Any
    takers: list[AccountId]
    tills: list[AccountId]
    papers: list[Any]
    any_of: Any
    tried: Any
    sell: Any
    redeem: Any
    taken: ClassVar[Counter[State]] = Counter()
    """How often each state was come to: a run without any payment shows nothing."""

    def begin_invoices(self) -> None:
        """Staff of both municipalities are at work."""
        see(self.connection, A, B)
        self.bills: list[tuple[int, Any]] = []

    def month(self, back: int) -> date:
        month = month_of(self.model.now)
        for _ in range(back):
            month = (month - timedelta(days=1)).replace(day=1)
        return month if back >= 0 else (month + timedelta(days=40)).replace(day=1)

    def invoiced(self, name: str, call: dict[str, Any]) -> None:
        actual = self.tried(lambda: getattr(invoices, name)(self.connection, **call))
        expected = self.outcome_of_model(lambda: getattr(self.model, name)(**call))
        if isinstance(actual, type) or isinstance(expected, type):
            assert actual == expected, name
            return
        assert actual.hit == expected.hit, name
        if not actual.hit:
            made = invoices.of_batch(self.connection, actual.batch)
            twin = self.model.invoices[-1]
            assert {line.account: line.vouchers for line in made.lines} == twin.lines
            self.bills.append((made.id, twin))

    @staticmethod
    def outcome_of_model(call: Any) -> Any:
        try:
            return call()
        except LedgerError as refusal:
            return type(refusal)

    @rule(
        one=pick,
        back=st.sampled_from([1, 1, 1, 0, 2]),
        swapped=st.booleans(),
        side=places,
        key=keys,
        actor=actors,
    )
    def bill(self, one: int, back: int, swapped: bool, side: int, key: str, actor: UUID) -> None:
        payer, payee = (B, A) if swapped else (A, B)
        of_payer = [id for id in self.takers if self.model.providers[id][0] == payer]
        self.invoiced("bill", {
            "key": key, "actor": actor, "municipality_id": side, "payer_id": payer, "payee_id": payee,
            "month": self.month(back), "accounts": of_payer if one % 5 else [self.any_of(one, self.takers)],
        })  # fmt: skip

    @rule(one=pick, back=st.sampled_from([0, 0, 1, -1]), vouchers=st.integers(1, 3), key=keys, actor=actors)
    def owe(self, one: int, back: int, vouchers: int, key: str, actor: UUID) -> None:
        provider = self.any_of(one, self.takers)
        place = self.model.providers.get(provider, (A,))[0]
        self.invoiced("owe", {
            "key": key, "actor": actor, "municipality_id": place if one % 4 else A, "month": self.month(back),
            "provider": provider, "vouchers": vouchers,
        })  # fmt: skip

    @precondition(lambda self: self.bills)
    @rule(which=pick, guess=st.sampled_from([None, None, None, *State]), side=places, day=days, reason=reasons,
          actor=actors)  # fmt: skip
    def step(
        self, which: int, guess: State | None, side: int, day: int | None, reason: Reason | None, actor: UUID
    ) -> None:
        ours, twin = self.bills[which % len(self.bills)]
        state = guess or LIKELY[twin.state]
        if guess is None:  # what makes sense, so that some get through
            day = 0 if state is State.REPORTED else None
            takes_back = state in (State.DISPUTED, State.WITHDRAWN) or twin.state is State.PAID
            reason = Reason.OTHER if takes_back else None
            side = (
                (twin.payee_id or twin.payer_id) if state in (State.SENT, State.WITHDRAWN) else twin.payer_id
            )
        call: dict[str, Any] = {
            "actor": actor, "municipality_id": side, "state": state, "reason": reason,
            "paid_on": None if day is None else self.model.now.date() + timedelta(days=day),
        }  # fmt: skip
        actual = self.tried(lambda: invoices.step(self.connection, invoice=ours, **call))
        expected = self.outcome_of_model(lambda: self.model.step_invoice(invoice=twin, **call))
        assert (actual if isinstance(actual, type) else None) == expected, state
        self.taken[state] += expected is None
        self._note_followers(ours, twin)

    @rule(back=st.booleans(), key=st.uuids().map(str))
    def cheques_cross_and_are_paid(self, back: bool, key: str) -> None:
        """What invoices are about; left to chance it comes up too seldom."""
        before = len(self.papers)
        self.sell(3, 1, 30, key, MAKELAAR)  # at the first desk of A
        if len(self.papers) > before:
            self.redeem(len(self.papers) - 1, 2, str.upper, key, MAKELAAR)  # at A's account of a provider
        self.connection.exec_driver_sql("SELECT ledger.shift('31 days')")
        self.model.now += timedelta(days=31)
        before = len(self.bills)
        self.bill(1, 1, False, B, key, MAKELAAR)
        if len(self.bills) > before:
            for actor in (
                ONE,
                ONE,
                MAKELAAR,
                *([ONE] if back else []),
            ):  # sent, reported, paid, and taken back
                self.step(before, None, A, None, None, actor)

    def _note_followers(self, ours: int, twin: Any) -> None:
        known = {id for id, _ in self.bills}
        passed = [one.id for place in PLACES for one in invoices.of_municipality(self.connection, place)
                  if one.follows == ours]  # fmt: skip
        every = sorted(set(passed))
        assert len(every) == len(twin.followers)
        self.bills += [pair for pair in zip(every, twin.followers, strict=True) if pair[0] not in known]

    def compare_invoices(self) -> None:
        """States, and every sum of money that follows from them."""
        for ours, twin in self.bills:
            one = invoices.get(self.connection, ours)
            assert (one.state, one.cents) == (twin.state, twin.cents)
            assert [step.state for step in one.steps] == [said[0] for said in twin.steps]
        for place, other in ((A, B), (B, A)):
            assert self._cents(place, "suspense") == self.model.set_aside(place)
            assert self._cents(place, "clearing") == self.model.paid_to(place, other)
            assert self._cents(place, "provider") == self.model.got(place)

    def _cents(self, place: int, kind: str) -> int:
        return int(self.connection.exec_driver_sql(
            "SELECT coalesce(sum(posted), 0) FROM ledger.account WHERE unit = 'EURCENT' AND municipality_id = %s"
            " AND kind = %s::ledger.account_kind", (place, kind)).scalar_one())  # fmt: skip
