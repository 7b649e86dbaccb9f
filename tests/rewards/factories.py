"""Accounts and bookings for the ledger's tests; every name is a fresh pseudonym."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

import rewards
from rewards import Account, AccountId, AccountKind, Booking, Unit

A, B, C = 1771, 794, 772
"""Municipalities by their CBS numbers."""
MAKELAAR = uuid4()


def see(connection: Connection, *municipalities: int, pseudonym: UUID | None = None) -> None:
    """What this transaction may read: staff reach, and an own pseudonym."""
    reach = "{" + ",".join(map(str, municipalities)) + "}" if municipalities else ""
    connection.exec_driver_sql(
        "SELECT set_config('app.municipalities', %s, true), set_config('app.pseudonym', %s, true)",
        (reach, str(pseudonym or "")),
    )


def now(connection: Connection) -> datetime:
    """The ledger's time."""
    moment: datetime = connection.exec_driver_sql("SELECT ledger.now()").scalar_one()
    return moment


def a_member(connection: Connection, municipality_id: int = A, **changes: Any) -> Account:
    values: dict[str, Any] = {"unit": Unit.ROOSJE_MIN, "kind": AccountKind.MEMBER, "owner": uuid4()} | changes
    return rewards.open_account(connection, municipality_id=municipality_id, **values)


def a_pot(connection: Connection, municipality_id: int = A, **changes: Any) -> Account:
    values = {"kind": AccountKind.POT, "owner": None} | changes
    return a_member(connection, municipality_id, **values)


def a_hold(
    connection: Connection, asker: Account, helper: Account, minutes: int = 60, **changes: Any
) -> Booking:
    values: dict[str, Any] = {
        "key": str(uuid4()),
        "actor": asker.owner or MAKELAAR,
        "expires_at": now(connection) + timedelta(days=30),
        "subject": uuid4(),
    }
    return rewards.hold(connection, asker=asker.id, helper=helper.id, minutes=minutes, **(values | changes))


def a_settlement(connection: Connection, held: Booking, minutes: int = 60, **changes: Any) -> Booking:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": MAKELAAR, "hold": held.transfer}
    return rewards.settle(connection, minutes=minutes, **(values | changes))


def a_payment(
    connection: Connection, payer: Account, payee: Account, minutes: int = 60, **changes: Any
) -> Booking:
    values: dict[str, Any] = {"key": str(uuid4()), "actor": payer.owner or MAKELAAR}
    return rewards.pay(connection, payer=payer.id, payee=payee.id, minutes=minutes, **(values | changes))


def a_reversal(connection: Connection, booking: Booking, **changes: Any) -> Booking:
    values: dict[str, Any] = {
        "key": str(uuid4()), "actor": MAKELAAR, "reason": rewards.Reason.BOOKED_BY_MISTAKE
    }  # fmt: skip
    return rewards.reverse(connection, transfer=booking.transfer, **(values | changes))


def trusting(connection: Connection, municipality_id: int, counter: int, limit_minutes: int = 6000) -> None:
    rewards.set_trust(
        connection,
        municipality_id=municipality_id,
        counter_municipality_id=counter,
        limit_minutes=limit_minutes,
        actor=MAKELAAR,
    )


def posted(connection: Connection, *accounts: Account | AccountId) -> list[int]:
    """The booked balances, in order."""
    ids = [account.id if isinstance(account, Account) else account for account in accounts]
    return [rewards.balance(connection, id).posted for id in ids]


def clearing(connection: Connection, municipality_id: int, counter: int) -> AccountId:
    """The clearing account of one municipality towards another."""
    return AccountId(
        connection.exec_driver_sql(
            "SELECT id FROM ledger.account WHERE municipality_id = %s AND counter_municipality_id = %s"
            " AND unit = 'ROOSJE_MIN'",
            (municipality_id, counter),
        ).scalar_one()
    )


@contextmanager
def refused(connection: Connection, error: type[BaseException], match: str | None = None) -> Iterator[Any]:
    """Expects the error, in a SAVEPOINT, so that the test can look at what is left."""
    with pytest.raises(error, match=match) as caught, connection.begin_nested():
        yield caught


@contextmanager
def broken_rule(connection: Connection, name: str) -> Iterator[None]:
    """Expects the database to refuse by this constraint or index."""
    with pytest.raises(DBAPIError) as caught, connection.begin_nested():
        yield
    orig: Any = caught.value.orig
    assert orig.diag.constraint_name == name, orig
