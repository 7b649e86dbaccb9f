"""The pot: gifts go to one of its shards, grants come out of as few as can give them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

import rewards
from rewards import AccountId, AccountStatus, Reason, Unit, check, errors
from tests.rewards.factories import MAKELAAR, A, B, a_member, a_pot, a_reversal, now, posted, refused, see
from tests.rewards.gift_factories import (
    NOBODY,
    a_donation,
    a_grant,
    an_organisation,
    eyes_above,
    fill,
    key_for,
    pot,
)


def test_a_donation_goes_to_the_shard_of_its_key(connection: Connection) -> None:
    giver = a_member(connection)
    for shard in (0, 7, 15):
        a_donation(connection, giver, 10 + shard, key=key_for(shard))

    assert pot(connection) == {0: 10, 7: 17, 15: 25}
    assert posted(connection, giver) == [-52]
    assert check.run(connection) == []


def test_donations_spread_over_the_shards(connection: Connection) -> None:
    giver = a_member(connection)
    for _ in range(100):
        a_donation(connection, giver, 1)

    assert len(pot(connection)) >= 12
    assert sum(pot(connection).values()) == 100


def test_a_donation_stays_in_the_givers_municipality(connection: Connection) -> None:
    a_donation(connection, a_member(connection, B), 60)

    assert pot(connection) == {}
    assert sum(pot(connection, B).values()) == 60


def test_a_donation_counts_for_the_givers_floor(connection: Connection) -> None:
    giver = a_member(connection)
    with refused(connection, errors.Overdrawn):
        a_donation(connection, giver, 721)
    a_donation(connection, giver, 720)


def test_a_donation_goes_out_of_an_open_account_of_a_member(connection: Connection) -> None:
    frozen = a_member(connection)
    rewards.set_status(connection, frozen.id, AccountStatus.FROZEN)
    with refused(connection, errors.AccountNotOpen):
        a_donation(connection, frozen)
    for account in (a_pot(connection), a_member(connection, unit=Unit.WELFARE_CENT)):
        with refused(connection, errors.WrongAccount):
            a_donation(connection, account)
    with refused(connection, errors.UnknownAccount):
        rewards.donate(connection, key="k", actor=MAKELAAR, payer=NOBODY, minutes=1)


def test_a_grant_comes_out_of_one_shard_when_that_has_enough(connection: Connection) -> None:
    fill(connection, {3: 100, 5: 200})
    member = a_member(connection)

    a_grant(connection, member, 100, key=key_for(3))

    assert pot(connection) == {5: 200}
    assert posted(connection, member) == [100]
    (line,) = rewards.statement(connection, member.id)
    assert (line.counterparty, line.actor) == (None, MAKELAAR)


def test_a_grant_that_one_shard_cannot_give_comes_out_of_the_fullest(connection: Connection) -> None:
    fill(connection, {1: 30, 3: 20, 5: 50, 9: 20})
    member = an_organisation(connection)

    booking = a_grant(connection, member, 95, key=key_for(3))

    assert pot(connection) == {3: 5, 9: 20}
    lines = rewards.statement(connection, member.id)
    assert [line.delta for line in reversed(lines)] == [50, 30, 15]
    assert lines[-1].transfer == booking.transfer
    assert check.run(connection) == []


def test_the_pot_gives_its_last_minute_and_no_more(connection: Connection) -> None:
    fill(connection, {1: 30, 3: 20})
    member = a_member(connection)

    with refused(connection, errors.PotEmpty) as caught:
        a_grant(connection, member, 51)
    assert caught.value.details == {"asked": 51, "room": 50}
    assert (pot(connection), posted(connection, member)) == ({1: 30, 3: 20}, [0])

    a_grant(connection, member, 50)
    assert pot(connection) == {}


def test_a_pot_that_nobody_gave_to_is_empty(connection: Connection) -> None:
    with refused(connection, errors.PotEmpty):
        a_grant(connection, a_member(connection), 1)


def test_a_grant_does_not_come_out_of_another_municipalitys_pot(connection: Connection) -> None:
    fill(connection, {1: 300}, B)
    with refused(connection, errors.PotEmpty):
        a_grant(connection, a_member(connection, A), 1)


def test_a_frozen_shard_gives_nothing(connection: Connection) -> None:
    fill(connection, {1: 30, 3: 20})
    rewards.set_status(connection, a_pot(connection, shard=1).id, AccountStatus.FROZEN)
    member = a_member(connection)

    with refused(connection, errors.PotEmpty):
        a_grant(connection, member, 21, key=key_for(1))
    a_grant(connection, member, 20, key=key_for(1))


def test_a_grant_that_would_be_too_much_for_the_receiver_leaves_the_pot_whole(connection: Connection) -> None:
    fill(connection, {1: 30, 3: 20})
    member = a_member(connection, ceiling=40)
    with refused(connection, errors.Overfull):
        a_grant(connection, member, 50)
    assert pot(connection) == {1: 30, 3: 20}


def test_nobody_grants_to_themselves(connection: Connection) -> None:
    fill(connection, {1: 300})
    with refused(connection, errors.OwnInterest):
        a_grant(connection, a_member(connection, owner=MAKELAAR))


def test_a_grant_above_the_threshold_needs_a_second_pair_of_eyes(connection: Connection) -> None:
    fill(connection, {1: 3000})
    member = a_member(connection)

    with refused(connection, errors.NeedsSecondEyes) as caught:
        a_grant(connection, member, 601)
    assert caught.value.details == {"asked": 601, "granted": 0, "threshold": 600}
    a_grant(connection, member, 600)

    eyes_above(connection, 60)
    with refused(connection, errors.NeedsSecondEyes):
        a_grant(connection, a_member(connection), 61)
    a_grant(connection, a_member(connection), 60)


def test_a_grant_goes_to_an_open_account_of_a_member(connection: Connection) -> None:
    fill(connection, {1: 300})
    frozen = a_member(connection)
    rewards.set_status(connection, frozen.id, AccountStatus.FROZEN)
    with refused(connection, errors.AccountNotOpen):
        a_grant(connection, frozen)
    for account in (a_pot(connection, shard=2), a_member(connection, unit=Unit.WELFARE_CENT)):
        with refused(connection, errors.WrongAccount):
            a_grant(connection, account)
    with refused(connection, errors.UnknownAccount):
        rewards.grant(connection, key="k", actor=MAKELAAR, payee=NOBODY, minutes=1)


def test_each_part_of_a_grant_can_be_taken_back(connection: Connection) -> None:
    fill(connection, {1: 30, 3: 20})
    member = a_member(connection)
    a_grant(connection, member, 50)
    for line in rewards.statement(connection, member.id):
        a_reversal(connection, rewards.Booking(rewards.BatchId(1), line.transfer, hit=False))

    assert pot(connection) == {1: 30, 3: 20}


@pytest.mark.parametrize("book", [a_donation, a_grant])
def test_the_same_gift_twice_is_booked_once(connection: Connection, book: Callable[..., Any]) -> None:
    fill(connection, dict.fromkeys(range(16), 10))
    member, other = a_member(connection), a_member(connection)
    before = sum(pot(connection).values())

    first = book(connection, member, 25, key="k", actor=MAKELAAR)
    again = book(connection, member, 25, key="k", actor=MAKELAAR)

    assert again == rewards.Booking(first.batch, first.transfer, hit=True)
    assert abs(sum(pot(connection).values()) - before) == 25
    for changes in (
        {"minutes": 26}, {"account": other}, {"subject": uuid4()}, {"note_hash": b"n" * 32},
        {"occurred_at": now(connection)},
    ):  # fmt: skip
        values: dict[str, Any] = {"account": member, "minutes": 25} | changes
        with refused(connection, errors.KeyReused):
            book(connection, values.pop("account"), key="k", actor=MAKELAAR, **values)


def test_the_reason_tells_one_grant_from_another(connection: Connection) -> None:
    fill(connection, {1: 300})
    member = a_member(connection)
    a_grant(connection, member, key="k", reason=Reason.OTHER)
    with refused(connection, errors.KeyReused):
        a_grant(connection, member, key="k")


@pytest.mark.parametrize("minutes", [0, -1, True, "60", 1.5, float("nan"), 2**63, None])
def test_a_gift_is_a_whole_number_of_minutes(connection: Connection, minutes: Any) -> None:
    member = a_member(connection)
    for book in (a_donation, a_grant):
        with pytest.raises(errors.InvalidAmount):
            book(connection, member, minutes)


@pytest.mark.parametrize(
    "wrong",
    [{"key": ""}, {"actor": "x"}, {"payee": AccountId(0)}, {"occurred_at": 5}, {"subject": 5}, {"reason": "x"},
     {"note_hash": b"x"}],
)  # fmt: skip
def test_arguments_that_make_no_sense_are_refused(connection: Connection, wrong: dict[str, Any]) -> None:
    values: dict[str, Any] = {"key": "k", "actor": MAKELAAR, "payee": a_member(connection).id, "minutes": 5}
    with pytest.raises(errors.InvalidInput):
        rewards.grant(connection, **(values | wrong))


def test_a_member_sees_own_gifts_and_not_the_pot(connection: Connection) -> None:
    fill(connection, {1: 300})
    member = a_member(connection)
    a_grant(connection, member, 60)
    a_donation(connection, member, 20)

    see(connection, pseudonym=member.owner)

    assert [line.delta for line in rewards.statement(connection, member.id)] == [-20, 60]
    assert pot(connection) == {}
