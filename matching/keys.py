"""From a key to its row number: buckets for the rows of the last rebuild, a dict for changes since."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.columns import Array, RowNumbers
from matching.errors import DuplicateId
from matching.mixing import Words, mix, mix_many
from matching.rows import joined, split

ABSENT: Final = -1
KEYS_PER_BUCKET: Final = 2
"""On average; 4 bytes per key and 4 per bucket, where a dict of UUIDs takes some 200 per key."""


def hash_of(high: int, low: int) -> int:
    """64 bits of a key; its first bits are its bucket."""
    return mix(mix(high) ^ low)


def hash_many(high: Words, low: Words) -> Words:
    """The `hash_of` of each key."""
    return mix_many(mix_many(high) ^ low)


class KeyMap:
    """Row numbers by bucket of their keys. The keys themselves stay where they are, in the rows."""

    def __init__(self, high: Array, low: Array) -> None:
        """Halves of the keys, by row number. Raises DuplicateId."""
        self.high, self.low = high, low
        hashes = hash_many(high, low)
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        _refuse_duplicates(hashes, high[order], low[order])
        bits = max((len(order) // KEYS_PER_BUCKET).bit_length(), 1)
        self.shift: int = 64 - bits
        self.numbers: RowNumbers = order.astype(np.int32)
        edges = np.arange(1 << bits, dtype=np.uint64) << np.uint64(self.shift)
        self.starts: NDArray[np.int32] = np.append(np.searchsorted(hashes, edges), len(order)).astype(
            np.int32
        )
        self.changed: dict[int, int] = {}
        """What was put since, by key."""

    def find(self, key: UUID) -> int:
        """The row number, or ABSENT."""
        changed = self.changed.get(key.int)
        if changed is not None:
            return changed
        high, low = split(key)
        bucket = hash_of(high, low) >> self.shift
        for number in self.numbers[self.starts[bucket] : self.starts[bucket + 1]].tolist():
            if self.high.item(number) == high and self.low.item(number) == low:
                return int(number)
        return ABSENT

    def find_many(self, keys: Sequence[UUID]) -> RowNumbers:
        """The row number of each, or ABSENT."""
        return np.array([self.find(key) for key in keys], dtype=np.int32)

    def put(self, key: UUID, number: int) -> None:
        """The key's row now has this number; ABSENT removes it."""
        self.changed[key.int] = number

    @property
    def nbytes(self) -> int:
        """Bytes taken by the arrays that are the map's own."""
        return int(self.starts.nbytes + self.numbers.nbytes)


def _refuse_duplicates(hashes: Words, high: Array, low: Array) -> None:
    """Equal keys have equal hashes, and lie together; unequal ones may have them too, once in 2**64."""
    alike = np.flatnonzero(hashes[1:] == hashes[:-1])
    seen: set[tuple[int, int]] = set()
    for place in np.union1d(alike, alike + 1).tolist():
        key = int(high[place]), int(low[place])
        if key in seen:
            raise DuplicateId(joined(*key), "id", str(joined(*key)))
        seen.add(key)
