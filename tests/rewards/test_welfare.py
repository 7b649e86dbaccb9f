"""Welfare budgets: a ceiling on grants, two people for each, spending with a reason, and the rest back."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine

import rewards
from rewards import AccountKind, Reason, Unit, check, errors, welfare
from rewards.types import PeriodId
from rewards.welfare import Period
from tests.rewards.factories import MAKELAAR, A, B, now, posted, refused, see
from tests.rewards.gift_factories import eyes_above
from tests.rewards.paper_factories import by, municipal, pass_time
from tests.rewards.test_races import Act, race, refusals

COLLEAGUE = uuid4()


def a_period(connection: Connection, person: UUID | None = None, days: int = 364, **changes: Any) -> Period:
    today = now(connection).date()
    values = by(
        municipality_id=A, person=person or uuid4(), starts_on=today, ends_on=today + timedelta(days=days)
    )
    return welfare.open_period(connection, **(values | changes))


def a_grant(connection: Connection, period: Period, cents: int = 10_000, **changes: Any) -> rewards.Booking:
    values = by(period=period.id, approved_by=COLLEAGUE) | changes
    return welfare.grant(connection, cents=cents, **values)


def a_spending(connection: Connection, period: Period, cents: int = 1_000, **changes: Any) -> rewards.Booking:
    values = by(period=period.id, approved_by=COLLEAGUE) | changes
    return welfare.spend_approved(connection, cents=cents, **values)


def a_refund(connection: Connection, period: Period, cents: int = 1_000, **changes: Any) -> rewards.Booking:
    values = by(period=period.id, receipt_hash=sha256(uuid4().bytes).digest()) | changes
    return welfare.spend_on_receipt(connection, cents=cents, **values)


def sums(connection: Connection, period: Period) -> tuple[int, int, int, int]:
    budget = welfare.budget(connection, period.id)
    return budget.granted, budget.spent, budget.returned, budget.rest


def test_a_budget_is_granted_spent_and_returned(owner: Connection) -> None:
    period = a_period(owner)
    a_grant(owner, period, 45_000)
    a_spending(owner, period, 20_000)
    a_refund(owner, period, 5_000)
    assert sums(owner, period) == (45_000, 25_000, 0, 20_000)

    returned = welfare.close_period(owner, period=period.id, **by())

    assert returned is not None
    assert sums(owner, period) == (45_000, 25_000, 20_000, 0)
    assert not welfare.budget(owner, period.id).is_open
    assert posted(owner, period.account) == [0]
    assert municipal(owner, Unit.WELFARE_CENT, AccountKind.SUSPENSE) == 25_000
    assert municipal(owner, Unit.WELFARE_CENT, AccountKind.ISSUER) == -25_000
    assert check.run(owner) == []


def test_the_ceiling_counts_grants_not_what_is_left(owner: Connection) -> None:
    period = a_period(owner)
    a_grant(owner, period, 44_000)
    a_spending(owner, period, 44_000)

    with refused(owner, errors.GrantCeiling) as caught:
        a_grant(owner, period, 1_001)

    assert caught.value.details["room"] == 1_000
    a_grant(owner, period, 1_000)
    assert welfare.budget(owner, period.id).grantable == 0


def test_each_period_and_each_municipality_has_its_own_ceiling(owner: Connection) -> None:
    period = a_period(owner)
    next_one = a_period(owner, period.person, starts_on=period.ends_on + timedelta(days=1),
                        ends_on=period.ends_on + timedelta(days=300))  # fmt: skip
    elsewhere = a_period(owner, period.person, municipality_id=B)
    for each in (period, next_one, elsewhere):
        a_grant(owner, each, 45_000)
    with refused(owner, errors.PeriodOver):
        a_spending(owner, next_one)
    with refused(owner, errors.Overdrawn):
        a_spending(owner, period, 45_001)
    assert check.run(owner) == []


def test_periods_of_one_person_do_not_overlap(owner: Connection) -> None:
    period = a_period(owner)
    for starts, ends in ((0, 0), (-5, 0), (364, 400), (-5, 361)):
        with refused(owner, errors.PeriodOverlaps):
            a_period(owner, period.person, starts_on=period.starts_on + timedelta(days=starts),
                     ends_on=period.starts_on + timedelta(days=ends))  # fmt: skip


def test_a_period_is_opened_once_under_its_key(owner: Connection) -> None:
    person = uuid4()
    first = a_period(owner, person, key="plan")
    assert a_period(owner, person, key="plan") == first
    with refused(owner, errors.KeyReused):
        a_period(owner, person, key="plan", days=3)
    with refused(owner, errors.KeyReused):
        a_period(owner, uuid4(), key="plan")


def test_nobody_grants_to_themselves_nor_looks_at_their_own_grant(owner: Connection) -> None:
    period = a_period(owner)
    for actor, approved_by in ((MAKELAAR, MAKELAAR), (period.person, MAKELAAR), (MAKELAAR, period.person)):
        with refused(owner, errors.OwnInterest):
            a_grant(owner, period, actor=actor, approved_by=approved_by)
    with refused(owner, errors.OwnInterest):
        a_grant(owner, period, actor=period.person, approved_by=None)
    a_grant(owner, period)


def test_one_makelaar_grants_up_to_the_amount_of_the_policy_added_up_over_the_period(
    owner: Connection,
) -> None:
    eyes_above(owner, 600, eyes_above_cents=5_000)
    period = a_period(owner)
    with refused(owner, errors.NeedsSecondEyes):
        a_grant(owner, period, 5_001, approved_by=None)
    a_grant(owner, period, 4_000, approved_by=None)
    a_grant(owner, period, 20_000)
    with refused(owner, errors.NeedsSecondEyes) as caught:
        a_grant(owner, period, 1_001, approved_by=None)
    a_grant(owner, period, 1_000, approved_by=None)

    assert caught.value.details == {"asked": 1_001, "granted": 4_000, "threshold": 5_000}
    assert welfare.budget(owner, period.id).granted == 25_000
    assert check.run(owner) == []


def test_without_a_policy_a_second_pair_of_eyes_looks_above_a_hundred_euro(owner: Connection) -> None:
    a_grant(owner, a_period(owner), 10_000, approved_by=None)
    with refused(owner, errors.NeedsSecondEyes):
        a_grant(owner, a_period(owner), 10_001, approved_by=None)


def test_an_amount_holds_from_the_day_of_its_policy_on(owner: Connection) -> None:
    rewards.set_policy(owner, key="k", actor=MAKELAAR, municipality_id=A, terms=rewards.Terms(eyes_above_cents=0),
                       valid_from=now(owner) + timedelta(days=3))  # fmt: skip
    period = a_period(owner)
    a_grant(owner, period, 5_000, approved_by=None)
    pass_time(owner, days=3)
    with refused(owner, errors.NeedsSecondEyes):
        a_grant(owner, period, 1, approved_by=None)


def test_nobody_decides_on_a_budget_of_their_own(owner: Connection) -> None:
    period = a_period(owner)
    a_grant(owner, period)
    spent = a_spending(owner, period)
    person = period.person
    acts: list[Any] = [
        lambda: a_period(owner, person, municipality_id=B, actor=person),
        lambda: a_spending(owner, period, actor=person),
        lambda: a_spending(owner, period, approved_by=person),
        lambda: a_refund(owner, period, actor=person),
        lambda: welfare.undo_spending(
            owner, spending=spent.transfer, reason=Reason.OTHER, **by(actor=person)
        ),
        lambda: welfare.close_period(owner, period=period.id, **by(actor=person)),
    ]
    for act in acts:
        with refused(owner, errors.OwnInterest):
            act()


def test_a_receipt_is_refunded_once_also_for_another(owner: Connection) -> None:
    period, other = a_period(owner), a_period(owner)
    for each in (period, other):
        a_grant(owner, each)
    receipt = sha256(b"moped").digest()
    wrong = a_refund(owner, period, 100, receipt_hash=receipt)
    for each in (period, other):
        with refused(owner, errors.ReceiptUsed):
            a_refund(owner, each, 1_000, receipt_hash=receipt)

    welfare.undo_spending(owner, spending=wrong.transfer, reason=Reason.WRONG_AMOUNT, **by())
    a_refund(owner, period, 1_000, receipt_hash=receipt)

    with refused(owner, errors.ReceiptUsed):
        a_refund(owner, other, 1_000, receipt_hash=receipt)
    assert sums(owner, period) == (10_000, 1_000, 0, 9_000)
    assert check.run(owner) == []


def test_a_spending_is_undone_once_and_in_no_other_way(owner: Connection) -> None:
    period = a_period(owner)
    granted, spent = a_grant(owner, period), a_spending(owner, period)
    for transfer in (granted.transfer, spent.transfer):
        with refused(owner, errors.NotReversible):
            rewards.reverse(owner, transfer=transfer, reason=Reason.OTHER, **by())
    with refused(owner, errors.UnknownTransfer):
        welfare.undo_spending(owner, spending=granted.transfer, reason=Reason.OTHER, **by())

    undone = welfare.undo_spending(owner, spending=spent.transfer, reason=Reason.OTHER, **by(key="undo"))

    again = welfare.undo_spending(owner, spending=spent.transfer, reason=Reason.OTHER, **by(key="undo"))
    assert (again.hit, again.transfer) == (True, undone.transfer)
    with refused(owner, errors.AlreadyReversed):
        welfare.undo_spending(owner, spending=spent.transfer, reason=Reason.OTHER, **by())
    assert sums(owner, period) == (10_000, 0, 0, 10_000)
    assert check.run(owner) == []


def test_the_same_call_again_is_a_hit(owner: Connection) -> None:
    period = a_period(owner)
    receipt = sha256(b"swimming").digest()
    acts: list[Any] = [
        lambda: a_grant(owner, period, key="once"),
        lambda: a_spending(owner, period, key="a"),
        lambda: a_refund(owner, period, key="b", receipt_hash=receipt),
        lambda: welfare.close_period(owner, period=period.id, **by(key="end")),
    ]
    for act in acts:
        first, again = act(), act()
        assert first is not None
        assert again is not None
        assert (again.hit, again.transfer) == (True, first.transfer)
    assert sums(owner, period) == (10_000, 2_000, 8_000, 0)
    with refused(owner, errors.KeyReused):
        a_grant(owner, period, 1, key="once")
    with refused(owner, errors.PeriodOver):
        welfare.close_period(owner, period=period.id, **by())


def test_a_closed_period_takes_nothing_more(owner: Connection) -> None:
    period = a_period(owner)
    a_grant(owner, period)
    spent = a_spending(owner, period)
    welfare.close_period(owner, period=period.id, **by())
    acts: list[Any] = [
        lambda: a_grant(owner, period),
        lambda: a_spending(owner, period),
        lambda: a_refund(owner, period),
        lambda: welfare.undo_spending(owner, spending=spent.transfer, reason=Reason.OTHER, **by()),
    ]
    for act in acts:
        with refused(owner, errors.PeriodOver):
            act()


def test_after_the_end_receipts_come_in_for_a_while_and_then_the_rest_returns(owner: Connection) -> None:
    period = a_period(owner, days=10)
    a_grant(owner, period)
    bought = now(owner) + timedelta(days=9)
    pass_time(owner, days=30)

    with refused(owner, errors.PeriodOver):
        a_grant(owner, period)
    with refused(owner, errors.PeriodOver):
        a_refund(owner, period)
    a_refund(owner, period, 4_000, occurred_at=bought)
    assert welfare.close_due(owner) == []
    pass_time(owner, days=12)

    ((closed, transfer),) = welfare.close_due(owner)

    assert (closed, transfer is None) == (period.id, False)
    assert sums(owner, period) == (10_000, 4_000, 6_000, 0)
    assert welfare.close_due(owner) == []
    assert check.run(owner) == []


def test_a_period_with_nothing_left_closes_without_a_booking(owner: Connection) -> None:
    period, unused = a_period(owner), a_period(owner, days=1)
    a_grant(owner, period)
    a_spending(owner, period, 10_000)
    for _ in range(2):
        assert welfare.close_period(owner, period=period.id, **by()) is None
    pass_time(owner, days=40)
    assert welfare.close_due(owner) == [(unused.id, None)]
    assert check.run(owner) == []


def test_no_spending_in_the_future_or_before_the_period(owner: Connection) -> None:
    period = a_period(owner)
    a_grant(owner, period)
    for days in (-2, 2):
        with refused(owner, errors.PeriodOver):
            a_spending(owner, period, occurred_at=now(owner) + timedelta(days=days))


def test_no_limit_lets_a_budget_go_below_zero(owner: Connection) -> None:
    period = a_period(owner)
    a_grant(owner, period, 100)
    rewards.set_limits(owner, period.account, floor=-1_000_000, ceiling=10**9)
    with refused(owner, errors.Overdrawn):
        a_spending(owner, period, 101)


def test_a_period_that_is_not_there(owner: Connection) -> None:
    missing = Period(PeriodId(9_000_000_000), rewards.AccountId(1), uuid4(), date.min, date.max)
    for act in (
        lambda: a_grant(owner, missing),
        lambda: a_spending(owner, missing),
        lambda: welfare.close_period(owner, period=missing.id, **by()),
        lambda: welfare.budget(owner, missing.id),
    ):
        with refused(owner, errors.UnknownPeriod):
            act()


@pytest.mark.parametrize("cents", [0, -1, 1.5, "100", True, None, float("nan"), 2**63], ids=repr)
def test_what_is_no_amount_is_neither_granted_nor_spent(owner: Connection, cents: Any) -> None:
    period = a_period(owner)
    for act in (a_grant, a_spending, a_refund):
        with pytest.raises(errors.InvalidAmount):
            act(owner, period, cents)
    assert sums(owner, period) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_on": "2026-01-01"},
        {"ends_on": None},
        {"person": "x"},
        {"municipality_id": 0},
        {"days": -1},
        {"days": 367},
    ],
    ids=repr,
)
def test_what_is_no_period_is_not_opened(owner: Connection, changes: dict[str, Any]) -> None:
    with refused(owner, errors.InvalidInput):
        a_period(owner, **changes)


def test_the_person_and_the_desk_see_a_budget_and_others_do_not(connection: Connection) -> None:
    period = a_period(connection)
    a_grant(connection, period)
    for seen_by in ({"pseudonym": period.person}, {"pseudonym": None}):
        see(connection, *(() if seen_by["pseudonym"] else (A,)), **seen_by)
        assert sums(connection, period) == (10_000, 0, 0, 10_000)
    for municipality, pseudonym in ((B, None), (None, uuid4()), (None, None)):
        see(connection, *([municipality] if municipality else []), pseudonym=pseudonym)
        with refused(connection, errors.UnknownPeriod):
            welfare.budget(connection, period.id)


@pytest.fixture
def committed_period(engine: Engine) -> Iterator[Period]:
    with engine.begin() as connection:
        period = a_period(connection)
    yield period
    with engine.connect() as connection:
        assert check.run(connection) == []


@pytest.mark.parametrize("ways", [2, 8, 32])
def test_grants_at_once_stop_at_the_ceiling(engine: Engine, committed_period: Period, ways: int) -> None:
    results = race(engine, [lambda connection: a_grant(connection, committed_period, 30_000)] * ways)

    assert refusals(results) == [errors.GrantCeiling] * (ways - 1)


@pytest.mark.parametrize("ways", [2, 8, 32])
def test_a_budget_is_spent_or_returned_never_both(
    engine: Engine, committed_period: Period, ways: int
) -> None:
    with engine.begin() as connection:
        a_grant(connection, committed_period, 1_000)
    acts: list[Act] = [
        lambda connection: a_spending(connection, committed_period, 1_000),
        lambda connection: welfare.close_period(connection, period=committed_period.id, **by()),
    ]

    race(engine, acts * (ways // 2))

    with engine.connect() as connection:
        see(connection, A)
        granted, spent, returned, rest = sums(connection, committed_period)
        assert (granted, rest, spent + returned) == (1_000, 0, 1_000)


@pytest.mark.parametrize("ways", [2, 8, 32])
def test_one_receipt_from_all_sides_is_refunded_once(
    engine: Engine, committed_period: Period, ways: int
) -> None:
    with engine.begin() as connection:
        other = a_period(connection)
        for period in (committed_period, other):
            a_grant(connection, period)
    receipt = sha256(uuid4().bytes).digest()

    def refund(period: Period) -> Act:
        return lambda connection: a_refund(connection, period, 10, receipt_hash=receipt)

    results = race(engine, [refund(committed_period), refund(other)] * (ways // 2))

    assert refusals(results) == [errors.ReceiptUsed] * (ways - 1)


@pytest.mark.parametrize("ways", [2, 8, 32])
def test_one_person_gets_one_period_from_all_sides(engine: Engine, ways: int) -> None:
    person = uuid4()

    results = race(engine, [lambda connection: a_period(connection, person)] * ways)

    assert refusals(results) == [errors.PeriodOverlaps] * (ways - 1)
