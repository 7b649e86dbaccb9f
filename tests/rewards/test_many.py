"""Bookings of many at once: all of them or none."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

import rewards
from rewards import Account, AccountId, AccountStatus, Booking, Reason, Unit, check, errors
from tests.rewards.factories import MAKELAAR, A, B, C, a_member, a_pot, now, posted, refused, see, trusting
from tests.rewards.gift_factories import NOBODY, key_for, pot


def pay_many(
    connection: Connection, payer: Account, *payments: tuple[Account, int], **changes: Any
) -> Booking:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": payer.owner or MAKELAAR}
    listed = [(payee.id, minutes) for payee, minutes in payments]
    return rewards.pay_many(connection, payer=payer.id, payments=listed, **(values | changes))


def a_course(
    connection: Connection, helper: Account, *receivers: Account, minutes: int = 60, **changes: Any
) -> Booking:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": helper.owner or MAKELAAR}
    ids = [receiver.id for receiver in receivers]
    return rewards.share(connection, helper=helper.id, receivers=ids, minutes=minutes, **(values | changes))


def members(connection: Connection, number: int, municipality_id: int = A, **changes: Any) -> list[Account]:
    return [a_member(connection, municipality_id, **changes) for _ in range(number)]


def test_one_organiser_pays_five_helpers_at_once(connection: Connection) -> None:
    organiser, *helpers = members(connection, 6)

    booking = pay_many(connection, organiser, *[(helper, 60) for helper in helpers])

    assert posted(connection, organiser, *helpers) == [-300] + [60] * 5
    lines = rewards.statement(connection, organiser.id)
    assert [line.counterparty for line in reversed(lines)] == [helper.owner for helper in helpers]
    assert lines[-1].transfer == booking.transfer
    assert check.run(connection) == []


@pytest.mark.parametrize("stop", ["floor", "ceiling", "frozen", "trust"])
def test_if_the_fourth_would_break_a_rule_there_is_none(connection: Connection, stop: str) -> None:
    organiser, *helpers = members(connection, 6)
    if stop == "floor":
        organiser = a_member(connection, floor=-200)
    elif stop == "ceiling":
        helpers[3] = a_member(connection, ceiling=59)
    elif stop == "frozen":
        rewards.set_status(connection, helpers[3].id, AccountStatus.FROZEN)
    else:
        helpers[3] = a_member(connection, C)
    error = {
        "floor": errors.Overdrawn, "ceiling": errors.Overfull, "frozen": errors.AccountNotOpen, "trust": errors.NoTrust,
    }[stop]  # fmt: skip

    with refused(connection, error):
        pay_many(connection, organiser, *[(helper, 60) for helper in helpers])
    assert posted(connection, organiser, *helpers) == [0] * 6
    assert rewards.statement(connection, helpers[0].id) == []


def test_helpers_across_the_border_are_paid_over_clearing(connection: Connection) -> None:
    trusting(connection, B, A)
    organiser, here, there = a_member(connection), a_member(connection), a_member(connection, B)

    pay_many(connection, organiser, (here, 60), (there, 45))

    assert posted(connection, organiser, here, there) == [-105, 60, 45]
    assert check.run(connection) == []


def test_the_pot_pays_nobody_in_this_way(connection: Connection) -> None:
    with refused(connection, errors.WrongAccount):
        pay_many(connection, a_pot(connection), (a_member(connection), 1))
    with refused(connection, errors.UnknownAccount):
        rewards.pay_many(
            connection, key="k", actor=MAKELAAR, payer=a_member(connection).id, payments=[(NOBODY, 1)]
        )


def test_a_course_for_six_pays_the_helper_once_and_the_pot_five_times(connection: Connection) -> None:
    helper, *receivers = members(connection, 7)

    a_course(connection, helper, *receivers, key=key_for(4))

    assert posted(connection, helper, *receivers) == [60] + [-60] * 6
    assert pot(connection) == {4: 300}
    for receiver in receivers:
        (line,) = rewards.statement(connection, receiver.id)
        assert line.counterparty == helper.owner
    assert check.run(connection) == []


def test_a_course_for_one_is_a_payment(connection: Connection) -> None:
    helper, receiver = members(connection, 2)
    a_course(connection, helper, receiver)
    assert (posted(connection, helper, receiver), pot(connection)) == ([60, -60], {})
    assert check.run(connection) == []


def test_a_neighbour_pays_the_helper_and_others_their_own_pot(connection: Connection) -> None:
    """Only who pays the helper crosses the border, and only when nobody of the helper's own municipality is there."""
    helper, here, there = a_member(connection, B), a_member(connection, B), a_member(connection, A)

    a_course(connection, helper, there, here)
    assert (sum(pot(connection, A).values()), pot(connection, B)) == (60, {})

    with refused(connection, errors.NoTrust):
        a_course(connection, helper, there)
    trusting(connection, B, A)
    a_course(connection, helper, there)
    assert posted(connection, helper, here, there) == [120, -60, -120]
    assert check.run(connection) == []


