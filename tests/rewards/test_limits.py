"""Floors and ceilings: holds count, and tightening never reaches back."""

import pytest
from sqlalchemy import Connection

import rewards
from rewards import AccountStatus, errors
from tests.rewards.factories import (
    MAKELAAR,
    A,
    B,
    a_hold,
    a_member,
    a_payment,
    a_pot,
    a_settlement,
    clearing,
    posted,
    refused,
    see,
    trusting,
)
from tests.rewards.gift_factories import a_grant


def test_a_floor_refuses_until_a_makelaar_lowers_it(connection: Connection) -> None:
    payer = a_member(connection, floor=-1000)
    payee = a_member(connection)
    a_payment(connection, payer, payee, 170)

    with refused(connection, errors.Overdrawn) as caught:
        a_payment(connection, payer, payee, 900)
    assert caught.value.details == {"account": payer.id, "asked": 900, "room": 830}

    rewards.set_limits(connection, payer.id, floor=-2000, ceiling=3600)
    a_payment(connection, payer, payee, 900)
    assert posted(connection, payer) == [-1070]


def test_a_ceiling_refuses_the_one_who_would_have_too_much(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection, ceiling=100)
    a_hold(connection, payer, payee, 60)

    for book in (a_payment, a_hold):
        with refused(connection, errors.Overfull) as caught:
            book(connection, payer, payee, 41)
        assert caught.value.details == {"account": payee.id, "asked": 41, "room": 40}
    a_payment(connection, payer, payee, 40)


def test_minutes_on_hold_are_not_spent_twice(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    a_hold(connection, asker, helper, 700)

    for book in (a_payment, a_hold):
        with refused(connection, errors.Overdrawn):
            book(connection, asker, helper, 21)
    balance = rewards.balance(connection, asker.id)
    assert (balance.posted, balance.available, balance.spendable) == (0, -700, 20)


def test_the_floor_and_the_ceiling_themselves_can_be_reached(connection: Connection) -> None:
    payer, payee = a_member(connection, floor=-60), a_member(connection, ceiling=60)

    a_payment(connection, payer, payee, 60)

    assert rewards.balance(connection, payer.id).spendable == 0
    assert rewards.balance(connection, payee.id).receivable == 0


def test_a_pot_gives_only_what_it_has(connection: Connection) -> None:
    pot, member = a_pot(connection), a_member(connection)
    with refused(connection, errors.PotEmpty):
        a_grant(connection, member, 1)
    a_payment(connection, member, pot, 30)
    a_grant(connection, member, 30)
    assert posted(connection, pot) == [0]


def test_a_tightened_limit_blocks_further_debits_only(connection: Connection) -> None:
    """It lets the balance be, lets it come back, and does not let it go down again on the way."""
    debtor, other = a_member(connection), a_member(connection)
    held = a_hold(connection, debtor, other, 100)
    a_payment(connection, debtor, other, 500)

    tightened = rewards.set_limits(connection, debtor.id, floor=-60, ceiling=3600)
    assert (tightened.balance.posted, tightened.balance.spendable) == (-500, 0)
    with refused(connection, errors.Overdrawn):
        a_payment(connection, debtor, other, 1)

    a_settlement(connection, held, 100)
    a_payment(connection, other, debtor, 300)
    with refused(connection, errors.Overdrawn):
        a_payment(connection, debtor, other, 1)
    a_payment(connection, other, debtor, 250)
    a_payment(connection, debtor, other, 10)
    assert posted(connection, debtor) == [-60]


def test_what_a_void_gives_back_below_the_floor_is_not_spent_again(connection: Connection) -> None:
    debtor, other = a_member(connection), a_member(connection)
    first, second = (a_hold(connection, debtor, other, minutes) for minutes in (400, 300))
    rewards.set_limits(connection, debtor.id, floor=-60, ceiling=3600)

    rewards.void(connection, key="v", actor=MAKELAAR, hold=first.transfer)
    with refused(connection, errors.Overdrawn):
        a_payment(connection, debtor, other, 1)
    rewards.void(connection, key="w", actor=MAKELAAR, hold=second.transfer)

    with refused(connection, errors.Overdrawn):
        a_payment(connection, debtor, other, 61)
    a_payment(connection, debtor, other, 60)


def test_a_closed_account_keeps_its_limits(connection: Connection) -> None:
    account = a_member(connection)
    rewards.set_status(connection, account.id, AccountStatus.CLOSED)
    with refused(connection, errors.AccountNotOpen):
        rewards.set_limits(connection, account.id, floor=0, ceiling=0)


def test_a_lowered_ceiling_blocks_further_credits_only(connection: Connection) -> None:
    rich, other = a_member(connection), a_member(connection)
    a_payment(connection, other, rich, 500)

    rewards.set_limits(connection, rich.id, floor=0, ceiling=100)
    with refused(connection, errors.Overfull):
        a_payment(connection, other, rich, 1)
    a_payment(connection, rich, other, 300)
    with refused(connection, errors.Overfull):
        a_payment(connection, other, rich, 1)


def test_the_limit_of_a_clearing_account_is_the_trust(connection: Connection) -> None:
    trusting(connection, B, A)
    with refused(connection, errors.WrongAccount):
        rewards.set_limits(connection, clearing(connection, B, A), floor=0, ceiling=0)


def test_trust_opens_its_two_accounts_in_one_order_whoever_sets_it(connection: Connection) -> None:
    """The other way round, two municipalities that trust each other at the same moment would deadlock."""
    for one, other in ((1, 2), (4, 3)):
        trusting(connection, one, other)
        see(connection, one, other)
        low, high = sorted((one, other))
        assert clearing(connection, low, high) < clearing(connection, high, low)


@pytest.mark.parametrize(("floor", "ceiling"), [(1, 5), (-5, -1), (True, 5), (-5, 5.0), ("-5", 5)])
def test_limits_are_whole_numbers_around_zero(connection: Connection, floor: int, ceiling: int) -> None:
    account = a_member(connection)
    with pytest.raises(errors.InvalidInput):
        rewards.set_limits(connection, account.id, floor=floor, ceiling=ceiling)
