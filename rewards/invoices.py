"""Invoices for cheques: from a municipality to a neighbour whose organisations took them in, or to one organisation.

Making one takes the cheques out of the provider's account and sets their worth aside (EURCENT, suspense of who pays).
Somebody of the side that pays reports on which day it was paid, and somebody else confirms it: that books. Paid to a
neighbour, the money stands in what the two paid each other, on both sides with opposite signs, and is set aside there
for the organisations, each of which gets an invoice of its own (`follows`). Nothing is changed: a withdrawal and a
correction reverse what was booked.

    made -> sent -> reported -> paid        paid -> sent (corrected)
            sent <-> disputed               made, sent, disputed -> withdrawn
            reported -> sent (it was not so)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from rewards import strict
from rewards.calls import booking, by, maybe_reason
from rewards.errors import InvalidInput, UnknownInvoice, refusals
from rewards.months import first_day
from rewards.types import AccountId, BatchId, Booking, Reason

LISTED_MAX = 1000
VOUCHERS_MAX = 100_000
"""On one invoice."""


class State(StrEnum):
    """How an invoice stands."""

    MADE = "made"
    SENT = "sent"
    DISPUTED = "disputed"
    REPORTED = "reported"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.MADE, State.SENT, State.DISPUTED, State.REPORTED})
"""The money is set aside and was not paid, as far as two people know."""


@dataclass(frozen=True, slots=True)
class Line:
    """Cheques out of one provider's account."""

    account: AccountId
    vouchers: int


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did; `batch` is what it booked."""

    state: State
    by: UUID
    at: datetime
    paid_on: date | None
    reason: Reason | None
    batch: BatchId | None


@dataclass(frozen=True, slots=True)
class Invoice:
    """Who pays (`payer_id`) a municipality (`payee_id`) or an organisation (`owner`), and how far that is."""

    id: int
    number: str
    payer_id: int
    payee_id: int | None
    owner: UUID | None
    month: date
    vouchers: int
    cents: int
    batch: BatchId
    follows: int | None
    """The invoice whose money this one passes on."""
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]

    @property
    def state(self) -> State:
        """How it stands: by its last step."""
        return self.steps[-1].state

    @property
    def is_open(self) -> bool:
        """Whether it is still to be paid."""
        return self.state in OPEN

    @property
    def reported(self) -> Step | None:
        """The report of the payment that stands, or waits for a second person."""
        if self.state not in (State.REPORTED, State.PAID):
            return None
        return next(step for step in reversed(self.steps) if step.state is State.REPORTED)

    @property
    def creditor_id(self) -> int:
        """Whose staff sends and withdraws it; for an organisation that is the municipality that pays."""
        return self.payer_id if self.payee_id is None else self.payee_id


def bill(  # noqa: PLR0913  # a booking is what it is: all by keyword
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    municipality_id: int,
    payer_id: int,
    payee_id: int,
    month: date,
    accounts: Sequence[AccountId],
) -> Booking:
    """What `payer_id` owes `payee_id` for all cheques that these providers took in until the month was over.

    `municipality_id` says for which side it is made. Raises UnknownInvoice for others, NothingDue, MonthNotOver,
    WrongAccount, AccountNotOpen, KeyReused.
    """
    values = (
        *by(key, actor),
        strict.municipality(municipality_id),
        strict.municipality(payer_id),
        strict.municipality(payee_id),
        first_day(month),
        sorted(strict.accounts(accounts, "providers")),
    )
    return booking(connection, "ledger.make_invoice(%s, %s, %s, %s, %s, %s, %s::bigint[], NULL)", values)


def owe(  # noqa: PLR0913  # the same
    connection: Connection,
    *,
    key: str,
    actor: UUID,
    municipality_id: int,
    month: date,
    provider: AccountId,
    vouchers: int,
) -> Booking:
    """What a municipality owes one provider for so many cheques.

    Raises UnknownInvoice for another municipality's staff, Overdrawn above what was handed in and is not on an invoice,
    MonthNotOver for a month to come, WrongAccount, AccountNotOpen, KeyReused.
    """
    values = (
        *by(key, actor),
        strict.municipality(municipality_id),
        municipality_id,
        first_day(month),
        [strict.identity(provider, "provider")],
        strict.whole(vouchers, "vouchers", 1, VOUCHERS_MAX),
    )
    return booking(connection, "ledger.make_invoice(%s, %s, %s, %s, NULL, %s, %s::bigint[], %s)", values)


def step(  # noqa: PLR0913  # the same
    connection: Connection,
    *,
    actor: UUID,
    invoice: int,
    municipality_id: int,
    state: State,
    paid_on: date | None = None,
    reason: Reason | None = None,
) -> Invoice:
    """Take the next step for one side; the same again by the same person changes nothing.

    `paid_on` goes with REPORTED; `reason` with DISPUTED, WITHDRAWN, and with SENT where that takes a payment back.
    Raises UnknownInvoice, InvoiceStands, OtherSide, OwnInterest for who confirms their own report, PassedOn,
    InvalidInput for a day to come or a missing reason.
    """
    if paid_on is not None and type(paid_on) is not date:
        raise InvalidInput("paid_on is a date")
    values = (
        strict.pseudonym(actor, "actor"),
        strict.identity(invoice, "invoice"),
        strict.municipality(municipality_id),
        strict.member(state, State),
        paid_on,
        maybe_reason(reason),
    )
    with refusals():
        connection.exec_driver_sql("SELECT ledger.step_invoice(%s, %s, %s, %s, %s, %s)", values)
    return get(connection, invoice)


def get(connection: Connection, invoice: int) -> Invoice:
    """One invoice; raises UnknownInvoice for one that this transaction may not see."""
    found = _read(connection, "i.id = %(invoice)s", {"invoice": strict.identity(invoice, "invoice")})
    if not found:
        raise UnknownInvoice(invoice=invoice)
    return found[0]


def of_batch(connection: Connection, batch: BatchId) -> Invoice:
    """The invoice that a booking made; raises UnknownInvoice."""
    found = _read(connection, "i.batch_id = %(batch)s AND i.follows_id IS NULL", {"batch": batch})
    if not found:
        raise UnknownInvoice(batch=batch)
    return found[0]


def of_municipality(connection: Connection, municipality_id: int, month: date | None = None) -> list[Invoice]:
    """All invoices with this municipality on either side that this transaction may see, the newest month first."""
    values = {
        "place": strict.municipality(municipality_id),
        "month": None if month is None else first_day(month),
    }
    rule = "%(place)s IN (i.payer_id, i.payee_id) AND (%(month)s::date IS NULL OR i.month = %(month)s)"
    return _read(connection, rule, values)


def of_owner(connection: Connection, owner: UUID) -> list[Invoice]:
    """The invoices that pay one organisation, the newest first."""
    return _read(connection, "i.owner_pseudonym = %(owner)s", {"owner": strict.pseudonym(owner, "owner")})


def _read(connection: Connection, rule: str, values: dict[str, Any]) -> list[Invoice]:
    query = f"""
        SELECT i.id, i.number, i.payer_id, i.payee_id, i.owner_pseudonym, i.month, i.vouchers, i.cents, i.batch_id,
            i.follows_id,
            (SELECT array_agg(ARRAY[l.account_id, l.vouchers] ORDER BY l.account_id) FROM ledger.invoice_line l
             WHERE l.invoice_id = i.id),
            s.state, s.by_whom, s.at, s.paid_on, s.reason, s.batch_id
        FROM (SELECT * FROM ledger.invoice i WHERE {rule} ORDER BY i.month DESC, i.id DESC LIMIT {LISTED_MAX}) i
        JOIN ledger.invoice_step s ON s.invoice_id = i.id
        ORDER BY i.month DESC, i.id DESC, s.seq
        """  # noqa: S608 - the rules above
    rows: dict[int, tuple[Any, list[Step]]] = {}
    for row in connection.exec_driver_sql(query, values):
        taken = Step(
            State(row[11]), row[12], row[13], row[14], None if row[15] is None else Reason(row[15]), row[16]
        )
        rows.setdefault(row[0], (row, []))[1].append(taken)
    return [
        Invoice(*(*row[:10], tuple(Line(AccountId(one[0]), one[1]) for one in row[10]), tuple(steps)))
        for row, steps in rows.values()
    ]
