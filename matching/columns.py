"""Rows as columns: how offers and requests lie in numpy arrays, one array per field; and views on some of them."""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.rows import CROSSES, EXCLUDES, SLOT_MASK, Schema, joined
from matching.types import NOBODY, Offer, Request, Row

Array = NDArray[Any]
RowNumbers = NDArray[np.int32]


class Source(Protocol):
    """What a view looks at."""

    excluded: dict[int, frozenset[UUID]]
    """By row number, whom the row excludes; only those that exclude anyone."""

    def column(self, name: str, numbers: RowNumbers) -> Array:
        """One field of the rows of these numbers. Raises KeyError."""
        ...


class Columns(Generic[Row]):
    """A table of rows that stays as it is, addressed by row number: for searches of many among many."""

    def __init__(self, arrays: dict[str, Array], excluded: dict[int, frozenset[UUID]]) -> None:
        self.arrays, self.excluded = arrays, excluded
        self.size = len(arrays["bits"])

    @classmethod
    def of(cls, schema: Schema[Row], rows: Sequence[Row]) -> "Columns[Row]":
        """Check and write rows, in order. Raises the `BadRow` of the first faulty one."""
        table = packed(schema, rows)
        arrays = {name: np.ascontiguousarray(table[name]) for name in schema.dtype.names or ()}
        return cls(arrays, excluded_of(rows))

    def column(self, name: str, numbers: RowNumbers) -> Array:
        """One field of the rows of these numbers."""
        return self.arrays[name].take(numbers)

    def taken(self, numbers: Array) -> "Columns[Row]":
        """A copy that holds the given rows in the given order."""
        arrays = {name: array[numbers] for name, array in self.arrays.items()}
        return Columns(arrays, renumbered(self.excluded, self.size, numbers))


def packed(schema: Schema[Row], rows: Iterable[Row]) -> Array:
    """The rows as one array of records, in order. Raises the `BadRow` of the first faulty one."""
    parts = []
    for row in rows:
        schema.check(row)
        parts.append(schema.pack(row))
    return np.frombuffer(bytearray(b"".join(parts)), dtype=schema.dtype)


def excluded_of(rows: Iterable[Offer | Request]) -> dict[int, frozenset[UUID]]:
    """By row number, whom the row excludes."""
    return {number: row.excluded for number, row in enumerate(rows) if row.excluded}


def renumbered(excluded: dict[int, frozenset[UUID]], size: int, numbers: Array) -> dict[int, frozenset[UUID]]:
    """What stood by old row number (under `size`), by position in `numbers`; what is not there falls away."""
    if not excluded:
        return {}
    positions = np.full(size, -1, dtype=np.int64)
    positions[numbers] = np.arange(len(numbers))
    found = {int(positions[old]): persons for old, persons in excluded.items() if old < size}
    found.pop(-1, None)
    return found


class View:
    """Some rows of a source: each field gathered when first asked for, small numbers widened to 32 bits."""

    single = False

    def __init__(self, source: Source, numbers: RowNumbers) -> None:
        self.source, self.numbers = source, numbers

    def __getattr__(self, name: str) -> Array:
        try:
            values = _DERIVED[name](self) if name in _DERIVED else self.source.column(name, self.numbers)
        except (KeyError, ValueError):
            raise AttributeError(name) from None
        if values.dtype.kind == "i":
            values = values.astype(np.int32, copy=False)
        setattr(self, name, values)
        return values

    def __len__(self) -> int:
        return len(self.numbers)

    def where(self, kept: Array) -> "View":
        """The rows at the given positions."""
        return View(self.source, self.numbers.take(kept))

    def person(self, position: int) -> UUID:
        """Whose row stands at a position."""
        return joined(self.person_hi[position], self.person_lo[position])

    def key(self, position: int) -> UUID:
        """The id of the row at a position."""
        return joined(self.id_hi[position], self.id_lo[position])

    def excluded(self, position: int) -> frozenset[UUID]:
        """Whom the row at a position excludes."""
        return self.source.excluded.get(int(self.numbers[position]), NOBODY)


_DERIVED = {
    "slots": lambda view: view.slots_kinds & np.uint32(SLOT_MASK),
    "kind_bits": lambda view: view.slots_kinds & np.uint32(~SLOT_MASK & 0xFFFF_FFFF),
    "cross_border": lambda view: view.bits & np.uint64(CROSSES) != 0,
    "excludes": lambda view: view.bits & np.uint64(EXCLUDES) != 0,
}


class Records(View):
    """Rows that lie gathered, whole, in one array: for one row's search among those near it."""

    def __init__(self, records: Array, numbers: RowNumbers, excluded: dict[int, frozenset[UUID]]) -> None:
        """`excluded` by row number, for at least the rows here that exclude anyone."""
        super().__init__(_Gathered(excluded), numbers)
        self.records = records

    def __getattr__(self, name: str) -> Array:
        try:
            values = _DERIVED[name](self) if name in _DERIVED else self.records[name]
        except ValueError:
            raise AttributeError(name) from None
        if values.dtype.kind == "i":
            values = values.astype(np.int32)
        setattr(self, name, values)
        return values

    def where(self, kept: Array) -> "Records":
        """The rows at the given positions."""
        return Records(self.records.take(kept), self.numbers.take(kept), self.source.excluded)


class _Gathered:
    """The source of records, which have all their columns."""

    def __init__(self, excluded: dict[int, frozenset[UUID]]) -> None:
        self.excluded = excluded

    def column(self, name: str, numbers: RowNumbers) -> Array:
        raise KeyError(name)


class OneRow(Records):
    """A single row that broadcasts against many."""

    single = True

    def __init__(self, schema: Schema[Any], row: Offer | Request) -> None:
        self.packed = schema.pack(row)
        records = np.frombuffer(self.packed, dtype=schema.dtype)
        super().__init__(records, _FIRST, {0: row.excluded} if row.excluded else {})


_FIRST = np.zeros(1, dtype=np.int32)


def view_of(schema: Schema[Row], row: Row) -> OneRow:
    """One checked row against many. Raises its BadRow."""
    schema.check(row)
    return OneRow(schema, row)


def view_all(schema: Schema[Row], rows: Iterable[Row]) -> View:
    """A row for each element, in order."""
    columns = Columns.of(schema, list(rows))
    return View(columns, np.arange(columns.size, dtype=np.int32))
