"""CSV files whose every cell is distrusted, read so that each mistake is named with its line."""

import csv
import io
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.places.bounds import LATITUDES, LONGITUDES
from app.text import Refused, clean

LARGEST_FILE_BYTES = 20_000_000
"""The whole country takes a third of a megabyte."""

_NO_FIGURE = ("", "-99995", "-99997")
_UNDECODED = "\ufffd"


class Wrong(StrEnum):
    """What is wrong with a file, a line or a cell."""

    MISSING_FILE = "the file is missing or cannot be read"
    TOO_LARGE = "the file is too large"
    MISSING_COLUMN = "a column is missing"
    NOT_CSV = "not CSV: a quote is left open or stands astray"
    SEMICOLONS = "not CSV: semicolons instead of commas"
    ENCODING = "not UTF-8"
    NUL = "holds a NUL"
    COLUMNS = "more or fewer cells than the first line"
    EMPTY = "empty"
    TEXT = "unfit as a name"
    CODE = "no municipality code such as GM1771"
    UNKNOWN = "no such municipality in gemeenten.csv"
    PC4 = "no postcode of four digits"
    NUMBER = "no number, or out of bounds"
    OUTSIDE = "outside the Netherlands"
    DUPLICATE = "occurs twice"
    ONE_WAY = "the line in the other direction is missing"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A mistake at a line (0: the file as a whole), in a column where there is one."""

    file: str
    line: int
    reason: Wrong
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        what = f" {self.column}" + (f"={self.value[:40]!a}" if self.value else "") if self.column else ""
        return f"{where}:{what} {self.reason}"


@dataclass(slots=True)
class Line:
    """One record. Each method reads a cell; a wrong one is noted and yields 0 or an empty value."""

    file: str
    number_in_file: int
    cells: dict[str, str]
    wrong: list[BadRow] = field(default_factory=list)

    def blame(self, column: str, reason: Wrong) -> None:
        """Note a mistake in a column."""
        self.wrong.append(BadRow(self.file, self.number_in_file, reason, column, self.cells.get(column, "")))

    def words(self, column: str) -> str:
        """A name of at most 80 characters."""
        try:
            return clean(self.cells[column], max_length=80)
        except Refused as refusal:
            self.blame(column, Wrong.EMPTY if refusal.code == "text-empty" else Wrong.TEXT)
            return ""

    def code(self, column: str) -> int:
        """1771 for GM1771."""
        return self._code(column, self.cells[column])

    def known_code(self, column: str, known: Collection[int]) -> int:
        """A code that was seen before."""
        return self._known(column, self.cells[column], known)

    def known_codes(self, column: str, known: Collection[int]) -> tuple[int, ...]:
        """Codes between bars: ``GM0275|GM0277``; none when empty."""
        typed = self.cells[column]
        return tuple(self._known(column, one.strip(), known) for one in typed.split("|")) if typed else ()

    def pc4(self, column: str) -> int:
        """1000 to 9999."""
        if re.fullmatch("[1-9][0-9]{3}", self.cells[column]):
            return int(self.cells[column])
        self.blame(column, Wrong.PC4)
        return 0

    def latitude(self, column: str) -> float:
        """Degrees north."""
        return self.number(column, *LATITUDES, Wrong.OUTSIDE)

    def longitude(self, column: str) -> float:
        """Degrees east."""
        return self.number(column, *LONGITUDES, Wrong.OUTSIDE)

    def number(self, column: str, low: float, high: float, reason: Wrong = Wrong.NUMBER) -> float:
        """A decimal number with a point, within bounds; ``reason`` is for one outside them."""
        if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", self.cells[column]):
            self.blame(column, Wrong.NUMBER)
            return math.nan
        number = float(self.cells[column])
        if not low <= number <= high:
            self.blame(column, reason)
        return number

    def number_if_any(self, column: str, low: float, high: float) -> float | None:
        """The same, or None for an empty cell and for what CBS keeps secret (-99997 and the like)."""
        return None if self.cells[column] in _NO_FIGURE else self.number(column, low, high)

    def count(self, column: str) -> int:
        """A whole number from 0 to a hundred million."""
        number = self.number(column, 0, 100_000_000)
        if number.is_integer():
            return int(number)
        if not math.isnan(number):
            self.blame(column, Wrong.NUMBER)
        return 0

    def count_if_any(self, column: str) -> int | None:
        """The same, or None as in ``number_if_any``."""
        return None if self.cells[column] in _NO_FIGURE else self.count(column)

    def _code(self, column: str, typed: str) -> int:
        if found := re.fullmatch("GM([0-9]{4})", typed):
            return int(found[1])
        self.blame(column, Wrong.CODE)
        return 0

    def _known(self, column: str, typed: str, known: Collection[int]) -> int:
        code = self._code(column, typed)
        if code and code not in known:
            self.blame(column, Wrong.UNKNOWN)
        return code


@dataclass(slots=True)
class CsvFile:
    """A file with at least these columns; ``inwoners_*`` is the newest of ``inwoners_2021`` and so on.

    ``needed`` says that it may be as somebody's spreadsheet saves it: with only these of the columns, semicolons or
    commas, in UTF-8 or in Windows' own letters. ``content`` is the file where it lies on no disk.
    """

    path: Path
    columns: tuple[str, ...]
    needed: tuple[str, ...] | None = None
    content: bytes | None = None
    bad: list[BadRow] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """Each record, in order; what cannot be read as one goes to ``bad``."""
        text = self._text()
        if text is None:
            return
        records = self._records(text)
        first_number, header = next(records, (1, []))
        places = self._places(first_number, header)
        if places is None:
            return
        for number, cells in records:
            if line := self._line(number, cells, places, len(header)):
                yield line

    def _text(self) -> str | None:
        try:
            size = self.path.stat().st_size if self.content is None else len(self.content)
            if size <= LARGEST_FILE_BYTES:
                return self._decoded(self.path.read_bytes() if self.content is None else self.content)
            self._blame(0, Wrong.TOO_LARGE)
        except OSError:
            self._blame(0, Wrong.MISSING_FILE)
        return None

    def _decoded(self, content: bytes) -> str:
        if self.needed is not None:
            try:
                return content.decode("utf-8-sig")
            except UnicodeDecodeError:
                return content.decode("cp1252", errors="replace")
        return content.decode("utf-8-sig", errors="replace")

    def _separator(self, text: str) -> str:
        head = text.split("\n", 1)[0]
        return ";" if self.needed is not None and head.count(";") > head.count(",") else ","

    def _records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Line number where the record starts, and its cells; blank lines are passed over."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=self._separator(text))
        number = 1
        try:
            for cells in reader:
                if cells:
                    yield number, [cell.strip() for cell in cells]
                number = reader.line_num + 1
        except csv.Error:  # an open quote swallows what follows: there is no next record to trust
            self._blame(number, Wrong.NOT_CSV)

    def _places(self, number: int, header: list[str]) -> dict[str, int] | None:
        if len(header) == 1 and ";" in header[0]:
            self._blame(number, Wrong.SEMICOLONS)
            return None
        places = {column: self._place(column, header) for column in self.columns}
        needed = self.columns if self.needed is None else self.needed
        wrong = {column: Wrong.MISSING_COLUMN for column in needed if places[column] is None}
        if self.needed is not None:
            wrong |= {column: Wrong.DUPLICATE for column in self.columns if header.count(column) > 1}
        for column, reason in wrong.items():
            self._blame(number, reason, column)
        return None if wrong else {column: place for column, place in places.items() if place is not None}

    @staticmethod
    def _place(column: str, header: list[str]) -> int | None:
        pattern = re.escape(column).replace(r"\*", "[0-9]{4}")
        named = [title for title in header if re.fullmatch(pattern, title)]
        return header.index(max(named)) if named else None

    def _line(self, number: int, cells: list[str], places: dict[str, int], width: int) -> Line | None:
        whole = "".join(cells)
        for reason, is_wrong in (
            (Wrong.ENCODING, _UNDECODED in whole),
            (Wrong.NUL, "\0" in whole),
            (Wrong.COLUMNS, len(cells) != width),
        ):
            if is_wrong:
                self._blame(number, reason)
                return None
        return Line(self.path.name, number, {column: cells[place] for column, place in places.items()})

    def _blame(self, number: int, reason: Wrong, column: str = "") -> None:
        self.bad.append(BadRow(self.path.name, number, reason, column))
