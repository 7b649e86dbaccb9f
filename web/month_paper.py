"""A month on paper: the figures of the books as a PDF that a screen reader can read."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from app.clock import AMSTERDAM
from app.looks.dress import OURS_ALONE, Dress
from app.tables import Cell
from app.treasury import exports, words
from app.treasury.invoicing import Invoice
from app.treasury.months import Books
from web import documents, dutch
from web.i18n import DUTCH


def printed(books: Books, lang: str = DUTCH, look: Dress = OURS_ALONE) -> bytes:
    """The month as PDF/UA. Raises NoPrinter."""
    table = exports.figures(books)
    grouped: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for values in table.rows:
        row = {name: _cell(value, lang) for name, value in zip(table.columns, values, strict=True)}
        grouped.setdefault(row["boek"], {}).setdefault(row["onderdeel"], []).append(row)
    return documents.pdf(
        "treasury/month_paper.html",
        lang=lang,
        dress=look,
        books=books,
        grouped=grouped,
        closed=None if books.closed_at is None else books.closed_at.astimezone(AMSTERDAM),
        corrections=[
            {name: _cell(value, lang) for name, value in zip(exports.JOURNAL, row, strict=True)}
            for row in exports.corrections(books).rows
        ],
    )


def invoice(of: Invoice, lang: str = DUTCH, look: Dress = OURS_ALONE) -> bytes:
    """What a municipality pays for cheques to another, or to an organisation. Raises NoPrinter."""
    return documents.pdf(
        "treasury/invoice_paper.html", lang=lang, dress=look, invoice=of, standings=words.INVOICES,
        place=of.payer if of.to_organisation else of.payee,
    )  # fmt: skip


def _cell(value: Cell, lang: str) -> str:
    """As in a file, with a thousands separator; euros always with their cents."""
    match value:
        case None:
            return ""
        case Decimal():
            text = f"{value:,.2f}"
            return text.translate(str.maketrans(",.", ".,")) if lang == DUTCH else text
        case int():
            return dutch.number(value, lang)
        case datetime():
            return dutch.full_moment(value, lang)
        case _:
            return str(value)
