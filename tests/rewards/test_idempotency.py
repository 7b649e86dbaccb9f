"""One key, one effect: kept for ever, with what was asked."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

import rewards
from rewards import Booking, Reason, errors
from tests.rewards.factories import (
    MAKELAAR,
    a_hold,
    a_member,
    a_payment,
    a_reversal,
    a_settlement,
    now,
    posted,
    refused,
)


def count(connection: Connection, table: str) -> int:
    number: int = connection.exec_driver_sql(f"SELECT count(*) FROM ledger.{table}").scalar_one()
    return number


def test_the_same_acceptance_a_hundred_times_books_once(connection: Connection) -> None:
    asker, helper, subject = a_member(connection), a_member(connection), uuid4()
    expires_at = now(connection) + timedelta(days=30)

    def accept(minutes: int = 60) -> Booking:
        return a_hold(
            connection, asker, helper, minutes, key="accept", expires_at=expires_at, subject=subject
        )

    first = accept()
    again = [accept() for _ in range(99)]

    assert not first.hit
    assert set(again) == {Booking(first.batch, first.transfer, hit=True)}
    assert rewards.balance(connection, asker.id).held_out == 60
    with refused(connection, errors.KeyReused):
        accept(minutes=61)


def test_a_key_belongs_to_its_actor_and_operation(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)

    bookings = [
        a_payment(connection, payer, payee, 10, key="k"),
        a_payment(connection, payer, payee, 10, key="k", actor=MAKELAAR),
        a_hold(connection, payer, payee, 10, key="k"),
    ]

    assert not any(booking.hit for booking in bookings)
    assert posted(connection, payer) == [-20]


def test_a_retry_after_the_hold_ended_gets_the_first_answer(connection: Connection) -> None:
    held = a_hold(connection, a_member(connection), a_member(connection))
    first = a_settlement(connection, held, 60, key="k")

    again = a_settlement(connection, held, 60, key="k")

    assert again == Booking(first.batch, first.transfer, hit=True)
    with refused(connection, errors.KeyReused):
        a_settlement(connection, held, 59, key="k")


def test_a_refusal_stores_nothing_and_frees_the_key(connection: Connection) -> None:
    payer, payee = a_member(connection, floor=0), a_member(connection)
    before = [count(connection, table) for table in ("batch", "transfer", "entry")]

    with refused(connection, errors.Overdrawn):
        a_payment(connection, payer, payee, 60, key="k")

    assert [count(connection, table) for table in ("batch", "transfer", "entry")] == before
    a_payment(connection, payee, payer, 60)
    assert not a_payment(connection, payer, payee, 60, key="k").hit


OPERATIONS: dict[str, tuple[str, ...]] = {
    "hold": ("asker", "helper", "minutes", "expires_at", "occurred_at", "subject"),
    "pay": ("payer", "payee", "minutes", "occurred_at", "subject", "reason", "note_hash"),
    "settle": ("hold", "minutes", "occurred_at"),
    "void": ("hold", "occurred_at", "reason"),
    "reverse": ("transfer", "reason", "occurred_at", "note_hash"),
}


@pytest.mark.parametrize(
    ("operation", "field"),
    [(operation, field) for operation, fields in OPERATIONS.items() for field in fields],
)
def test_every_argument_tells_one_request_from_another(
    connection: Connection, operation: str, field: str
) -> None:
    one, other, start = a_member(connection), a_member(connection), now(connection)
    hold: Callable[[], Booking] = partial(a_hold, connection, one, other)
    pay: Callable[[], Booking] = partial(a_payment, connection, one, other)
    values: dict[str, tuple[Any, Any]] = {
        "asker": (one.id, a_member(connection).id),
        "helper": (other.id, a_member(connection).id),
        "payer": (one.id, a_member(connection).id),
        "payee": (other.id, a_member(connection).id),
        "minutes": (5, 6),
        "subject": (uuid4(), uuid4()),
        "reason": (Reason.OTHER, Reason.DISPUTE),
        "note_hash": (b"n" * 32, None),
        "occurred_at": (start, start + timedelta(microseconds=1)),
        "expires_at": (start + timedelta(days=1), start + timedelta(days=2)),
        "hold": (hold().transfer, hold().transfer),
        "transfer": (pay().transfer, pay().transfer),
    }
    first = {name: values[name][0] for name in OPERATIONS[operation]}
    book: Callable[..., Booking] = partial(getattr(rewards, operation), connection, key="k", actor=MAKELAAR)
    assert not book(**first).hit
    assert book(**first).hit

    with refused(connection, errors.KeyReused):
        book(**(first | {field: values[field][1]}))


def test_reversals_voids_and_expiries_repeat_without_effect(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)
    payment, held = a_payment(connection, payer, payee), a_hold(connection, payer, payee)

    for _ in range(3):
        a_reversal(connection, payment, key="r")
        rewards.void(connection, key="v", actor=MAKELAAR, hold=held.transfer)

    assert a_reversal(connection, payment, key="r").hit
    with refused(connection, errors.KeyReused):
        a_reversal(connection, payment, key="r", reason=Reason.DISPUTE)
    with refused(connection, errors.KeyReused):
        rewards.void(connection, key="v", actor=MAKELAAR, hold=held.transfer, reason=Reason.OTHER)
