"""Rows as records of 80 bytes, those of the last rebuild in one table and those that came since in another.

A search for one row looks at whole records near it, so that a record is one or two lines of the processor's
cache. The first table never grows, and what is added costs a copy of the small one only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.columns import Array, Records, RowNumbers, excluded_of, packed, renumbered
from matching.rows import EXCLUDES, ROW_BYTES, Schema
from matching.types import NOBODY, Row

Versions = NDArray[np.signedinteger[Any]]
SMALLEST_ROOM = 64
FITS_31_BITS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Row]):
    """Checked rows as records, in any order; by number, whom each excludes."""

    records: Array
    excluded: Mapping[int, frozenset[UUID]]


def table_of(schema: Schema[Row], rows: Iterable[Row] | Loaded[Row], version: int) -> "Table[Row]":
    """Rows as a table, in order. Raises the `BadRow` of the first faulty one."""
    if isinstance(rows, Loaded):
        records, excluded = rows.records, dict(rows.excluded)
    else:
        held = list(rows)
        records, excluded = packed(schema, held), excluded_of(held)
    return Table(schema, records, excluded, narrow(np.full(len(records), version, dtype=np.int64)))


class Table(Generic[Row]):
    """Rows by number: the first `built` lie by cell under a grid, the rest in order of coming."""

    def __init__(
        self, schema: Schema[Row], records: Array, excluded: dict[int, frozenset[UUID]], versions: Versions
    ) -> None:
        self.schema, self.excluded = schema, excluded
        self.excluders: dict[int, set[int]] = {}
        """By person, the numbers of the rows that exclude that person."""
        for number, persons in excluded.items():
            self._note(number, persons)
        self.built = self.size = len(records)
        self.records, self.added = records, np.zeros(SMALLEST_ROOM, dtype=schema.dtype)
        self.versions: Versions = versions
        self.added_versions: list[int] = []
        self._bytes, self._added_bytes = _bytes_of(self.records), _bytes_of(self.added)

    def gathered(self, numbers: RowNumbers) -> Array:
        """Copies of the rows of these numbers."""
        if not len(numbers) or int(numbers.max()) < self.built:
            return self.records.take(numbers)
        records = np.empty(len(numbers), dtype=self.schema.dtype)
        old = numbers < self.built
        records[old] = self.records.take(numbers[old])
        records[~old] = self.added.take(numbers[~old] - self.built)
        return records

    def near(self, found: RowNumbers) -> Records:
        """The rows that the grid found, and all that were added since, as they stand now."""
        records = self.records.take(found)
        if self.size != self.built:
            added: RowNumbers = np.arange(self.built, self.size, dtype=np.int32)
            records = np.concatenate([records, self.added[: self.size - self.built]])
            found = np.concatenate([found, added])
        return Records(records, found, self._excluded_by(records, found))

    def _excluded_by(self, records: Array, numbers: RowNumbers) -> dict[int, frozenset[UUID]]:
        if not self.excluded:
            return {}
        excluding = numbers[records["bits"] & np.uint64(EXCLUDES) != 0]
        return {number: self.excluded.get(number, NOBODY) for number in excluding.tolist()}

    def read(self, number: int) -> Row:
        """The row as it was given."""
        place, start = self._place(number)
        return self.schema.unpack(place[start : start + ROW_BYTES], self.excluded.get(number, NOBODY))

    def write(self, number: int, row: Row, version: int) -> None:
        """Overwrite a row in place; the row must have been checked."""
        place, start = self._place(number)
        place[start : start + ROW_BYTES] = self.schema.pack(row)
        self._set_version(number, version)
        self._forget(number)
        if row.excluded:
            self.excluded[number] = row.excluded
            self._note(number, row.excluded)

    def append(self, row: Row, version: int) -> int:
        """Add a checked row; its number."""
        if self.size - self.built == len(self.added):
            self.added = np.concatenate([self.added, np.zeros_like(self.added)])
            self._added_bytes = _bytes_of(self.added)
        number = self.size
        self.added_versions.append(version)
        self.write(number, row, version)
        self.size += 1
        return number

    def remove(self, number: int) -> None:
        """Make a row fit nothing; its number stays taken until the next rebuild."""
        self._record(number)["bits"] = self.schema.gone
        self._forget(number)

    def version(self, number: int) -> int:
        """The version at which a row stands."""
        if number < self.built:
            return int(self.versions[number])
        return self.added_versions[number - self.built]

    def value(self, number: int, name: str) -> int:
        """One field of a row."""
        return int(self._record(number)[name])

    def present(self, size: int) -> RowNumbers:
        """The numbers under `size` of rows that were not removed."""
        found = np.flatnonzero(self._all("bits", size) != np.uint64(self.schema.gone))
        return found.astype(np.int32)

    def extent(self) -> tuple[int, dict[int, frozenset[UUID]]]:
        """How many rows there are, and whom they exclude: what `sorted` starts from."""
        return self.size, self.excluded.copy()

    def sorted(self, size: int, excluded: dict[int, frozenset[UUID]]) -> "Table[Row]":
        """A copy of what is present of an extent, by cell.

        Rows that another thread writes meanwhile may be copied half old, half new: the caller writes them again.
        Even then the copy lies by cell, for the cells that it was sorted by are what it says; and a row's key
        never changes, nor is its number taken by another.
        """
        present = self.present(size)
        cells = self._all("cell", size)[present]
        order = np.argsort(cells, kind="stable")
        numbers = present[order]
        records = self.gathered(numbers)
        records["cell"] = cells[order]
        added = np.array(self.added_versions[: size - self.built], dtype=np.int64)
        versions = np.concatenate([self.versions, added])[numbers]
        return Table(self.schema, records, renumbered(excluded, size, numbers), narrow(versions))

    def _all(self, name: str, size: int) -> Array:
        """One field of the first `size` rows."""
        return np.concatenate([self.records[name], self.added[name][: size - self.built]])

    @property
    def nbytes(self) -> int:
        """Bytes that rows and versions take, spare room included."""
        return int(
            self.records.nbytes + self.added.nbytes + self.versions.nbytes + 8 * len(self.added_versions)
        )

    def _place(self, number: int) -> tuple[memoryview, int]:
        if number < self.built:
            return self._bytes, number * ROW_BYTES
        return self._added_bytes, (number - self.built) * ROW_BYTES

    def _record(self, number: int) -> Any:
        return self.records[number] if number < self.built else self.added[number - self.built]

    def _set_version(self, number: int, version: int) -> None:
        if number >= self.built:
            self.added_versions[number - self.built] = version
            return
        if not -FITS_31_BITS <= version <= FITS_31_BITS:
            self.versions = np.array(self.versions, dtype=np.int64)
        self.versions[number] = version

    def _note(self, number: int, persons: frozenset[UUID]) -> None:
        for person in persons:
            self.excluders.setdefault(person.int, set()).add(number)

    def _forget(self, number: int) -> None:
        for person in self.excluded.pop(number, NOBODY):
            self.excluders[person.int].discard(number)


def narrow(versions: Versions) -> Versions:
    """The same in 32 bits, if they fit."""
    if len(versions) and not -FITS_31_BITS <= versions.min() <= versions.max() <= FITS_31_BITS:
        return versions.astype(np.int64)
    return versions.astype(np.int32)


def _bytes_of(records: Array) -> memoryview:
    return records.view(np.uint8).data
