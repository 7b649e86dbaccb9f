"""Rows as files that a spreadsheet opens: CSV for Dutch spreadsheets, and XLSX with typed cells.

Text can come from anybody. A spreadsheet computes a text that looks like a formula, so in CSV such a text gets an
apostrophe in front, and in XLSX it is written as text. Numbers are written as numbers, also below zero.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from app.clock import AMSTERDAM

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal | bool | date | datetime | None
BOM: Final = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8; without it é is read as Ã©."""
FORMULA: Final = re.compile(r"[\s\x00-\x1f'\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n\x00]")
INNER: Final = re.compile(r"([,;\t\r\n][\s\"']*)(?=[=+@]|-[\w(@=+])")
"""Where a spreadsheet that cuts at another sign than ours would begin a cell with a formula; "5,-" is none."""
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
LONGEST_TEXT: Final = 32_767
"""Characters that a cell of a spreadsheet can hold."""
ROWS_AT_ONCE: Final = 500
IN_MEMORY: Final = 4 * 1024 * 1024
PIECE: Final = 64 * 1024
SHEET_NAME_LENGTH: Final = 31


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the names of the columns, and rows as long as these; rows are read once, as they are written."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def csv_pieces(table: Table) -> Iterator[bytes]:
    """The table as CSV with semicolons, piece by piece; times by the clock of Amsterdam, decimals with a comma."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write(BOM)
    writer.writerow([_as_text(name) for name in table.columns])
    for number, row in enumerate(table.rows, start=1):
        writer.writerow([_as_text(cell) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield _taken(text)
    yield _taken(text)


def csv_bytes(table: Table) -> bytes:
    """The same, whole."""
    return b"".join(csv_pieces(table))


def xlsx_pieces(tables: Sequence[Table]) -> Iterator[bytes]:
    """A workbook with a sheet for each table, piece by piece; large ones pass through the disk, not the memory."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    names: set[str] = set()
    for table in tables:
        name = _sheet_name(table.title, names)
        names.add(name.casefold())
        _fill(workbook.create_sheet(name), table)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        workbook.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, without what a file of text cannot hold."""
    clean = INNER.sub(r"\1'", UNPRINTABLE.sub("", text))
    return f"'{clean}" if FORMULA.match(clean) else clean


def _taken(text: io.StringIO) -> bytes:
    piece = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return piece


def _as_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "ja" if cell else "nee"
        case Decimal():
            return str(cell).replace(".", ",")
        case datetime():
            return f"{_local(cell):%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case _:
            return guarded(cell)


def _local(moment: datetime) -> datetime:
    """The clock on the wall: spreadsheets know no zones."""
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None) if moment.tzinfo else moment


def _fill(sheet: Any, table: Table) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    bold = Font(bold=True)
    head = []
    for number, column in enumerate(table.columns, start=1):
        cell = _typed(sheet, column, WriteOnlyCell)
        cell.font = bold
        head.append(cell)
        sheet.column_dimensions[get_column_letter(number)].width = max(12, len(column) + 4)
    sheet.freeze_panes = "A2"
    sheet.append(head)
    for row in table.rows:
        sheet.append([_typed(sheet, cell, WriteOnlyCell) for cell in row])


def _typed(sheet: Any, value: Cell, made: Any) -> Any:
    if isinstance(value, datetime):
        value = _local(value)
    if not isinstance(value, str):
        return value if value is None else made(sheet, value=value)
    cell = made(sheet, value="")
    # set afterwards: a value that begins with = would make the cell a formula
    cell._value = UNPRINTABLE.sub("", value)[:LONGEST_TEXT]
    cell.data_type = "s"
    return cell


def _sheet_name(title: str, taken: set[str]) -> str:
    """What a spreadsheet allows: at most 31 characters, none of []:*?/\\, no quote at either end, each once."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", UNPRINTABLE.sub("", title)).strip("' ")[:SHEET_NAME_LENGTH] or "1"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        ending = f" {number}"
        name = plain[: SHEET_NAME_LENGTH - len(ending)] + ending
    return name
