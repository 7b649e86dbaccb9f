"""Holds in time, by the database's clock, which only its owner moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ProgrammingError

import rewards
from rewards import check, errors
from tests.rewards.factories import A, B, a_hold, a_member, a_settlement, now, posted, refused, see, trusting


@contextmanager
def shifted(owner_engine: Engine, days: int) -> Iterator[None]:
    """Time travel for everybody, and back."""
    with owner_engine.begin() as owner:
        owner.exec_driver_sql("SELECT ledger.shift(make_interval(days => %s))", (days,))
    try:
        yield
    finally:
        with owner_engine.begin() as owner:
            owner.exec_driver_sql("SELECT ledger.shift(make_interval(days => %s))", (-days,))


def test_a_hold_past_its_date_expires_and_is_not_settled(
    connection: Connection, owner_engine: Engine
) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held = a_hold(connection, asker, helper, 60, expires_at=now(connection) + timedelta(days=30))
    with refused(connection, errors.HoldNotDue):
        rewards.expire(connection, key="e", actor=rewards.SYSTEM, hold=held.transfer)

    with shifted(owner_engine, 31):
        with refused(connection, errors.HoldPastExpiry):
            a_settlement(connection, held, 60)
        rewards.expire(connection, key="e", actor=rewards.SYSTEM, hold=held.transfer)
        with refused(connection, errors.HoldEnded):
            rewards.void(connection, key="v", actor=rewards.SYSTEM, hold=held.transfer)

    assert posted(connection, asker, helper) == [0, 0]
    assert rewards.balance(connection, asker.id).held_out == 0
    assert check.run(connection) == []


def test_due_holds_expire_oldest_first_and_tell_what_they_were_about(
    connection: Connection, owner_engine: Engine
) -> None:
    trusting(connection, B, A)
    asker, near, far = a_member(connection, A), a_member(connection, A), a_member(connection, B)
    start, subjects = now(connection), [uuid4() for _ in range(3)]
    for helper, days, subject in zip((near, far, near), (2, 1, 9), subjects, strict=True):
        a_hold(connection, asker, helper, 60, expires_at=start + timedelta(days=days), subject=subject)
    assert rewards.expire_due(connection) == []

    # Without an index nothing but the query itself brings them into order.
    connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
    connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    with shifted(owner_engine, 3):
        first = rewards.expire_due(connection, 1)
        second = rewards.expire_due(connection, 10)
        assert rewards.expire_due(connection) == []

    assert [hold.subject for hold in first + second] == [subjects[1], subjects[0]]
    assert [hold.delta for hold in rewards.open_holds(connection, asker.id)] == [-60]
    assert rewards.balance(connection, far.id).held_in == 0
    assert check.run(connection) == []


def test_a_hold_does_not_begin_after_its_end(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    with refused(connection, errors.ExpiryInPast):
        a_hold(connection, asker, helper, expires_at=now(connection))


def test_what_happened_differs_from_when_it_was_booked(connection: Connection) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held, yesterday = a_hold(connection, asker, helper), now(connection) - timedelta(days=1)

    a_settlement(connection, held, occurred_at=yesterday)

    (line,) = rewards.statement(connection, asker.id)
    assert line.occurred_at == yesterday
    assert line.booked_at > yesterday + timedelta(hours=23)


def test_the_clock_runs_in_whole_days_of_the_shift(connection: Connection, owner_engine: Engine) -> None:
    before: datetime = now(connection)
    with shifted(owner_engine, 31):
        assert timedelta(0) <= now(connection) - before - timedelta(days=31) < timedelta(minutes=1)
    assert now(connection) - before < timedelta(minutes=1)


def test_the_application_cannot_move_the_clock(connection: Connection) -> None:
    see(connection, A)
    for attempt in (
        "SELECT ledger.shift('1 day')",
        "UPDATE ledger.clock SET ahead_seconds = 1",
        "SELECT * FROM ledger.clock",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.begin_nested():
            connection.exec_driver_sql(attempt)
