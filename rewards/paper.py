"""Dienstencheques and paper Roosjes. Transactions, keys and refusals: see `rewards.ledger`.

Serials are made here and returned once, by the call that booked them; the ledger keeps their hashes. Whoever asks
about a serial that is unknown, redeemed, refunded, expired or of another municipality is told the same
(SerialRefused), so that nobody learns about the papers of others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import booking, by
from rewards.errors import refusals
from rewards.serials import Serial, new_serials, read_serial
from rewards.types import AccountId, BatchId, Booking, SerialId, TransferId, Unit

VOUCHER_CENTS = 1500
PAPERS_MAX = 100
PAPER_MINUTES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Papers:
    """What was sold or issued. `serials` is empty when the key had been used before: they were shown then."""

    booking: Booking
    serials: Sequence[Serial]


@dataclass(frozen=True, slots=True)
class Worth:
    """A paper that can be handed in: whole cheques, or minutes."""

    serial: SerialId
    amount: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LapsedPaper:
    """A paper that ended by itself. A paper Roosje's minutes went back to `source` (or, when closed, to the pot)."""

    serial: SerialId
    unit: Unit
    amount: int
    source: AccountId
    transfer: TransferId


def sell(
    connection: Connection, *, key: str, actor: UUID, desk: AccountId, vouchers: int, expires_at: datetime
) -> Papers:
    """Sell cheques for cash, 15 euro each, at a desk (an account of EURCENT).

    Raises WrongAccount, AccountNotOpen, ExpiryInPast.
    """
    number = strict.whole(vouchers, "vouchers", 1, PAPERS_MAX)
    serials = new_serials(number)
    values = (
        *by(key, actor),
        strict.identity(desk, "desk"),
        _digests(serials),
        strict.moment(expires_at, "expires_at"),
    )
    return _papers(booking(connection, "ledger.sell(%s, %s, %s, %s, %s)", values), serials)


def issue(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    account: AccountId,
    papers: int,
    minutes: int,
    expires_at: datetime,
) -> Papers:
    """Put minutes of an account on papers of `minutes` each; limits count now, not when they are handed in.

    Raises Overdrawn, WrongAccount, AccountNotOpen, ExpiryInPast.
    """
    number = strict.whole(papers, "papers", 1, PAPERS_MAX)
    worth = strict.whole(strict.amount(minutes), "minutes", 1, PAPER_MINUTES_MAX)
    serials = new_serials(number)
    values = (
        *by(key, actor),
        strict.identity(account, "account"),
        _digests(serials),
        worth,
        strict.moment(expires_at, "expires_at"),
    )
    return _papers(booking(connection, "ledger.issue(%s, %s, %s, %s, %s, %s)", values), serials)


def redeem(connection: Connection, *, key: str, actor: UUID, serial: str, provider: AccountId) -> Booking:
    """Hand a cheque in to a provider (an account of VOUCHER) of the municipality that sold it.

    Raises MistypedSerial, SerialRefused, WrongAccount, AccountNotOpen.
    """
    values = (*by(key, actor), read_serial(serial).digest, strict.identity(provider, "provider"))
    return booking(connection, "ledger.redeem(%s, %s, %s, %s)", values)


def hand_in(connection: Connection, *, key: str, actor: UUID, serial: str, account: AccountId) -> Booking:
    """Put a paper Roosje's minutes on an account, across municipalities as far as they trust each other.

    Raises MistypedSerial, SerialRefused, Overfull, TrustExhausted, WrongAccount, AccountNotOpen.
    """
    values = (*by(key, actor), read_serial(serial).digest, strict.identity(account, "account"))
    return booking(connection, "ledger.hand_in(%s, %s, %s, %s)", values)


