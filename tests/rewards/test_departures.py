"""Leaving, and what the pot makes good for."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

import rewards
from rewards import (
    Account,
    AccountId,
    AccountStatus,
    Booking,
    Departure,
    Reason,
    TransferId,
    Unit,
    check,
    errors,
)
from tests.rewards.factories import (
    MAKELAAR,
    A,
    B,
    a_hold,
    a_member,
    a_payment,
    a_pot,
    a_reversal,
    a_settlement,
    now,
    posted,
    refused,
    see,
    trusting,
)
from tests.rewards.gift_factories import NOBODY, a_donation, a_grant, eyes_above, fill, key_for, pot


def leave(
    connection: Connection, account: Account, key: str | None = None, actor: UUID = MAKELAAR
) -> Departure:
    return rewards.leave(connection, key=key or str(uuid4()), actor=actor, account=account.id)


def made_whole(connection: Connection, booking: Booking, **changes: Any) -> Booking:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": MAKELAAR, "reason": Reason.NOT_DELIVERED}
    return rewards.make_whole(connection, transfer=booking.transfer, **(values | changes))


def spent(
    connection: Connection, minutes: int = 100, wronged: Account | None = None
) -> tuple[Account, Account, Booking]:
    """Somebody who was paid, has spent it, and has no credit to give it back from."""
    wronged, receiver = wronged or a_member(connection), a_member(connection, floor=0)
    booking = a_payment(connection, wronged, receiver, minutes)
    a_payment(connection, receiver, a_member(connection), minutes)
    return wronged, receiver, booking


def status(connection: Connection, account: Account) -> AccountStatus:
    return rewards.account(connection, account.id).status


def test_what_a_leaver_has_goes_to_the_pot(connection: Connection) -> None:
    leaver = a_member(connection)
    a_payment(connection, a_member(connection), leaver, 90)

    left = leave(connection, leaver, key_for(6))

    assert (left.account, left.balance, left.hit) == (leaver.id, 90, False)
    assert (posted(connection, leaver), pot(connection)) == ([0], {6: 90})
    assert status(connection, leaver) is AccountStatus.CLOSED
    (line, _) = rewards.statement(connection, leaver.id)
    assert (line.transfer, line.delta, line.actor) == (left.transfer, -90, MAKELAAR)
    assert check.run(connection) == []


def test_what_a_leaver_owes_comes_out_of_the_pot(connection: Connection) -> None:
    leaver, other = a_member(connection), a_member(connection)
    a_payment(connection, leaver, other, 90)
    with refused(connection, errors.PotEmpty):
        leave(connection, leaver)
    assert status(connection, leaver) is AccountStatus.OPEN

    fill(connection, {1: 50, 2: 60})
    left = leave(connection, leaver, key_for(1))

    assert left.balance == -90
    assert (posted(connection, leaver), pot(connection)) == ([0], {1: 20})
    assert check.run(connection) == []


def test_whoever_has_nothing_leaves_without_a_booking(connection: Connection) -> None:
    leaver = a_member(connection)
    assert leave(connection, leaver, "k") == Departure(leaver.id, 0, None, None, hit=False)
    assert leave(connection, leaver, "k") == Departure(leaver.id, 0, None, None, hit=True)
    assert status(connection, leaver) is AccountStatus.CLOSED
    assert check.run(connection) == []


@pytest.mark.parametrize("balance", [60, -60])
def test_a_frozen_account_can_leave(connection: Connection, balance: int) -> None:
    fill(connection, {3: 60})
    leaver, other = a_member(connection), a_member(connection)
    pair = (other, leaver) if balance > 0 else (leaver, other)
    a_payment(connection, *pair, 60)
    rewards.set_status(connection, leaver.id, AccountStatus.FROZEN)

    assert leave(connection, leaver).balance == balance
    assert status(connection, leaver) is AccountStatus.CLOSED


def test_nobody_leaves_with_holds_open(connection: Connection) -> None:
    one, other = a_member(connection), a_member(connection)
    held = a_hold(connection, one, other)
    for leaver in (one, other):
        with refused(connection, errors.NotEmpty):
            leave(connection, leaver)

    rewards.void(connection, key="v", actor=MAKELAAR, hold=held.transfer)
    leave(connection, one)


def test_who_leaves_does_not_confirm_it(connection: Connection) -> None:
    leaver = a_member(connection)
    with refused(connection, errors.OwnInterest):
        leave(connection, leaver, actor=leaver.owner or MAKELAAR)


def test_nothing_is_booked_for_who_has_left(connection: Connection) -> None:
    leaver, other = a_member(connection), a_member(connection)
    fill(connection, {1: 60})
    payment = a_payment(connection, other, leaver, 10)
    leave(connection, leaver)

    acts: list[Callable[[], object]] = [
        lambda: a_payment(connection, other, leaver, 1),
        lambda: a_payment(connection, leaver, other, 1),
        lambda: a_hold(connection, other, leaver, 1),
        lambda: a_donation(connection, leaver, 1),
        lambda: a_grant(connection, leaver, 1),
        lambda: a_reversal(connection, payment),
        lambda: leave(connection, leaver),
        lambda: rewards.set_status(connection, leaver.id, AccountStatus.OPEN),
    ]
    for act in acts:
        with refused(connection, errors.AccountNotOpen):
            act()


def test_members_and_organisations_leave_and_no_other_account(connection: Connection) -> None:
    for account in (a_pot(connection), a_member(connection, unit=Unit.WELFARE_CENT)):
        with refused(connection, errors.WrongAccount):
            leave(connection, account)
    with refused(connection, errors.UnknownAccount):
        rewards.leave(connection, key="k", actor=MAKELAAR, account=NOBODY)


def test_the_same_departure_twice_is_a_hit(connection: Connection) -> None:
    leaver, other = a_member(connection), a_member(connection)
    a_payment(connection, other, leaver, 10)
    first = leave(connection, leaver, "k")

    assert leave(connection, leaver, "k") == Departure(leaver.id, 10, first.batch, first.transfer, hit=True)
    with refused(connection, errors.KeyReused):
        leave(connection, a_member(connection), "k")


def test_the_pot_makes_good_what_its_receiver_cannot_give_back(connection: Connection) -> None:
    wronged, receiver, booking = spent(connection)
    fill(connection, {1: 70, 2: 80})
    with refused(connection, errors.Overdrawn):
        a_reversal(connection, booking)

    whole = made_whole(connection, booking)

    assert posted(connection, wronged, receiver) == [0, 0]
    assert sum(pot(connection).values()) == 50
    lines = rewards.statement(connection, wronged.id)
    assert lines[-2].transfer == whole.transfer
    assert {line.reason for line in lines[:-1]} == {"not_delivered"}
    assert check.run(connection) == []


def test_above_the_threshold_the_pot_makes_nothing_good_by_one_pair_of_eyes(connection: Connection) -> None:
    eyes_above(connection, 150, eyes_days=30)
    fill(connection, {1: 600})
    wronged = a_member(connection)
    bookings = [spent(connection, wronged=wronged)[2] for _ in range(2)]
    made_whole(connection, bookings[0])
    rewards.grant(connection, key=str(uuid4()), actor=MAKELAAR, payee=wronged.id, minutes=40)

    with refused(connection, errors.NeedsSecondEyes):
        made_whole(connection, bookings[1], actor=uuid4())

    assert sum(pot(connection).values()) == 460
    assert check.run(connection) == []


def test_a_settlement_of_who_has_left_is_made_good(connection: Connection) -> None:
    asker, helper, subject = a_member(connection), a_member(connection), uuid4()
    settled = a_settlement(connection, a_hold(connection, asker, helper, 60, subject=subject), 60)
    leave(connection, helper)
    with refused(connection, errors.AccountNotOpen):
        a_reversal(connection, settled)

    made_whole(connection, settled)

    assert (posted(connection, asker), pot(connection)) == ([0], {})
    assert rewards.statement(connection, asker.id)[0].subject == subject
    assert check.run(connection) == []


def test_across_the_border_the_pot_of_the_wronged_pays(connection: Connection) -> None:
    trusting(connection, B, A)
    wronged, receiver = a_member(connection, A), a_member(connection, B, floor=0)
    booking = a_payment(connection, wronged, receiver, 60)
    a_payment(connection, receiver, a_member(connection, B), 60)
    fill(connection, {1: 60}, B)
    with refused(connection, errors.PotEmpty):
        made_whole(connection, booking)

    fill(connection, {1: 60}, A)
    made_whole(connection, booking)
    assert posted(connection, wronged) == [0]
    assert check.run(connection) == []


def test_who_can_bear_a_reversal_is_not_spared_by_the_pot(connection: Connection) -> None:
    fill(connection, {1: 500})
    wronged, receiver = a_member(connection), a_member(connection, floor=-100)
    booking = a_payment(connection, wronged, receiver, 100)
    a_payment(connection, receiver, a_member(connection), 100)
    with refused(connection, errors.ReceiverCanBear):
        made_whole(connection, booking)

    a_hold(connection, receiver, a_member(connection), 1)
    made_whole(connection, booking)


def test_what_was_made_good_is_not_reversed_and_the_other_way_round(connection: Connection) -> None:
    fill(connection, {1: 500})
    _, receiver, booking = spent(connection)
    made_whole(connection, booking)
    rewards.set_limits(connection, receiver.id, floor=-1000, ceiling=3600)
    for again in (made_whole, a_reversal):
        with refused(connection, errors.AlreadyMadeWhole):
            again(connection, booking)

    other = a_payment(connection, a_member(connection), a_member(connection, floor=0), 10)
    a_reversal(connection, other)
    with refused(connection, errors.AlreadyReversed):
        made_whole(connection, other)


def test_only_what_a_member_paid_is_made_good(connection: Connection) -> None:
    fill(connection, {1: 500})
    wronged, receiver, booking = spent(connection)
    grant = a_grant(connection, receiver, 10)
    a_payment(connection, receiver, wronged, 10)
    held = a_hold(connection, wronged, receiver, 10)

    with refused(connection, errors.WrongAccount):
        made_whole(connection, grant)
    with refused(connection, errors.NotReversible):
        made_whole(connection, held)
    with refused(connection, errors.OwnInterest):
        made_whole(connection, booking, actor=wronged.owner)
    with refused(connection, errors.UnknownTransfer):
        rewards.make_whole(
            connection, key="k", actor=MAKELAAR, transfer=TransferId(9_000_000_000), reason=Reason.OTHER
        )


def test_the_same_repair_twice_is_booked_once(connection: Connection) -> None:
    fill(connection, {1: 500})
    _, _, booking = spent(connection)
    first = made_whole(connection, booking, key="k")

    assert made_whole(connection, booking, key="k") == Booking(first.batch, first.transfer, hit=True)
    _, _, another = spent(connection)
    for changed in ({"reason": Reason.OTHER}, {"note_hash": b"n" * 32}, {"occurred_at": now(connection)}):
        with refused(connection, errors.KeyReused):
            made_whole(connection, booking, key="k", **changed)
    with refused(connection, errors.KeyReused):
        made_whole(connection, another, key="k")


@pytest.mark.parametrize(
    "call",
    [
        lambda connection: rewards.leave(connection, key="", actor=MAKELAAR, account=NOBODY),
        lambda connection: rewards.leave(connection, key="k", actor=MAKELAAR, account=AccountId(0)),
        lambda connection: rewards.make_whole(
            connection, key="k", actor=MAKELAAR, transfer=TransferId(1), reason=cast(Reason, "x")
        ),
        lambda connection: rewards.make_whole(
            connection, key="k", actor=MAKELAAR, transfer=TransferId(-1), reason=Reason.OTHER
        ),
    ],
)
def test_what_makes_no_sense_is_refused(connection: Connection, call: Callable[[Connection], object]) -> None:
    with pytest.raises(errors.InvalidInput):
        call(connection)


def test_a_departure_is_seen_by_the_leaver_and_the_own_desk(connection: Connection) -> None:
    fill(connection, {1: 500})
    wronged, receiver, booking = spent(connection)
    made_whole(connection, booking)
    leave(connection, receiver)

    def seen() -> list[int]:
        return [
            connection.exec_driver_sql(f"SELECT count(*) FROM ledger.{table}").scalar_one()
            for table in ("departure", "made_whole")
        ]

    see(connection, A)
    assert min(seen()) >= 1
    see(connection, B)
    assert seen() == [0, 0]
    see(connection, pseudonym=receiver.owner)
    assert seen() == [1, 1]
    see(connection, pseudonym=wronged.owner)
    assert seen() == [0, 1]
    see(connection)
    assert seen() == [0, 0]


@pytest.mark.parametrize("table", ["made_whole", "departure"])
@pytest.mark.parametrize("verb", ["UPDATE ledger.{} SET batch_id = NULL", "DELETE FROM ledger.{}"])
def test_departures_stay_even_for_the_owner(owner: Connection, table: str, verb: str) -> None:
    with pytest.raises(Exception, match=r"ledger\.\w+ allows no (UPDATE|DELETE)"):
        owner.exec_driver_sql(verb.format(table))
