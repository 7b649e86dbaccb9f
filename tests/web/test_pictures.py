"""Charts, balances, rings and maps: what is drawn is what is so."""

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given, strategies as st

from app.categories.service import themes
from web import balances, map_labels, mapping, svg, words
from web.rendering import environment

MINUTES = st.integers(0, 20_000)


@given(MINUTES, MINUTES, st.integers(0, 3000))
def test_a_balance_shows_each_quarter_once(given_minutes: int, received: int, held: int) -> None:
    picture = balances.balance(given_minutes, received, held)
    shown = sum(len(roosje.petals) for roosje in picture.given.roosjes)
    assert shown == min(round(given_minutes / 15), 160)
    assert picture.given.more == max(0, round(given_minutes / 15) - 160) // 4
    assert picture.left_minutes == given_minutes - received - held
    kinds = [petal for roosje in picture.received.roosjes for petal in roosje.petals]
    assert kinds == sorted(kinds), "what is held stands behind what was received"


def test_the_bracket_spans_what_sticks_out() -> None:
    picture = balances.balance(495, 270, 60)
    assert picture.bracket
    start, end = picture.bracket
    assert picture.received.end_x <= start < end == picture.given.end_x
    assert balances.balance(60, 120).bracket is None
    assert balances.balance(1200, 60).bracket is None


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=24), st.booleans())
def test_a_line_stays_inside_its_chart(values: list[int], narrow: bool) -> None:
    chart = svg.line_chart(
        [str(place) for place in range(len(values))], [("a", values), ("b", values)], narrow=narrow
    )
    for line in chart.lines:
        for point in line.path[1:].split("L"):
            x, y = map(float, point.split())
            assert chart.left <= x <= chart.right
            assert 0 <= y <= chart.floor + 0.1
    assert len(chart.values) <= 6
    assert int(chart.values[-1].text) >= max(values)


def test_two_lines_that_end_at_nothing_are_named_above_the_names_of_the_months() -> None:
    chart = svg.line_chart(["a", "b"], [("x", [3, 0]), ("y", [1, 0])])
    low, high = sorted((line.label_y for line in chart.lines), reverse=True)
    assert low == chart.floor + 5
    assert low - high == 20


def test_end_labels_do_not_cover_each_other() -> None:
    chart = svg.line_chart(["a", "b"], [("x", [1, 100]), ("y", [1, 99])])
    first, second = (line.label_y for line in chart.lines)
    assert abs(first - second) >= 20


def test_a_hidden_count_has_no_height_of_its_own() -> None:
    one, other = (svg.column_chart([("a", 100), ("b", None), ("c", count)]).columns[1] for count in (1, 90))
    assert (one.height, one.count) == (other.height, None)
    hidden = svg.share_chart([("a", None, None)]).rows[0]
    assert (hidden.part_width, hidden.whole_width) == (0, 0)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")),
        st.integers(1, 5000),
        min_size=1,
        max_size=8,
    )
)
def test_each_end_of_the_bands_is_as_high_as_its_bands_together_and_covers_no_other(
    counts: dict[tuple[str, str], int],
) -> None:
    chart = svg.flow_chart([(*pair, count) for pair, count in counts.items()])
    assert len(chart.bands) == len(counts)
    assert (
        sum(end.count for end in chart.left) == sum(end.count for end in chart.right) == sum(counts.values())
    )
    assert math.isclose(
        sum(end.height for end in chart.left), sum(end.height for end in chart.right), abs_tol=0.5
    )
    for side in (chart.left, chart.right):
        for end, below in pairwise(side):
            assert end.y + end.height + 20 < below.y
        assert side[-1].y + side[-1].height <= chart.height


def test_columns_after_the_promise_are_late() -> None:
    chart = svg.column_chart([("a", 3), ("b", 2), ("c", 1)], promise_after=2)
    assert [column.late for column in chart.columns] == [False, False, True]


@pytest.mark.parametrize("count", range(2, 7))
def test_everybody_in_a_ring_sits_at_the_same_distance(count: int) -> None:
    seats = svg.ring([(f"P{place}", "iets") for place in range(count)])
    assert {round(math.hypot(seat.x - 175, seat.y - 148)) for seat in seats} == {96}


def square(name: str, x: float, kind: str) -> mapping.Outline:
    return mapping.Outline(name, [[(x, 51.4), (x + 0.1, 51.4), (x + 0.1, 51.5), (x, 51.5)]], kind)


OUTLINES = [square("Eigen", 5.5, "own"), square("Buur", 5.6, "nb"), square("Ver", 7.5, "")]


def test_ones_own_municipality_is_drawn_last() -> None:
    assert [shape.kind for shape in mapping.draw(OUTLINES).shapes] == ["", "nb", "own"]


def test_the_view_closes_in_on_ones_own_and_what_is_in_the_list() -> None:
    left, _, width, _ = map(float, mapping.draw(OUTLINES).view.split())
    assert width < 300
    drawing = mapping.draw(OUTLINES, [mapping.Place(1, 5.65, 51.45)], home=(5.55, 51.45), radius_km=5)
    left, top, width, height = map(float, drawing.view.split())
    pin = drawing.pins[0]
    assert left < pin.x < left + width
    assert top < pin.y < top + height
    whole = mapping.draw(OUTLINES, whole=True)
    assert float(whole.view.split()[2]) > 1000


