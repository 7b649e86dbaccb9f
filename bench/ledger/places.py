"""Where the contenders work, and what they move."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

ACTOR: Final = UUID(int=7)
AMOUNT: Final = 1


@dataclass(frozen=True, slots=True)
class Book:
    """The accounts of one contender."""

    cold: tuple[int, ...]
    hot: int
    shards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the contenders work, and on which accounts."""

    application_url: str
    owner_url: str
    ours: Book
    others: Book
    """Of the ORM, which has tables of its own."""


class Refused(Exception):
    """A limit, or another request under the same key."""
