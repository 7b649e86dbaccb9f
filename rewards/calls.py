"""What the functions that book have in common: how a call is made, and who makes it under which key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.errors import refusals
from rewards.types import BatchId, Booking, Reason, TransferId


def booking(connection: Connection, call: str, values: tuple[Any, ...]) -> Booking:
    """What a function of the ledger booked; raises the LedgerError for its refusal.

    Asked for as the one value that it is, `(batch,transfer,t or f)`: as a table of three columns the same call takes
    4 % more of the server's CPU, and more of the client's. It is one row, so that nobody looks for a second.
    """
    with refusals():
        booked = str(connection.exec_driver_sql(f"SELECT {call} AS booked", values).scalar())
    batch, transfer, hit = booked[1:-1].split(",")
    return Booking(BatchId(int(batch)), TransferId(int(transfer)), hit == "t")


def by(key: str, actor: UUID) -> tuple[str, UUID]:
    """The key and the actor, as every booking begins."""
    return strict.key(key), strict.pseudonym(actor, "actor")


def maybe_moment(occurred_at: datetime | None) -> datetime | None:
    """When it happened, if that is known."""
    return None if occurred_at is None else strict.moment(occurred_at, "occurred_at")


def maybe_pseudonym(value: UUID | None, name: str) -> UUID | None:
    """What or whom it is about, if anything."""
    return None if value is None else strict.pseudonym(value, name)


def maybe_reason(reason: Reason | None) -> Reason | None:
    """Why, if somebody said so."""
    return None if reason is None else strict.member(reason, Reason)
