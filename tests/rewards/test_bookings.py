"""What happens to balances: the acceptance scenarios, and each way of booking."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Connection

import rewards
from rewards import AccountStatus, Reason, TransferId, TransferKind, Unit, check, errors
from tests.rewards.factories import (
    MAKELAAR,
    A,
    B,
    C,
    a_hold,
    a_member,
    a_payment,
    a_pot,
    a_reversal,
    a_settlement,
    clearing,
    now,
    posted,
    refused,
    trusting,
)


def test_a_payment_is_one_transfer_with_two_entries_that_sum_to_zero(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)

    booking = a_payment(connection, payer, payee, 5)

    assert posted(connection, payer, payee) == [-5, 5]
    deltas = connection.exec_driver_sql(
        "SELECT delta FROM ledger.entry WHERE transfer_id = %s ORDER BY delta", (booking.transfer,)
    )
    assert list(deltas.scalars()) == [-5, 5]


def test_a_thank_you_is_one_row_linked_to_what_it_is_about(connection: Connection) -> None:
    payer, payee, offer = a_member(connection), a_member(connection), uuid4()

    a_payment(connection, payer, payee, 120, subject=offer)

    (line,) = rewards.statement(connection, payee.id)
    assert (line.delta, line.subject, line.counterparty) == (120, offer, payer.owner)


def test_an_entry_names_the_makelaar_who_booked_it(connection: Connection) -> None:
    giver, taker = a_member(connection), a_member(connection)

    a_payment(connection, giver, taker, 5, actor=MAKELAAR)

    assert [line.actor for line in rewards.statement(connection, giver.id)] == [MAKELAAR]


def test_an_account_that_is_not_open_neither_gives_nor_takes(connection: Connection) -> None:
    frozen, other = a_member(connection), a_member(connection)
    rewards.set_status(connection, frozen.id, AccountStatus.FROZEN)

    for payer, payee in ((frozen, other), (other, frozen)):
        with refused(connection, errors.AccountNotOpen) as caught:
            a_payment(connection, payer, payee)
        assert caught.value.details == {"account": frozen.id, "status": "frozen"}
        with refused(connection, errors.AccountNotOpen):
            a_hold(connection, payer, payee)

    assert posted(connection, frozen, other) == [0, 0]


def test_what_was_agreed_is_settled_on_a_frozen_account(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held = a_hold(connection, asker, helper, 60)
    rewards.set_status(connection, asker.id, AccountStatus.FROZEN)

    a_settlement(connection, held, 60)

    assert posted(connection, asker, helper) == [-60, 60]


def test_one_pays_oneself_or_a_stranger_in_vain(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)
    a_payment(connection, payer, payee, 7)
    unknown = rewards.AccountId(2**62)

    with refused(connection, errors.SameAccount):
        a_payment(connection, payer, payer)
    for one, other in ((payer.id, unknown), (unknown, payer.id)):
        with refused(connection, errors.UnknownAccount):
            rewards.pay(connection, key="k", actor=MAKELAAR, payer=one, payee=other, minutes=1)

    assert posted(connection, payer, payee) == [-7, 7]


def test_units_are_never_mixed(connection: Connection) -> None:
    minutes, vouchers = a_member(connection), a_member(connection, unit=Unit.VOUCHER)

    with refused(connection, errors.DifferentUnits):
        a_payment(connection, minutes, vouchers)


def test_only_roosjes_of_people_organisations_and_pots_are_paid(connection: Connection) -> None:
    a, b = a_member(connection, unit=Unit.VOUCHER), a_member(connection, unit=Unit.VOUCHER)
    issuer = a_pot(connection, kind=rewards.AccountKind.ISSUER)

    for payer, payee in ((a, b), (issuer, a_member(connection)), (a_member(connection), issuer)):
        with refused(connection, errors.WrongAccount):
            a_payment(connection, payer, payee)


def test_a_settlement_moves_minutes_and_lets_go_of_the_rest(connection: Connection) -> None:
    asker, helper, occurrence = a_member(connection), a_member(connection), uuid4()

    held = a_hold(connection, asker, helper, 60, subject=occurrence)
    assert posted(connection, asker, helper) == [0, 0]
    assert rewards.balance(connection, asker.id).held_out == 60
    assert rewards.balance(connection, helper.id).held_in == 60

    a_settlement(connection, held, 45)
    assert posted(connection, asker, helper) == [-45, 45]
    assert (
        rewards.balance(connection, asker.id).held_out == rewards.balance(connection, helper.id).held_in == 0
    )
    assert [line.subject for line in rewards.statement(connection, helper.id)] == [occurrence]


def test_a_settlement_moves_no_more_than_was_held(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held = a_hold(connection, asker, helper, 60)

    with refused(connection, errors.MoreThanHeld) as caught:
        a_settlement(connection, held, 61)

    assert caught.value.details == {"held": 60}
    assert rewards.balance(connection, asker.id).held_out == 60


def test_a_void_lets_go_of_all_and_moves_nothing(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held = a_hold(connection, asker, helper, 60)

    rewards.void(connection, key="v", actor=MAKELAAR, hold=held.transfer, reason=Reason.CANCELLED)

    assert posted(connection, asker, helper) == [0, 0]
    assert rewards.balance(connection, asker.id).available == 0
    assert rewards.statement(connection, asker.id) == []


def test_a_hold_ends_once(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held = a_hold(connection, asker, helper, 60)
    a_settlement(connection, held, 60)

    with refused(connection, errors.HoldEnded) as caught:
        rewards.void(connection, key="v", actor=MAKELAAR, hold=held.transfer)
    assert caught.value.details == {"ended_by": "settle"}
    with refused(connection, errors.HoldEnded):
        a_settlement(connection, held, 1)


def test_a_hold_that_ended_has_ended_also_on_a_closed_account(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held = a_hold(connection, asker, helper, 60)
    rewards.void(connection, key="v", actor=MAKELAAR, hold=held.transfer)
    rewards.set_status(connection, asker.id, AccountStatus.CLOSED)

    with refused(connection, errors.HoldEnded):
        a_settlement(connection, held, 60)


def test_only_a_hold_is_settled(connection: Connection) -> None:
    payment = a_payment(connection, a_member(connection), a_member(connection))

    with refused(connection, errors.UnknownHold):
        a_settlement(connection, payment)
    with refused(connection, errors.UnknownHold):
        rewards.void(connection, key="v", actor=MAKELAAR, hold=TransferId(2**62))


def test_open_holds_stand_beside_the_statement(connection: Connection) -> None:
    asker, helper, subject = a_member(connection), a_member(connection), uuid4()
    until = now(connection) + timedelta(days=3)
    later = a_hold(connection, asker, helper, 20)
    first = a_hold(connection, asker, helper, 60, subject=subject, expires_at=until)

    mine = rewards.open_holds(connection, asker.id)
    theirs = rewards.open_holds(connection, helper.id)

    assert [(hold.transfer, hold.delta) for hold in mine] == [(first.transfer, -60), (later.transfer, -20)]
    assert [(hold.transfer, hold.delta) for hold in theirs] == [(first.transfer, 60), (later.transfer, 20)]
    assert (mine[0].counterparty, mine[0].subject, mine[0].expires_at) == (helper.owner, subject, until)


def test_a_statement_is_read_page_by_page_with_its_running_balance(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)
    for minutes in (1, 2, 3):
        a_payment(connection, payer, payee, minutes)

    newest = rewards.statement(connection, payee.id, limit=2)
    oldest = rewards.statement(connection, payee.id, before_seq=newest[-1].seq)

    assert [(line.seq, line.delta, line.balance) for line in newest + oldest] == [
        (3, 3, 6), (2, 2, 3), (1, 1, 1)
    ]  # fmt: skip


def test_a_correction_is_a_reversal_that_history_shows(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)
    payment = a_payment(connection, payer, payee, 30)

    reversal = a_reversal(connection, payment, reason=Reason.WRONG_PARTY)

    back, there = rewards.statement(connection, payer.id)
    assert (there.kind, there.delta, there.reversed_by) == (TransferKind.PAY, -30, reversal.transfer)
    assert (back.kind, back.delta, back.reverses) == (TransferKind.REVERSE, 30, payment.transfer)
    assert (back.reason, back.counterparty) == ("wrong_party", payee.owner)
    assert posted(connection, payer, payee) == [0, 0]


def test_a_reversal_happens_once_and_is_not_reversed(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)
    payment = a_payment(connection, payer, payee)
    held = a_hold(connection, payer, payee)
    reversal = a_reversal(connection, payment)

    with refused(connection, errors.AlreadyReversed):
        a_reversal(connection, payment)
    for other in (reversal, held):
        with refused(connection, errors.NotReversible):
            a_reversal(connection, other)
    with refused(connection, errors.UnknownTransfer):
        rewards.reverse(connection, key="r", actor=MAKELAAR, transfer=TransferId(2**62), reason=Reason.OTHER)


def test_what_was_spent_cannot_be_taken_back(connection: Connection) -> None:
    payer, payee, third = a_member(connection), a_member(connection, floor=0), a_member(connection)
    payment = a_payment(connection, payer, payee, 60)
    a_payment(connection, payee, third, 60)

    with refused(connection, errors.Overdrawn):
        a_reversal(connection, payment)

    assert posted(connection, payer, payee, third) == [-60, 0, 60]


def test_an_account_is_opened_once(connection: Connection) -> None:
    first = a_member(connection)

    again = a_member(connection, owner=first.owner, floor=-10)

    assert again == first
    assert (first.balance.floor, first.balance.ceiling) == (-720, 3600)
    assert rewards.accounts(connection, first.owner or uuid4()) == [first]
    assert a_pot(connection, shard=1).id != a_pot(connection, shard=2).id
    assert a_pot(connection, C, shard=1).id == a_pot(connection, C, shard=1).id


def test_an_account_closes_when_it_is_empty_and_for_good(connection: Connection) -> None:
    leaver, other = a_member(connection), a_member(connection)
    payment = a_payment(connection, other, leaver, 10)
    with refused(connection, errors.NotEmpty):
        rewards.set_status(connection, leaver.id, AccountStatus.CLOSED)
    a_payment(connection, leaver, other, 10)

    rewards.set_status(connection, leaver.id, AccountStatus.CLOSED)

    with refused(connection, errors.AccountNotOpen):
        a_payment(connection, other, leaver, 1)
    with refused(connection, errors.AccountNotOpen):
        a_reversal(connection, payment)
    with refused(connection, errors.AccountNotOpen):
        rewards.set_status(connection, leaver.id, AccountStatus.OPEN)


def test_help_across_municipalities_goes_over_clearing_that_sums_to_zero(connection: Connection) -> None:
    asker, helper = a_member(connection, A), a_member(connection, B)
    trusting(connection, B, A, 600)

    held = a_hold(connection, asker, helper, 600)
    assert rewards.balance(connection, clearing(connection, B, A)).held_out == 600
    a_settlement(connection, held, 600)

    assert posted(connection, asker, helper) == [-600, 600]
    assert posted(connection, clearing(connection, A, B), clearing(connection, B, A)) == [600, -600]
    assert [line.counterparty for line in rewards.statement(connection, asker.id)] == [helper.owner]
    assert [line.counterparty for line in rewards.statement(connection, helper.id)] == [asker.owner]
    assert check.run(connection) == []


def test_without_trust_nobody_is_helped_across_the_border(connection: Connection) -> None:
    asker, helper = a_member(connection, A), a_member(connection, C)
    trusting(connection, A, C)  # the other direction

    with refused(connection, errors.NoTrust):
        a_hold(connection, asker, helper, 60)
    with refused(connection, errors.NoTrust):
        a_payment(connection, asker, helper, 60)


def test_a_hold_across_the_border_reserves_the_trust_that_its_settlement_needs(
    connection: Connection,
) -> None:
    trusting(connection, B, A, 100)
    first, second = a_member(connection, A), a_member(connection, A)
    held = a_hold(connection, first, a_member(connection, B), 60)

    with refused(connection, errors.TrustExhausted) as caught:
        a_hold(connection, second, a_member(connection, B), 41)
    assert caught.value.details["room"] == 40
    trusting(connection, B, A, 0)

    a_settlement(connection, held, 60)
    assert posted(connection, clearing(connection, B, A)) == [-60]
    with refused(connection, errors.TrustExhausted):
        a_payment(connection, second, a_member(connection, B), 1)


def test_letting_go_across_the_border_frees_both_sides(connection: Connection) -> None:
    trusting(connection, B, A, 100)
    asker, helper = a_member(connection, A), a_member(connection, B)
    held = a_hold(connection, asker, helper, 60)

    rewards.void(connection, key="v", actor=MAKELAAR, hold=held.transfer)

    sides = (asker.id, helper.id, clearing(connection, A, B), clearing(connection, B, A))
    balances = [rewards.balance(connection, account) for account in sides]
    assert [(b.posted, b.held_out, b.held_in) for b in balances] == [(0, 0, 0)] * 4


def test_a_second_leg_is_no_handle_for_the_whole(connection: Connection) -> None:
    trusting(connection, B, A)
    asker, helper = a_member(connection, A), a_member(connection, B)
    held, payment = a_hold(connection, asker, helper), a_payment(connection, asker, helper)
    second = "SELECT id FROM ledger.transfer WHERE follows_id = %s"
    hold_leg, payment_leg = (
        replace(booking, transfer=connection.exec_driver_sql(second, (booking.transfer,)).scalar_one())
        for booking in (held, payment)
    )

    with refused(connection, errors.UnknownHold):
        a_settlement(connection, hold_leg)
    with refused(connection, errors.UnknownTransfer):
        a_reversal(connection, payment_leg)


def test_a_reversal_across_the_border_takes_both_legs_back(connection: Connection) -> None:
    trusting(connection, B, A, 100)
    asker, helper = a_member(connection, A), a_member(connection, B)
    payment = a_payment(connection, asker, helper, 60)
    (line,) = rewards.statement(connection, helper.id)
    assert line.transfer == payment.transfer

    a_reversal(connection, payment)

    assert posted(connection, asker, helper, clearing(connection, A, B)) == [0, 0, 0]
    assert check.run(connection) == []
