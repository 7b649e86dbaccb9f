"""Limits that a municipality sets from a moment on, that grow with earning, and that a makelaar may override."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import Connection

import rewards
from rewards import Account, AccountId, AccountKind, Policy, Terms, Unit, check, errors
from tests.rewards.factories import (
    MAKELAAR,
    A,
    B,
    a_hold,
    a_member,
    a_payment,
    a_reversal,
    a_settlement,
    now,
    refused,
    see,
    trusting,
)

NEW = Terms(floor=-600, ceiling=2400, lowest_floor=-660, growth_percent=50, eyes_above=120)


def a_policy(connection: Connection, terms: Terms = NEW, municipality_id: int = A, **changes: Any) -> Policy:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": MAKELAAR}
    return rewards.set_policy(connection, municipality_id=municipality_id, terms=terms, **(values | changes))


def applied(connection: Connection, municipality_id: int = A, limit: int = 500) -> int:
    """Bring everybody in line; how many steps that took."""
    after, steps = 0, 0
    while (last := rewards.apply_policy(connection, municipality_id, after=after, limit=limit)) is not None:
        after, steps = last, steps + 1
    return steps


def limits(connection: Connection, account: Account | AccountId) -> tuple[int, int]:
    balance = rewards.balance(connection, account.id if isinstance(account, Account) else account)
    return balance.floor, balance.ceiling


def test_without_a_policy_the_defaults_hold(connection: Connection) -> None:
    policy = rewards.policy_at(connection, A, now(connection))

    assert policy == Policy(A, None, Terms(), None)
    assert limits(connection, a_member(connection)) == (-720, 3600)


def test_a_policy_holds_in_its_municipality_from_its_moment_on(connection: Connection) -> None:
    start = now(connection) + timedelta(days=2)
    a_policy(connection, valid_from=start)

    at = [
        rewards.policy_at(connection, municipality, moment).terms
        for municipality, moment in [(A, start - timedelta(microseconds=1)), (A, start), (B, start)]
    ]
    assert at == [Terms(), NEW, Terms()]


def test_of_two_policies_that_begin_together_the_last_holds(connection: Connection) -> None:
    start = now(connection) + timedelta(days=2)
    a_policy(connection, NEW, valid_from=start)
    a_policy(connection, Terms(), valid_from=start)

    assert rewards.policy_at(connection, A, start).terms == Terms()


def test_a_policy_does_not_reach_back(connection: Connection) -> None:
    with refused(connection, errors.PolicyInPast):
        a_policy(connection, valid_from=now(connection) - timedelta(seconds=1))


def test_a_new_account_gets_the_limits_of_the_policy_in_force(connection: Connection) -> None:
    a_policy(connection)

    owned: dict[str, Any] = {"unit": Unit.ROOSJE_MIN, "owner": uuid4(), "kind": AccountKind.ORGANISATION}
    assert limits(connection, a_member(connection)) == (-600, 2400)
    assert limits(connection, a_member(connection, **owned)) == (-600, 2400)
    assert limits(connection, a_member(connection, B)) == (-720, 3600)
    assert limits(connection, a_member(connection, unit=Unit.WELFARE_CENT)) == (0, 10**12)


def test_accounts_follow_a_new_policy_in_bounded_steps(connection: Connection) -> None:
    members = [a_member(connection) for _ in range(7)]
    elsewhere = a_member(connection, B)
    before = len(
        connection.exec_driver_sql(
            "SELECT FROM ledger.account WHERE municipality_id = %s AND kind IN ('member', 'organisation')"
            " AND unit = 'ROOSJE_MIN' AND NOT personal",
            (A,),
        ).all()
    )
    a_policy(connection)

    steps = applied(connection, limit=3)

    assert steps == -(-before // 3)
    assert {limits(connection, member) for member in members} == {(-600, 2400)}
    assert limits(connection, elsewhere) == (-720, 3600)


def test_a_policy_to_come_changes_no_account_yet(connection: Connection) -> None:
    member = a_member(connection)
    a_policy(connection, valid_from=now(connection) + timedelta(days=1))

    applied(connection)
    assert limits(connection, member) == (-720, 3600)


def test_a_policy_in_force_is_applied_when_its_day_has_come(owner: Connection) -> None:
    member = a_member(owner)
    a_policy(owner, valid_from=now(owner) + timedelta(days=1))
    owner.exec_driver_sql("SELECT ledger.shift(interval '1 day')")

    applied(owner)
    assert limits(owner, member) == (-600, 2400)


def test_a_makelaars_limit_beats_the_policy_until_it_is_let_go(connection: Connection) -> None:
    one = a_member(connection)
    two = a_member(connection, floor=-100)
    rewards.set_limits(connection, one.id, floor=-2000, ceiling=3600)
    a_policy(connection)

    applied(connection)
    assert (limits(connection, one), limits(connection, two)) == ((-2000, 3600), (-100, 3600))

    rewards.follow_policy(connection, one.id)
    assert limits(connection, one) == (-600, 2400)


def test_a_tightened_policy_blocks_further_debits_only(connection: Connection) -> None:
    debtor, other = a_member(connection), a_member(connection)
    a_payment(connection, debtor, other, 500)
    a_policy(connection, replace(NEW, floor=-60))
    applied(connection)

    with refused(connection, errors.Overdrawn):
        a_payment(connection, debtor, other, 1)
    a_payment(connection, other, debtor, 450)
    a_payment(connection, debtor, other, 10)
    assert rewards.balance(connection, debtor.id).posted == -60


def test_the_credit_line_grows_with_help_that_was_given_up_to_a_cap(connection: Connection) -> None:
    a_policy(connection)
    asker, helper = a_member(connection, floor=-3000), a_member(connection)

    seen = []
    for minutes in (60, 30, 60):
        a_settlement(connection, a_hold(connection, asker, helper, minutes), minutes)
        seen.append(limits(connection, helper)[0])
    a_payment(connection, asker, helper, 600)

    assert seen == [-630, -645, -660]
    assert limits(connection, helper)[0] == -660
    assert limits(connection, asker)[0] == -3000


def test_a_gift_earns_nothing_and_a_reversal_takes_the_growth_back(connection: Connection) -> None:
    a_policy(connection)
    asker, helper = a_member(connection), a_member(connection)
    gift = a_payment(connection, asker, helper, 60)
    helped = a_settlement(connection, a_hold(connection, asker, helper, 60), 40)
    assert limits(connection, helper)[0] == -620

    a_reversal(connection, gift)
    assert limits(connection, helper)[0] == -620
    a_reversal(connection, helped)
    assert limits(connection, helper)[0] == -600
    assert check.run(connection) == []


def test_help_across_the_border_earns_at_home(connection: Connection) -> None:
    a_policy(connection, municipality_id=B)
    trusting(connection, B, A)
    asker, helper = a_member(connection, A), a_member(connection, B)

    settled = a_settlement(connection, a_hold(connection, asker, helper, 60), 60)
    assert limits(connection, helper)[0] == -630
    a_reversal(connection, settled)
    assert limits(connection, helper)[0] == -600


def test_what_was_earned_before_counts_when_a_policy_begins_to_count_it(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    a_settlement(connection, a_hold(connection, asker, helper, 60), 60)
    assert limits(connection, helper)[0] == -720

    a_policy(connection)
    applied(connection)
    assert limits(connection, helper)[0] == -630


def test_the_same_policy_twice_is_set_once(connection: Connection) -> None:
    first = a_policy(connection, key="k")
    again = a_policy(connection, key="k")

    assert again == first
    rows = connection.exec_driver_sql("SELECT count(*) FROM ledger.policy").scalar_one()
    assert rows == 1
    with refused(connection, errors.KeyReused):
        a_policy(connection, Terms(), key="k")


@pytest.mark.parametrize("field", ["valid_from", "municipality_id", *Terms.__dataclass_fields__])
def test_every_part_tells_one_policy_from_another(connection: Connection, field: str) -> None:
    first: dict[str, Any] = {
        "municipality_id": A, "valid_from": now(connection) + timedelta(days=1), "terms": NEW
    }  # fmt: skip
    a_policy(connection, key="k", **first)
    if field in first:
        other = {"valid_from": first["valid_from"] + timedelta(microseconds=1), "municipality_id": B}
        changed = {field: other[field]}
    else:
        shift = -1 if field == "lowest_floor" else 1
        changed = {"terms": replace(NEW, **{field: getattr(NEW, field) + shift})}

    with refused(connection, errors.KeyReused):
        a_policy(connection, key="k", **(first | changed))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("floor", 1), ("floor", "-60"), ("floor", True), ("ceiling", -1), ("ceiling", 2.0),
        ("lowest_floor", -599), ("growth_percent", 101), ("growth_percent", -1), ("eyes_above", -1),
        ("eyes_above_cents", -1), ("eyes_above_cents", 45_001),
        ("grace_days", 0), ("grace_days", 366), ("asked_days", float("nan")),
    ],
)  # fmt: skip
def test_terms_are_whole_numbers_that_make_sense(connection: Connection, field: str, value: Any) -> None:
    with pytest.raises(errors.InvalidInput):
        a_policy(connection, replace(NEW, **{field: value}))


@pytest.mark.parametrize(
    "call",
    [
        lambda connection: rewards.policy_at(connection, 0, now(connection)),
        lambda connection: rewards.policy_at(connection, A, now(connection).replace(tzinfo=None)),
        lambda connection: rewards.apply_policy(connection, A, limit=0),
        lambda connection: rewards.apply_policy(connection, A, after=-1),
        lambda connection: a_policy(connection, key=""),
        lambda connection: a_policy(connection, cast(Terms, {"floor": -60})),
        lambda connection: rewards.follow_policy(connection, AccountId(0)),
    ],
)
def test_what_makes_no_sense_is_refused(connection: Connection, call: Callable[[Connection], object]) -> None:
    with pytest.raises(errors.InvalidInput):
        call(connection)


def test_only_members_and_organisations_follow_policies(connection: Connection) -> None:
    pot = a_member(connection, kind=AccountKind.POT, owner=None)
    welfare = a_member(connection, unit=Unit.WELFARE_CENT)
    for account in (pot, welfare):
        with refused(connection, errors.WrongAccount):
            rewards.follow_policy(connection, account.id)
    a_policy(connection)
    applied(connection)
    assert limits(connection, pot) == limits(connection, welfare) == (0, 10**12)


def test_a_closed_account_keeps_its_limits(connection: Connection) -> None:
    account = a_member(connection)
    rewards.set_status(connection, account.id, rewards.AccountStatus.CLOSED)
    a_policy(connection)

    applied(connection)
    with refused(connection, errors.AccountNotOpen):
        rewards.follow_policy(connection, account.id)
    assert limits(connection, account) == (-720, 3600)


def test_residents_see_the_policies_that_are_for_them_and_staff_those_of_their_desk(
    connection: Connection,
) -> None:
    member = a_member(connection)
    a_policy(connection)
    a_policy(connection, municipality_id=B)

    def seen() -> list[int]:
        return list(connection.exec_driver_sql("SELECT municipality_id FROM ledger.policy").scalars())

    see(connection, B)
    assert seen() == [B]
    see(connection, pseudonym=member.owner)
    assert seen() == [A]
    see(connection)
    assert seen() == []


@pytest.mark.parametrize("verb", ["UPDATE ledger.policy SET floor = 0", "DELETE FROM ledger.policy"])
def test_a_policy_stays_as_it_was_set(owner: Connection, verb: str) -> None:
    a_policy(owner)
    with pytest.raises(Exception, match=r"ledger\.policy allows no (UPDATE|DELETE)"):
        owner.exec_driver_sql(verb)
