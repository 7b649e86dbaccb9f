"""The shape of a region on a flat map, for whoever draws it: cells of postcodes, borders of municipalities.

Computed from the postcodes' points alone, so that a map exists before anybody imports real outlines.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.places import voronoi
from app.places.voronoi import NOBODY, REACH_KM, XY, Cell

_KM_PER_DEGREE = 111.25
"""Of latitude, at 52 degrees north."""
_EQUATOR_KM_PER_DEGREE = 111.32

Segment = tuple[XY, XY]
LineOfPoints = tuple[XY, ...]


class Spot(NamedTuple):
    """A postcode's point (degrees) and the municipality that it counts with."""

    pc4: int
    municipality_id: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to km east and south of a corner; lengths are true within 0.5 % over a region."""

    north: float
    west: float
    km_per_longitude: float

    @classmethod
    def around(cls, spots: Sequence[Spot]) -> "Projection":
        """With its corner at the region's north-west, true to scale halfway down."""
        latitudes = [spot.latitude for spot in spots] or [52.0]
        middle = math.radians((min(latitudes) + max(latitudes)) / 2)
        west = min((spot.longitude for spot in spots), default=5.0)
        return cls(max(latitudes), west, _EQUATOR_KM_PER_DEGREE * math.cos(middle))

    def xy(self, latitude: float, longitude: float) -> XY:
        """Where a point lies on the map."""
        return (longitude - self.west) * self.km_per_longitude, (self.north - latitude) * _KM_PER_DEGREE


@dataclass(frozen=True, slots=True)
class MapCell:
    """A postcode's land: a convex polygon around its point, not closed."""

    pc4: int
    municipality_id: int
    point: XY
    path: LineOfPoints


@dataclass(frozen=True, slots=True)
class MapBorder:
    """Where a municipality meets a neighbour with a higher id, or (None) the region's rim."""

    municipality_id: int
    neighbour_id: int | None
    lines: tuple[LineOfPoints, ...]


@dataclass(frozen=True, slots=True)
class MapMunicipality:
    """A municipality's outline: closed rings, first point repeated, to be filled by the even-odd rule."""

    municipality_id: int
    rings: tuple[LineOfPoints, ...]


@dataclass(frozen=True, slots=True)
class MapShape:
    """All coordinates are km, x to the east, y to the south, rounded to metres."""

    viewbox: tuple[float, float, float, float]
    """Least x, least y, width, height."""
    cells: tuple[MapCell, ...]
    municipalities: tuple[MapMunicipality, ...]
    borders: tuple[MapBorder, ...]
    projection: Projection


def map_shape(spots: Sequence[Spot], *, reach_km: float = REACH_KM, margin_km: float = 1.0) -> MapShape:
    """The map of these postcodes, in their order; an empty region has an empty map of 1 km."""
    projection = Projection.around(spots)
    points = [projection.xy(spot.latitude, spot.longitude) for spot in spots]
    polygons = voronoi.cells(np.array(points).reshape(-1, 2), reach_km=reach_km)
    municipality_ids = [spot.municipality_id for spot in spots]
    return MapShape(
        viewbox=_viewbox(polygons, margin_km),
        cells=tuple(
            MapCell(spot.pc4, spot.municipality_id, (round(point[0], 3), round(point[1], 3)), polygon.corners)
            for spot, point, polygon in zip(spots, points, polygons, strict=True)
        ),
        municipalities=_municipalities(polygons, municipality_ids),
        borders=_borders(polygons, municipality_ids),
        projection=projection,
    )


def _viewbox(polygons: Iterable[Cell], margin_km: float) -> tuple[float, float, float, float]:
    corners = [corner for polygon in polygons for corner in polygon.corners]
    if not corners:
        return 0.0, 0.0, 1.0, 1.0
    (west, east), (north, south) = ((min(line), max(line)) for line in zip(*corners, strict=True))
    return (
        round(west - margin_km, 3),
        round(north - margin_km, 3),
        round(east - west + 2 * margin_km, 3),
        round(south - north + 2 * margin_km, 3),
    )


class _Edge(NamedTuple):
    """An edge with another municipality, or nobody, beyond it."""

    municipality_id: int
    neighbour_id: int | None
    segment: Segment


def _edges_between(polygons: Sequence[Cell], municipality_ids: Sequence[int]) -> Iterable[_Edge]:
    """Every edge across which the municipality changes, once from either side."""
    for own, polygon in zip(municipality_ids, polygons, strict=True):
        following = polygon.corners[1:] + polygon.corners[:1]
        for start, end, beyond in zip(polygon.corners, following, polygon.beyond, strict=True):
            neighbour = None if beyond == NOBODY else municipality_ids[beyond]
            if neighbour != own:
                yield _Edge(own, neighbour, (start, end))


def _municipalities(polygons: Sequence[Cell], municipality_ids: Sequence[int]) -> tuple[MapMunicipality, ...]:
    edges: dict[int, list[Segment]] = defaultdict(list)
    for edge in _edges_between(polygons, municipality_ids):
        edges[edge.municipality_id].append(edge.segment)
    return tuple(MapMunicipality(id, joined(segments)) for id, segments in sorted(edges.items()))


def _borders(polygons: Sequence[Cell], municipality_ids: Sequence[int]) -> tuple[MapBorder, ...]:
    edges: dict[tuple[int, int], list[Segment]] = defaultdict(list)
    for own, neighbour, segment in _edges_between(polygons, municipality_ids):
        if neighbour is None or own < neighbour:  # the other half is the same line, seen from beyond
            edges[own, neighbour or 0].append(segment)
    return tuple(
        MapBorder(own, other or None, joined(found)) for (own, other), found in sorted(edges.items())
    )


def joined(segments: Iterable[Segment]) -> tuple[LineOfPoints, ...]:
    """The segments strung together into as few lines as their corners allow; a ring ends where it began."""
    onward: dict[XY, list[XY]] = defaultdict(list)
    for start, end in segments:
        onward[start].append(end)
        onward[end].append(start)
    # Lines with loose ends first: begun in their middle they would come out in two pieces.
    starts = sorted(onward, key=lambda corner: (len(onward[corner]) % 2 == 0, corner))
    lines = []
    for start in starts:
        while onward[start]:
            lines.append(_walk(onward, start))
    return tuple(lines)


def _walk(onward: dict[XY, list[XY]], start: XY) -> LineOfPoints:
    line, here = [start], start
    while onward[here]:
        following = onward[here].pop()
        onward[following].remove(here)
        line.append(following)
        here = following
        if here == start:
            break
    return tuple(line)