def test_places_of_one_cell_share_a_pin_that_names_them() -> None:
    drawing = mapping.draw(OUTLINES, [mapping.Place(number, 5.55, 51.45) for number in (1, 2, 4)])
    assert [pin.text for pin in drawing.pins] == ["1, 2, 4"]
    drawing = mapping.draw(OUTLINES, [mapping.Place(number, 5.55, 51.45) for number in range(3, 9)])
    assert [pin.text for pin in drawing.pins] == ["3 +5"]


def test_places_apart_have_pins_of_their_own_where_they_are() -> None:
    apart = [mapping.Place(1, 5.52, 51.45), mapping.Place(2, 5.68, 51.45)]
    drawing = mapping.draw(OUTLINES, apart)
    first, second = drawing.pins
    assert (first.text, second.text) == ("1", "2")
    per_degree = mapping.UNITS / 2.1  # the outlines lie between 5.5 and 7.6 degrees
    assert second.x - first.x == pytest.approx(0.16 * per_degree, rel=0.01)


@given(st.lists(st.tuples(st.floats(5.5, 5.7), st.floats(51.4, 51.5)), min_size=1, max_size=30))
def test_every_place_is_on_one_pin_and_no_pin_covers_another(spots: list[tuple[float, float]]) -> None:
    drawing = mapping.draw(OUTLINES, [mapping.Place(number, *spot) for number, spot in enumerate(spots, 1)])
    assert sorted(number for pin in drawing.pins for number in pin.numbers) == list(range(1, len(spots) + 1))
    heads = [
        (pin.x - half, pin.y - 2.6 * drawing.unit, pin.x + half, pin.y)
        for pin in drawing.pins
        for half in [1.3 * drawing.unit * (1 + pin.wider / 16.8)]
    ]
    assert not any(map_labels.overlap(one, other) for one, other in combinations(heads, 2))


def boxes(drawing: mapping.Drawing) -> list[map_labels.Box]:
    """What every name and every pin covers, at the size of a phone."""
    names = [
        map_labels.label_box(shape.label, (shape.x, shape.y), drawing.unit)
        for shape in drawing.shapes
        if shape.named
    ]
    return names + [map_labels.pin_box(pin, drawing.unit) for pin in drawing.pins]


def nothing_covers_another(drawing: mapping.Drawing) -> bool:
    # a name stands on a whole unit of the picture
    shrunk = [(left + 1, top + 1, right - 1, bottom - 1) for left, top, right, bottom in boxes(drawing)]
    return not any(map_labels.overlap(one, other) for one, other in combinations(shrunk, 2))


def test_names_do_not_cover_each_other() -> None:
    crowd = [square(f"Gemeente {place}", 5.5 + place / 500, "") for place in range(30)]
    drawing = mapping.draw(crowd)
    assert 1 < sum(shape.named for shape in drawing.shapes) < 30
    assert nothing_covers_another(drawing)


@pytest.mark.parametrize("count", [1, 4, 9])
def test_names_step_aside_for_pins(count: int) -> None:
    crowded = [mapping.Place(number, 5.55, 51.448) for number in range(1, count + 1)]
    drawing = mapping.draw(OUTLINES, [*crowded, mapping.Place(count + 1, 5.65, 51.448)])
    assert [shape.label for shape in drawing.shapes if shape.named] == ["Buur", "Eigen"]
    assert nothing_covers_another(drawing)


def test_a_name_that_stepped_aside_is_still_within_its_own_borders() -> None:
    drawing = mapping.draw(OUTLINES, [mapping.Place(1, 5.55, 51.448)])
    own = next(shape for shape in drawing.shapes if shape.kind == "own")
    ring = [(float(x), float(y)) for x, y in (point.split() for point in own.path[1:-1].split("L"))]
    assert map_labels.inside((own.x, own.y), ring)


def test_a_long_name_is_short_on_the_map() -> None:
    (shape,) = mapping.draw([square("Nuenen, Gerwen en Nederwetten", 5.5, "own")]).shapes
    assert (shape.name, shape.label) == ("Nuenen, Gerwen en Nederwetten", "Nuenen")


def test_a_region_without_outlines_has_an_empty_map() -> None:
    assert mapping.draw([]).shapes == ()


def test_a_circle_is_as_wide_as_it_says() -> None:
    drawing = mapping.draw(OUTLINES, home=(5.55, 51.45), radius_km=5)
    own = next(shape for shape in drawing.shapes if shape.kind == "own")
    ys = [float(point.split()[1]) for point in own.path[1:-1].split("L")]
    height_km = 0.1 * mapping.KM_PER_DEGREE
    assert drawing.circle
    assert drawing.circle[2] == pytest.approx(5 * (max(ys) - min(ys)) / height_km, rel=0.01)


@pytest.mark.parametrize("theme", [theme for theme, _ in themes()])
def test_every_theme_has_a_picture_of_its_own(theme: str) -> None:
    draw = environment("nl").get_template("macros/icons.html").module
    assert draw.picture(words.picture(theme)) != draw.picture("anders")  # type: ignore[attr-defined]
