"""Which municipalities let help cross the border between them."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.errors import OutOfRange

HIGHEST_MUNICIPALITY: Final = 9999


class Borders:
    """Unordered pairs of municipalities (CBS code numbers) that agree; everyone agrees with themselves."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        """Close the pairs symmetrically: one mention, in either order, is the agreement of both."""
        self.pairs: Final = frozenset(_checked(min(pair), max(pair)) for pair in pairs)
        codes = sorted({code for pair in self.pairs for code in pair})
        self.numbers: Final = np.full(HIGHEST_MUNICIPALITY + 1, len(codes), dtype=np.int16)
        self.numbers[codes] = np.arange(len(codes))
        """By code, the municipality's row and column in `open`; one for all that agree with nobody."""
        self.open: Final = np.zeros((len(codes) + 1, len(codes) + 1), dtype=np.bool_)
        for one, other in self.pairs:
            here, there = self.numbers[one], self.numbers[other]
            self.open[here, there] = self.open[there, here] = True

    def agree(self, one: int, other: int) -> bool:
        """Whether help may cross between the two."""
        return one == other or (min(one, other), max(one, other)) in self.pairs

    def opened(self, ones: NDArray[np.integer[Any]], others: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Elementwise whether the two are named as a pair, with broadcasting."""
        rows = self.numbers.take(ones).astype(np.int32) * len(self.open)
        return self.open.ravel().take(rows + self.numbers.take(others))


def _checked(low: int, high: int) -> tuple[int, int]:
    for code in (low, high):
        if not 1 <= code <= HIGHEST_MUNICIPALITY:
            raise OutOfRange(None, "municipality_id", code)
    return low, high


NO_BORDERS: Final = Borders()
"""No municipality agrees with another."""
