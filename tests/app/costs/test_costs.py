"""Costs of helping: agreed by two, counted once, never above the limit, and never mixed with Roosjes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.clock import now, today
from app.costs import agreed, meter, paid, rules
from app.costs.errors import AboveAgreed, AboveAllowance, AgreedAlready, NoBudget, WrittenAlready
from app.costs.models import AgreedStatus, PaidStatus
from app.costs.schemas import NewCost, NewLimit, NewRate, WhatItCost
from app.db import Database as Program
from app.errors import Forbidden, Invalid, NotAllowed, NotFound
from app.ids import uuid7
from app.welfare import plans
from rewards import allowance
from rewards.allowance import AllowanceKind
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.app.welfare.conftest import Town, town
from tests.databases import Database

__all__ = ["town"]
Travel = Callable[[timedelta], None]
RIDE_AGO = timedelta(hours=1)
KM = {"soort": "kilometers", "kilometers": 30, "betaler": "vrager"}


@dataclass
class Drive:
    """Ria is driven by Tonnie; the time was an hour ago."""

    program: Program
    database: Database
    ria: Actor
    tonnie: Actor
    agreement: UUID
    time: UUID
    travel: Travel

    def do(self, actor: Actor, work: Callable[..., object], *arguments: object, **named: object) -> object:
        with self.program.transaction() as session:
            return work(session, act(session, actor), *arguments, **named)

    def agrees(self, **changes: object) -> UUID:
        """What was agreed before the ride."""
        self.travel(-RIDE_AGO * 2)
        cost = self.agrees_now(**changes)
        self.travel(RIDE_AGO * 2)
        return cost

    def agrees_now(self, **changes: object) -> UUID:
        new = NewCost.model_validate(KM | changes)
        cost = self.do(self.tonnie, agreed.propose, self.agreement, new)
        self.do(self.ria, agreed.answer, cost.id, yes=True)  # type: ignore[attr-defined]
        return cost.id  # type: ignore[attr-defined,no-any-return]

    def writes(self, actor: Actor, cost: UUID, **what: object) -> UUID:
        new = WhatItCost.model_validate({"kosten": cost, "keer": self.time, **what})
        return self.do(actor, paid.write_down, new).id  # type: ignore[attr-defined,no-any-return]

    def year(self, kind: AllowanceKind = AllowanceKind.DRIVING) -> int:
        with self.program.transaction() as session:
            return meter.mine(session, act(session, self.tonnie)).standings[kind].year

    def counts(self, cents: int, kind: AllowanceKind = AllowanceKind.DRIVING) -> None:
        """Something that was counted before, elsewhere."""
        with self.program.transaction() as session:
            actor = act(session, self.tonnie)
            assert actor.pseudonym is not None
            allowance.note(
                session.connection(), key=str(uuid7()), actor=UUID(int=9), municipality_id=1771,
                person=actor.pseudonym, kind=kind, day=today(session), cents=cents,
            )  # fmt: skip


@pytest.fixture
def drive(program: Program, fresh_database: Database, travel: Travel, town: Town) -> Drive:
    with program.transaction() as session:
        tonnie, _ = a_helper(session)
        agreement = an_agreement(session, act(session, town.ria), tonnie, days=1)
        agreement_id = agreement.id
    time = rows_of(fresh_database, "SELECT id, starts_at FROM occurrence")[0]
    with program.transaction() as session:
        ahead = time.starts_at - now(session)
    travel(ahead + RIDE_AGO)
    return Drive(program, fresh_database, town.ria, tonnie, agreement_id, time.id, travel)


def test_one_proposes_and_the_other_says_yes(drive: Drive) -> None:
    cost = drive.do(drive.tonnie, agreed.propose, drive.agreement, NewCost.model_validate(KM))

    with pytest.raises(Forbidden):
        drive.do(drive.tonnie, agreed.answer, cost.id, yes=True)  # type: ignore[attr-defined]
    drive.do(drive.ria, agreed.answer, cost.id, yes=True)  # type: ignore[attr-defined]
    with drive.program.transaction() as session:
        _, (kept,) = agreed.of_agreement(session, act(session, drive.ria), drive.agreement)
    assert (kept.status, kept.most_km, kept.most_cents) == (AgreedStatus.AGREED, 30, 690)
    with pytest.raises(AgreedAlready):
        drive.agrees()


def test_what_the_helper_writes_down_counts_once_the_asker_says_that_it_is_right(drive: Drive) -> None:
    row = drive.writes(drive.tonnie, drive.agrees(), kilometers=20)

    assert drive.year() == 0
    with pytest.raises(Forbidden):
        drive.do(drive.tonnie, paid.answer, row, yes=True)
    drive.do(drive.ria, paid.answer, row, yes=True)
    assert drive.year() == 460
    with pytest.raises(NotAllowed):
        drive.do(drive.ria, paid.answer, row, yes=True)
    assert drive.year() == 460


def test_what_was_not_so_is_not_counted(drive: Drive) -> None:
    cost = drive.agrees()
    row = drive.writes(drive.tonnie, cost, kilometers=20)
    drive.do(drive.ria, paid.answer, row, yes=False)
    assert drive.year() == 0
    drive.writes(drive.ria, cost, kilometers=12)
    assert drive.year() == 276


def test_a_time_costs_once_and_at_most_what_was_agreed(drive: Drive) -> None:
    cost = drive.agrees()
    with pytest.raises(AboveAgreed):
        drive.writes(drive.ria, cost, kilometers=31)
    with pytest.raises(Invalid):
        drive.writes(drive.ria, cost, bedrag=100)
    drive.writes(drive.ria, cost, kilometers=30)
    with pytest.raises(WrittenAlready):
        drive.writes(drive.ria, cost, kilometers=1)


def test_what_was_before_the_costs_were_agreed_costs_nothing(drive: Drive) -> None:
    cost = drive.agrees_now()

    with pytest.raises(Invalid) as refused:
        drive.writes(drive.ria, cost, kilometers=10)

    assert refused.value.details == {"keer": "before-agreed"}


def test_a_mistake_comes_off_the_meter(drive: Drive) -> None:
    row = drive.writes(drive.ria, drive.agrees(), kilometers=30)
    assert drive.do(drive.ria, paid.withdraw, row).status is PaidStatus.WITHDRAWN  # type: ignore[attr-defined]
    assert drive.year() == 0


def test_nothing_is_counted_above_the_limit_and_the_makelaar_hears_at_80_percent(drive: Drive) -> None:
    cost = drive.agrees()
    drive.counts(167_800)
    drive.writes(drive.ria, cost, kilometers=10)
    assert drive.year() == 168_030
    told = rows_of(drive.database, "SELECT person_id FROM notice WHERE kind = 'allowance-near'")
    assert len(told) == 2  # Marja and Sanne, each once

    drive.counts(41_900)
    parking = drive.agrees(soort="parkeren", kilometers=None, bedrag=500)
    with pytest.raises(AboveAllowance):
        drive.writes(drive.ria, parking, bedrag=500)
    assert drive.year() == 209_930
    assert rows_of(drive.database, "SELECT count(*) FROM paid_cost")[0][0] == 1


def test_materials_count_for_the_month_of_every_volunteer(drive: Drive) -> None:
    cost = drive.agrees(soort="materiaal", kilometers=None, bedrag=2_000)
    drive.counts(19_500, AllowanceKind.VOLUNTEER)
    with pytest.raises(AboveAllowance):
        drive.writes(drive.ria, cost, bedrag=2_000)
    drive.writes(drive.ria, cost, bedrag=1_500)
    assert (drive.year(AllowanceKind.VOLUNTEER), drive.year()) == (21_000, 0)


def test_the_makelaar_sees_who_comes_near_the_limit_and_another_desk_does_not(
    drive: Drive, town: Town
) -> None:
    drive.counts(170_000)
    ((person, near),) = town.do(town.marja, meter.near_limit, 1771)
    assert (person.first_name, near.year) == ("Tonnie", 170_000)
    with drive.program.transaction() as session:
        elsewhere = a_member_of_staff(drive.database, session, municipality_id=794)
        assert meter.near_limit(session, elsewhere, 794) == []
        assert meter.near_limit(session, elsewhere, 1771) == []


def test_costs_never_touch_roosjes(drive: Drive) -> None:
    before = rows_of(drive.database, "SELECT count(*) FROM ledger.transfer")[0][0]
    drive.writes(drive.ria, drive.agrees(), kilometers=10)
    assert rows_of(drive.database, "SELECT count(*) FROM ledger.transfer")[0][0] == before


def test_a_welfare_budget_pays_through_a_spending_that_the_desk_decides_on(drive: Drive, town: Town) -> None:
    plan = town.granted()
    cost = drive.agrees(betaler="welzijnsbudget")
    drive.writes(drive.ria, cost, kilometers=30)
    (spent,) = town.do(town.marja, plans.get, plan).spendings
    assert (spent.cents, spent.status) == (690, "asked")


def test_without_a_budget_none_can_pay(drive: Drive) -> None:
    with pytest.raises(NoBudget):
        drive.agrees(betaler="welzijnsbudget")


def test_others_find_nothing_and_change_nothing(drive: Drive, town: Town) -> None:
    cost = drive.agrees()
    row = drive.writes(drive.tonnie, cost, kilometers=5)
    with drive.program.transaction() as session:
        bo = a_person(session, first_name="Bo")
    for actor in (bo, town.marja):
        with pytest.raises(NotFound):
            drive.do(actor, agreed.propose, drive.agreement, NewCost.model_validate(KM))
        with pytest.raises(NotFound):
            drive.do(actor, agreed.stop, cost)
        with pytest.raises(NotFound):
            drive.do(actor, paid.answer, row, yes=True)
    with pytest.raises(NotFound):
        drive.do(bo, agreed.of_agreement, drive.agreement)


def test_the_region_sets_prices_and_limits_that_begin_later(drive: Drive, town: Town) -> None:
    with drive.program.transaction() as session:
        frank = a_member_of_staff(
            drive.database, session, role=Role.REGION_ADMINISTRATOR, municipality_id=None, first_name="Frank"
        )
        first = rules.next_month(today(session))
    rate = NewRate.model_validate({"vanaf": first, "centPerKm": 25, "bron": "Belastingdienst"})
    town.do(frank, rules.set_rate, rate)
    town.do(frank, rules.set_rate, rate)
    with pytest.raises(rules.RulesSet):
        town.do(frank, rules.set_rate, rate.model_copy(update={"cents_per_km": 26}))
    with pytest.raises(Invalid):
        town.do(frank, rules.set_rate, rate.model_copy(update={"valid_from": date(2020, 1, 1)}))
    with pytest.raises(Forbidden):
        town.do(town.marja, rules.set_rate, rate)
    limit = NewLimit.model_validate({"soort": "driving", "vanaf": first, "maand": 50_000, "jaar": 60_000})
    town.do(frank, rules.set_limit, limit)
    with drive.program.transaction() as session:
        assert rules.rate_on(session, first).cents_per_km == 25
        assert rules.rate_on(session, first - timedelta(days=1)).cents_per_km == 23
        assert len(rules.all_rules(session).limits) == 3
