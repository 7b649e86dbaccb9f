"""Month end at the treasurer's: providers get 15 euro for each cheque that they handed in, by an invoice.

An organisation of another municipality is paid there: its cheques go on the invoice of that municipality.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session, joinedload

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.cheques import desks, handing_in
from app.cheques.models import ChequeProvider
from app.cheques.papers import KeyUsed
from app.errors import Conflict
from app.treasury import invoicing
from app.treasury.calendar import names
from rewards import errors
from rewards.invoices import Invoice, State
from rewards.months import VOUCHER_CENTS


class NotThatMany(Conflict):
    """Fewer cheques than that wait for payment."""

    code = "not-that-many"


class PaidElsewhere(Conflict):
    """An organisation of another municipality is paid by that one, with the invoice between the two."""

    code = "paid-by-its-own-municipality"


@dataclass(frozen=True, slots=True)
class Due:
    """What a provider has coming; ``last_months`` came in before this month began."""

    provider: ChequeProvider
    unpaid: int
    """Cheques that are on no invoice yet."""
    last_months: int
    on_invoice: int
    """Cheques on invoices that are still to be paid."""
    paid: int
    via: str = ""
    """The municipality that pays it, where that is another."""

    @property
    def cents(self) -> int:
        """For the cheques of the months that are over."""
        return self.last_months * VOUCHER_CENTS


@dataclass(frozen=True, slots=True)
class Statement:
    """What was paid out, or is, in one booking: by month of handing in, cheques that it stands for."""

    provider: ChequeProvider
    batch: int
    number: str
    state: State
    at: datetime
    cheques: int
    months: tuple[tuple[date, int], ...]

    @property
    def cents(self) -> int:
        """What was paid."""
        return self.cheques * VOUCHER_CENTS


SHOWN = 20
_DUE = text("""
    SELECT a.owner_pseudonym, a.posted,
        greatest(0, a.posted - coalesce(sum(e.delta) FILTER (
            WHERE b.operation = 'redeem' AND ledger.month_of(b.booked_at) >= ledger.month_of(ledger.now())), 0)),
        coalesce((SELECT sum(l.vouchers) FROM ledger.invoice_line l JOIN ledger.invoice i ON i.id = l.invoice_id
            JOIN LATERAL (SELECT state FROM ledger.invoice_step s WHERE s.invoice_id = i.id ORDER BY seq DESC LIMIT 1) s
                ON s.state NOT IN ('paid', 'withdrawn')
            WHERE l.account_id = a.id AND i.follows_id IS NULL), 0),
        coalesce(-sum(e.delta) FILTER (WHERE b.operation <> 'redeem'), 0)
    FROM ledger.account a
    LEFT JOIN ledger.entry e ON e.account_id = a.id
    LEFT JOIN ledger.transfer t ON t.id = e.transfer_id
    LEFT JOIN ledger.batch b ON b.id = t.batch_id
    WHERE a.municipality_id = :municipality AND a.kind = 'provider' AND a.unit = 'VOUCHER'
    GROUP BY a.id
