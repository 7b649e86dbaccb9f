"""From a plan in one's own words to what it brought: who does what, once, and never for oneself."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.config import Settings
from app.db import Database as Program
from app.errors import Forbidden, NotAllowed, NotFound
from app.jobs import tasks
from app.jobs.work import Work
from app.pots import limits
from app.pots.schemas import Rules
from app.welfare import granting, plans, queues, spending
from app.welfare.errors import BudgetCeiling, BudgetEmpty, HasPlan, PeriodOver, PeriodTaken, ReceiptUsed
from app.welfare.models import GrantStatus, PlanStatus, SpendingStatus
from app.welfare.schemas import NewPlan, NewSpending, Told
from rewards import check
from tests.app.conftest import rows_of
from tests.app.factories import act
from tests.app.welfare.conftest import PDF, SWIMMING, Town, a_photograph

TOLD = Told.model_validate({"tekst": "Ik ken nu drie mensen.", "geholpen": "ja", "meerMensen": "beetje"})
Travel = Callable[[timedelta], None]


def test_a_resident_asks_a_makelaar_proposes_and_somebody_else_approves(town: Town) -> None:
    plan = town.asks(bedrag=20_000)
    grant = town.proposes(plan)

    assert town.plan(plan).status is PlanStatus.PROPOSED
    town.do(town.karel, granting.approve, grant)

    assert town.plan(plan).status is PlanStatus.ACTIVE
    assert town.budget(plan) == (25_000, 0, 25_000)
    steps = rows_of(
        town.database, "SELECT before, after FROM state_event WHERE entity_id = :id ORDER BY at, id", id=plan
    )
    assert [tuple(step) for step in steps] == [("", "asked"), ("asked", "proposed"), ("proposed", "active")]


def test_a_makelaar_writes_a_plan_down_with_the_resident(town: Town) -> None:
    new = NewPlan.model_validate(SWIMMING | {"persoon": str(town.ria.person_id)})
    plan = town.do(town.marja, plans.ask, new)

    assert (plan.person_id, plan.author_id) == (town.ria.person_id, town.marja.person_id)
    assert [row.id for row in town.do(town.ria, plans.mine)] == [plan.id]


def test_nobody_but_the_makelaar_writes_a_plan_down_for_another(town: Town) -> None:
    new = NewPlan.model_validate(SWIMMING | {"persoon": str(town.ria.person_id)})
    with pytest.raises(Forbidden):
        town.do(town.karel, plans.ask, new)


def test_who_proposed_an_amount_does_not_approve_it(town: Town) -> None:
    grant = town.proposes(town.asks())

    with pytest.raises(Forbidden):
        town.do(town.marja, granting.approve, grant)
    with pytest.raises(NotAllowed):
        [town.do(who, granting.approve, grant) for who in (town.sanne, town.karel)]
    assert rows_of(town.database, "SELECT count(*) FROM ledger.welfare_line")[0][0] == 1


def test_a_makelaar_decides_nothing_about_a_plan_of_their_own(town: Town, program: Program) -> None:
    with program.transaction() as session:
        rows_of(
            town.database,
            "INSERT INTO role_grant (id, person_id, role, municipality_id)"
            " VALUES (gen_random_uuid(), :id, 'broker', 1771) RETURNING id",
            id=town.ria.person_id,
        )
        act(session, town.ria)
    plan = town.asks()

    with pytest.raises(Forbidden):
        town.do(town.ria, plans.reject, plan, "Ik wil het niet")
    grant = town.proposes(plan)
    with pytest.raises(Forbidden):
        town.do(town.ria, granting.approve, grant)


def test_a_no_of_the_second_pair_of_eyes_sends_the_plan_back_to_the_makelaar(town: Town) -> None:
    plan = town.asks()
    refused = town.do(town.karel, granting.refuse, town.proposes(plan), "Te veel voor wat het is")

    assert refused.status is GrantStatus.REJECTED
    assert town.plan(plan).status is PlanStatus.ASKED
    town.do(town.karel, granting.approve, town.proposes(plan, 12_000))
    assert town.budget(plan)[0] == 12_000


def test_a_small_amount_counts_at_once_and_what_is_added_up_waits_for_a_colleague(town: Town) -> None:
    plan = town.asks()
    small = town.do(town.marja, granting.get_locked, town.proposes(plan, 6_000))[0]

    assert (small.status, small.decided_by_id, town.plan(plan).status) == (
        GrantStatus.GRANTED, None, PlanStatus.ACTIVE,
    )  # fmt: skip
    second = town.proposes(plan, 4_001, first=False)
    assert town.budget(plan)[0] == 6_000
    with pytest.raises(Forbidden):
        town.do(town.marja, granting.approve, second)
    town.do(town.karel, granting.approve, second)
    town.proposes(plan, 4_000, first=False)
    assert town.budget(plan)[0] == 14_001
    told = rows_of(town.database, "SELECT count(*) FROM notice WHERE kind = 'welfare-granted'")
    assert told[0][0] == 3


def test_where_the_rules_say_nought_everything_waits_for_a_colleague(town: Town) -> None:
    rules = Rules.model_validate({
        "ondergrens": -720, "bovengrens": 3600, "laagsteOndergrens": -720, "groeiProcent": 0,
        "tweedeBlikBoven": 600, "tweedeBlikDagen": 30, "antwoordDagen": 14, "welzijnTweedeBlikBoven": 0,
    })  # fmt: skip
    town.do(town.karel, limits.set_rules, 1771, rules, uuid4())
    plan = town.asks()
    grant = town.do(town.marja, granting.get_locked, town.proposes(plan, 1))[0]

    assert (grant.status, town.plan(plan).status) == (GrantStatus.ASKED, PlanStatus.PROPOSED)


def test_grants_of_one_period_never_come_above_450_euro(town: Town) -> None:
    plan = town.granted(45_000)
    spent = town.wants(plan, 45_000)
    town.do(town.sanne, spending.approve, spent)
    town.do(town.karel, spending.pay, spent)

    assert town.budget(plan) == (45_000, 45_000, 0)
    with pytest.raises(BudgetCeiling):
        town.proposes(plan, 1, first=False)


def test_more_can_be_granted_up_to_the_ceiling(town: Town) -> None:
    plan = town.granted(25_000)
    town.do(town.karel, granting.approve, town.proposes(plan, 20_000, first=False))

    assert town.budget(plan)[0] == 45_000


def test_one_plan_at_a_time_and_one_budget_on_a_day(town: Town) -> None:
    plan = town.asks()
    with pytest.raises(HasPlan):
        town.asks()
    town.do(town.ria, plans.withdraw, plan)
    town.granted()
    rows_of(town.database, "UPDATE welfare_plan SET status = 'ended' WHERE status = 'active' RETURNING id")
    again = town.asks()
    with pytest.raises(PeriodTaken):
        town.do(town.karel, granting.approve, town.proposes(again))


def test_what_is_approved_beforehand_is_kept_aside_and_then_paid_once(town: Town) -> None:
    plan = town.granted(10_000)
    first, second = town.wants(plan, 6_000, "Scooter van de buurman"), town.wants(plan, 6_000, "Nog een")
    town.do(town.sanne, spending.approve, first)

    with pytest.raises(BudgetEmpty):
        town.do(town.sanne, spending.approve, second)
    assert town.do(town.karel, spending.pay, first).status is SpendingStatus.PAID
    with pytest.raises(NotAllowed):
        town.do(town.karel, spending.pay, first)
    assert town.budget(plan) == (10_000, 6_000, 4_000)


def test_a_receipt_is_refunded_once_whoever_sends_it_again(town: Town) -> None:
    plan = town.granted()
    first, again = (town.hands_in(plan, sent=PDF) for _ in range(2))
    assert town.do(town.marja, spending.refund, first).status is SpendingStatus.REFUNDED

    with pytest.raises(ReceiptUsed):
        town.do(town.marja, spending.refund, again)
    assert town.budget(plan) == (25_000, 1_250, 23_750)


def test_a_mistake_is_taken_back_and_its_receipt_can_be_used_again(town: Town) -> None:
    plan = town.granted()
    first = town.hands_in(plan)
    town.do(town.marja, spending.refund, first)
    town.do(town.karel, spending.undo, first, "Verkeerde inwoner")
    assert town.budget(plan)[1] == 0

    town.do(town.marja, spending.refund, town.hands_in(plan, sent=a_photograph()))
    assert town.budget(plan)[1] == 1_250


def test_a_no_comes_with_its_reason_and_nothing_is_booked(town: Town) -> None:
    plan = town.granted()
    row = town.wants(plan)
    town.do(town.sanne, spending.reject, row, "Dit betaalt de verzekering")

    (kept,) = town.plan(plan).spendings
    assert (kept.status, kept.reason) == (SpendingStatus.REJECTED, "Dit betaalt de verzekering")
    assert town.budget(plan)[1] == 0


def test_a_resident_cannot_decide_on_what_they_asked(town: Town) -> None:
    plan = town.granted()
    row = town.wants(plan)
    for decide in (spending.approve, spending.pay, spending.refund):
        with pytest.raises(Forbidden):
            town.do(town.ria, decide, row)


def test_the_treasurer_looks_and_pays_but_writes_nothing_down_for_a_resident(town: Town) -> None:
    plan = town.granted()
    with pytest.raises(Forbidden):
        town.do(town.karel, spending.ask, plan, NewSpending.model_validate({"wat": "Boek", "bedrag": 100}))


def test_the_night_ends_a_period_waits_for_receipts_and_returns_the_rest(
    town: Town, travel: Travel, program: Program
) -> None:
    work = Work(Settings(), program)
    plan = town.granted(10_000, days=10)
    late = town.wants(plan, 2_000)
    town.do(town.marja, spending.refund, town.hands_in(plan))
    with pytest.raises(PeriodOver):
        town.do(town.ria, plans.tell_what_it_brought, plan, TOLD)

    travel(timedelta(days=11))
    tasks.end_budgets(work)
    assert town.plan(plan).status is PlanStatus.ENDED
    town.do(town.marja, spending.refund, town.hands_in(plan, 3_000, sent=PDF, days_ago=5))
    town.do(town.ria, plans.tell_what_it_brought, plan, TOLD)

    travel(timedelta(days=31))
    tasks.end_budgets(work)
    tasks.end_budgets(work)
    found = town.plan(plan)
    assert (found.status, found.brought) == (PlanStatus.CLOSED, "Ik ken nu drie mensen.")
    assert {row.id: row.status for row in found.spendings}[late] is SpendingStatus.REJECTED
    assert town.budget(plan) == (10_000, 4_250, 0)
    told = rows_of(town.database, "SELECT kind FROM notice WHERE kind IN ('welfare-ended', 'welfare-closed')")
    assert sorted(row.kind for row in told) == ["welfare-closed", "welfare-ended"]
    with program.transaction() as session:
        assert check.run(session.connection()) == []


def test_after_the_end_nothing_new_is_approved_and_no_receipt_of_later_is_taken(
    town: Town, travel: Travel, program: Program
) -> None:
    plan = town.granted(days=10)
    row = town.wants(plan)
    travel(timedelta(days=12))
    tasks.end_budgets(Work(Settings(), program))

    with pytest.raises(PeriodOver):
        town.do(town.sanne, spending.approve, row)
    with pytest.raises(Exception, match="invalid"):
        town.hands_in(plan)


def test_each_queue_holds_what_waits_and_costs_as_much_at_fifteen_as_at_one(town: Town) -> None:
    counts = town.do(town.karel, queues.board, 1771).counts
    assert not any(counts.values())

    plan = town.granted(days=20)
    town.wants(plan)
    town.hands_in(plan)
    board = town.do(town.karel, queues.board, 1771)

    assert {queue.value for queue, count in board.counts.items() if count} == {
        "uitgaven", "bonnen", "loopt-af", "alles"
    }  # fmt: skip
    assert board.queue.value == "uitgaven"
    assert board.entries[0].budget is not None


def test_the_desk_of_another_municipality_finds_nothing(town: Town, other_makelaar: Actor) -> None:
    plan = town.granted()
    with pytest.raises(NotFound):
        town.do(other_makelaar, plans.get, plan)
    with pytest.raises(Forbidden):
        town.do(other_makelaar, queues.board, 1771)
