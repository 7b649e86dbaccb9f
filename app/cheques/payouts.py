"""Month end at the treasurer's: providers get 15 euro for each cheque that they handed in, and a statement of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.cheques import desks, handing_in
from app.cheques.models import ChequeProvider
from app.cheques.papers import KeyUsed
from app.errors import Conflict
from rewards import errors, paper
from rewards.paper import VOUCHER_CENTS
from rewards.types import Booking


class NotThatMany(Conflict):
    """Fewer cheques than that wait for payment."""

    code = "not-that-many"


@dataclass(frozen=True, slots=True)
class Due:
    """What a provider has coming; ``last_months`` came in before this month began."""

    provider: ChequeProvider
    unpaid: int
    last_months: int
    paid: int

    @property
    def cents(self) -> int:
        """For the cheques of the months that are over."""
        return self.last_months * VOUCHER_CENTS


@dataclass(frozen=True, slots=True)
class Statement:
    """What was paid out in one booking: by month of handing in, cheques that it stands for."""

    provider: ChequeProvider
    batch: int
    at: datetime
    cheques: int
    months: tuple[tuple[date, int], ...]

    @property
    def cents(self) -> int:
        """What was paid."""
        return self.cheques * VOUCHER_CENTS


_DUE = text("""
    SELECT a.owner_pseudonym, a.posted,
        greatest(0, a.posted - coalesce(sum(e.delta) FILTER (
            WHERE e.delta > 0 AND ledger.month_of(b.booked_at) >= ledger.month_of(ledger.now())), 0)),
        -coalesce(sum(e.delta) FILTER (WHERE e.delta < 0), 0)
    FROM ledger.account a
    LEFT JOIN ledger.entry e ON e.account_id = a.id
    LEFT JOIN ledger.transfer t ON t.id = e.transfer_id
    LEFT JOIN ledger.batch b ON b.id = t.batch_id
    WHERE a.municipality_id = :municipality AND a.kind = 'provider' AND a.unit = 'VOUCHER'
    GROUP BY a.id
""")


def due(session: Session, actor: Actor, municipality_id: int) -> list[Due]:
    """All providers of a municipality with what they have coming, by name; in one query."""
    require(actor, Permission.PAY_OUT_CHEQUES, municipality_id)
    known = {row[0]: row[1:] for row in session.execute(_DUE, {"municipality": municipality_id})}
    rows = desks.providers(session, actor, municipality_id)
    return [Due(row, *map(int, known.get(row.organisation_id, (0, 0, 0)))) for row in rows]


def pay_out(session: Session, actor: Actor, provider_id: UUID, number: int, key: str) -> Booking:
    """Pay for so many cheques. Raises NotFound for a provider of elsewhere, NotThatMany, KeyUsed."""
    # unscoped: its municipality is asked right below
    provider = found(session.get(ChequeProvider, provider_id))
    if provider.municipality_id not in actor.reach(Permission.PAY_OUT_CHEQUES):
        found(None)
    account = handing_in.account_of(session, provider)
    try:
        with session.begin_nested():
            return paper.pay_out(
                session.connection(),
                key=f"payout:{key}",
                actor=found(actor.pseudonym),
                provider=account.id,
                vouchers=number,
            )
    except errors.OverLimit as refused:
        raise NotThatMany from refused
    except errors.KeyReused as reused:
        raise KeyUsed from reused


_PAYOUT = text("""
    WITH paid AS (
        SELECT e.account_id, e.seq, e.delta, b.booked_at, a.owner_pseudonym, a.municipality_id,
            coalesce((SELECT -sum(x.delta) FROM ledger.entry x
                      WHERE x.account_id = e.account_id AND x.seq < e.seq AND x.delta < 0), 0) AS before
        FROM ledger.transfer t
        JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'pay_out'
        JOIN ledger.account a ON a.id = t.debit_id AND a.unit = 'VOUCHER'
        JOIN ledger.entry e ON e.transfer_id = t.id AND e.account_id = a.id
        WHERE t.batch_id = :batch
    ), come AS (
        SELECT p.*, ledger.month_of(b.booked_at) AS month, sum(e.delta) OVER (ORDER BY e.seq) AS upto, e.delta AS came
        FROM paid p
        JOIN ledger.entry e ON e.account_id = p.account_id AND e.delta > 0 AND e.seq < p.seq
        JOIN ledger.transfer t ON t.id = e.transfer_id
        JOIN ledger.batch b ON b.id = t.batch_id
    )
    SELECT owner_pseudonym, municipality_id, booked_at, -delta, month,
        sum(least(upto, before - delta) - greatest(upto - came, before))
    FROM come WHERE upto > before AND upto - came < before - delta
    GROUP BY owner_pseudonym, municipality_id, booked_at, delta, month ORDER BY month
""")
"""The cheques that came in first are paid first: a payout stands for the next ones after those paid before."""


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
    return Statement(provider, batch, at, int(cheques), tuple((row[4], int(row[5])) for row in rows))


_PAYOUTS = text("""
    SELECT a.owner_pseudonym, t.batch_id, b.booked_at, t.amount
    FROM ledger.transfer t
    JOIN ledger.batch b ON b.id = t.batch_id AND b.operation = 'pay_out'
    JOIN ledger.account a ON a.id = t.debit_id
    WHERE a.municipality_id = :municipality AND a.kind = 'provider' AND a.unit = 'VOUCHER'
    ORDER BY t.id DESC LIMIT 20
""")


def last(session: Session, actor: Actor, municipality_id: int) -> list[tuple[str, int, datetime, int]]:
    """The last payouts of a municipality: organisation, booking, moment and cheques; newest first."""
    require(actor, Permission.PAY_OUT_CHEQUES, municipality_id)
    names = {
        row.organisation_id: row.organisation.name for row in desks.providers(session, actor, municipality_id)
    }
    rows = session.execute(_PAYOUTS, {"municipality": municipality_id})
    return [(names.get(row[0], ""), row[1], row[2], row[3]) for row in rows]
