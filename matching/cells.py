"""Cells: the squares of at least 1 km x 1 km to which every place is snapped before anything is computed.

A cell is one integer, `row * 2048 + column`: rows run north, columns run east. The steps are 1/111 degree
of latitude and 1/65 degree of longitude: never under 1,000 m, at most 1,100 m wide between 50.5 and 54
degrees north.

Distances run between centres of cells over the WGS84 ellipsoid by the mid-latitude formula of Gauss: a
chord with the two radii of curvature at the middle latitude, stretched to an arc. Every sine and radius
comes from a table indexed by whole rows and columns, and what remains is multiplication and a square root,
which IEEE 754 rounds exactly: so scalar, vectorised and compiled forms agree to the last bit.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.errors import NotWhole, OutsideTheWorld

Cells = NDArray[np.integer[Any]]
Metres = NDArray[np.int32]

STRIDE: Final = 2048
SOUTH, WEST = 50.5, 3.0
ROWS, COLUMNS = 388, 292
ROWS_PER_DEGREE: Final = 111
COLUMNS_PER_DEGREE: Final = 65
NORTH: Final = SOUTH + ROWS / ROWS_PER_DEGREE
EAST: Final = WEST + COLUMNS / COLUMNS_PER_DEGREE

_SEMI_MAJOR_M: Final = 6_378_137.0
_FLATTENING: Final = 1 / 298.257223563
_ECCENTRICITY_2: Final = _FLATTENING * (2 - _FLATTENING)
# Stretches a chord to its arc; 6,383 km is midway between the two radii of curvature at 52 degrees north.
STRETCH: Final = 1 / (24 * 6_383_000.0**2)


def _radii() -> tuple[list[float], list[float]]:
    """Twice the meridional radius, and twice the parallel's, in metres, by the sum of two rows."""
    north, east = [], []
    for rows in range(2 * ROWS - 1):
        latitude = math.radians(SOUTH + (rows + 1) / 2 / ROWS_PER_DEGREE)
        w2 = 1 - _ECCENTRICITY_2 * math.sin(latitude) ** 2
        north.append(2 * _SEMI_MAJOR_M * (1 - _ECCENTRICITY_2) / w2**1.5)
        east.append(2 * _SEMI_MAJOR_M / math.sqrt(w2) * math.cos(latitude))
    return north, east


_NORTH_M, _EAST_M = _radii()
_SIN_ROWS = [math.sin(math.radians(n / ROWS_PER_DEGREE) / 2) for n in range(ROWS)]
_SIN_COLUMNS = [math.sin(math.radians(n / COLUMNS_PER_DEGREE) / 2) for n in range(COLUMNS)]
_COS_COLUMNS = [math.cos(math.radians(n / COLUMNS_PER_DEGREE) / 2) for n in range(COLUMNS)]
_NORTH_M_A, _EAST_M_A = np.array(_NORTH_M), np.array(_EAST_M)
_SIN_ROWS_A, _SIN_COLUMNS_A, _COS_COLUMNS_A = map(np.array, (_SIN_ROWS, _SIN_COLUMNS, _COS_COLUMNS))
TABLES: Final = (_NORTH_M_A, _EAST_M_A, _SIN_ROWS_A, _SIN_COLUMNS_A, _COS_COLUMNS_A)
"""What a distance is computed from, in the order in which the kernel takes them."""


def is_cell(cell: int) -> bool:
    """Whether the number is a square of the grid."""
    return cell >= 0 and cell // STRIDE < ROWS and cell % STRIDE < COLUMNS


def cell_of(lat: float, lon: float) -> int:
    """The cell that holds a point (degrees, WGS84). Raises NotWhole for NaN, or OutsideTheWorld."""
    if math.isnan(lat) or math.isnan(lon):
        raise NotWhole(None, "point", (lat, lon))
    if not (SOUTH <= lat < NORTH and WEST <= lon < EAST):
        raise OutsideTheWorld(None, "point", (lat, lon))
    # Just under the upper edges, a product may round up to the edge itself.
    row = min(int((lat - SOUTH) * ROWS_PER_DEGREE), ROWS - 1)
    return row * STRIDE + min(int((lon - WEST) * COLUMNS_PER_DEGREE), COLUMNS - 1)


def centre(cell: int) -> tuple[float, float]:
    """Latitude and longitude (degrees) of the middle of a cell."""
    if not is_cell(cell):
        raise OutsideTheWorld(None, "cell", cell)
    row, column = divmod(cell, STRIDE)
    return SOUTH + (row + 0.5) / ROWS_PER_DEGREE, WEST + (column + 0.5) / COLUMNS_PER_DEGREE


def metres_between(one: int, other: int) -> int:
    """Whole metres between the centres of two valid cells: the scalar form of `distance_m`."""
    row, column = divmod(one, STRIDE)
    other_row, other_column = divmod(other, STRIDE)
    rows, columns = abs(row - other_row), abs(column - other_column)
    north = _NORTH_M[row + other_row] * _SIN_ROWS[rows] * _COS_COLUMNS[columns]
    east = _EAST_M[row + other_row] * _SIN_COLUMNS[columns]
    chord_2 = north * north + east * east
    return round(math.sqrt(chord_2) * (1 + chord_2 * STRETCH))


def distance_m(cells: Cells, others: Cells) -> Metres:
    """Whole metres between centres of valid cells, elementwise with broadcasting; 1 m from the geodesic."""
    rows, other_rows = cells >> 11, others >> 11
    return _metres(rows + other_rows, abs(rows - other_rows), abs((cells & 2047) - (others & 2047)))


def _metres(rows_sum: Cells, rows: Cells, columns: Cells) -> Metres:
    north = _NORTH_M_A.take(rows_sum) * _SIN_ROWS_A.take(rows) * _COS_COLUMNS_A.take(columns)
    east = _EAST_M_A.take(rows_sum) * _SIN_COLUMNS_A.take(columns)
    chord_2 = north * north + east * east
    metres: Metres = np.rint(np.sqrt(chord_2) * (1 + chord_2 * STRETCH)).astype(np.int32)
    return metres


@dataclass(frozen=True, slots=True)
class Reach:
    """All cells within a distance of one row's cells: how many columns to either side, per row."""

    first_row: int
    half_widths: NDArray[np.int64]


@lru_cache(maxsize=8192)
def reach(row: int, km: int) -> Reach:
    """The rows within `km` of a cell in `row`; the same for every column, so few are ever computed."""
    # No step is under a kilometre, so that km + 1 steps lead out of reach whichever way.
    rows = np.arange(max(row - km, 0), min(row + km + 1, ROWS))
    columns = np.arange(min(km + 1, COLUMNS))
    distances = _metres((rows + row)[:, None], abs(rows - row)[:, None], columns[None, :])
    half_widths = (distances <= km * 1000).sum(axis=1) - 1
    touched = np.flatnonzero(half_widths >= 0)
    return Reach(int(rows[touched[0]]), half_widths[touched[0] : touched[-1] + 1])
