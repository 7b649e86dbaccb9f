"""What the file of a move says of itself: whose it is, of which moment, and what came along."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from app.backups.refusals import Damaged

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """``rows`` by table; ``books`` is one hash over every chain that went along."""

    format: int
    version: str
    revision: str
    taken_at: str
    origin: str
    municipalities: Mapping[str, str]
    rows: Mapping[str, int]
    books: str
    columns: Mapping[str, tuple[str, ...]]
    strangers: int
    """People of other municipalities of whom a key came along, and no name."""

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())

    def written(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), indent=2).encode()


def read(content: bytes) -> Manifest:
    """Raises Damaged for what is none, or of a later format."""
    try:
        said = json.loads(content)
        if said["format"] != FORMAT:
            raise Damaged(
                f"This file has format {said['format']}, and this program reads {FORMAT}: use its own version."
            )
        columns = {table: tuple(found) for table, found in said["columns"].items()}
        return Manifest(**{**said, "columns": columns})
    except (ValueError, TypeError, KeyError):
        raise Damaged("This file has no manifest that can be read.") from None
