"""Rows as CSV and XLSX: what a spreadsheet makes of them."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st
from openpyxl import load_workbook

from app.tables import Cell, Table, csv_bytes, csv_pieces, guarded, xlsx_pieces

EVIL = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =cmd|' /C calc'!A0",
    "|x",
    "%00",
    "\uff1d1",
    '"=1',
    "'=1",
)
LOCAL = datetime.fromisoformat("2026-03-03T14:00")
COLUMNS = ("naam", "minuten", "euro", "op", "dag", "klopt")
ROW: tuple[Cell, ...] = (
    "Één; \"twee\"\n drie", -720, Decimal("-7.50"), datetime(2026, 3, 3, 13, 0, tzinfo=UTC), date(2026, 3, 3), True,
)  # fmt: skip


def _read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_csv_opens_in_a_dutch_spreadsheet_with_its_letters_commas_and_local_times() -> None:
    content = csv_bytes(Table("maand", COLUMNS, [ROW]))

    assert content.startswith("\ufeffnaam;minuten;".encode())
    assert _read_csv(content)[1] == [ROW[0], "-720", "-7,50", "2026-03-03 14:00:00", "2026-03-03", "ja"]


def test_an_xlsx_has_numbers_moments_and_days_as_what_they_are() -> None:
    sheet = load_workbook(io.BytesIO(b"".join(xlsx_pieces([Table("maand", COLUMNS, [ROW])]))))["maand"]

    found = [cell.value for cell in sheet[2]]
    assert found == [ROW[0], -720, -7.5, LOCAL, LOCAL.replace(hour=0), True]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "d", "b"]


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula(text: str) -> None:
    table = Table(text, (text,), [(text,)])

    assert [row[0][0] for row in _read_csv(csv_bytes(table))] == ["'", "'"]
    sheet = load_workbook(io.BytesIO(b"".join(xlsx_pieces([table])))).worksheets[0]
    assert {cell.data_type for row in sheet for cell in row} == {"s"}


@pytest.mark.parametrize("number", ["+31612345678", "+31 6 12 34 56 78", "+31 (0)40 - 123 45 67"])
def test_a_telephone_number_is_text_that_one_can_still_read(number: str) -> None:
    table = Table("mensen", ("telefoon",), [(number,)])

    assert _read_csv(csv_bytes(table))[1] == [f"'{number}"]
    cell = load_workbook(io.BytesIO(b"".join(xlsx_pieces([table])))).worksheets[0]["A2"]
    assert (cell.data_type, str(cell.value).removeprefix("'")) == ("s", number)


@given(st.text(max_size=40))
def test_every_text_can_be_written_and_none_is_left_to_be_computed(text: str) -> None:
    written = guarded(text)

    assert not written.lstrip(' \t\r\n"').startswith(("=", "+", "-", "@"))
    csv_bytes(Table(text, (text,), [(text,)]))


@given(st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_every_title_and_text_makes_a_workbook_that_opens(texts: list[str]) -> None:
    content = b"".join(xlsx_pieces([Table(text, ("a",), [(text,)]) for text in texts]))

    assert len(load_workbook(io.BytesIO(content)).worksheets) == len(texts)


def test_a_long_table_is_written_while_its_rows_come_in() -> None:
    read = 0

    def rows() -> Iterator[tuple[int]]:
        nonlocal read
        for number in range(100_000):
            read = number
            yield (number,)

    pieces = csv_pieces(Table("lang", ("n",), rows()))

    next(pieces)
    assert read < 1_000
    assert sum(piece.count(b"\n") for piece in pieces) + 501 == 100_001
