"""The social map as CSV, in and out: one provision a line, with its organisation."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from app.places.csv_files import CsvFile, Wrong
from app.social_map.lines import COLUMNS, LISTS, Fault, Parsed

NEEDED: Final = ("organisatie", "naam", "toelichting", "categorieen")
REASONS: Final = {
    Wrong.MISSING_COLUMN: "column-missing",
    Wrong.DUPLICATE: "column-twice",
    Wrong.COLUMNS: "cells",
    Wrong.TOO_LARGE: "too-large",
}


def read(name: str, content: bytes) -> Parsed:
    """Every line of the file, checked; what is no CSV at all is a fault."""
    parsed, file = Parsed(), CsvFile(Path(name), COLUMNS, needed=NEEDED, content=content)
    for line in file.lines():
        cells: dict[str, Any] = {
            column: [part.strip() for part in cell.split("|") if part.strip()] if column in LISTS else cell
            for column, cell in line.cells.items()
        }
        parsed.take(f"{name}:{line.number_in_file}", cells)
    for bad in file.bad:
        at = f"{name}:{bad.line}" if bad.line else name
        parsed.faults.append(Fault(at, bad.column, bad.reason, REASONS.get(bad.reason, "unreadable")))
    return parsed


def written(rows: Iterable[dict[str, Any]]) -> str:
    """The file, with its columns in their order."""
    kept = io.StringIO(newline="")
    writer = csv.DictWriter(kept, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(row.get(name)) for name in COLUMNS})
    return kept.getvalue()


def _cell(value: Any) -> str:
    return "|".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
