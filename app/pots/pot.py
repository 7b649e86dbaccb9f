"""The pot of a municipality: what is in it, what came in and went out per month, and the latest of both."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import require
from app.access.roles import Permission
from app.clock import today
from app.roosjes import service as roosjes

MONTHS: Final = 12
PAGE: Final = 20

_STANDS = text("""
    SELECT coalesce(sum(posted - held_out), 0) FROM ledger.account
    WHERE municipality_id = :municipality AND unit = 'ROOSJE_MIN' AND kind = 'pot'
""")
_MONTHS = text("""
    SELECT date_trunc('month', b.booked_at AT TIME ZONE 'Europe/Amsterdam')::date,
           coalesce(sum(e.delta) FILTER (WHERE e.delta > 0), 0),
           coalesce(-sum(e.delta) FILTER (WHERE e.delta < 0), 0)
    FROM ledger.account a
    JOIN ledger.entry e ON e.account_id = a.id
    JOIN ledger.transfer t ON t.id = e.transfer_id
    JOIN ledger.batch b ON b.id = t.batch_id
    WHERE a.municipality_id = :municipality AND a.unit = 'ROOSJE_MIN' AND a.kind = 'pot'
        AND b.booked_at >= CAST(:since AS timestamp) AT TIME ZONE 'Europe/Amsterdam'
    GROUP BY 1
""")
# An event has one line here, however many shards gave: they are parts of one pot.
_LINES = text("""
    SELECT b.id, b.operation, sum(e.delta), max(b.occurred_at), b.actor,
           CASE WHEN sum(e.delta) > 0 THEN min(t.payer::text)::uuid ELSE min(t.payee::text)::uuid END, b.subject,
           min(t.id), bool_or(r.id IS NOT NULL)
    FROM ledger.account a
    JOIN ledger.entry e ON e.account_id = a.id
    JOIN ledger.transfer t ON t.id = e.transfer_id
    JOIN ledger.batch b ON b.id = t.batch_id
    LEFT JOIN ledger.transfer r ON r.reverses_id = t.id
    WHERE a.municipality_id = :municipality AND a.unit = 'ROOSJE_MIN' AND a.kind = 'pot'
        AND (CAST(:before AS bigint) IS NULL OR b.id < :before)
    GROUP BY b.id, b.operation, b.actor, b.subject
    ORDER BY b.id DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Month:
    """What came in and went out, in minutes; ``first`` is the first day."""

    first: date
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Line:
    """One event: ``minutes`` is signed, ``name`` who gave or got, ``by`` who booked it."""

    batch: int
    operation: str
    minutes: int
    moment: datetime
    by: str
    name: str
    subject: UUID | None
    transfer: int
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Pot:
    """The pot on a screen; minutes."""

    stands: int
    months: list[Month]
    lines: list[Line]
    older: int | None
    """Where the next page begins; None when this is the last."""


def pot(session: Session, actor: Actor, municipality_id: int, *, before: int | None = None) -> Pot:
    """The pot of one municipality in reach, the newest line first."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    lines = _lines(session, municipality_id, before)
    return Pot(
        stands=stands(session, actor, municipality_id),
        months=_months(session, municipality_id),
        lines=lines[:PAGE],
        older=lines[PAGE - 1].batch if len(lines) > PAGE else None,
    )


def stands(session: Session, actor: Actor, municipality_id: int) -> int:
    """How many minutes are in the pot of a municipality in reach."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    return int(session.execute(_STANDS, {"municipality": municipality_id}).scalar_one())


def _months(session: Session, municipality_id: int) -> list[Month]:
    """The last twelve, this one last; a month in which nothing moved is there too."""
    last = today(session).replace(day=1)
    firsts = [last]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    rows = session.execute(_MONTHS, {"municipality": municipality_id, "since": firsts[-1]})
    moved = {row[0]: (int(row[1]), int(row[2])) for row in rows}
    return [Month(first, *moved.get(first, (0, 0))) for first in reversed(firsts)]


def _lines(session: Session, municipality_id: int, before: int | None) -> list[Line]:
    values = {"municipality": municipality_id, "before": before, "limit": PAGE + 1}
    rows = session.execute(_LINES, values).all()
    names = roosjes.names(session, {key for row in rows for key in (row[4], row[5]) if key})
    return [
        Line(
            row[0],
            row[1],
            int(row[2]),
            row[3],
            names.get(row[4], ""),
            names.get(row[5], ""),
            row[6],
            row[7],
            row[8],
        )
        for row in rows
    ]
