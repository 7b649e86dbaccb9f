"""At the desk: cheques for cash, and back again while nobody handed them in.

What a sale made is in the ledger; the codes are on the papers and nowhere else, so that nothing is printed twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found
from app.cheques import desks
from app.cheques.models import ChequeDesk
from app.cheques.papers import SOON, KeyUsed, Printed, careful, end_of_next_year
from app.clock import now
from app.errors import Conflict, Invalid
from app.roosjes import service as roosjes
from rewards import errors, paper
from rewards.serials import Serial, read_serial
from rewards.types import BatchId, SerialId, Unit

CENTS = paper.VOUCHER_CENTS
SALES_SHOWN = 15


class DeskClosed(Conflict):
    """Nothing is sold at this desk any more."""

    code = "desk-closed"


@dataclass(frozen=True, slots=True)
class Sale:
    """A receipt: what was sold, for how much, and how it stands with the papers. ``cents`` was paid."""

    id: BatchId
    desk: ChequeDesk
    sold_at: datetime
    expires_at: datetime
    number: int
    out: int
    redeemed: int
    refunded: int
    seller: str
    papers: tuple[int, ...]
    """The numbers printed on them."""

    @property
    def cents(self) -> int:
        """What the buyer paid."""
        return self.number * CENTS


@dataclass(frozen=True, slots=True)
class Till:
    """How it stands with a desk; whole cheques, and cents."""

    desk: ChequeDesk
    cents: int
    sold: int
    out: int
    soon: int
    """Out, and close to their end."""
    redeemed: int
    refunded: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale with its papers, which are empty when the form was sent before: they were shown then."""

    sale: Sale
    papers: tuple[Printed, ...]


def sell(session: Session, actor: Actor, desk_id: UUID, number: int, key: str) -> Sold:
    """Cash in, cheques out, in one booking. Raises NotFound, DeskClosed, KeyUsed."""
    desk = desks.own(session, actor, desk_id)
    if desk.closed_at is not None:
        raise DeskClosed
    till = desks.till(session, desk)
    connection = session.connection()
    try:
        with session.begin_nested():
            made = paper.sell(
                connection,
                key=f"sale:{key}",
                actor=_pseudonym(actor),
                desk=till.id,
                vouchers=number,
                expires_at=end_of_next_year(now(session)),
            )
    except errors.KeyReused as reused:
        raise KeyUsed from reused
    return Sold(receipt(session, actor, made.booking.batch), _printed(session, desk, made.serials))


def _printed(session: Session, desk: ChequeDesk, serials: Sequence[Serial]) -> tuple[Printed, ...]:
    known = paper.numbers(
        session.connection(), serials=serials, unit=Unit.VOUCHER, municipality_id=desk.municipality_id
    )
    return tuple(Printed(int(number), serial.text) for number, serial in zip(known, serials, strict=True))


def printable(session: Session, actor: Actor, desk_id: UUID, codes: Sequence[str]) -> tuple[Printed, ...]:
    """The papers of these codes as they may be printed: still out, and sold at this desk.

    Raises PaperRefused when one is not.
    """
    desk = desks.own(session, actor, desk_id)
    with careful(session, actor):
        found_papers = _printed(session, desk, [read_serial(code) for code in codes])
        # unscoped: row-level security: serials are the ledger's, behind its own policies
        own = session.execute(
            text("SELECT count(*) FROM ledger.serial WHERE id = ANY(:ids) AND source_id = :till"),
            {"ids": [one.number for one in found_papers], "till": desks.till(session, desk).id},
        ).scalar_one()
        if own != len(found_papers):
            raise errors.SerialRefused  # counted as any other wrong code
    return found_papers


def refund(session: Session, actor: Actor, desk_id: UUID, code: str, key: str) -> None:
    """15 euro back for a cheque that is handed over the counter where it was sold."""
    till = desks.till(session, desks.own(session, actor, desk_id))
    with careful(session, actor) as connection:
        paper.refund(connection, key=f"refund:{key}", actor=_pseudonym(actor), serial=code, desk=till.id)


def refund_lost(session: Session, actor: Actor, desk_id: UUID, number: int, key: str) -> None:
    """15 euro back for a cheque that is lost, by the number on the receipt; found again it is worth nothing."""
    till = desks.till(session, desks.own(session, actor, desk_id))
    with careful(session, actor) as connection:
        paper.refund_lost(
            connection, key=f"lost:{key}", actor=_pseudonym(actor), paper=SerialId(number), desk=till.id
        )


