"""Grants in parts count together; and nothing leaves a pot past that."""

from sqlalchemy import Connection, Engine

from rewards import check, errors
from tests.rewards.factories import A, C, a_hold, a_member, a_payment, a_pot, posted, refused, see
from tests.rewards.gift_factories import (
    COLLEAGUE,
    a_grant,
    a_grant_to_see,
    a_verdict,
    eyes_above,
    fill,
    pot,
)
from tests.rewards.test_expiry import shifted
from tests.rewards.test_races import race


def test_grants_just_below_the_threshold_count_together(connection: Connection) -> None:
    fill(connection, {0: 5000})
    member = a_member(connection)
    a_grant(connection, member, 500)

    with refused(connection, errors.NeedsSecondEyes) as caught:
        a_grant(connection, member, 101)
    assert caught.value.details == {"asked": 101, "granted": 500, "threshold": 600}
    assert posted(connection, member) == [500]
    a_grant(connection, member, 100)
    with refused(connection, errors.NeedsSecondEyes):
        a_grant(connection, member, 1, actor=COLLEAGUE)
    assert sum(pot(connection).values()) == 4400


def test_another_person_is_counted_by_themselves(connection: Connection) -> None:
    fill(connection, {0: 5000})
    a_grant(connection, a_member(connection), 600)
    a_grant(connection, a_member(connection), 600)


def test_what_somebody_else_looked_at_does_not_count(connection: Connection) -> None:
    fill(connection, {0: 5000})
    member = a_member(connection)
    a_verdict(connection, a_grant_to_see(connection, member, 900), COLLEAGUE)

    a_grant(connection, member, 600)

    assert posted(connection, member) == [1500]


def test_the_days_of_the_policy_say_how_long_a_grant_counts(
    connection: Connection, owner_engine: Engine
) -> None:
    eyes_above(connection, 600, eyes_days=7)
    fill(connection, {0: 5000})
    member = a_member(connection)
    a_grant(connection, member, 600)
    with shifted(owner_engine, 6), refused(connection, errors.NeedsSecondEyes):
        a_grant(connection, member, 10)
    with shifted(owner_engine, 8):
        a_grant(connection, member, 600)


def test_two_grants_at_once_do_not_slip_past_together(engine: Engine) -> None:
    with engine.begin() as connection:
        see(connection, C)
        member = a_member(connection, C)
        fill(connection, dict.fromkeys(range(16), 1000), C)

    found = race(engine, [lambda connection: a_grant(connection, member, 400)] * 8)

    assert sum(isinstance(one, errors.NeedsSecondEyes) for one in found) == 7
    with engine.connect() as connection:
        see(connection, C)
        assert posted(connection, member) == [400]


def test_a_pot_does_not_pay(connection: Connection) -> None:
    fill(connection, {0: 5000})
    shard, member = a_pot(connection, A, shard=0), a_member(connection)

    with refused(connection, errors.WrongAccount):
        a_payment(connection, shard, member, 10)
    with refused(connection, errors.WrongAccount):
        a_hold(connection, shard, member, 10)

    assert pot(connection) == {0: 5000}
    assert check.run(connection) == []
