"""Pins of a map: places too close to tell apart share one, which names their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

LETTER: Final = 9.5
"""Width of a figure in a pin, where a pin's round head is 33.6 wide."""
ROUND_FITS: Final = 22
MOST_NAMED: Final = 3
APART: Final = 2.7
"""Letter heights between two heads, at the size of a phone."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A petal with its point at (x, y), for one or more numbers of the list."""

    numbers: tuple[int, ...]
    x: float
    y: float

    @property
    def more(self) -> int:
        """How many numbers are not named, but counted."""
        return len(self.numbers) - 1 if len(self.numbers) > MOST_NAMED else 0

    @property
    def text(self) -> str:
        """Up to three numbers in full; of more, the first and how many there are besides."""
        if self.more:
            return f"{self.numbers[0]} +{self.more}"
        return ", ".join(map(str, self.numbers))

    @property
    def wider(self) -> float:
        """How much wider than round the head is on each side, so that the text fits."""
        return max(0.0, (len(self.text) * LETTER - ROUND_FITS) / 2)

    @property
    def path(self) -> str:
        """The outline, its point at the origin."""
        side = round(self.wider, 1)
        if not side:
            return "M0 0l-12.1-12.1a16.8 16.8 0 1 1 24.2 0Z"
        return f"M0 0-10-7H{-side:g}a16.8 16.8 0 0 1 0-33.6H{side:g}a16.8 16.8 0 0 1 0 33.6H10Z"


def shared(pins: Sequence[Pin], unit: float) -> tuple[Pin, ...]:
    """The pins, those that would cover each other as one in their middle; the northernmost first."""
    left = list(pins)
    while pair := next((two for two in combinations(left, 2) if _cover(*two, unit)), None):
        left = [pin for pin in left if pin not in pair] + [_together(*pair)]
    return tuple(sorted(left, key=lambda pin: (pin.y, pin.x)))


def _cover(one: Pin, other: Pin, unit: float) -> bool:
    wide = APART * unit * (1 + (one.wider + other.wider) / 33.6)
    return abs(one.x - other.x) < wide and abs(one.y - other.y) < APART * unit


def _together(one: Pin, other: Pin) -> Pin:
    many, more = len(one.numbers), len(other.numbers)
    x = (one.x * many + other.x * more) / (many + more)
    y = (one.y * many + other.y * more) / (many + more)
    return Pin(tuple(sorted(one.numbers + other.numbers)), round(x, 1), round(y, 1))
