"""A month as files: the same figures as CSV, XLSX and JSON; `web` prints them as PDF. Owners are pseudonyms."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import Any, Final

from sqlalchemy import Connection

from app.tables import CSV_TYPE, XLSX_TYPE, Cell, Table, csv_pieces, xlsx_pieces
from app.treasury import invoices, words
from app.treasury.months import Books
from rewards import journal
from rewards.months import MonthEnd
from rewards.types import Unit

TYPES: Final = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "json": "application/json", "pdf": "application/pdf"}
COLUMNS: Final = (
    "gemeente", "maand", "boek", "eenheid", "onderdeel", "naam", "soort", "aantal", "begin", "erbij", "eraf",
    "eind", "hoort",
)  # fmt: skip
"""`onderdeel` says what a row is: `saldo`, balances by kind; `beweging`, movements by kind and operation; `buren`, what
stands open with another municipality; `gereserveerd`, what is held for appointments by age; `controle`, two figures
that have to be the same (`eind` and `hoort`); `factuur`, an invoice of the month with its standing (`soort`)."""
AGES: Final = ("tot 30 dagen", "30 tot 90 dagen", "90 dagen of langer")
JOURNAL: Final = (
    "boeking", "geboekt op", "gebeurd op", "boek", "eenheid", "soort", "bedrag", "van rekening", "van soort",
    "van pseudoniem", "naar rekening", "naar soort", "naar pseudoniem", "verbetert boeking", "van maand", "reden",
)  # fmt: skip


def figures(books: Books) -> Table:
    """Every figure of the month, one row for those that belong together; what does not apply is empty."""
    rows = [
        [row.get(column) for column in COLUMNS]
        for end in books.ends
        for row in _rows(books, end)
    ]  # fmt: skip
    rows += [[row.get(column) for column in COLUMNS] for row in _invoiced(books)]
    return Table(f"{books.municipality.name} {books.month:%Y-%m}", COLUMNS, rows)


def corrections(books: Books) -> Table:
    """The bookings of the month that set earlier ones right."""
    return Table("Verbeteringen", JOURNAL, [_line(unit, one) for unit, one in books.corrections])


def bookings(connection: Connection, books: Books) -> Table:
    """Everything that moved in the month, read while it is written."""
    return Table("Boekingen", JOURNAL, _lines(connection, books))


def pieces(
    connection: Connection, books: Books, form: str, paper: Callable[[Books], bytes]
) -> Iterator[bytes]:
    """The month as csv, xlsx, json or pdf; the workbook has every booking on a sheet of its own."""
    if form == "csv":
        yield from csv_pieces(figures(books))
    elif form == "xlsx":
        yield from xlsx_pieces(
            (figures(books), invoices.listed(books.invoices), corrections(books), bookings(connection, books))
        )
    elif form == "json":
        yield as_json(books).encode()
    else:
        yield paper(books)


def as_json(books: Books) -> str:
    """The month as one object, amounts in whole minutes, cheques and cents."""
    return json.dumps(document(books), ensure_ascii=False, indent=2)


def document(books: Books) -> dict[str, Any]:
    """The same as a dictionary; names are those of the API."""
    closed = books.closed_at
    return {
        "gemeente": books.municipality.id,
        "naam": books.municipality.name,
        "maand": f"{books.month:%Y-%m}",
        "afgeslotenOp": None if closed is None else f"{closed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "klopt": books.reconciles,
        "boeken": [_book(books, end) for end in books.ends],
        "verbeteringen": [
            {
                "boek": words.UNITS[unit],
                "boeking": one.transfer,
                "bedrag": one.amount,
                "verbetert": one.corrects,
                "vanMaand": None if one.corrects_month is None else f"{one.corrects_month:%Y-%m}",
                "reden": one.reason,
            }
            for unit, one in books.corrections
        ],
        "facturen": [
            {"nummer": one.row.number, "betaalt": one.payer, "aan": one.payee, "cheques": one.row.vouchers,
             "centen": one.row.cents, "stand": words.INVOICES[one.row.state], "open": one.row.is_open}
            for one in books.invoices
        ],
        "fouten": [
            {"boek": words.UNITS[unit], "fout": fault.what, "boeking": fault.transfer,
             "rekening": fault.account, "regel": fault.seq}
            for unit, fault in books.faults
        ],
    }  # fmt: skip


def _book(books: Books, end: MonthEnd) -> dict[str, Any]:
    whole = {"euro": "eurocent"}.get(words.MEASURES[end.unit], words.MEASURES[end.unit])
    rows = [
        {name: _in_cents(end.unit, value) for name, value in row.items() if name in COLUMNS[4:]}
        for row in _rows(books, end)
    ]
    return {"boek": words.UNITS[end.unit], "eenheid": whole, "klopt": end.reconciles, "regels": rows}


def _in_cents(unit: Unit, value: Cell) -> Cell:
    in_euro = unit in words.IN_EURO and not isinstance(value, str | int)
    return int(value * 100) if in_euro and value is not None else value  # type: ignore[operator]


def _rows(books: Books, end: MonthEnd) -> Iterator[dict[str, Cell]]:
    def row(
        section: str, name: str, soort: str = "", aantal: int | None = None, **amounts: int
    ) -> dict[str, Cell]:
        return {
            "gemeente": books.municipality.name,
            "maand": f"{books.month:%Y-%m}",
            "boek": words.UNITS[end.unit],
            "eenheid": words.MEASURES[end.unit],
            "onderdeel": section,
            "naam": name,
            "soort": soort,
            "aantal": aantal,
            **{column: words.amount(end.unit, whole) for column, whole in amounts.items()},
        }

    for line in end.balances:
        if any((line.opening, line.credits, line.debits, line.closing)):
            yield row("saldo", words.kind(line.kind, end.unit), begin=line.opening, erbij=line.credits,
                      eraf=line.debits, eind=line.closing)  # fmt: skip
    for moved in end.movements:
        yield row("beweging", words.kind(moved.kind, end.unit), words.operation(moved.operation), moved.transfers,
                  erbij=moved.credits, eraf=moved.debits)  # fmt: skip
    for pair in end.clearing:
        yield row("buren", books.names.get(pair.counter_municipality_id, "?"), eind=pair.balance)
    held = end.holds
    yield row(
        "gereserveerd", "alles", aantal=held.number, eind=held.to_30_days + held.to_90_days + held.longer
    )
    for age, whole in zip(AGES, (held.to_30_days, held.to_90_days, held.longer), strict=True):
        yield row("gereserveerd", age, eind=whole)
    for check in end.checks:
        sentence, about = words.check(check, end.unit, books.names)
        yield row("controle", sentence % {"of": about}, "klopt" if check.right else "klopt niet",
                  eind=check.found, hoort=check.expected)  # fmt: skip


def _invoiced(books: Books) -> Iterator[dict[str, Cell]]:
    """What is open and what is paid of the invoices of the month, in euros."""
    for one in books.invoices:
        yield {
            "gemeente": books.municipality.name,
            "maand": f"{books.month:%Y-%m}",
            "boek": words.UNITS[Unit.EURCENT],
            "eenheid": words.MEASURES[Unit.EURCENT],
            "onderdeel": "factuur",
            "naam": f"{one.row.number}: {one.payer} aan {one.payee}",
            "soort": words.INVOICES[one.row.state],
            "aantal": one.row.vouchers,
            "eind": words.amount(Unit.EURCENT, one.row.cents),
        }


def _lines(connection: Connection, books: Books) -> Iterator[Sequence[Cell]]:
    for end in books.ends:
        for one in journal.journal(connection, books.municipality.id, end.unit, books.month):
            yield _line(end.unit, one)


def _line(unit: Unit, one: journal.Booked) -> Sequence[Cell]:
    return (
        one.transfer, one.booked_at, one.occurred_at, words.UNITS[unit], words.MEASURES[unit],
        words.operation(one.operation), words.amount(unit, one.amount),
        one.debit, words.kind(one.debit_kind, unit), _pseudonym(one.debit_owner),
        one.credit, words.kind(one.credit_kind, unit), _pseudonym(one.credit_owner),
        one.corrects, None if one.corrects_month is None else f"{one.corrects_month:%Y-%m}",
        words.REASONS.get(one.reason or "", one.reason),
    )  # fmt: skip


def _pseudonym(owner: object) -> str | None:
    return None if owner is None else str(owner)
