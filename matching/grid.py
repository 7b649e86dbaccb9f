"""The grid: for each category and cell the rows that lie there, in compressed sparse rows (CSR).

`starts[category * area + (row - first_row) * width + (column - first_column)]` is where a cell's run of
entries begins; runs of neighbouring columns touch, so a ring search reads one run per row of cells. Only the
bounding box of the rows is laid out: a region takes kilobytes per category, the whole country half a
megabyte.
"""

from collections.abc import Iterable
from dataclasses import dataclass

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
        numbers = self.box.numbers(cells)
        members = [np.flatnonzero(categories >> np.uint64(c) & np.uint64(1)) for c in range(CATEGORIES)]
        counts = [np.bincount(numbers[rows], minlength=self.box.area) for rows in members]
        self.entries: RowNumbers = np.concatenate(members).astype(np.int32)
        self.starts: RowNumbers = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int32)

    def within(self, categories: Iterable[int], cell: int, km: int) -> RowNumbers:
        """Row numbers in any of the categories within `km` of the cell; a row may come once per category."""
        first, last = self._stripes(cell, km)
        offsets = [category * self.box.area for category in categories]
        firsts = np.concatenate([self.starts[first + offset] for offset in offsets] or [first])
        lasts = np.concatenate([self.starts[last + offset] for offset in offsets] or [first])
        lengths = lasts - firsts
        ends = np.cumsum(lengths)
        if not len(ends) or not ends[-1]:
            return np.zeros(0, dtype=np.int32)
        positions = np.arange(ends[-1]) + np.repeat(firsts - (ends - lengths), lengths)
        found: RowNumbers = self.entries.take(positions)
        return found

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
        return self.entries.nbytes + self.starts.nbytes
