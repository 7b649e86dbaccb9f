"""Moving house: one person, one account in use, one credit line; what stands on the old one goes along."""

from uuid import uuid4

import pytest
from sqlalchemy import Connection

import rewards
from rewards import Account, AccountKind, AccountStatus, check, errors
from rewards.model_gifts import SHARDS
from tests.rewards.factories import (
    a_hold,
    a_member,
    a_payment,
    a_settlement,
    broken_rule,
    clearing,
    posted,
    refused,
    see,
    trusting,
)

A, B, C = 3101, 3102, 3103
"""Of these tests alone: what races wrote between others is there to stay."""


@pytest.fixture(autouse=True)
def _within_reach(connection: Connection) -> None:
    see(connection, A, B, C)


def moved_to(connection: Connection, account: Account, municipality_id: int) -> Account:
    """The account that its owner has in use once they live there."""
    assert account.owner is not None
    return rewards.move_home(connection, account.owner, municipality_id)


def test_a_second_account_in_another_municipality_is_the_first(connection: Connection) -> None:
    me = a_member(connection, A)

    assert a_member(connection, B, owner=me.owner).id == me.id


def test_the_credit_line_does_not_double(connection: Connection) -> None:
    me, other = a_member(connection, A), a_member(connection, A)
    there = a_member(connection, B)
    trusting(connection, A, B)
    trusting(connection, B, A)
    a_payment(connection, me, other, 700)

    moved = moved_to(connection, me, B)

    assert (moved.municipality_id, moved.balance.floor) == (B, -20)
    with refused(connection, errors.Overdrawn):
        a_payment(connection, moved, there, 21)
    rewards.carry_home(connection, me.id)
    after = rewards.account(connection, moved.id)
    assert (after.balance.posted, after.balance.floor) == (-700, -720)
    assert posted(connection, me, clearing(connection, A, B), clearing(connection, B, A)) == [0, -700, 700]
    assert check.run(connection) == []


def test_a_balance_goes_along_and_the_old_account_gets_nothing_new(connection: Connection) -> None:
    me, other = a_member(connection, A), a_member(connection, A)
    trusting(connection, B, A)
    a_payment(connection, other, me, 90)

    moved = moved_to(connection, me, B)
    rewards.carry_home(connection, me.id)

    assert posted(connection, me, moved) == [0, 90]
    assert rewards.account(connection, moved.id).balance.floor == -720
    (line,) = rewards.statement(connection, moved.id)
    assert (line.actor, line.counterparty, line.delta) == (me.owner, me.owner, 90)
    assert rewards.carry_home(connection, me.id) is None
    with refused(connection, errors.Overfull):
        a_payment(connection, other, me, 1)
    with refused(connection, errors.Overdrawn):
        a_payment(connection, me, other, 1)
    with refused(connection, errors.WrongAccount):
        rewards.set_limits(connection, me.id, floor=-100, ceiling=100)
    with refused(connection, errors.WrongAccount):
        rewards.follow_policy(connection, me.id)
    assert check.run(connection) == []


def test_what_was_agreed_before_is_settled_on_the_old_account_first(connection: Connection) -> None:
    me, other = a_member(connection, A), a_member(connection, A)
    trusting(connection, A, B)
    held = a_hold(connection, me, other, 60)

    moved = moved_to(connection, me, B)

    assert moved.balance.floor == -660
    with refused(connection, errors.NotEmpty):
        rewards.carry_home(connection, me.id)
    a_settlement(connection, held, 60)
    assert [one.id for one in rewards.left_behind(connection, me.owner)] == [me.id]
    rewards.carry_home(connection, me.id)
    assert rewards.left_behind(connection, me.owner) == []
    assert posted(connection, me, moved, other) == [0, -60, 60]
    assert check.run(connection) == []


def test_a_line_narrowed_by_what_was_reserved_is_whole_again_when_that_is_let_go(
    connection: Connection,
) -> None:
    me, other = a_member(connection, A), a_member(connection, A)
    held = a_hold(connection, me, other, 60)
    moved = moved_to(connection, me, B)
    rewards.void(connection, key="v", actor=uuid4(), hold=held.transfer)

    assert [one.id for one in rewards.left_behind(connection, me.owner)] == [me.id]
    assert rewards.carry_home(connection, me.id) is None
    assert rewards.account(connection, moved.id).balance.floor == -720
    assert rewards.left_behind(connection, me.owner) == []


