"""Where names stand on a map: in their own area, clear of every pin and of each other, and not at all without room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from web.map_pins import Pin

Point = tuple[float, float]
"""x and y in the picture."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

# In letter heights of the wide view. On a phone letters and pins are a third larger, and that is what is kept free.
HALF_LETTER: Final = 0.36
ABOVE_LINE, BELOW_LINE = 1.15, 0.4
PIN_HALF, PIN_HEIGHT = 1.4, 3.4
STEP_X, STEP_Y = 1.5, 0.8
STEPS: Final = 8


@dataclass(frozen=True, slots=True)
class Area:
    """What a name belongs to: its outer ring, and its middle, where the name stands by preference."""

    name: str
    ring: Sequence[Point]
    middle: Point
    needed: bool = False
    """Stands beside its area when there is no room in it."""


def pin_box(pin: Pin, unit: float) -> Box:
    """What a pin covers."""
    half = PIN_HALF * unit * (1 + pin.wider / 16.8)
    return pin.x - half, pin.y - PIN_HEIGHT * unit, pin.x + half, pin.y


def label_box(name: str, point: Point, unit: float) -> Box:
    """What a name covers whose line runs through the point."""
    half = len(name) * unit * HALF_LETTER
    x, y = point
    return x - half, y - ABOVE_LINE * unit, x + half, y + BELOW_LINE * unit


def place(areas: Sequence[Area], pins: Sequence[Box], view: Box, unit: float) -> dict[str, Point]:
    """The middle of each name's line; names without room are absent. The first areas choose first."""
    taken = list(pins)
    placed: dict[str, Point] = {}
    for area in areas:
        free = (
            (point, box)
            for point in _around(area.middle, unit)
            if _within(box := label_box(area.name, point, unit), view)
            and not any(overlap(box, other) for other in taken)
        )
        # Preferably wholly in its area; a name wider than that stands with its middle there.
        spot = _first(free, area)
        if spot:
            placed[area.name] = spot[0]
            taken.append(spot[1])
    return placed


def _first(free: Iterator[tuple[Point, Box]], area: Area) -> tuple[Point, Box] | None:
    partly = beside = None
    for point, box in free:
        beside = beside or (point, box)
        middle = (point[0], (box[1] + box[3]) / 2)
        if not inside(middle, area.ring):
            continue
        if all(inside(corner, area.ring) for corner in ((box[0], middle[1]), (box[2], middle[1]))):
            return point, box
        partly = partly or (point, box)
    return partly or (beside if area.needed else None)


def _around(middle: Point, unit: float) -> list[Point]:
    """The middle itself and places about it, the nearest first."""
    x, y = middle
    shifts = [
        (dx * STEP_X * unit, dy * STEP_Y * unit)
        for dx in range(-STEPS, STEPS + 1)
        for dy in range(-STEPS, STEPS + 1)
    ]
    shifts.sort(key=lambda shift: shift[0] ** 2 + shift[1] ** 2)
    return [(x + dx, y + dy) for dx, dy in shifts]


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(box: Box, view: Box) -> bool:
    return view[0] < box[0] and box[2] < view[2] and view[1] < box[1] and box[3] < view[3]


def inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point lies in a ring: a line from it to the right crosses the edge an odd number of times."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1
