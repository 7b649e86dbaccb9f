"""Everything that moves or decides something, as acts that meet on the same rows: see `test_every_race`.

Each line prepares what it needs, once per race, and says what all its contenders then try. `once` names what can
happen one time only, whichever of the acts of that name comes first.
"""

# ruff: noqa: ARG005  # all acts are called alike, whatever each needs of it

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

import rewards
from rewards import (
    AccountKind,
    Outcome,
    Reason,
    Unit,
    allowance,
    invoices,
    months,
    netting,
    paper,
    seals,
    welfare,
)
from rewards.allowance import AllowanceKind
from tests.rewards.factories import (
    MAKELAAR,
    a_hold,
    a_member,
    a_payment,
    a_settlement,
    now,
    see,
    trusting,
)
from tests.rewards.gift_factories import COLLEAGUE, a_grant_to_see, a_question
from tests.rewards.paper_factories import a_desk, a_provider, a_redemption, a_sale, an_issue

Try = Callable[[Connection, str], object]
BY: dict[str, Any] = {"actor": MAKELAAR}
THIRD = UUID(int=3)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass
class Scene:
    """Two municipalities that trust each other, people in both, pots with little in them; and what acts prepared."""

    engine: Engine
    owner: Engine
    here: int
    there: int
    made: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.engine.begin() as connection:
            self.see(connection)
            trusting(connection, self.here, self.there)
            trusting(connection, self.there, self.here)
            self.member, self.other = a_member(connection, self.here), a_member(connection, self.here)
            self.abroad = a_member(connection, self.there)
            for municipality in (self.here, self.there):
                giver = a_member(connection, municipality, floor=-(10**6))
                rewards.donate(connection, key=str(uuid4()), payer=giver.id, minutes=400, **BY)
            self.desk, self.provider = a_desk(connection, self.here), a_provider(connection, self.here)

    def see(self, connection: Connection) -> None:
        see(connection, self.here, self.there)

    def once(self, name: str, make: Callable[[Connection], Any]) -> Any:
        """What the contenders meet on, made by the first who asks."""
        if name not in self.made:
            with self.engine.begin() as connection:
                self.see(connection)
                self.made[name] = make(connection)
        return self.made[name]

    def pass_days(self, name: str, days: int) -> None:
        """Time that has to pass first, for everybody."""
        if f"{name} later" not in self.made:
            self.made[f"{name} later"] = True
            with self.owner.begin() as owner:
                owner.exec_driver_sql("SELECT ledger.shift(%s)", (timedelta(days=days),))

    def held(self) -> Any:
        return self.once("hold", lambda connection: a_hold(connection, self.member, self.other, 30))

    def due(self) -> Any:
        made = self.once("due", lambda connection: a_hold(
            connection, self.member, self.other, 30, expires_at=now(connection) + timedelta(days=1)))  # fmt: skip
        self.pass_days("due", 2)
        return made

    def paid(self) -> Any:
        """Something that its receiver cannot give back, so that a reversal and the pot both may be right."""
        return self.once("paid", self._paid)

    def _paid(self, connection: Connection) -> Any:
        receiver = a_member(connection, self.here, floor=0)
        booking = a_payment(connection, self.member, receiver, 30)
        a_payment(connection, receiver, self.other, 30)
        return booking

    def settled(self) -> Any:
        return self.once("settled", lambda connection: a_settlement(
            connection, a_hold(connection, self.member, self.abroad, 30), 30))  # fmt: skip

    def asked(self) -> Any:
        return self.once("asked", lambda connection: a_question(connection, self.member, self.other, 30))

    def payer(self) -> UUID:
        """Who is asked to pay, and alone answers."""
        assert self.member.owner is not None
        return self.member.owner

    def asked_grant(self) -> Any:
        return self.once("asked grant", lambda connection: a_grant_to_see(connection, self.member, 30))

    def forgotten(self) -> Any:
        made = self.once("forgotten", lambda connection: a_question(connection, self.member, self.other, 30))
        self.pass_days("forgotten", 20)
        return made

    def leaver(self) -> Any:
        return self.once("leaver", self._leaver)

    def _leaver(self, connection: Connection) -> Any:
        leaver = a_member(connection, self.here)
        a_payment(connection, leaver, self.other, 20)
        return leaver

    def cheque(self) -> Any:
        """A cheque that was sold: batch, serial, number."""
        return self.once(
            "cheque", lambda connection: self._numbered(connection, a_sale(connection, self.desk))
        )

    def petal(self) -> Any:
        return self.once(
            "petal", lambda connection: self._numbered(connection, an_issue(connection, self.member))
        )

    def _numbered(self, connection: Connection, papers: Any) -> Any:
        batch = papers.booking.batch
        number = connection.exec_driver_sql(
            "SELECT min(id) FROM ledger.serial WHERE batch_id = %s", (batch,)
        ).scalar_one()
        return batch, papers.serials[0].text, number

    def old_paper(self) -> Any:
        made = self.once("old", lambda connection: an_issue(
            connection, self.member, expires_at=now(connection) + timedelta(days=1)))  # fmt: skip
        self.pass_days("old", 2)
        return made

    def billable(self) -> Any:
        """A provider with one cheque of a month that is over, and that month."""
        made = self.once("billable", self._billable)
        self.pass_days("billable", 32)
        return made

    def _billable(self, connection: Connection) -> Any:
        provider = a_provider(connection, self.here)
        a_redemption(connection, a_sale(connection, self.desk).serials[0].text, provider)
        return provider, now(connection).astimezone(AMSTERDAM).date().replace(day=1)

    def said_paid(self) -> Any:
        """An invoice to the other municipality that a colleague said was paid."""
        _, month = self.billable()
        return self.once("said paid", lambda connection: self._said_paid(connection, month))

    def _said_paid(self, connection: Connection, month: date) -> Any:
        provider = a_provider(connection, self.here)
        a_redemption(connection, a_sale(connection, self.desk).serials[0].text, provider)
        booked = invoices.owe(
            connection,
            key=str(uuid4()),
            municipality_id=self.here,
            month=month,
            provider=provider.id,
            vouchers=1,
            **BY,
        )
        made = invoices.of_batch(connection, booked.batch)
        by: dict[str, Any] = {"invoice": made.id, "municipality_id": self.here, "actor": COLLEAGUE}
        invoices.step(connection, state=invoices.State.SENT, **by)
        return invoices.step(connection, state=invoices.State.REPORTED, paid_on=month, **by)

    def budget(self) -> Any:
        return self.once("budget", lambda connection: self._budget(connection, 300))

    def over(self) -> Any:
        made = self.once("over", lambda connection: self._budget(connection, 3))
        self.pass_days("over", 60)
        return made

    def _budget(self, connection: Connection, days: int) -> Any:
        today = now(connection).date()
        period = welfare.open_period(
            connection, key=str(uuid4()), municipality_id=self.here, person=uuid4(),
            starts_on=today, ends_on=today + timedelta(days=days), **BY)  # fmt: skip
        welfare.grant(
            connection, key=str(uuid4()), period=period.id, cents=40_000, approved_by=COLLEAGUE, **BY
        )
        return period

    def spent(self) -> Any:
        period = self.budget()
        return self.once("spent", lambda connection: welfare.spend_approved(
            connection, key=str(uuid4()), period=period.id, cents=10_000, approved_by=COLLEAGUE, **BY))  # fmt: skip

    def person(self) -> Any:
        return self.once("person", lambda connection: uuid4())

    def noted(self) -> Any:
        person = self.person()
        return self.once("noted", lambda connection: allowance.note(
            connection, key=str(uuid4()), municipality_id=self.here, person=person,
            kind=AllowanceKind.VOLUNTEER, day=date(2026, 3, 3), cents=10_000, **BY))  # fmt: skip

    def month(self) -> date:
        """The month in which these books began, which is over by now."""
        began: date = self.once("month", lambda connection: now(connection).date().replace(day=1))
        self.once("across", lambda connection: a_payment(connection, self.member, self.abroad, 20))
        self.pass_days("month", 32)
        return began

    def proposal(self) -> Any:
        month = self.month()
        return self.once("proposal", lambda connection: netting.propose(connection, self.here, month)[0])

    def mover(self) -> Any:
        return self.once("mover", self._leaver)

    def left_behind(self) -> Any:
        return self.once("left behind", self._left_behind)

    def _left_behind(self, connection: Connection) -> Any:
        mover = self._leaver(connection)
        assert mover.owner
        rewards.move_home(connection, mover.owner, self.there)
        return mover