def refund(connection: Connection, *, key: str, actor: UUID, serial: str, desk: AccountId) -> Booking:
    """Give 15 euro back for a cheque, at the desk that sold it and nowhere else.

    Raises MistypedSerial, SerialRefused, WrongAccount, AccountNotOpen.
    """
    values = (*by(key, actor), read_serial(serial).digest, strict.identity(desk, "desk"))
    return booking(connection, "ledger.refund(%s, %s, %s, %s)", values)


def refund_sale(connection: Connection, *, key: str, actor: UUID, sale: BatchId, desk: AccountId) -> Booking:
    """Undo a sale whose papers never reached the buyer: all of them, or SerialRefused when one has ended."""
    values = (*by(key, actor), strict.identity(sale, "sale"), strict.identity(desk, "desk"))
    return booking(connection, "ledger.refund_sale(%s, %s, %s, %s)", values)


def refund_lost(
    connection: Connection, *, key: str, actor: UUID, paper: SerialId, desk: AccountId
) -> Booking:
    """Give 15 euro back for a cheque that was lost, by its number; found again it is worth nothing.

    Raises SerialRefused unless it is still out and was sold at this desk, WrongAccount, AccountNotOpen.
    """
    values = (*by(key, actor), strict.identity(paper, "paper"), strict.identity(desk, "desk"))
    return booking(connection, "ledger.refund_lost(%s, %s, %s, %s)", values)


def take_back(
    connection: Connection, *, key: str, actor: UUID, paper: SerialId, account: AccountId
) -> Booking:
    """Put the minutes of a paper Roosje back on the account that issued it, by its number.

    Raises SerialRefused unless it is still out and of this account, Overfull, WrongAccount, AccountNotOpen.
    """
    values = (*by(key, actor), strict.identity(paper, "paper"), strict.identity(account, "account"))
    return booking(connection, "ledger.take_back(%s, %s, %s, %s)", values)


def worth(connection: Connection, *, serial: str, unit: Unit, municipality_id: int) -> Worth:
    """What a paper is worth to who holds it in this municipality, before it is handed in.

    Raises MistypedSerial, and SerialRefused as handing in would.
    """
    values = (
        read_serial(serial).digest,
        strict.member(unit, Unit),
        strict.municipality(municipality_id),
    )
    with refusals():
        row = connection.exec_driver_sql(
            "SELECT serial_id, amount, expires_at FROM ledger.worth(%s, %s::ledger.unit, %s)", values
        ).one()
    return Worth(SerialId(row[0]), row[1], row[2])


def numbers(
    connection: Connection, *, serials: Sequence[Serial], unit: Unit, municipality_id: int
) -> list[SerialId]:
    """The number on each of these papers, in their order; raises SerialRefused when one cannot be handed in here."""
    values = (_digests(serials), strict.member(unit, Unit), strict.municipality(municipality_id))
    with refusals():
        rows = connection.exec_driver_sql(
            "SELECT w.serial_id FROM unnest(%s::bytea[]) WITH ORDINALITY p (hash, place),"
            " ledger.worth(p.hash, %s::ledger.unit, %s) w ORDER BY p.place",
            values,
        )
    return [SerialId(row[0]) for row in rows]


def lapse_due(connection: Connection, limit: int = 100) -> list[LapsedPaper]:
    """End up to `limit` papers that are past their date, oldest first; call again until it returns none."""
    values = (strict.whole(limit, "limit", 1, strict.PAGE_MAX),)
    with refusals():
        rows = connection.exec_driver_sql(
            "SELECT serial_id, unit::text, amount, source_id, transfer_id FROM ledger.lapse_due(%s)", values
        )
    return [
        LapsedPaper(SerialId(row[0]), Unit(row[1]), row[2], AccountId(row[3]), TransferId(row[4]))
        for row in rows
    ]


def _papers(booked: Booking, serials: Sequence[Serial]) -> Papers:
    return Papers(booked, () if booked.hit else tuple(serials))


def _digests(serials: Sequence[Serial]) -> Any:
    return [serial.digest for serial in serials]