def undo(session: Session, actor: Actor, desk_id: UUID, sale: int, key: str) -> None:
    """The papers of a whole sale never came out of the printer: all money back, or PaperRefused."""
    till = desks.till(session, desks.own(session, actor, desk_id))
    with careful(session, actor) as connection:
        paper.refund_sale(
            connection, key=f"undo:{key}", actor=_pseudonym(actor), sale=BatchId(sale), desk=till.id
        )


def _pseudonym(actor: Actor) -> UUID:
    return found(actor.pseudonym)


_TILLS = text("""
    SELECT a.shard, a.posted, count(s.id), count(s.id) FILTER (WHERE e.serial_id IS NULL),
        count(s.id) FILTER (WHERE e.serial_id IS NULL AND s.expires_at < :soon),
        count(*) FILTER (WHERE e.ending = 'redeemed'), count(*) FILTER (WHERE e.ending = 'refunded'),
        count(*) FILTER (WHERE e.ending = 'lapsed')
    FROM ledger.account a
    LEFT JOIN ledger.serial s ON s.source_id = a.id
    LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
    WHERE a.kind = 'desk' AND a.unit = 'EURCENT' AND a.municipality_id = :municipality
    GROUP BY a.id
""")


def tills(session: Session, municipality_id: int, of: Sequence[ChequeDesk]) -> list[Till]:
    """How it stands with these desks of one municipality, in their order; in one query."""
    soon = now(session) + SOON
    rows = session.execute(_TILLS, {"municipality": municipality_id, "soon": soon})
    known = {row[0]: row[1:] for row in rows}
    return [Till(desk, *known.get(desk.number, (0,) * 7)) for desk in of]


_SALES = """
    SELECT b.id, a.municipality_id, a.shard, b.booked_at, min(s.expires_at), count(*),
        count(*) FILTER (WHERE e.serial_id IS NULL),
        count(*) FILTER (WHERE e.ending = 'redeemed'), count(*) FILTER (WHERE e.ending = 'refunded'), b.actor,
        array_agg(s.id ORDER BY s.id)
    FROM ledger.serial s
    JOIN ledger.account a ON a.id = s.source_id AND a.kind = 'desk'
    JOIN ledger.batch b ON b.id = s.batch_id
    LEFT JOIN ledger.serial_end e ON e.serial_id = s.id
    WHERE a.municipality_id = ANY(:municipalities) AND {which}
    GROUP BY b.id, a.id ORDER BY b.id DESC LIMIT :limit
"""
_OF_DESKS = text(_SALES.format(which="a.shard = ANY(:numbers)"))
_WITH = text(_SALES.format(which="s.batch_id = (SELECT batch_id FROM ledger.serial WHERE id = :paper)"))
_ONE = text(_SALES.format(which="b.id = :sale AND a.shard = ANY(:numbers)"))


def sales(session: Session, of: Sequence[ChequeDesk], limit: int = SALES_SHOWN) -> list[Sale]:
    """The last sales at these desks of one municipality, newest first; no codes, nobody has them."""
    return _sales(session, _OF_DESKS, of, limit=limit)


def _sales(session: Session, query: TextClause, of: Sequence[ChequeDesk], **values: int) -> list[Sale]:
    places = {desk.municipality_id for desk in of}
    by_place = {(desk.municipality_id, desk.number): desk for desk in of}
    wanted = {"municipalities": list(places), "numbers": [desk.number for desk in of]}
    rows = session.execute(query, wanted | values).all()
    names = roosjes.names(session, {row[9] for row in rows})
    return [
        Sale(
            id=BatchId(row[0]),
            desk=by_place[row[1], row[2]],
            sold_at=row[3],
            expires_at=row[4],
            number=row[5],
            out=row[6],
            redeemed=row[7],
            refunded=row[8],
            seller=names.get(row[9], ""),
            papers=tuple(row[10]),
        )
        for row in rows
        if (row[1], row[2]) in by_place
    ]


def receipt(session: Session, actor: Actor, sale: int) -> Sale:
    """One sale at a desk where the actor sells; NotFound for any other."""
    if not 0 < sale < 2**63:
        raise Invalid(details={"bon": "unknown"})
    return found(next(iter(_sales(session, _ONE, desks.mine(session, actor), sale=sale, limit=1)), None))


def sale_of(session: Session, actor: Actor, paper: int) -> Sale:
    """The sale of a cheque with this number, at a desk where the actor sells."""
    return found(next(iter(_sales(session, _WITH, desks.mine(session, actor), paper=paper, limit=1)), None))
