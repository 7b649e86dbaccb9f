"""Voronoi cells of scattered points: to each point the land that lies nearest to it.

Cells at the rim would reach to infinity. They end where ghosts begin: points of a honeycomb, put wherever no
real point is near, whose own cells are never drawn. So a rim is made of straight edges like the inside, and
two cells that touch share their corners exactly.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

XY = tuple[float, float]
"""East and south in km, on a flat map."""
Points = NDArray[np.float64]
"""Shape (n, 2)."""

NOBODY = -1
"""What lies beyond a rim."""
REACH_KM = 2.5
"""How far a cell reaches at the least into land without points."""
_HONEYCOMB_KM = 2.5
_CORNER_KM = 0.001
"""Corners nearer to each other than this are one."""
_NUDGE_KM = 0.05


@dataclass(frozen=True, slots=True)
class Cell:
    """A convex polygon; edge k runs from corner k to the next, and borders on the point ``beyond[k]``."""

    corners: tuple[XY, ...]
    beyond: tuple[int, ...]


def cells(points: Points, *, reach_km: float = REACH_KM) -> list[Cell]:
    """One cell for each point, in their order, no corner further from its point than ``widest_km``.

    Points in one place are first moved 50 m apart. 140 points take some 20 ms, the country's 4,000 take 3 s.
    """
    real = _apart(points)
    everything = np.concatenate((real, _ghosts(real, reach_km)))
    widest = widest_km(reach_km)
    corners = _Corners()
    return [corners.shared(_cell(everything, own, len(real), widest), real[own]) for own in range(len(real))]


def widest_km(reach_km: float = REACH_KM) -> float:
    """No spot lies further from its cell's point: from here on a ghost of the honeycomb is nearer."""
    return 2 * reach_km + _HONEYCOMB_KM / math.sqrt(3)


def _apart(points: Points) -> Points:
    """The points with repetitions of one place fanned out around it."""
    moved = np.array(points, dtype=np.float64).reshape(-1, 2)
    seen: dict[XY, int] = {}
    for row, place in enumerate(map(tuple, moved.round(6))):
        turn = seen.get(place, 0)
        seen[place] = turn + 1
        if turn:  # by the golden angle no two repetitions point the same way
            angle = 2.399963 * turn
            moved[row] += _NUDGE_KM * math.sqrt(turn) * np.array([math.cos(angle), math.sin(angle)])
    return moved


def _ghosts(real: Points, reach_km: float) -> Points:
    """Honeycomb points far enough from every real one to leave it its reach, near enough to bound a cell."""
    if not len(real):
        return np.empty((0, 2))
    furthest = 2 * widest_km(reach_km)
    west, north = real.min(axis=0) - furthest
    east, south = real.max(axis=0) + furthest
    columns = np.arange(west, east, _HONEYCOMB_KM)
    rows = np.arange(north, south, _HONEYCOMB_KM * math.sqrt(3) / 2)
    x = columns[None, :] + (np.arange(len(rows)) % 2 * _HONEYCOMB_KM / 2)[:, None]
    comb = np.stack((x.ravel(), np.repeat(rows, len(columns))), axis=1)
    nearest = np.full(len(comb), np.inf)
    for some in np.array_split(
        real, len(real) // 256 + 1
    ):  # the whole table would take hundreds of megabytes
        squares = ((comb[:, None, :] - some[None, :, :]) ** 2).sum(axis=2)
        nearest = np.minimum(nearest, squares.min(axis=1))
    return comb[(nearest > (2 * reach_km) ** 2) & (nearest < furthest**2)]


Corner = tuple[float, float, int]
"""Relative to the cell's point, with what the edge from here on borders on."""


def _cell(everything: Points, own: int, real_count: int, widest: float) -> list[Corner]:
    away = everything - everything[own]
    squares = (away**2).sum(axis=1)
    squares[own] = np.inf
    near = np.flatnonzero(squares < (2 * widest) ** 2)
    polygon: list[Corner] = [
        (x * widest, y * widest, NOBODY) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    span = 2 * widest**2
    for other in near[np.argsort(squares[near], kind="stable")].tolist():
        if squares[other] > 4 * span:
            break  # this one and all further ones lie too far off to cut anything away
        x, y = away[other].tolist()
        polygon = _cut(polygon, x, y, other if other < real_count else NOBODY)
        span = max(corner[0] ** 2 + corner[1] ** 2 for corner in polygon)
    return polygon


def _cut(polygon: list[Corner], x: float, y: float, beyond: int) -> list[Corner]:
    """What of a convex polygon lies nearer to the origin than to (x, y)."""
    half = (x * x + y * y) / 2
    sides = [x * corner[0] + y * corner[1] - half for corner in polygon]
    if max(sides) <= 0:
        return polygon
    kept: list[Corner] = []
    for k, corner in enumerate(polygon):
        following, side, next_side = polygon[(k + 1) % len(polygon)], sides[k], sides[(k + 1) % len(polygon)]
        if side <= 0:
            kept.append(corner)
        if (side <= 0) != (next_side <= 0):
            part = side / (side - next_side)
            crossing_x = corner[0] + part * (following[0] - corner[0])
            crossing_y = corner[1] + part * (following[1] - corner[1])
            kept.append((crossing_x, crossing_y, beyond if side <= 0 else corner[2]))
    return kept


class _Corners:
    """Gives corners that cells share, and that rounding drew apart, one and the same coordinates."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], XY] = {}

    def shared(self, polygon: list[Corner], point: Points) -> Cell:
        east, south = point.tolist()
        placed = [(self._settled(east + x, south + y), beyond) for x, y, beyond in polygon]
        following = placed[1:] + placed[:1]
        edges = [edge for edge, then in zip(placed, following, strict=True) if edge[0] != then[0]]
        return Cell(tuple(corner for corner, _ in edges), tuple(beyond for _, beyond in edges))

    def _settled(self, x: float, y: float) -> XY:
        column, row = round(x / _CORNER_KM), round(y / _CORNER_KM)
        for east in (0, -1, 1):
            for south in (0, -1, 1):
                if known := self._known.get((column + east, row + south)):
                    return known
        self._known[column, row] = settled = (round(x, 3), round(y, 3))
        return settled
