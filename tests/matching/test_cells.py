"""Cells and the distances between them."""

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given, strategies as st

from matching.cells import (
    COLUMNS,
    COLUMNS_PER_DEGREE,
    EAST,
    NORTH,
    ROWS,
    ROWS_PER_DEGREE,
    SOUTH,
    STRIDE,
    WEST,
    cell_of,
    centre,
    distance_m,
    is_cell,
    metres_between,
    reach,
)
from matching.errors import NotWhole, OutsideTheWorld

some_cells = st.builds(
    lambda row, column: row * STRIDE + column, st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1)
)


@given(some_cells, some_cells)
def test_distances_between_cells_are_within_a_metre_of_the_geodesic(one: int, other: int) -> None:
    true_m = geodesic(centre(one), centre(other)).m
    if true_m < 330_000:  # the Netherlands from corner to corner
        assert abs(metres_between(one, other) - true_m) <= 1


BEARINGS = range(0, 360, 15)
PLACES = {"Vaals": (50.77, 6.02), "Cadzand": (51.37, 3.41), "Delfzijl": (53.33, 6.92), "Den Burg": (53.05, 4.80),
          "Utrecht": (52.09, 5.12), "Geldrop": (51.42, 5.56)}  # fmt: skip


@pytest.mark.parametrize("km", [1, 2, 5, 10, 20, 25, 50, 100, 200, 300])
def test_one_to_three_hundred_kilometres_any_way_are_within_a_metre(km: int) -> None:
    looked_at = 0
    for here in (cell_of(*place) for place in PLACES.values()):
        for bearing in BEARINGS:
            there = geodesic(kilometers=km).destination(centre(here), bearing)
            if SOUTH <= there.latitude < NORTH and WEST <= there.longitude < EAST:
                other = cell_of(there.latitude, there.longitude)
                assert abs(metres_between(here, other) - geodesic(centre(here), centre(other)).m) <= 1
                looked_at += 1
    assert looked_at >= 10


@given(st.lists(st.tuples(some_cells, some_cells), min_size=1))
def test_the_vectorised_distance_is_the_scalar_one_and_symmetric(pairs: list[tuple[int, int]]) -> None:
    ones, others = np.array(pairs, dtype=np.int32).T
    scalar = [metres_between(one, other) for one, other in pairs]
    assert distance_m(ones, others).tolist() == scalar == distance_m(others, ones).tolist()


@given(some_cells)
def test_a_cell_holds_its_own_centre(cell: int) -> None:
    assert cell_of(*centre(cell)) == cell
    assert metres_between(cell, cell) == 0


@pytest.mark.parametrize("latitude", [SOUTH, 52.0, NORTH])
def test_a_cell_is_at_least_a_kilometre_either_way(latitude: float) -> None:
    north_m = geodesic((latitude, 5), (latitude + 1 / ROWS_PER_DEGREE, 5)).m
    east_m = geodesic((latitude, 5), (latitude, 5 + 1 / COLUMNS_PER_DEGREE)).m
    assert 1000 <= north_m <= 1100
    assert 1000 <= east_m <= 1100


@given(some_cells, st.sampled_from([0, 1, 5, 25, 400]))
def test_reach_holds_exactly_the_cells_within_the_distance(cell: int, km: int) -> None:
    row, column = divmod(cell, STRIDE)
    area = reach(row, km)
    rows = np.arange(ROWS)[:, None]
    columns = np.arange(COLUMNS)[None, :]
    widths = np.full(ROWS, -1)
    widths[area.first_row : area.first_row + len(area.half_widths)] = area.half_widths
    inside = abs(columns - column) <= widths[:, None]
    assert (inside == (distance_m(rows * STRIDE + columns, np.array([cell])) <= km * 1000)).all()


@pytest.mark.parametrize("point", [(50.49, 5), (54.0, 5), (52, 2.99), (52, 7.5), (math.inf, 5)])
def test_a_point_off_the_grid_is_outside_the_world(point: tuple[float, float]) -> None:
    with pytest.raises(OutsideTheWorld):
        cell_of(*point)


def test_a_point_that_is_no_number_has_no_cell() -> None:
    with pytest.raises(NotWhole):
        cell_of(math.nan, 5)


@pytest.mark.parametrize("cell", [-1, COLUMNS, ROWS * STRIDE])
def test_a_number_that_is_no_square_has_no_centre(cell: int) -> None:
    assert not is_cell(cell)
    with pytest.raises(OutsideTheWorld):
        centre(cell)