def test_moving_on_before_a_debt_came_along_leaves_one_credit_line(connection: Connection) -> None:
    me, other = a_member(connection, A), a_member(connection, A)
    trusting(connection, A, C)
    a_payment(connection, me, other, 700)
    there = moved_to(connection, me, B)
    onward = moved_to(connection, there, C)

    assert onward.balance.floor == -20
    assert rewards.follow_policy(connection, onward.id).balance.floor == -20
    rewards.carry_home(connection, me.id)
    after = rewards.account(connection, onward.id).balance
    assert (after.posted, after.floor) == (-700, -720)
    assert check.run(connection) == []


def test_limits_that_a_makelaar_set_after_a_move_stay_when_the_debt_comes_along(
    connection: Connection,
) -> None:
    me, other = a_member(connection, A), a_member(connection, A)
    trusting(connection, A, B)
    a_payment(connection, me, other, 300)
    moved = moved_to(connection, me, B)
    rewards.set_limits(connection, moved.id, floor=-900, ceiling=100)
    rewards.carry_home(connection, me.id)

    assert rewards.account(connection, moved.id).balance.floor == -900


def test_a_debt_that_the_pot_took_over_no_longer_narrows_the_line(connection: Connection) -> None:
    me, other = a_member(connection, A), a_member(connection, A)
    for shard in range(SHARDS):
        a_member(connection, A, kind=AccountKind.POT, owner=None, shard=shard, ceiling=10**6)
    a_payment(connection, other, me, 60)
    rewards.donate(connection, key="d", actor=uuid4(), payer=me.id, minutes=60)
    a_payment(connection, me, other, 60)
    moved = moved_to(connection, me, B)
    rewards.leave(connection, key="l", actor=uuid4(), account=me.id)

    assert [one.id for one in rewards.left_behind(connection, me.owner)] == [me.id]
    rewards.carry_home(connection, me.id)
    assert rewards.account(connection, moved.id).balance.floor == -720


def test_without_trust_nothing_is_carried_and_the_credit_stays_narrow(connection: Connection) -> None:
    me = a_member(connection, A)
    a_payment(connection, me, a_member(connection, A), 300)

    moved = moved_to(connection, me, B)

    with refused(connection, errors.NoTrust):
        rewards.carry_home(connection, me.id)
    assert moved.balance.floor == -420
    assert posted(connection, me, moved) == [-300, 0]


def test_whoever_moves_back_finds_the_first_account_again(connection: Connection) -> None:
    me = a_member(connection, A)
    there = moved_to(connection, me, B)
    assert moved_to(connection, me, B).id == there.id

    back = moved_to(connection, me, A)

    assert (back.id, back.balance.floor, back.balance.ceiling) == (me.id, -720, 3600)
    assert rewards.balance(connection, there.id).floor == 0


def test_a_frozen_account_stays_frozen_when_its_owner_moves(connection: Connection) -> None:
    me = a_member(connection, A)
    rewards.set_status(connection, me.id, AccountStatus.FROZEN)

    assert moved_to(connection, me, B).status is AccountStatus.FROZEN


def test_an_account_that_was_closed_stays_closed(connection: Connection) -> None:
    me = a_member(connection, A)
    there = moved_to(connection, me, B)
    rewards.set_status(connection, me.id, AccountStatus.CLOSED)

    assert moved_to(connection, me, A).id == there.id


def test_nobody_moves_away_from_an_account_in_use(connection: Connection) -> None:
    with refused(connection, errors.WrongAccount):
        rewards.carry_home(connection, a_member(connection, A).id)


def test_one_person_has_one_account_in_use(owner: Connection) -> None:
    owner_id = uuid4()
    insert = (
        "INSERT INTO ledger.account (municipality_id, unit, kind, owner_pseudonym, floor, ceiling, min_available,"
        " max_balance, opened_at) VALUES (%s, 'ROOSJE_MIN', 'member', %s, -720, 3600, -720, 3600, ledger.now())"
    )
    owner.exec_driver_sql(insert, (A, owner_id))
    with broken_rule(owner, "account_one_in_use"):
        owner.exec_driver_sql(insert, (B, owner_id))
