"""The grid: for each category and cell the rows that lie there, in compressed sparse rows (CSR), twice over.

Rows lie by ascending cell, so that the cells of one stripe (a run of columns within one row of cells) hold one
run of row numbers: `cell_starts[(row - first_row) * width + column - first_column]` is where a cell's begins. The
entries of a category, `entries[category_starts[c] : category_starts[c + 1]]`, are its row numbers, ascending: a
stripe's are again one run, found by bisection. A start for every category and cell would save the bisection and
take half as much again as the entries, for a country.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.cells import STRIDE, reach
from matching.columns import Array, RowNumbers
from matching.validation import CATEGORIES


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells, by its south-west corner and size."""

    first_row: int
    first_column: int
    height: int
    width: int

    @classmethod
    def around(cls, cells: Array) -> "Box":
        """The smallest box that holds the cells."""
        if not len(cells):
            return cls(0, 0, 1, 1)
        rows, columns = cells // STRIDE, cells % STRIDE
        south, west = int(rows.min()), int(columns.min())
        return cls(south, west, int(rows.max()) - south + 1, int(columns.max()) - west + 1)

    @property
    def area(self) -> int:
        """Cells in the box."""
        return self.height * self.width

    def numbers(self, cells: Array) -> Array:
        """Position of cells within the box, row by row."""
        numbers: Array = (cells // STRIDE - self.first_row) * self.width + cells % STRIDE - self.first_column
        return numbers


class Grid:
    """Rows by category and cell; fixed once built."""

    def __init__(self, cells: NDArray[np.int32], categories: NDArray[np.uint64]) -> None:
        """`cells` ascending, with for each row the mask of its categories."""
        self.box = Box.around(cells)
        counts = np.bincount(self.box.numbers(cells), minlength=self.box.area)
        self.cell_starts: RowNumbers = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        every = int(np.bitwise_or.reduce(categories)) if len(categories) else 0
        members = [
            _having(categories, category) if every >> category & 1 else _NONE
            for category in range(CATEGORIES)
        ]
        self.entries: RowNumbers = np.concatenate(members)
        ends = np.cumsum([len(rows) for rows in members])
        self.category_starts: RowNumbers = np.concatenate([[0], ends]).astype(np.int32)
        self._of_category = [
            self.entries[first:last] for first, last in pairwise(self.category_starts.tolist())
        ]

    def within(self, categories: Iterable[int], cell: int, km: int) -> RowNumbers:
        """Row numbers in any of the categories within `km` of the cell; a row may come once per category."""
        first, last = self._stripes(cell, km)
        bounds = self.cell_starts.take(np.concatenate([first, last]))
        runs = []
        for entries in (self._of_category[category] for category in categories):
            found = entries.searchsorted(bounds).tolist()
            runs += [
                entries[begin:end]
                for begin, end in zip(found[: len(first)], found[len(first) :], strict=True)
                if begin < end
            ]
        return np.concatenate(runs) if runs else _NONE

    def _stripes(self, cell: int, km: int) -> tuple[Array, Array]:
        """Per row of cells in reach the first position within the box, and one past the last."""
        row, column = divmod(cell, STRIDE)
        area = reach(row, km)
        south = max(area.first_row, self.box.first_row)
        north = min(area.first_row + len(area.half_widths), self.box.first_row + self.box.height)
        half_widths = area.half_widths[south - area.first_row : max(north, south) - area.first_row]
        column -= self.box.first_column
        west = np.maximum(column - half_widths, 0)
        east = np.minimum(column + half_widths, self.box.width - 1)
        base = (np.arange(south, south + len(half_widths)) - self.box.first_row) * self.box.width
        met = west <= east
        return (base + west)[met], (base + east + 1)[met]

    @property
    def nbytes(self) -> int:
        """Bytes taken."""
        return self.entries.nbytes + self.cell_starts.nbytes + self.category_starts.nbytes


_NONE: RowNumbers = np.zeros(0, dtype=np.int32)


def _having(categories: NDArray[np.uint64], category: int) -> RowNumbers:
    return np.flatnonzero(categories & np.uint64(1 << category)).astype(np.int32)
