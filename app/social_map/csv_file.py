"""The social map as CSV, in and out: one provision a line, with its organisation."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.places.csv_files import CsvFile
from app.social_map.lines import COLUMNS, LISTS, Fault, Parsed


def read(path: Path) -> Parsed:
    """Every line of the file, checked; what is no CSV at all is a fault."""
    parsed, file = Parsed(), CsvFile(path, COLUMNS)
    for line in file.lines():
        cells: dict[str, Any] = {
            name: [part.strip() for part in value.split("|") if part.strip()] if name in LISTS else value
            for name, value in line.cells.items()
            if name in COLUMNS
        }
        parsed.take(f"{path.name}:{line.number_in_file}", cells)
    parsed.faults += [Fault(str(bad), "", "cannot be read") for bad in file.bad]
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