def _answer(scene: Scene, side: int, actor: UUID) -> Try:
    proposal = scene.proposal()
    municipality = (proposal.taker_id, proposal.giver_id)[side]
    return lambda c, key: netting.answer(
        c, actor=actor, netting=proposal.id, municipality_id=municipality, approved=True
    )


def _decide(asked: Any, actor: UUID, outcome: Outcome) -> Try:
    return lambda c, key: rewards.decide(c, key=key, actor=actor, question=asked.question, outcome=outcome)


def _spend(scene: Scene) -> Try:
    period = scene.budget()
    return lambda c, key: welfare.spend_approved(
        c, key=key, period=period.id, cents=9_000, approved_by=COLLEAGUE, **BY
    )


def _receipt(scene: Scene) -> Try:
    period, receipt = scene.budget(), sha256(str(scene.here).encode()).digest()
    return lambda c, key: welfare.spend_on_receipt(
        c, key=key, period=period.id, cents=9_000, receipt_hash=receipt, **BY
    )


def _open_period(scene: Scene) -> Try:
    person = scene.person()
    return lambda c, key: welfare.open_period(
        c, key=key, municipality_id=scene.here, person=person, starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 1), **BY)  # fmt: skip


def _note(scene: Scene) -> Try:
    person = scene.person()
    return lambda c, key: allowance.note(
        c, key=key, municipality_id=scene.here, person=person, kind=AllowanceKind.VOLUNTEER,
        day=date(2026, 3, 3), cents=6_000, **BY)  # fmt: skip


