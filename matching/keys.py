"""From a key to its row number: a sorted array for the rows of the last rebuild, a dict for changes since."""

from typing import Final
from uuid import UUID

import numpy as np

from matching.columns import Array
from matching.errors import DuplicateId
from matching.rows import joined, split

ABSENT: Final = -1


class KeyMap:
    """12 bytes per key, where a dict of UUIDs takes some 200."""

    def __init__(self, high: Array, low: Array) -> None:
        """Halves of the keys, by row number. Raises DuplicateId."""
        order = np.lexsort((low, high))
        self._high = high[order]
        self._numbers = order.astype(np.int32)
        self._low = low
        self._changed: dict[int, int] = {}
        ordered_low = low[order]
        same = (self._high[1:] == self._high[:-1]) & (ordered_low[1:] == ordered_low[:-1])
        if same.any():
            twice = int(np.flatnonzero(same)[0])
            key = joined(self._high[twice], ordered_low[twice])
            raise DuplicateId(key, "id", str(key))

    def find(self, key: UUID) -> int:
        """The row number, or ABSENT."""
        changed = self._changed.get(key.int)
        if changed is not None:
            return changed
        high, low = split(key)
        start = int(np.searchsorted(self._high, np.uint64(high)))
        while start < len(self._high) and int(self._high[start]) == high:
            number = int(self._numbers[start])
            if int(self._low[number]) == low:
                return number
            start += 1
        return ABSENT

    def put(self, key: UUID, number: int) -> None:
        """The key's row now has this number; ABSENT removes it."""
        self._changed[key.int] = number

    @property
    def nbytes(self) -> int:
        """Bytes taken by the arrays."""
        return int(self._high.nbytes + self._numbers.nbytes)
