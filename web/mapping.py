"""A map of municipalities as SVG: outlines in degrees become paths, places become numbered pins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from web import map_labels
from web.map_pins import Pin, shared

KM_PER_DEGREE: Final = 111.32
UNITS: Final = 1000.0
"""Width of the whole picture; a part of it is shown through the view box."""

LETTERS_WIDE: Final = 30
KINDS: Final = ("", "nb", "own")

Point = tuple[float, float]
"""Longitude and latitude in degrees, or x and y in the picture."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


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
    """A drawn municipality and where its label stands, if there is room for it."""

    name: str
    label: str
    kind: str
    path: str
    x: float
    y: float
    named: bool


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

    @property
    def per_km(self) -> float:
        return self.per_degree / KM_PER_DEGREE

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
    """A map of the outlines; unless ``whole``, the view closes in on one's own, the places and the circle."""
    if not outlines:
        return Drawing("0 0 1000 600", 20.0, (), (), None)
    project = _projection(outlines)
    # One's own outline last, so that no neighbour's edge lies over it.
    ordered = sorted(outlines, key=lambda outline: KINDS.index(outline.kind))
    rings = {
        outline.name: [[project(point) for point in ring] for ring in outline.rings] for outline in ordered
    }
    rough = [Pin((place.number,), *project((place.longitude, place.latitude))) for place in places]
    circle = (*project(home), radius_km * project.per_km) if home and radius_km else None
    matters = [ring for outline in ordered if whole or outline.kind == "own" for ring in rings[outline.name]]
    box = _view(matters or [ring for some in rings.values() for ring in some], rough, circle, project.per_km)
    left, top, right, bottom = box
    unit = round((right - left) / LETTERS_WIDE, 1)
    pins = shared(rough, unit)
    named = _named(ordered, rings, pins, box, unit)
    shapes = tuple(
        _shape(outline, rings[outline.name], named.get(short(outline.name))) for outline in ordered
    )
    view = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
    return Drawing(view, unit, shapes, pins, circle)


def _shape(outline: Outline, rings: Sequence[Sequence[Point]], spot: Point | None) -> Shape:
    x, y = spot or (0, 0)
    return Shape(
        outline.name, short(outline.name), outline.kind, _path(rings), round(x), round(y), spot is not None
    )


def _projection(outlines: Sequence[Outline]) -> _Projection:
    west, south, east, north = _box(point for outline in outlines for ring in outline.rings for point in ring)
    narrowing = cos(radians((south + north) / 2))
    return _Projection(west, north, UNITS / max((east - west) * narrowing, 0.01), narrowing)


def _box(points: Iterable[Point]) -> Box:
    known = list(points)
    xs, ys = [x for x, _ in known], [y for _, y in known]
    return min(xs), min(ys), max(xs), max(ys)


def _view(
    rings: Sequence[Sequence[Point]],
    pins: Sequence[Pin],
    circle: tuple[float, float, float] | None,
    per_km: float,
) -> Box:
    """The box around what matters, with a rim; never narrower than 12 km or flatter than 7:5."""
    points = [point for ring in rings for point in ring] + [(pin.x, pin.y) for pin in pins]
    if circle:
        x, y, r = circle
        points += [(x - r, y - r), (x + r, y + r)]
    left, top, right, bottom = _box(points)
    width = max(right - left, (bottom - top) * 1.1, 12 * per_km) * 1.25
    height = max((bottom - top) * 1.25, width * 0.72)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    return middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2


def _named(
    outlines: Sequence[Outline],
    rings: Mapping[str, Sequence[Sequence[Point]]],
    pins: Sequence[Pin],
    box: Box,
    unit: float,
) -> dict[str, Point]:
    """Where the names stand that have room: one's own chooses first, then neighbours."""
    areas = []
    for outline in reversed(outlines):
        ring = _thinned(max(rings[outline.name], key=len))
        # The line of a name runs a little below its middle.
        x, y = middle(ring)
        areas.append(map_labels.Area(short(outline.name), ring, (x, y + unit / 3), outline.kind == "own"))
    return map_labels.place(areas, [map_labels.pin_box(pin, unit) for pin in pins], box, unit)


def short(name: str) -> str:
    """What of a name stands on the map: "Nuenen, Gerwen en Nederwetten" is Nuenen there."""
    return name.split(",")[0]


def _path(rings: Sequence[Sequence[Point]]) -> str:
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in _thinned(ring)) + "Z" for ring in rings)


def _thinned(ring: Sequence[Point]) -> list[Point]:
    """Points at least one and a half units apart: finer cannot be seen."""
    kept = [ring[0]]
    for point in ring[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= 1.5:
            kept.append(point)
    return kept


def middle(ring: Sequence[Point]) -> Point:
    """The centre of gravity of a ring; its box's centre when it has no area."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(area) < 1:
        left, top, right, bottom = _box(ring)
        return (left + right) / 2, (top + bottom) / 2
    return x / (3 * area), y / (3 * area)
