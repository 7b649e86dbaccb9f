"""A region's map, made of nothing but the points of its postcodes."""

import math
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from app.places.import_csv import FACTS, read_region
from app.places.maps import MapShape, Spot, joined, map_shape
from app.places.voronoi import NOBODY, XY, Cell, cells, widest_km

PLACES = st.lists(
    st.tuples(st.floats(0, 30).map(lambda km: round(km, 2)), st.floats(0, 30).map(lambda km: round(km, 2))),
    min_size=1,
    max_size=25,
)


def holds(path: tuple[XY, ...], x: float, y: float) -> bool:
    """Whether a convex polygon, drawn clockwise on a map, holds a point; corners are rounded to a metre."""
    inward_km = [
        ((end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0])) / math.dist(start, end)
        for start, end in zip(path, path[1:] + path[:1], strict=True)
    ]
    return min(inward_km) >= -0.005


def area(path: tuple[XY, ...]) -> float:
    closed = zip(path, path[1:] + path[:1], strict=True)
    return abs(sum(start[0] * end[1] - end[0] * start[1] for start, end in closed)) / 2


def spots() -> list[Spot]:
    rows = read_region(FACTS).neighbourhoods
    return [Spot(row.pc4, row.municipality_id, row.latitude, row.longitude) for row in rows]


@pytest.fixture(scope="module")
def shape() -> MapShape:
    return map_shape(spots())


def test_every_postcode_lies_in_its_own_cell(shape: MapShape) -> None:
    assert [cell.pc4 for cell in shape.cells] == [spot.pc4 for spot in spots()]
    assert all(holds(cell.path, *cell.point) for cell in shape.cells)


def test_each_spot_of_land_lies_in_the_cell_of_its_nearest_postcode_and_in_no_other(shape: MapShape) -> None:
    random = np.random.default_rng(1771)
    points = np.array([cell.point for cell in shape.cells])
    for x, y in points[random.integers(len(points), size=1500)] + random.uniform(-1.7, 1.7, (1500, 2)):
        distances = np.hypot(points[:, 0] - x, points[:, 1] - y)
        nearest, second = np.sort(distances)[:2]
        if second - nearest < 0.1:
            continue  # on a border
        assert [k for k, cell in enumerate(shape.cells) if holds(cell.path, x, y)] == [distances.argmin()]


def test_cells_cover_their_land_once(shape: MapShape) -> None:
    covered = sum(area(cell.path) for cell in shape.cells)
    outlines = sum(area(ring[:-1]) for one in shape.municipalities for ring in one.rings)
    assert covered == pytest.approx(outlines, rel=1e-6)
    assert 1400 < covered < 2200  # the region measures 1,458 km2 and the rim is generous


def test_no_cell_is_huge(shape: MapShape) -> None:
    assert all(math.dist(cell.point, corner) <= widest_km() for cell in shape.cells for corner in cell.path)


def test_the_map_lies_within_its_viewbox(shape: MapShape) -> None:
    x, y, width, height = shape.viewbox
    corners = [corner for cell in shape.cells for corner in cell.path]
    assert all(x < corner[0] < x + width and y < corner[1] < y + height for corner in corners)
    assert 50 < width < 80
    assert 40 < height < 60


def test_north_is_up_and_a_kilometre_is_a_kilometre(shape: MapShape) -> None:
    east, south = shape.projection.xy(51.42, 5.56)
    assert shape.projection.xy(51.43, 5.56) == pytest.approx((east, south - 1.1125))
    assert shape.projection.xy(51.42, 5.57) == pytest.approx((east + 0.694, south), abs=0.005)


def test_every_municipality_has_one_closed_outline(shape: MapShape) -> None:
    assert len(shape.municipalities) == 21
    for municipality in shape.municipalities:
        (ring,) = municipality.rings
        assert ring[0] == ring[-1]
        own = [cell for cell in shape.cells if cell.municipality_id == municipality.municipality_id]
        assert area(ring[:-1]) == pytest.approx(sum(area(cell.path) for cell in own), rel=1e-6)


def test_a_border_is_drawn_once_and_nearly_all_real_borders_are_there(shape: MapShape) -> None:
    pairs = [(border.municipality_id, border.neighbour_id) for border in shape.borders]
    assert len(set(pairs)) == len(pairs)
    inside = {(one, other) for one, other in pairs if other is not None}
    assert all(one < other for one, other in inside)
    real = {(row.municipality_id, row.neighbour_id) for row in read_region(FACTS).neighbours}
    assert len(inside & real) >= 0.9 * len(inside)
    assert (794, 1771) in inside  # Helmond and Geldrop-Mierlo


def test_borders_and_rim_are_the_outlines(shape: MapShape) -> None:
    drawn = {frozenset(edge) for border in shape.borders for line in border.lines for edge in pairwise(line)}
    outlined = {
        frozenset(edge) for one in shape.municipalities for ring in one.rings for edge in pairwise(ring)
    }
    assert drawn == outlined


def test_a_region_is_mapped_in_a_moment() -> None:
    def worked_s() -> float:
        started = time.process_time()  # what others do on this machine is not counted
        map_shape(spots())
        return time.process_time() - started

    assert min(worked_s() for _ in range(3)) < 1


@given(PLACES)
@settings(max_examples=40)
def test_any_points_have_cells_that_agree_on_who_is_beyond(places: list[XY]) -> None:
    polygons = cells(np.array(places))
    sides = {
        (own, beyond, frozenset((start, end)))
        for own, polygon in enumerate(polygons)
        for start, end, beyond in edges(polygon)
        if beyond != NOBODY
    }
    assert {(beyond, own, edge) for own, beyond, edge in sides} == sides


def edges(polygon: Cell) -> list[tuple[XY, XY, int]]:
    following = polygon.corners[1:] + polygon.corners[:1]
    return list(zip(polygon.corners, following, polygon.beyond, strict=True))


def test_postcodes_in_one_place_share_its_land() -> None:
    polygons = cells(np.array([(0.0, 0.0)] * 5 + [(4.0, 0.0)]))
    assert all(len(polygon.corners) >= 3 and area(polygon.corners) > 0.001 for polygon in polygons)


def test_a_lone_postcode_has_a_cell_of_its_own() -> None:
    shape = map_shape([Spot(5664, 1771, 51.42, 5.56)])
    (cell,) = shape.cells
    assert 15 < area(cell.path) < 70
    assert [border.neighbour_id for border in shape.borders] == [None]


def test_a_region_without_postcodes_has_an_empty_map() -> None:
    shape = map_shape([])
    assert shape.viewbox == (0.0, 0.0, 1.0, 1.0)
    assert not shape.cells
    assert not shape.borders


def test_segments_are_strung_into_lines_and_rings() -> None:
    a, b, c, d, e = (0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (5.0, 5.0), (6.0, 5.0)
    assert joined([(a, b), (c, b)]) == ((a, b, c),)
    (ring,) = joined([(a, b), (b, c), (c, a)])
    assert ring[0] == ring[-1]
    assert len(ring) == 4
    assert len(joined([(a, b), (d, e)])) == 2
