"""One key a hundred times, many at one barrier, and what is no amount: for each thing that the ledger does."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event

import rewards
from rewards import AccountId, BatchId, LedgerError, QuestionId, allowance, errors, invoices, paper, welfare
from rewards.allowance import AllowanceKind
from rewards.types import PeriodId
from tests.rewards.factories import MAKELAAR, A
from tests.rewards.gift_factories import COLLEAGUE
from tests.rewards.race_acts import OPS, Scene
from tests.rewards.test_every_race import KEYS, WITHOUT_A_KEY, Arena, arena  # noqa: F401  # a fixture
from tests.rewards.test_strict_input import NOT_AMOUNTS

ONE, OTHER, FAR = AccountId(1), AccountId(2), datetime(2190, 1, 1, tzinfo=UTC)
# Whoever decides on a payment pays it, so that the two scenes have nobody in common: a grant stands for both.
PAYERS = {"decide", "decide_no"}
KEYED = sorted(OPS.keys() - WITHOUT_A_KEY - PAYERS - {"decide_late", "reverse_paid", "close_over"})
MANY = ["settle", "reverse", "make_whole", "leave", "decide", "decide_grant", "redeem", "refund_lost", "hand_in",
        "take_back", "undo_spending", "withdraw", "bill", "owe", "step"]  # fmt: skip
AMOUNTS: dict[str, Callable[[Connection, Any], object]] = {
    "donate": lambda c, it: rewards.donate(c, payer=ONE, minutes=it, **by()),
    "grant": lambda c, it: rewards.grant(c, payee=ONE, minutes=it, **by()),
    "pay_many": lambda c, it: rewards.pay_many(c, payer=ONE, payments=[(OTHER, it)], **by()),
    "share": lambda c, it: rewards.share(c, helper=ONE, receivers=[OTHER], minutes=it, **by()),
    "ask": lambda c, it: rewards.ask(c, payer=ONE, payee=OTHER, minutes=it, **by()),
    "ask_grant": lambda c, it: rewards.ask_grant(c, payee=ONE, minutes=it, **by()),
    "sell": lambda c, it: paper.sell(c, desk=ONE, vouchers=it, expires_at=FAR, **by()),
    "issue papers": lambda c, it: paper.issue(c, account=ONE, papers=it, minutes=60, expires_at=FAR, **by()),
    "issue minutes": lambda c, it: paper.issue(c, account=ONE, papers=1, minutes=it, expires_at=FAR, **by()),
    "owe": lambda c, it: invoices.owe(
        c, municipality_id=A, month=date(2026, 3, 1), provider=ONE, vouchers=it, **by()),
    "welfare grant": lambda c, it: welfare.grant(
        c, period=PeriodId(1), cents=it, approved_by=COLLEAGUE, **by()),
    "spend_approved": lambda c, it: welfare.spend_approved(
        c, period=PeriodId(1), cents=it, approved_by=COLLEAGUE, **by()),
    "spend_on_receipt": lambda c, it: welfare.spend_on_receipt(
        c, period=PeriodId(1), cents=it, receipt_hash=bytes(32), **by()),
    "note": lambda c, it: allowance.note(
        c, municipality_id=A, person=uuid4(), kind=AllowanceKind.DRIVING, day=date(2026, 3, 3), cents=it, **by()),
}  # fmt: skip
NUMBERS: dict[str, Callable[[Connection, Any], object]] = {
    "decide": lambda c, it: rewards.decide(c, question=QuestionId(it), outcome=rewards.Outcome.ACCEPTED, **by()),
    "step": lambda c, it: invoices.step(
        c, actor=MAKELAAR, municipality_id=A, invoice=it, state=invoices.State.SENT),
    "leave": lambda c, it: rewards.leave(c, account=it, **by()),
    "make_whole": lambda c, it: rewards.make_whole(c, transfer=it, reason=rewards.Reason.OTHER, **by()),
    "refund_sale": lambda c, it: paper.refund_sale(c, sale=BatchId(it), desk=ONE, **by()),
    "undo_spending": lambda c, it: welfare.undo_spending(c, spending=it, reason=rewards.Reason.OTHER, **by()),
    "withdraw": lambda c, it: allowance.withdraw(c, allowance=it, **by()),
}  # fmt: skip


def by() -> dict[str, Any]:
    return {"key": str(uuid4()), "actor": MAKELAAR}


def a_scene(arena: Arena) -> Scene:  # noqa: F811
    here = next(arena.numbers)
    return Scene(arena.engine, arena.owner, here, here + 1)


@pytest.mark.parametrize("name", KEYED)
def test_one_key_a_hundred_times_does_one_thing_and_nothing_else(arena: Arena, name: str) -> None:  # noqa: F811
    scene, elsewhere = a_scene(arena), a_scene(arena)
    act, another, key = OPS[name].prepare(scene), OPS[name].prepare(elsewhere), str(uuid4())

    with arena.engine.begin() as connection:
        scene.see(connection)
        for _ in range(100):
            act(connection, key)
        elsewhere.see(connection)
        with pytest.raises(errors.KeyReused), connection.begin_nested():
            another(connection, key)

    with arena.owner.connect() as owner:
        batches = owner.exec_driver_sql(
            "SELECT count(*) FROM ledger.batch WHERE key = %s", (key,)
        ).scalar_one()
        others = list(owner.exec_driver_sql(KEYS, {"batch": 10**9, "keys": [key]}).scalars())
    assert (batches, len(others)) in {(1, 0), (0, 1), (1, 1)}


@pytest.mark.parametrize("ways", [2, 8, 50])
@pytest.mark.parametrize("name", MANY)
def test_of_many_at_one_barrier_one_comes_first(arena: Arena, name: str, ways: int) -> None:  # noqa: F811
    results = arena.play([name] * ways)
    assert len([result for result in results if not isinstance(result, LedgerError)]) == 1


WRONG = [(call, it) for call in AMOUNTS for it in NOT_AMOUNTS]
WRONG += [
    (call, it) for call in NUMBERS for it in NOT_AMOUNTS if it != 10**9 + 1
]  # a number may be that large


@pytest.mark.parametrize(("call", "it"), WRONG, ids=[f"{call}-{it!r}" for call, it in WRONG])
def test_what_is_no_amount_or_number_does_not_reach_the_database(
    connection: Connection, call: str, it: Any
) -> None:
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))

    with pytest.raises(errors.InvalidInput):
        (AMOUNTS | NUMBERS)[call](connection, it)

    assert asked == []
