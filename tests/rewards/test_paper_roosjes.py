"""Paper Roosjes: minutes taken off an account, carried around, and handed in once by whoever holds them."""

from typing import Any

import pytest
from sqlalchemy import Connection

import rewards
from rewards import AccountStatus, Unit, check, errors, paper
from rewards.serials import new_serial
from tests.rewards.factories import (
    A,
    C,
    a_hold,
    a_member,
    a_payment,
    a_pot,
    clearing,
    posted,
    refused,
    see,
    trusting,
)
from tests.rewards.paper_factories import a_hand_in, an_issue, pass_time

D = 820
"""Another municipality, with which no other test commits anything."""


def test_minutes_leave_the_account_when_the_papers_are_issued(owner: Connection) -> None:
    giver, holder = a_member(owner), a_member(owner)

    first, second = an_issue(owner, giver, papers=2, minutes=30).serials
    assert posted(owner, giver) == [-60]
    a_hand_in(owner, first.text, holder)

    assert posted(owner, giver, holder) == [-60, 30]
    assert paper.worth(owner, serial=second.text, unit=Unit.ROOSJE_MIN, municipality_id=A).amount == 30
    assert check.run(owner) == []


def test_limits_count_when_papers_are_issued_holds_included(owner: Connection) -> None:
    giver = a_member(owner)
    a_hold(owner, giver, a_member(owner), 600)

    with refused(owner, errors.Overdrawn) as caught:
        an_issue(owner, giver, papers=2, minutes=61)
    assert caught.value.details["room"] == 120
    an_issue(owner, giver, papers=2, minutes=60)


def test_a_paper_is_handed_in_once(owner: Connection) -> None:
    holder, other = a_member(owner), a_member(owner)
    (serial,) = an_issue(owner, a_member(owner)).serials
    first = a_hand_in(owner, serial.text, holder, key="scan")

    assert a_hand_in(owner, serial.text, holder, key="scan").transfer == first.transfer
    for someone in (holder, other):
        with refused(owner, errors.SerialRefused):
            a_hand_in(owner, serial.text, someone)
    assert posted(owner, holder, other) == [60, 0]


def test_a_paper_does_not_say_whose_it_was(owner: Connection) -> None:
    giver, holder = a_member(owner), a_member(owner)
    (serial,) = an_issue(owner, giver).serials
    a_hand_in(owner, serial.text, holder)

    (line,) = rewards.statement(owner, holder.id)
    (issued,) = rewards.statement(owner, giver.id)
    assert (line.counterparty, issued.counterparty) == (None, None)


def test_a_paper_crosses_the_border_as_far_as_the_trust_goes(owner: Connection) -> None:
    trusting(owner, D, C, limit_minutes=60)
    giver, holder = a_member(owner, C), a_member(owner, D)
    first, second = an_issue(owner, giver, papers=2, minutes=60).serials

    a_hand_in(owner, first.text, holder)

    assert posted(owner, holder, clearing(owner, C, D), clearing(owner, D, C)) == [60, 60, -60]
    with refused(owner, errors.TrustExhausted):
        a_hand_in(owner, second.text, holder)
    assert check.run(owner) == []


def test_without_trust_a_paper_from_elsewhere_is_refused_as_if_it_were_not_there(owner: Connection) -> None:
    (serial,) = an_issue(owner, a_member(owner, A)).serials
    stranger = a_member(owner, C)
    said = set()
    for text in (serial.text, new_serial().text):
        with refused(owner, errors.SerialRefused) as caught:
            a_hand_in(owner, text, stranger)
        said.add(str(caught.value))
        with refused(owner, errors.SerialRefused) as caught:
            paper.worth(owner, serial=text, unit=Unit.ROOSJE_MIN, municipality_id=C)
        said.add(str(caught.value))
    assert len(said) == 1


def test_an_expired_paper_goes_back_to_the_account_it_came_from(owner: Connection) -> None:
    giver = a_member(owner)
    (serial,) = an_issue(owner, giver).serials
    pass_time(owner, days=366)
    with refused(owner, errors.SerialRefused):
        a_hand_in(owner, serial.text, a_member(owner))

    (lapsed,) = paper.lapse_due(owner)

    assert (lapsed.amount, lapsed.source) == (60, giver.id)
    assert posted(owner, giver) == [0]
    assert paper.lapse_due(owner) == []
    assert check.run(owner) == []


def test_minutes_that_come_back_do_not_stop_at_the_ceiling(owner: Connection) -> None:
    giver, other = a_member(owner, ceiling=100), a_member(owner, floor=-1000)
    an_issue(owner, giver)
    a_payment(owner, other, giver, 160)
    rewards.set_status(owner, giver.id, AccountStatus.FROZEN)
    pass_time(owner, days=366)

    paper.lapse_due(owner)

    assert posted(owner, giver) == [160]
    rewards.set_status(owner, giver.id, AccountStatus.OPEN)
    with refused(owner, errors.Overfull):
        a_payment(owner, other, giver, 1)
    a_payment(owner, giver, other, 100)
    a_payment(owner, other, giver, 40)
    with refused(owner, errors.Overfull):
        a_payment(owner, other, giver, 1)
    assert check.run(owner) == []


def test_minutes_of_somebody_who_left_go_to_the_pot(owner: Connection) -> None:
    giver, pot = a_member(owner), a_pot(owner)
    an_issue(owner, giver)
    a_payment(owner, a_member(owner), giver, 60)
    rewards.set_status(owner, giver.id, AccountStatus.CLOSED)
    pass_time(owner, days=366)

    paper.lapse_due(owner)

    assert posted(owner, giver, pot) == [0, 60]
    assert check.run(owner) == []


def test_who_issued_papers_sees_them_and_others_do_not(connection: Connection) -> None:
    giver, other = a_member(connection), a_member(connection)
    (serial, _) = an_issue(connection, giver, papers=2).serials
    a_hand_in(connection, serial.text, other)
    count = "SELECT (SELECT count(id) FROM ledger.serial), (SELECT count(*) FROM ledger.serial_end)"

    see(connection, pseudonym=giver.owner)
    assert tuple(connection.exec_driver_sql(count).one()) == (2, 1)
    see(connection, pseudonym=other.owner)
    assert tuple(connection.exec_driver_sql(count).one()) == (0, 0)


@pytest.mark.parametrize("minutes", [0, -60, 60.0, "60", True, 100_001, None], ids=repr)
def test_what_is_no_number_of_minutes_is_not_printed(owner: Connection, minutes: Any) -> None:
    giver = a_member(owner)
    with pytest.raises(errors.InvalidInput):
        an_issue(owner, giver, minutes=minutes)
    assert posted(owner, giver) == [0]