FAR = datetime(2190, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Op:
    """`prepare` makes what is met on and returns what each contender does, under a key of their own."""

    prepare: Callable[[Scene], Try]
    once: str = ""


def _given(make: Callable[[Scene], Any], act: Callable[[Scene, Any, Connection, str], object]) -> Any:
    def prepare(scene: Scene) -> Try:
        made = make(scene)
        return lambda connection, key: act(scene, made, connection, key)

    return prepare


NOTHING: Callable[[Scene], Any] = lambda scene: None  # noqa: E731
R = rewards
OPS: dict[str, Op] = {
    "open_account": Op(_given(Scene.person, lambda s, who, c, key: R.open_account(
        c, municipality_id=s.here, unit=Unit.ROOSJE_MIN, kind=AccountKind.MEMBER, owner=who))),
    "set_limits": Op(_given(NOTHING, lambda s, _, c, key: R.set_limits(c, s.member.id, floor=-600, ceiling=3000))),
    "set_status": Op(_given(NOTHING, lambda s, _, c, key: R.set_status(
        c, s.other.id, (R.AccountStatus.FROZEN, R.AccountStatus.OPEN)[sha256(key.encode()).digest()[0] % 2]))),
    "set_trust": Op(_given(NOTHING, lambda s, _, c, key: R.set_trust(
        c, municipality_id=s.here, counter_municipality_id=s.there, limit_minutes=900, **BY))),
    "hold": Op(_given(NOTHING, lambda s, _, c, key: R.hold(
        c, key=key, asker=s.member.id, helper=s.abroad.id, minutes=20, expires_at=FAR, subject=THIRD, **BY))),
    "settle": Op(_given(Scene.held, lambda s, it, c, key: R.settle(
        c, key=key, hold=it.transfer, minutes=20, **BY)), "hold"),
    "void": Op(_given(Scene.held, lambda s, it, c, key: R.void(c, key=key, hold=it.transfer, **BY)), "hold"),
    "expire": Op(_given(Scene.due, lambda s, it, c, key: R.expire(c, key=key, hold=it.transfer, **BY)), "due"),
    "expire_due": Op(_given(Scene.due, lambda s, it, c, key: R.expire_due(c))),
    "pay": Op(_given(NOTHING, lambda s, _, c, key: R.pay(
        c, key=key, payer=s.member.id, payee=s.other.id, minutes=15, **BY))),
    "pay_back": Op(_given(NOTHING, lambda s, _, c, key: R.pay(
        c, key=key, payer=s.other.id, payee=s.member.id, minutes=15, **BY))),
    "pay_across": Op(_given(NOTHING, lambda s, _, c, key: R.pay(
        c, key=key, payer=s.abroad.id, payee=s.member.id, minutes=15, **BY))),
    "reverse": Op(_given(Scene.settled, lambda s, it, c, key: R.reverse(
        c, key=key, transfer=it.transfer, reason=Reason.OTHER, **BY)), "settled"),
    "reverse_paid": Op(_given(Scene.paid, lambda s, it, c, key: R.reverse(
        c, key=key, transfer=it.transfer, reason=Reason.OTHER, **BY)), "paid"),
    "make_whole": Op(_given(Scene.paid, lambda s, it, c, key: R.make_whole(
        c, key=key, transfer=it.transfer, reason=Reason.OTHER, **BY)), "paid"),
    "leave": Op(_given(Scene.leaver, lambda s, it, c, key: R.leave(c, key=key, account=it.id, **BY)), "leaver"),
    "leave_member": Op(_given(NOTHING, lambda s, _, c, key: R.leave(
        c, key=key, account=s.other.id, **BY)), "other"),
    "move_home": Op(_given(Scene.mover, lambda s, it, c, key: R.move_home(
        c, it.owner, (s.here, s.there)[sha256(key.encode()).digest()[0] % 2]))),
    "carry_home": Op(_given(Scene.left_behind, lambda s, it, c, key: R.carry_home(c, it.id))),
    "donate": Op(_given(NOTHING, lambda s, _, c, key: R.donate(
        c, key=key, payer=s.member.id, minutes=15, **BY))),
    "grant": Op(_given(NOTHING, lambda s, _, c, key: R.grant(c, key=key, payee=s.member.id, minutes=15, **BY))),
    "pay_many": Op(_given(NOTHING, lambda s, _, c, key: R.pay_many(
        c, key=key, payer=s.member.id, payments=[(s.abroad.id, 5), (s.other.id, 5)], **BY))),
    "share": Op(_given(NOTHING, lambda s, _, c, key: R.share(
        c, key=key, helper=s.other.id, receivers=[s.abroad.id, s.member.id], minutes=5, **BY))),
    "ask": Op(_given(NOTHING, lambda s, _, c, key: R.ask(
        c, key=key, payer=s.other.id, payee=s.member.id, minutes=5, **BY))),
    "ask_grant": Op(_given(NOTHING, lambda s, _, c, key: R.ask_grant(
        c, key=key, payee=s.member.id, minutes=5, **BY))),
    "decide": Op(lambda s: _decide(s.asked(), s.payer(), Outcome.ACCEPTED), "asked"),
    "decide_no": Op(lambda s: _decide(s.asked(), s.payer(), Outcome.REJECTED), "asked"),
    "decide_grant": Op(lambda s: _decide(s.asked_grant(), THIRD, Outcome.ACCEPTED), "asked grant"),
    "decide_late": Op(lambda s: _decide(s.forgotten(), s.payer(), Outcome.ACCEPTED), "forgotten"),
    "lapse_questions": Op(_given(Scene.forgotten, lambda s, _, c, key: R.lapse_questions(c))),
    "set_policy": Op(_given(NOTHING, lambda s, _, c, key: R.set_policy(
        c, key=key, municipality_id=s.here, terms=R.Terms(floor=-600), **BY))),
    "apply_policy": Op(_given(NOTHING, lambda s, _, c, key: R.apply_policy(c, s.here, limit=1000))),
    "follow_policy": Op(_given(NOTHING, lambda s, _, c, key: R.follow_policy(c, s.member.id))),
    "sell": Op(_given(NOTHING, lambda s, _, c, key: paper.sell(
        c, key=key, desk=s.desk.id, vouchers=2, expires_at=FAR, **BY))),
    "issue": Op(_given(NOTHING, lambda s, _, c, key: paper.issue(
        c, key=key, account=s.member.id, papers=1, minutes=10, expires_at=FAR, **BY))),
    "redeem": Op(_given(Scene.cheque, lambda s, it, c, key: paper.redeem(
        c, key=key, serial=it[1], provider=s.provider.id, **BY)), "cheque"),
    "refund": Op(_given(Scene.cheque, lambda s, it, c, key: paper.refund(
        c, key=key, serial=it[1], desk=s.desk.id, **BY)), "cheque"),
    "refund_sale": Op(_given(Scene.cheque, lambda s, it, c, key: paper.refund_sale(
        c, key=key, sale=it[0], desk=s.desk.id, **BY)), "cheque"),
    "refund_lost": Op(_given(Scene.cheque, lambda s, it, c, key: paper.refund_lost(
        c, key=key, paper=it[2], desk=s.desk.id, **BY)), "cheque"),
    "hand_in": Op(_given(Scene.petal, lambda s, it, c, key: paper.hand_in(
        c, key=key, serial=it[1], account=s.abroad.id, **BY)), "petal"),
    "take_back": Op(_given(Scene.petal, lambda s, it, c, key: paper.take_back(
        c, key=key, paper=it[2], account=s.member.id, **BY)), "petal"),
    "lapse_due": Op(_given(Scene.old_paper, lambda s, _, c, key: paper.lapse_due(c))),
    "open_period": Op(_open_period, "period"),
    "welfare_grant": Op(_given(Scene.budget, lambda s, it, c, key: welfare.grant(
        c, key=key, period=it.id, cents=3_000, approved_by=COLLEAGUE, **BY)), "grant"),
    "spend_approved": Op(_spend),
    "spend_on_receipt": Op(_receipt, "receipt"),
    "undo_spending": Op(_given(Scene.spent, lambda s, it, c, key: welfare.undo_spending(
        c, key=key, spending=it.transfer, reason=Reason.OTHER, **BY)), "spent"),
    "close_period": Op(_given(Scene.budget, lambda s, it, c, key: welfare.close_period(
        c, key=key, period=it.id, **BY)), "budget"),
    "close_over": Op(_given(Scene.over, lambda s, it, c, key: welfare.close_period(
        c, key=key, period=it.id, **BY)), "over"),
    "close_due": Op(_given(Scene.over, lambda s, it, c, key: welfare.close_due(c))),
    "note": Op(_note),
    "withdraw": Op(_given(Scene.noted, lambda s, it, c, key: allowance.withdraw(
        c, key=key, allowance=it.allowance, **BY)), "noted"),
    "set_limit": Op(_given(NOTHING, lambda s, _, c, key: allowance.set_limit(
        c, kind=AllowanceKind.DRIVING, valid_from=date(2190, 1, 1), month=1, year=1, **BY))),
    "close_month": Op(_given(Scene.month, lambda s, it, c, key: months.close_month(
        c, actor=MAKELAAR, municipality_id=s.here, unit=Unit.ROOSJE_MIN, month=it))),
    "propose": Op(_given(Scene.month, lambda s, it, c, key: netting.propose(c, s.there, it))),
    "answer": Op(lambda s: _answer(s, 0, MAKELAAR)),
    "answer_other": Op(lambda s: _answer(s, 1, COLLEAGUE)),
    "bill": Op(_given(Scene.billable, lambda s, it, c, key: invoices.bill(
        c, key=key, municipality_id=s.there, payer_id=s.here, payee_id=s.there, month=it[1], accounts=[it[0].id],
        **BY)), "billable"),
    "owe": Op(_given(Scene.billable, lambda s, it, c, key: invoices.owe(
        c, key=key, municipality_id=s.here, month=it[1], provider=it[0].id, vouchers=1, **BY)), "billable"),
    "step": Op(_given(Scene.said_paid, lambda s, it, c, key: invoices.step(
        c, actor=UUID(key), invoice=it.id, municipality_id=s.here, state=invoices.State.PAID)), "said paid"),
    "step_back": Op(_given(Scene.said_paid, lambda s, it, c, key: invoices.step(
        c, actor=UUID(key), invoice=it.id, municipality_id=s.here, state=invoices.State.SENT)), "said paid"),
    "seal": Op(_given(NOTHING, lambda s, _, c, key: seals.seal(c))),
}  # fmt: skip
