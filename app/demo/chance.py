"""Chance that falls the same way each time, and keys that come out the same each time."""

from random import Random
from uuid import UUID

EPOCH_MS = 1_735_689_600_000
"""1 January 2025: keys of the demonstration sort before every key that is made later."""


def stream(seed: int, name: str) -> Random:
    """A source of chance of its own for each subject, so that one change does not shift all others."""
    return Random(f"{seed}:{name}")  # noqa: S311 - invented people need no secrets


class Keys:
    """UUIDs of version 7 with a fixed calendar: the same seed gives the same keys."""

    def __init__(self, seed: int) -> None:
        self._random = stream(seed, "keys")
        self._given = 0

    def __call__(self) -> UUID:
        """The next key; later ones sort later."""
        self._given += 1
        random = self._random.getrandbits(74)
        value = (EPOCH_MS + self._given) << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62
        return UUID(int=value | random & ((1 << 62) - 1))
