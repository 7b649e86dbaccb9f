"""How the compiled search is called: the addresses of a store's arrays, once per rebuild; a row, once per question.

ctypes lets other threads run during a call. Whoever calls holds the index's lock, so that no change is written
while the kernel reads; what it found is copied out before the lock is let go.
"""

import ctypes
import struct
from collections.abc import Sequence
from typing import Any, Final, Generic
from uuid import UUID

import numpy as np

from matching import cells
from matching.borders import Borders
from matching.columns import Array
from matching.kernel.load import kernel
from matching.mixing import LOW_64
from matching.rows import OFFERS, split
from matching.score import Term
from matching.search import match_of
from matching.store import Store
from matching.types import Match, Offer, Request, Row

MOST_K: Final = 512
"""Beyond this, keeping the best in order by insertion costs more than sorting them all."""
SOUGHT: Final = -2
COLUMNS: Final = 1 + len(Term)
_MATCH: Final = struct.Struct("=5Q2i")
_TWO_HALVES: Final = struct.Struct("=2Q")
_POINTER_NAMES: Final = (
    "rows", "added", "entries", "category_starts", "cell_starts", "municipality_numbers", "open_borders",
    "north_m", "east_m", "sin_rows", "sin_columns", "cos_columns", "key_starts", "key_numbers",
)  # fmt: skip
_NUMBER_NAMES: Final = (
    "built", "added_count", "first_row", "first_column", "height", "width", "municipalities", "key_shift",
    "of_offers", "columns",
)  # fmt: skip


class Layout(ctypes.Structure):
    """`zve_index` of matching/kernel/rows.h."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in _POINTER_NAMES),
        ("stretch", ctypes.c_double),
        ("seed", ctypes.c_uint64),
        *((name, ctypes.c_int32) for name in _NUMBER_NAMES),
    ]


class Compiled(Generic[Row]):
    """A store as the kernel sees it."""

    def __init__(self, library: ctypes.CDLL, store: Store[Row], borders: Borders, seed: int) -> None:
        self._store = store
        self._top_k, self._explain = _declared(library)
        self._kept = self._arrays(borders)
        self._index = Layout(**{name: address(array) for name, array in self._kept.items()})
        self._index.stretch, self._index.seed = cells.STRETCH, seed & LOW_64
        for name, number in self._numbers(borders).items():
            setattr(self._index, name, number)
        self._pointer = ctypes.addressof(self._index)

    def _arrays(self, borders: Borders) -> dict[str, Array]:
        store = self._store
        arrays = (
            store.table.records, store.table.added, store.grid.entries, store.grid.category_starts,
            store.grid.cell_starts, borders.numbers, borders.open, *cells.TABLES, store.keys.starts, store.keys.numbers,
        )  # fmt: skip
        return dict(zip(_POINTER_NAMES, arrays, strict=True))

    def _numbers(self, borders: Borders) -> dict[str, int]:
        store, box = self._store, self._store.grid.box
        numbers = (
            store.table.built, 0, box.first_row, box.first_column, box.height, box.width, len(borders.open),
            store.keys.shift, store.table.schema is OFFERS, cells.COLUMNS,
        )  # fmt: skip
        return dict(zip(_NUMBER_NAMES, numbers, strict=True))

    def _now(self) -> int:
        """Where the index lies, after a look at what was added."""
        table, index = self._store.table, self._index
        if table.size != table.built + index.added_count:
            index.added, index.added_count = address(table.added), table.size - table.built
        return self._pointer

    def top_k(self, packed: bytes, row: Offer | Request, k: int) -> memoryview:
        """The best k rows for a packed row, as `matches` reads them; 0 < k <= MOST_K."""
        room = (ctypes.c_char * (_MATCH.size * k))()
        shunned = b"".join(_TWO_HALVES.pack(*split(person)) for person in row.excluded)
        by = self._store.table.excluders.get(row.person_id.int, ())
        numbers = struct.pack(f"={len(by)}i", *by)
        found = self._top_k(self._now(), packed, room, k, shunned, len(row.excluded), numbers, len(by))
        return memoryview(room)[: found * _MATCH.size]

    def explain(self, packed: bytes, keys: Sequence[UUID]) -> tuple[Array, int]:
        """int32 per key: metres (-1 for a key that no row has), then the terms in order; how many were found."""
        changed, own = self._store.keys.changed, [key.int for key in keys]
        numbers = [changed.get(key, SOUGHT) for key in own] if changed else [SOUGHT] * len(own)
        halves = struct.pack(
            f"={2 * len(own)}Q", *[half for key in own for half in (key >> 64, key & LOW_64)]
        )
        room = (ctypes.c_int32 * (len(own) * COLUMNS))()
        known = struct.pack(f"={len(keys)}i", *numbers)
        found: int = self._explain(self._now(), packed, halves, known, len(own), room)
        return np.frombuffer(memoryview(room), dtype=np.int32).reshape(len(own), COLUMNS), found


def compiled(store: Store[Row], borders: Borders, seed: int) -> Compiled[Row] | None:
    """The store for the kernel, where there is one."""
    library = kernel()
    return None if library is None else Compiled(library, store, borders, seed)


def matches_for_request(found: memoryview, request_id: UUID) -> list[Match]:
    """What `top_k` found among offers."""
    own = request_id.int
    return [
        match_of((own, high << 64 | low, p_high << 64 | p_low, score, metres))
        for high, low, p_high, p_low, _tie, score, metres in _MATCH.iter_unpack(found)
    ]


def matches_for_offer(found: memoryview, offer_id: UUID) -> list[Match]:
    """What `top_k` found among requests."""
    own = offer_id.int
    return [
        match_of((high << 64 | low, own, p_high << 64 | p_low, score, metres))
        for high, low, p_high, p_low, _tie, score, metres in _MATCH.iter_unpack(found)
    ]


def _declared(library: ctypes.CDLL) -> tuple[Any, Any]:
    pointer, number, raw = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    top_k, explain = library.zve_top_k, library.zve_explain
    top_k.argtypes = [pointer, raw, pointer, number, raw, number, raw, number]
    explain.argtypes = [pointer, raw, raw, raw, number, pointer]
    return top_k, explain


def address(array: Array) -> int:
    """Where an array's first element lies."""
    return int(array.__array_interface__["data"][0])
