"""A map of municipalities as SVG: outlines in degrees become paths, places become numbered pins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

KM_PER_DEGREE: Final = 111.32
UNITS: Final = 1000.0
"""Width of the whole picture; a part of it is shown through the view box."""

Point = tuple[float, float]
"""Longitude and latitude in degrees, or x and y in the picture."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A municipality: rings of (longitude, latitude), and whose it is: "own", "nb" (shares help) or ""."""

    name: str
    rings: Sequence[Sequence[Point]]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Something in the list, at the centre of its cell."""

    number: int
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn municipality and where its name stands."""

    name: str
    kind: str
    path: str
    x: float
    y: float
    named: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered petal with its point at (x, y)."""

    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that ``macros/map.html`` draws; ``unit`` is one letter height for this view."""

    view: str
    unit: float
    shapes: tuple[Shape, ...]
    pins: tuple[Pin, ...]
    circle: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class _Projection:
    west: float
    north: float
    per_degree: float
    narrowing: float

    def __call__(self, point: Point) -> Point:
        x = (point[0] - self.west) * self.narrowing * self.per_degree
        return round(x, 1), round((self.north - point[1]) * self.per_degree, 1)


def draw(
    outlines: Sequence[Outline],
    places: Sequence[Place] = (),
    *,
    home: Point | None = None,
    radius_km: float = 0.0,
    whole: bool = False,
) -> Drawing:
    """A map of the outlines; unless ``whole``, the view closes in on one's own and the places."""
    if not outlines:
        return Drawing("0 0 1000 600", 20.0, (), (), None)
    project = _projection(outlines)
    drawn = [
        (outline, [[project(point) for point in ring] for ring in outline.rings]) for outline in outlines
    ]
    circle = (*project(home), radius_km / KM_PER_DEGREE * project.per_degree) if home and radius_km else None
    pins = _pins(places, project)
    box = _view(
        [ring for outline, rings in drawn if whole or outline.kind == "own" for ring in rings], pins, circle
    )
    if whole or not any(outline.kind == "own" for outline in outlines):
        box = _box(point for _, rings in drawn for ring in rings for point in ring)
    left, top, right, bottom = box
    shapes = tuple(_shape(outline, rings, box) for outline, rings in drawn)
    return Drawing(
        f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        round((right - left) / 30, 1),
        # Own outline last, so that no neighbour's edge lies over it.
        tuple(sorted(shapes, key=lambda shape: ("", "nb", "own").index(shape.kind))),
        _spaced(pins, (right - left) / 30),
        circle,
    )


def _projection(outlines: Sequence[Outline]) -> _Projection:
    west, south, east, north = _box(point for outline in outlines for ring in outline.rings for point in ring)
    narrowing = cos(radians((south + north) / 2))
    return _Projection(west, north, UNITS / max((east - west) * narrowing, 0.01), narrowing)


def _box(points: Iterable[Point]) -> tuple[float, float, float, float]:
    known = list(points)
    xs, ys = [x for x, _ in known], [y for _, y in known]
    return min(xs), min(ys), max(xs), max(ys)


def _view(
    rings: Sequence[Sequence[Point]], pins: Sequence[Pin], circle: tuple[float, float, float] | None
) -> tuple[float, float, float, float]:
    """The box around what matters, with a rim, never narrower than 250 units or flatter than 4:3."""
    points = [point for ring in rings for point in ring] + [(pin.x, pin.y) for pin in pins]
    if circle:
        x, y, r = circle
        points += [(x - r, y - r), (x + r, y + r)]
    left, top, right, bottom = _box(points or [(0.0, 0.0), (UNITS, UNITS)])
    width = max(right - left, (bottom - top) * 1.25, 250.0) * 1.3
    height = max((bottom - top) * 1.3, width * 0.72)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    return middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2


def _pins(places: Sequence[Place], project: _Projection) -> list[Pin]:
    return [Pin(place.number, *project((place.longitude, place.latitude))) for place in places]


def _spaced(pins: Sequence[Pin], size: float) -> tuple[Pin, ...]:
    """Pins of the same cell beside each other: their place is rough anyway."""
    taken: list[Pin] = []
    for pin in pins:
        x, y = pin.x, pin.y
        while any(abs(other.x - x) < size * 1.1 and abs(other.y - y) < size * 1.1 for other in taken):
            x += size * 1.2
        taken.append(Pin(pin.number, round(x, 1), y))
    return tuple(taken)


def _shape(
    outline: Outline, rings: Sequence[Sequence[Point]], box: tuple[float, float, float, float]
) -> Shape:
    left, top, right, bottom = box
    margin = (right - left) * 0.09
    path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in _thinned(ring)) + "Z" for ring in rings)
    x, y = _middle(max(rings, key=len))
    inside = left + margin < x < right - margin and top + margin / 2 < y < bottom - margin / 2
    return Shape(outline.name, outline.kind, path, round(x), round(y), inside)


def _thinned(ring: Sequence[Point]) -> list[Point]:
    """Points at least one and a half units apart: finer cannot be seen."""
    kept = [ring[0]]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= 1.5:
            kept.append(point)
    return kept


def _middle(ring: Sequence[Point]) -> Point:
    """The centre of gravity of a ring; its box's centre when it has no area."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(area) < 1:
        left, top, right, bottom = _box(ring)
        return (left + right) / 2, (top + bottom) / 2
    return x / (3 * area), y / (3 * area)
