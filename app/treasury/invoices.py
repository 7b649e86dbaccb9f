"""An invoice for cheques, and a list of them, as tables."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from app.tables import Cell, Table
from app.treasury import words
from app.treasury.invoicing import Invoice

COLUMNS: Final = (
    "nummer", "maand", "betaalt", "aan", "organisatie", "cheques", "bedrag in euro", "stand", "betaald op",
)  # fmt: skip
LISTED: Final = ("nummer", "maand", "betaalt", "aan", "cheques", "bedrag in euro", "stand", "betaald op")


def table(of: Invoice) -> Table:
    """A line for each organisation, and the sum."""
    head, tail = _head(of), _tail(of)
    rows = [
        (*head, line.organisation, line.cheques, Decimal(line.cents).scaleb(-2), *tail) for line in of.lines
    ]
    total = (*head, "samen", of.row.vouchers, Decimal(of.row.cents).scaleb(-2), *tail)
    return Table(of.row.number, COLUMNS, [*rows, total])


def listed(every: Iterable[Invoice]) -> Table:
    """A line for each invoice."""
    return Table("Facturen", LISTED, list(_lines(every)))


def _lines(every: Iterable[Invoice]) -> Iterator[tuple[Cell, ...]]:
    for one in every:
        yield (*_head(one), one.row.vouchers, Decimal(one.row.cents).scaleb(-2), *_tail(one))


def _head(of: Invoice) -> tuple[Cell, ...]:
    return of.row.number, f"{of.row.month:%Y-%m}", of.payer, of.payee


def _tail(of: Invoice) -> tuple[Cell, ...]:
    reported = of.row.reported
    return words.INVOICES[of.row.state], None if reported is None else f"{reported.paid_on:%Y-%m-%d}"
