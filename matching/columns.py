"""Rows as columns: how offers and requests lie in numpy arrays, one array per field."""

from collections.abc import Iterable, Sequence
from typing import Any, Generic
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.rows import Schema, joined
from matching.types import NOBODY, Offer, Request, Row

Array = NDArray[Any]
RowNumbers = NDArray[np.int32]


class Columns(Generic[Row]):
    """A growing table of rows, addressed by row number."""

    def __init__(self, schema: Schema[Row], arrays: dict[str, Array], versions: NDArray[np.int64]) -> None:
        self.schema, self.arrays, self.versions = schema, arrays, versions
        self.size = len(versions)
        self.excluded: dict[int, frozenset[UUID]] = {}

    @classmethod
    def of(cls, schema: Schema[Row], rows: Sequence[Row], version: int = 0) -> "Columns[Row]":
        """Check and write rows, in order. Raises the `BadRow` of the first faulty one."""
        for row in rows:
            schema.check(row)
        table = np.array([schema.encode(row) for row in rows], dtype=schema.dtype)
        arrays = {name: np.ascontiguousarray(table[name]) for name in schema.dtype.names or ()}
        columns = cls(schema, arrays, np.full(len(rows), version, dtype=np.int64))
        columns.excluded = {number: row.excluded for number, row in enumerate(rows) if row.excluded}
        return columns

    def write(self, number: int, row: Row, version: int) -> None:
        """Overwrite a row in place; the row must have been checked."""
        for array, value in zip(self.arrays.values(), self.schema.encode(row), strict=True):
            array[number] = value
        self.versions[number] = version
        self.excluded.pop(number, None)
        if row.excluded:
            self.excluded[number] = row.excluded

    def append(self, row: Row, version: int) -> int:
        """Add a checked row; its number."""
        if self.size == len(self.versions):
            self._grow()
        self.size += 1
        self.write(self.size - 1, row, version)
        return self.size - 1

    def _grow(self) -> None:
        room = max(64, len(self.versions) // 8)
        self.versions = np.concatenate([self.versions, np.zeros(room, dtype=np.int64)])
        for name, array in self.arrays.items():
            self.arrays[name] = np.concatenate([array, np.zeros(room, dtype=array.dtype)])

    def remove(self, number: int) -> None:
        """Make a row fit nothing; its number stays taken until the next `taken`."""
        self.arrays["bits"][number] = self.schema.gone
        self.excluded.pop(number, None)

    def read(self, number: int) -> Row:
        """The row as it was given."""
        values = {name: array[number].item() for name, array in self.arrays.items()}
        return self.schema.decode(values, self.excluded.get(number, NOBODY))

    def taken(self, numbers: Array) -> "Columns[Row]":
        """A copy that holds the given rows in the given order."""
        arrays = {name: array[numbers] for name, array in self.arrays.items()}
        columns = Columns(self.schema, arrays, self.versions[numbers])
        if self.excluded:
            moved = {int(old): new for new, old in enumerate(numbers)}
            columns.excluded = {moved[old]: persons for old, persons in self.excluded.items()}
        return columns

    @property
    def nbytes(self) -> int:
        """Bytes that the arrays take, spare room included."""
        return int(self.versions.nbytes) + sum(int(array.nbytes) for array in self.arrays.values())


class View:
    """Some rows of the columns: each gathered when first asked for, small numbers widened to 32 bits."""

    single = False

    def __init__(self, columns: Columns[Any], numbers: RowNumbers) -> None:
        self.columns, self.numbers = columns, numbers

    def __getattr__(self, name: str) -> Array:
        try:
            values: Array = self.columns.arrays[name].take(self.numbers)
        except KeyError:
            raise AttributeError(name) from None
        if values.dtype.kind == "i":
            values = values.astype(np.int32, copy=False)
        setattr(self, name, values)
        return values

    def __len__(self) -> int:
        return len(self.numbers)

    def where(self, kept: Array) -> "View":
        """The rows at the given positions (or under a mask)."""
        return View(self.columns, self.numbers[kept])

    def person(self, position: int) -> UUID:
        """Whose row stands at a position."""
        return joined(self.person_hi[position], self.person_lo[position])

    def key(self, position: int) -> UUID:
        """The id of the row at a position."""
        return joined(self.id_hi[position], self.id_lo[position])

    def excluded(self, position: int) -> frozenset[UUID]:
        """Whom the row at a position excludes."""
        return self.columns.excluded.get(int(self.numbers[position]), NOBODY)


class OneRow(View):
    """A single row that broadcasts against many; it makes only the columns that are asked for."""

    single = True

    def __init__(self, schema: Schema[Any], row: Offer | Request) -> None:
        self._schema, self._excluded = schema, row.excluded
        self._values = dict(zip(schema.dtype.names or (), schema.encode(row), strict=True))
        self.numbers = np.zeros(1, dtype=np.int32)

    def __getattr__(self, name: str) -> Array:
        if name not in self._values:
            raise AttributeError(name)
        dtype = self._schema.dtype[name]
        values = np.array([self._values[name]], dtype=np.int32 if dtype.kind == "i" else dtype)
        setattr(self, name, values)
        return values

    def excluded(self, position: int) -> frozenset[UUID]:
        """Whom the row excludes."""
        return self._excluded


def view_of(schema: Schema[Row], row: Row) -> View:
    """One checked row against many. Raises its BadRow."""
    schema.check(row)
    return OneRow(schema, row)


def view_all(schema: Schema[Row], rows: Iterable[Row]) -> View:
    """A row for each element, in order."""
    columns = Columns.of(schema, list(rows))
    return View(columns, np.arange(columns.size, dtype=np.int32))
