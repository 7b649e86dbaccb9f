"""What is refused before it reaches the database."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event

import rewards
from rewards import AccountKind, Booking, Unit, errors
from tests.rewards.factories import A, a_hold, a_member, a_payment, a_settlement, posted

NOT_AMOUNTS = [
    0, -1, 1e400, 1.5, 60.0, "60", True, float("nan"), float("inf"), 2**63, 10**9 + 1, None, Decimal(60), b""
]  # fmt: skip


@pytest.mark.parametrize("minutes", NOT_AMOUNTS, ids=repr)
def test_what_is_no_amount_books_nothing(connection: Connection, minutes: Any) -> None:
    asker, helper = a_member(connection), a_member(connection)
    held = a_hold(connection, asker, helper, 60)
    statements: list[str] = []
    expires_at = datetime(2100, 1, 1, tzinfo=UTC)

    def remember(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(connection, "before_cursor_execute", remember)

    calls: list[Callable[[], Booking]] = [
        lambda: a_hold(connection, asker, helper, minutes, expires_at=expires_at),
        lambda: a_payment(connection, asker, helper, minutes),
        lambda: a_settlement(connection, held, minutes),
    ]
    for call in calls:
        statements.clear()
        with pytest.raises(errors.InvalidAmount):
            call()
        assert [text for text in statements if "ledger.now" not in text] == []

    assert posted(connection, asker, helper) == [0, 0]
    assert rewards.balance(connection, asker.id).held_out == 60


@pytest.mark.parametrize("key", ["", "x" * 201, "a\0b", "\ud800", 5, None, b"key"], ids=repr)
def test_a_key_is_a_short_storable_text(connection: Connection, key: Any) -> None:
    with pytest.raises(errors.InvalidInput):
        a_payment(connection, a_member(connection), a_member(connection), key=key)


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "somebody"},
        {"subject": "something"},
        {"occurred_at": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"occurred_at": "2026-01-01"},
        {"reason": "because"},
        {"note_hash": b"short"},
        {"note_hash": "0" * 32},
        {"payee": "1"},
        {"payee": True},
        {"payee": 0},
        {"payee": 2**63},
    ],
    ids=str,
)
def test_arguments_of_another_kind_are_refused(connection: Connection, changes: dict[str, Any]) -> None:
    payer, payee = a_member(connection), a_member(connection)
    values: dict[str, Any] = {
        "key": "k", "actor": uuid4(), "payer": payer.id, "payee": payee.id, "minutes": 1
    }  # fmt: skip
    with pytest.raises(errors.InvalidInput):
        rewards.pay(connection, **(values | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"municipality_id": 0},
        {"municipality_id": 10_000},
        {"municipality_id": "1771"},
        {"unit": "ROOSJE_MIN"},
        {"kind": "member"},
        {"owner": None},
        {"owner": "somebody"},
        {"kind": AccountKind.POT},
        {"kind": AccountKind.CLEARING, "owner": None},
        {"shard": 1},
        {"kind": AccountKind.POT, "owner": None, "shard": 64},
        {"floor": 1},
        {"ceiling": -1},
    ],
    ids=str,
)
def test_an_account_that_makes_no_sense_is_not_opened(
    connection: Connection, changes: dict[str, Any]
) -> None:
    values: dict[str, Any] = {
        "municipality_id": A, "unit": Unit.ROOSJE_MIN, "kind": AccountKind.MEMBER, "owner": uuid4()
    }  # fmt: skip
    with pytest.raises(errors.InvalidInput):
        rewards.open_account(connection, **(values | changes))


def test_a_municipality_does_not_trust_itself(connection: Connection) -> None:
    with pytest.raises(errors.InvalidInput):
        rewards.set_trust(
            connection, municipality_id=A, counter_municipality_id=A, limit_minutes=1, actor=uuid4()
        )


def test_a_refusal_of_arguments_leaves_the_transaction_usable(connection: Connection) -> None:
    payer, payee = a_member(connection), a_member(connection)
    with pytest.raises(errors.InvalidAmount):
        a_payment(connection, payer, payee, 0)

    a_payment(connection, payer, payee, 1)

    assert posted(connection, payer) == [-1]


def test_every_refusal_has_a_code_of_its_own() -> None:
    raised = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__dict__.get("sqlstate")
    ]
    assert len(raised) == len(errors.BY_SQLSTATE)
    assert set(errors.BY_SQLSTATE.values()) == set(raised)
