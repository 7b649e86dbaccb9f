"""A balance as a picture: Roosjes of four petals, a petal for every quarter of an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

PETAL_MINUTES: Final = 15
ROOSJES_IN_A_ROW: Final = 10
MOST_ROWS: Final = 4
_ROOSJE_STEP: Final = 39
# A petal's left and right edge inside its Roosje of 35 units: left column first, then the right one.
_PETAL_EDGES: Final = ((1, 16.6), (1, 16.6), (18.4, 34), (18.4, 34))


@dataclass(frozen=True, slots=True)
class Roosje:
    """One Roosje of a row: the kind of each petal that is there (f, g or h), left column first."""

    x: int
    y: int
    petals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PetalRow:
    """Roosjes in rows of ten; ``more`` counts whole hours that no longer fit."""

    roosjes: tuple[Roosje, ...]
    height: int
    end_x: float
    rows: int
    more: int


def petal_row(minutes: int, kind: str, held_minutes: int = 0) -> PetalRow:
    """Petals of a quarter each for the minutes, then open ones (``h``) for what is held; halves count up."""
    full, held = (round(part / PETAL_MINUTES) for part in (minutes, held_minutes))
    most = MOST_ROWS * ROOSJES_IN_A_ROW * 4
    petals = ([kind] * full + ["h"] * held)[:most]
    roosjes = []
    for place in range(0, len(petals), 4):
        row, column = divmod(place // 4, ROOSJES_IN_A_ROW)
        roosjes.append(Roosje(column * _ROOSJE_STEP, row * _ROOSJE_STEP, tuple(petals[place : place + 4])))
    rows = max(1, ceil(len(roosjes) / ROOSJES_IN_A_ROW))
    more = max(0, full + held - most) // 4
    return PetalRow(tuple(roosjes), rows * _ROOSJE_STEP - 4, _end(petals), rows, more)


def _end(petals: Sequence[str]) -> float:
    """Where the last petal of the last row ends."""
    if not petals:
        return 0.0
    whole, part = divmod((len(petals) - 1) % (ROOSJES_IN_A_ROW * 4), 4)
    return whole * _ROOSJE_STEP + _PETAL_EDGES[part][1]


@dataclass(frozen=True, slots=True)
class Balance:
    """Given over received; the bracket spans what sticks out, where both fit in one row."""

    given: PetalRow
    received: PetalRow
    width: int
    left_minutes: int
    bracket: tuple[float, float] | None
    bracket_text_x: float


def balance(given_minutes: int, received_minutes: int, held_minutes: int = 0) -> Balance:
    """The picture of an account, all in whole minutes; ``left_minutes`` may be negative."""
    given = petal_row(given_minutes, "f")
    received = petal_row(received_minutes, "g", held_minutes)
    wide = max(given.rows, received.rows) > 1 or len(given.roosjes) > 9 or len(received.roosjes) > 9
    width = ROOSJES_IN_A_ROW * _ROOSJE_STEP if wide else 9 * _ROOSJE_STEP
    left = given_minutes - received_minutes - held_minutes
    bracket = None
    if left > 0 and given.rows == received.rows == 1:
        bracket = (round(received.end_x + 2, 1), round(given.end_x, 1))
    middle = sum(bracket) / 2 if bracket else 0.0
    return Balance(given, received, width, left, bracket, max(64.0, min(width - 66.0, middle)))
