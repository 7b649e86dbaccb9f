"""What one rebuild makes anew: the rows, the way to them by key and by place, and what the kernel reads of them."""

from collections.abc import Iterable
from typing import Generic
from uuid import UUID

from matching.columns import Records
from matching.grid import Grid
from matching.keys import ABSENT, KeyMap
from matching.table import Table
from matching.types import Change, Offer, Request, Row


class Store(Generic[Row]):
    """Rows under a grid and those added since; knows nothing of versions that came before, or of threads."""

    def __init__(self, table: Table[Row]) -> None:
        """`table` lies by cell, with nothing added. Raises DuplicateId."""
        self.table = table
        self.keys = KeyMap(table.records["id_hi"], table.records["id_lo"])
        self.grid = Grid(table.records["cell"], table.records["categories"])
        self.gone = 0

    def __len__(self) -> int:
        return self.table.size - self.gone

    def find(self, key: UUID) -> int:
        """The row's number, or ABSENT."""
        return self.keys.find(key)

    def rows(self) -> list[Row]:
        """All rows."""
        return [self.table.read(number) for number in self.table.present(self.table.size).tolist()]

    def put(self, change: Change[Row]) -> None:
        """Take a change over as the row's last."""
        number = self.keys.find(change.id)
        if change.row is None:
            self._remove(change.id, number)
        elif number != ABSENT and (number >= self.table.built or self._stays(change.row, number)):
            self.table.write(number, change.row, change.version)
        else:
            self._remove(change.id, number)
            self.keys.put(change.id, self.table.append(change.row, change.version))

    def _remove(self, key: UUID, number: int) -> None:
        if number != ABSENT:
            self.table.remove(number)
            self.gone += 1
            self.keys.put(key, ABSENT)

    def _stays(self, row: Row, number: int) -> bool:
        """Whether the grid still finds the row where it was."""
        held = self.table
        mask = 0
        for category in categories_of(row):
            mask |= 1 << category
        return held.value(number, "cell") == row.cell and held.value(number, "categories") == mask

    def near(self, categories: Iterable[int], cell: int, km: int) -> Records:
        """All rows that may fit, and more; each once, for only requests are sought by many categories."""
        return self.table.near(self.grid.within(categories, cell, km))

    def sizes(self) -> dict[str, int]:
        """Bytes by what they are for."""
        return {
            "rows": int(self.table.records.nbytes + self.table.added.nbytes),
            "versions": int(self.table.versions.nbytes + 8 * len(self.table.added_versions)),
            "keys": self.keys.nbytes,
            "grid": self.grid.nbytes,
        }


def categories_of(row: Offer | Request) -> tuple[int, ...]:
    """The categories of either kind of row."""
    return row.categories if isinstance(row, Offer) else (row.category,)