""")


def due(session: Session, actor: Actor, municipality_id: int) -> list[Due]:
    """All providers of a municipality with what they have coming, by name; in three queries."""
    require(actor, Permission.PAY_OUT_CHEQUES, municipality_id)
    known = {row[0]: row[1:] for row in session.execute(_DUE, {"municipality": municipality_id})}
    places = names(session)
    every = []
    for row in desks.providers(session, actor, municipality_id):
        unpaid, last_months, on_invoice, gone = map(int, known.get(row.organisation_id, (0, 0, 0, 0)))
        seat = row.organisation.municipality_id
        via = "" if seat == municipality_id else places[seat]
        every.append(Due(row, unpaid, last_months, on_invoice, gone - on_invoice, via))
    return every


def pay_out(session: Session, actor: Actor, provider_id: UUID, number: int, key: str) -> Invoice:
    """Make the invoice for so many cheques; it is booked as paid by two people (`invoicing.step`).

    Raises NotFound for a provider of elsewhere, NotThatMany, PaidElsewhere, AccountStands, KeyUsed.
    """
    # unscoped: the permission was asked: right below, of its municipality
    provider = found(
        session.get(ChequeProvider, provider_id, options=[joinedload(ChequeProvider.organisation)])
    )
    if provider.municipality_id not in actor.reach(Permission.PAY_OUT_CHEQUES):
        found(None)
    if provider.organisation.municipality_id != provider.municipality_id:
        raise PaidElsewhere
    account = handing_in.account_of(session, provider)
    try:
        return invoicing.owe(session, actor, provider.municipality_id, account.id, number, f"payout:{key}")
    except errors.OverLimit as refused:
        raise NotThatMany from refused
    except errors.KeyReused as reused:
        raise KeyUsed from reused


_PAYOUT = text("""
    WITH paid AS (
        SELECT e.account_id, e.seq, e.delta, b.booked_at, a.owner_pseudonym, a.municipality_id,
            coalesce((SELECT -sum(x.delta) FROM ledger.entry x
                      JOIN ledger.transfer xt ON xt.id = x.transfer_id
                      JOIN ledger.batch xb ON xb.id = xt.batch_id AND xb.operation <> 'redeem'
                      WHERE x.account_id = e.account_id AND x.seq < e.seq), 0) AS before
        FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation IN ('pay_out', 'invoice')
        JOIN ledger.account a ON a.id = t.debit_id AND a.unit = 'VOUCHER'
        JOIN ledger.entry e ON e.transfer_id = t.id AND e.account_id = a.id
        WHERE t.batch_id = :batch
    ), come AS (
        SELECT p.*, ledger.month_of(b.booked_at) AS month, sum(e.delta) OVER (ORDER BY e.seq) AS upto, e.delta AS came
        FROM paid p
        JOIN ledger.entry e ON e.account_id = p.account_id AND e.delta > 0 AND e.seq < p.seq
        JOIN ledger.transfer t ON t.id = e.transfer_id
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'redeem'
    )
    SELECT owner_pseudonym, municipality_id, booked_at, -delta, month,
        sum(least(upto, before - delta) - greatest(upto - came, before))
    FROM come WHERE upto > before AND upto - came < before - delta
    GROUP BY owner_pseudonym, municipality_id, booked_at, delta, month ORDER BY month
""")
"""The cheques that came in first are paid first: a payout stands for the next ones after those paid before."""
_STANDING = text("""
    SELECT i.id, i.number, s.state FROM ledger.invoice i
    JOIN ledger.invoice_step s ON s.invoice_id = i.id
    WHERE i.batch_id = :batch AND i.follows_id IS NULL AND i.payee_id IS NULL ORDER BY s.seq DESC LIMIT 1
""")


def statement(session: Session, actor: Actor, batch: int) -> Statement:
    """A payout as its provider, or the treasurer, reads it; NotFound for anybody else's."""
    rows = session.execute(_PAYOUT, {"batch": batch}).all()
    if not rows:
        found(None)
    organisation_id, municipality_id, at, cheques, *_ = rows[0]
    near = [
        *handing_in.mine(session, actor),
        *(
            desks.providers(session, actor, municipality_id)
            if municipality_id in actor.reach(Permission.PAY_OUT_CHEQUES)
            else ()
        ),
    ]
    provider = found(
        next(
            (
                row
                for row in near
                if (row.organisation_id, row.municipality_id) == (organisation_id, municipality_id)
            ),
            None,
        )
    )
    invoice = session.execute(_STANDING, {"batch": batch}).one_or_none()
    # before there were invoices, a payout was paid as it was booked
    number, state = (str(batch), State.PAID) if invoice is None else (invoice.number, State(invoice.state))
    months = tuple((row[4], int(row[5])) for row in rows)
    return Statement(provider, batch, number, state, at, int(cheques), months)


def last(session: Session, actor: Actor, municipality_id: int) -> list[invoicing.Invoice]:
    """The last invoices that pay a provider, the newest first."""
    require(actor, Permission.PAY_OUT_CHEQUES, municipality_id)
    every = invoicing.listed(session, actor, municipality_id)
    return [one for one in every if one.to_organisation and one.we_pay][:SHOWN]
