"""Rules of the stateful test on cheques and paper Roosjes: see `tests.rewards.test_model`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Connection

import rewards
from rewards import AccountId, LedgerError, Unit, paper
from rewards.serials import read_serial
from rewards.types import BatchId, SerialId
from tests.rewards.factories import A, B
from tests.rewards.paper_factories import a_desk, a_provider
from tests.rewards.rules_gifts import actors, keys, pick

few = st.integers(1, 4)
worth = st.sampled_from([15, 30, 60, 240])
days = st.integers(-1, 30)
writing = st.sampled_from(
    [str.upper, str.lower, lambda text: text.replace("-", " "), lambda text: text.replace("0", "o")]
)


class PaperRules:
    """Papers are remembered by what stands on them: number and serial, and the number of the model's twin."""

    connection: Connection
    model: Any
    account: Any

    def begin_papers(self) -> None:
        """Two desks and a provider in one municipality, one of each in the other."""
        self.papers: list[tuple[SerialId, SerialId, str]] = []
        self.sales: list[tuple[BatchId, BatchId]] = []
        self.tills: list[AccountId] = []
        self.takers: list[AccountId] = []
        for municipality_id, number in ((A, 1), (A, 2), (B, 1)):
            till = a_desk(self.connection, municipality_id, number)
            self.tills.append(till.id)
            self.model.tills[till.id] = municipality_id, 0
        for municipality_id in (A, B):
            taker = a_provider(self.connection, municipality_id)
            self.takers.append(taker.id)
            self.model.providers[taker.id] = municipality_id, 0

    def any_of(self, number: int, special: list[AccountId]) -> AccountId:
        """Mostly one of the right kind, now and then somebody's account."""
        return self.account(number) if number % 7 == 0 else special[number % len(special)]

    def made(self, name: str, call: dict[str, Any], unit: Unit, source: AccountId) -> Any:
        """Make papers on both; the model gets the serials that the ledger made. Returns the ledger's booking."""
        actual = self.tried(lambda: getattr(paper, name)(self.connection, **call))
        serials = [] if isinstance(actual, type) else actual.serials
        before = len(self.model.papers)
        expected = self.outcome_of(
            lambda: getattr(self.model, name)(**call, texts=[serial.text for serial in serials])
        )
        if isinstance(actual, type) or isinstance(expected, type):
            assert actual == expected, name
            return None
        assert actual.booking.hit == expected.hit, name
        if not serials:
            return None
        place = self.connection.exec_driver_sql(
            "SELECT municipality_id FROM ledger.account WHERE id = %s", (source,)
        ).scalar_one()
        numbers = paper.numbers(self.connection, serials=serials, unit=unit, municipality_id=place)
        twins = [SerialId(before + step + 1) for step in range(len(serials))]
        texts = [serial.text for serial in serials]
        self.papers += list(zip(numbers, twins, texts, strict=True))
        return actual.booking.batch, expected.batch

    def ended(self, name: str, ours: dict[str, Any], theirs: dict[str, Any] | None = None) -> None:
        """The same end on both, or the same refusal."""
        actual = self.tried(lambda: getattr(paper, name)(self.connection, **ours))
        expected = self.outcome_of(lambda: getattr(self.model, name)(**(theirs or ours)))
        if isinstance(actual, type) or isinstance(expected, type):
            assert actual == expected, name
        else:
            assert actual.hit == expected.hit, name

    def tried(self, call: Any) -> Any:
        with self.connection.begin_nested() as savepoint:
            outcome = self.outcome_of(call)
            if isinstance(outcome, type):
                savepoint.rollback()
        return outcome

    @staticmethod
    def outcome_of(call: Any) -> Any:
        try:
            return call()
        except LedgerError as refusal:
            return type(refusal)

    @rule(one=pick, vouchers=few, days=days, key=keys, actor=actors)
    def sell(self, one: int, vouchers: int, days: int, key: str, actor: UUID) -> None:
        desk = self.any_of(one, self.tills)
        made = self.made("sell", {
            "key": key, "actor": actor, "desk": desk, "vouchers": vouchers,
            "expires_at": self.model.now + timedelta(days=days, hours=12),
        }, Unit.VOUCHER, desk)  # fmt: skip
        self.sales += [made] if made else []

    @rule(one=pick, papers=few, minutes=worth, days=days, key=keys, actor=actors)
    def issue(self, one: int, papers: int, minutes: int, days: int, key: str, actor: UUID) -> None:
        issuer = self.any_of(one * 7 if one % 5 else one, self.tills)
        self.made("issue", {
            "key": key, "actor": actor, "account": issuer, "papers": papers, "minutes": minutes,
            "expires_at": self.model.now + timedelta(days=days, hours=12),
        }, Unit.ROOSJE_MIN, issuer)  # fmt: skip

    @precondition(lambda self: self.papers)
    @rule(which=pick, one=pick, write=writing, key=keys, actor=actors)
    def redeem(self, which: int, one: int, write: Any, key: str, actor: UUID) -> None:
        text = write(self.papers[which % len(self.papers)][2])
        provider = self.any_of(one, self.takers)
        self.ended("redeem", {"key": key, "actor": actor, "serial": text, "provider": provider})

    @precondition(lambda self: self.papers)
    @rule(which=pick, one=pick, write=writing, key=keys, actor=actors)
    def hand_in(self, which: int, one: int, write: Any, key: str, actor: UUID) -> None:
        text = write(self.papers[which % len(self.papers)][2])
        assert read_serial(text).digest
        self.ended("hand_in", {"key": key, "actor": actor, "serial": text, "account": self.account(one)})

    @precondition(lambda self: self.papers)
    @rule(which=pick, one=pick, key=keys, actor=actors)
    def refund(self, which: int, one: int, key: str, actor: UUID) -> None:
        text = self.papers[which % len(self.papers)][2]
        desk = self.any_of(one, self.tills)
        self.ended("refund", {"key": key, "actor": actor, "serial": text, "desk": desk})

    @precondition(lambda self: self.papers)
    @rule(which=pick, one=pick, key=keys, actor=actors)
    def refund_lost(self, which: int, one: int, key: str, actor: UUID) -> None:
        ours, theirs, _ = self.papers[which % len(self.papers)]
        call = {"key": key, "actor": actor, "desk": self.any_of(one, self.tills)}
        self.ended("refund_lost", call | {"paper": ours}, call | {"paper": theirs})

    @precondition(lambda self: self.papers)
    @rule(which=pick, one=pick, own=st.booleans(), key=keys, actor=actors)
    def take_back(self, which: int, one: int, own: bool, key: str, actor: UUID) -> None:
        ours, theirs, _ = self.papers[which % len(self.papers)]
        account = self.model.papers[theirs].source if own else self.account(one)
        call = {"key": key, "actor": actor, "account": account}
        self.ended("take_back", call | {"paper": ours}, call | {"paper": theirs})

    @precondition(lambda self: self.sales)
    @rule(which=pick, one=pick, key=keys, actor=actors)
    def refund_sale(self, which: int, one: int, key: str, actor: UUID) -> None:
        ours, theirs = self.sales[which % len(self.sales)]
        call = {"key": key, "actor": actor, "desk": self.any_of(one, self.tills)}
        self.ended("refund_sale", call | {"sale": ours}, call | {"sale": theirs})

    @rule()
    def papers_lapse(self) -> None:
        ours = [one.serial for one in paper.lapse_due(self.connection, 1000)]
        theirs = self.model.due_papers()
        known = {number: twin for number, twin, _ in self.papers}
        assert [known[number] for number in ours] == theirs
        for twin in theirs:
            self.model.lapse_papers([twin], to=self.first_shard(self.model.papers[twin].municipality_id))

    def first_shard(self, municipality_id: int) -> AccountId:
        """Where the minutes of somebody who left go."""
        pot: AccountId = self.model._pot(municipality_id)[0].id
        return pot

    def compare_papers(self) -> None:
        """Tills, providers, and what waits."""
        for till, (_, cents) in self.model.tills.items():
            assert rewards.balance(self.connection, till).posted == cents
        for provider, (_, waiting) in self.model.providers.items():
            assert rewards.balance(self.connection, provider).posted == waiting
        for municipality_id, twin in self.model.suspense.items():
            posted = self.connection.exec_driver_sql(
                "SELECT posted FROM ledger.account WHERE kind = 'suspense' AND unit = 'ROOSJE_MIN'"
                " AND municipality_id = %s",
                (municipality_id,),
            ).scalar()
            assert (posted or 0) == twin.posted