@pytest.mark.parametrize("stop", ["floor", "ceiling", "frozen"])
def test_a_course_is_booked_for_all_or_for_none(connection: Connection, stop: str) -> None:
    helper, *receivers = members(connection, 5)
    if stop == "floor":
        receivers[3] = a_member(connection, floor=-59)
    elif stop == "ceiling":
        helper = a_member(connection, ceiling=59)
    else:
        rewards.set_status(connection, receivers[3].id, AccountStatus.FROZEN)
    error = {"floor": errors.Overdrawn, "ceiling": errors.Overfull, "frozen": errors.AccountNotOpen}[stop]

    with refused(connection, error):
        a_course(connection, helper, *receivers)
    assert posted(connection, helper, *receivers) == [0] * 5
    assert pot(connection) == {}


def test_a_course_is_among_members(connection: Connection) -> None:
    helper, receiver = members(connection, 2)
    welfare = a_member(connection, unit=Unit.WELFARE_CENT)
    for one, others, error in (
        (helper, [receiver, helper], errors.SameAccount),
        (a_pot(connection), [receiver], errors.WrongAccount),
        (helper, [receiver, a_pot(connection)], errors.WrongAccount),
        (welfare, [receiver], errors.WrongAccount),
    ):
        with refused(connection, error):
            a_course(connection, one, *others)
    with refused(connection, errors.UnknownAccount):
        rewards.share(connection, key="k", actor=MAKELAAR, helper=helper.id, receivers=[NOBODY], minutes=1)


def test_the_same_request_twice_is_booked_once(connection: Connection) -> None:
    one, two, three, four = members(connection, 4)
    first = pay_many(connection, one, (two, 5), (three, 6), key="k")
    course = a_course(connection, one, two, three, key="k")

    assert pay_many(connection, one, (two, 5), (three, 6), key="k") == Booking(
        first.batch, first.transfer, hit=True
    )
    assert a_course(connection, one, two, three, key="k") == Booking(course.batch, course.transfer, hit=True)
    for payments in ([(two, 5), (three, 7)], [(two, 5), (four, 6)], [(two, 5)], [(two, 56), (three, 0 + 6)]):
        with refused(connection, errors.KeyReused):
            pay_many(connection, one, *payments, key="k")
    for changes in (
        {"subject": uuid4()}, {"reason": Reason.OTHER}, {"note_hash": b"n" * 32}, {"occurred_at": now(connection)}
    ):  # fmt: skip
        with refused(connection, errors.KeyReused):
            pay_many(connection, one, (two, 5), (three, 6), key="k", **changes)
        with refused(connection, errors.KeyReused):
            a_course(connection, one, two, three, key="k", **changes)
    for receivers, minutes in (((two, four), 60), ((two,), 60), ((two, three), 61)):
        with refused(connection, errors.KeyReused):
            a_course(connection, one, *receivers, minutes=minutes, key="k")
    with refused(connection, errors.KeyReused):
        a_course(connection, four, two, three, key="k", actor=one.owner)


def test_lists_and_amounts_are_strict(connection: Connection) -> None:
    one, two = members(connection, 2)
    wrong: list[Any] = [[], [two, two], [one] * 101]
    for listed in wrong:
        with pytest.raises(errors.InvalidInput):
            pay_many(connection, one, *[(payee, 1) for payee in listed])
        with pytest.raises(errors.InvalidInput):
            a_course(connection, one, *listed)
    for minutes in (0, -1, True, "60", 1.5, float("nan"), 2**63):
        bad: Any = minutes
        with pytest.raises(errors.InvalidAmount):
            pay_many(connection, one, (two, bad))
        with pytest.raises(errors.InvalidAmount):
            a_course(connection, one, two, minutes=bad)


@pytest.mark.parametrize(
    ("payees", "minutes"),
    [("{}", "{}"), ("{%s,%s}", "{1,2}"), ("{%s,NULL}", "{1,2}"), ("{%s}", "{1,2}"), ("{%s}", "{}")],
)
def test_the_functions_themselves_refuse_lists_that_make_no_sense(
    connection: Connection, payees: str, minutes: str
) -> None:
    one, two = members(connection, 2)
    named = payees.replace("%s", str(two.id))
    with refused(connection, errors.InvalidInput), errors.refusals():
        connection.exec_driver_sql(
            "SELECT ledger.pay_many('k', %s, %s, %s::bigint[], %s::bigint[], NULL, NULL, NULL, NULL)",
            (MAKELAAR, one.id, named, minutes),
        )


def test_a_receiver_sees_the_own_part_of_a_course(connection: Connection) -> None:
    helper, one, two = members(connection, 3)
    a_course(connection, helper, one, two)

    see(connection, pseudonym=two.owner)

    assert [line.delta for line in rewards.statement(connection, two.id)] == [-60]
    with refused(connection, errors.UnknownAccount):
        rewards.statement(connection, AccountId(one.id))
