"""Chance by a key: the same helper's answer to the same request falls alike, whatever was drawn before it.

That is what makes policies comparable ("common random numbers"): a shared stream would give another answer as
soon as one policy asks one person more.
"""

from enum import IntEnum
from random import Random
from typing import Final
from uuid import UUID

from matching.ties import tie

_WORDS: Final = 2**64


class Lot(IntEnum):
    """What is drawn for a pair of a request and a person."""

    ANSWER = 1
    DELAY = 2
    DECLINE = 3
    MEETING = 4
    AGREE = 5
    HELP_DAY = 6
    CANCEL = 7


def lot(seed: int, what: Lot, request_id: UUID, person_id: UUID) -> float:
    """A number in 0..1 (1 excluded) that depends on nothing but these four."""
    return (tie(seed * len(Lot) + what - 1, request_id, person_id) >> 11) / (_WORDS >> 11)


def stream(seed: int, name: str) -> Random:
    """A source of chance for one subject of one world."""
    return Random(f"{seed}:{name}")  # noqa: S311 - invented people need no secrets
