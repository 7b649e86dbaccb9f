"""No small group can be computed from a release: not by margin, filter, area or month, and not over time."""

from collections.abc import Sequence
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings, strategies as st

from app.reports import disclosure
from app.reports.disclosure import LEAST, NO_MORE, WHOLE, Key, Plan, Row, Shown, key, protect, tabulate
from tests.app.reports.attacking import Attacker, Found

PLAN = Plan(
    faces=(
        ("theme",), ("month",), ("area",), ("helped",), ("wait",),
        ("theme", "month"), ("theme", "area"), ("theme", "helped"),
    ),
    finer={"wait": "helped"},
)  # fmt: skip
MONTHS = Plan(faces=(("month",),))
VALUES = st.fixed_dictionaries(
    {
        "theme": st.sampled_from(["tuin", "vervoer", "klus"]),
        "month": st.sampled_from(["1", "2"]),
        "area": st.sampled_from(["noord", "zuid"]),
        "wait": st.sampled_from(["nobody", "day", "week"]),
    }
)
PILES = st.lists(st.tuples(VALUES, st.integers(1, 9)), min_size=1, max_size=9)


def a_row(person: int, **values: str) -> Row:
    """Somebody who asked."""
    values.setdefault("helped", "no" if values.get("wait", "nobody") == "nobody" else "yes")
    return Row((person,), values)


def rows_of(piles: Sequence[tuple[dict[str, str], int]]) -> list[Row]:
    """So many different people of each."""
    made: list[Row] = []
    for values, count in piles:
        made += [a_row(len(made) + nth, **values) for nth in range(count)]
    return made


def a_town(seed: int, people: int = 160) -> list[Row]:
    """A town where some themes, areas and months are rare."""
    draw = Random(seed)
    return [
        a_row(
            number,
            theme=draw.choices(["vervoer", "gezelschap", "klus", "tuin"], [50, 30, 14, 5])[0],
            month=draw.choices(["1", "2", "3"], [40, 45, 14])[0],
            area=draw.choices(["noord", "zuid", "oost"], [50, 40, 8])[0],
            wait=draw.choices(["nobody", "day", "week"], [10, 60, 20])[0],
        )
        for number in range(people)
    ]


def found_in(rows: Sequence[Row], shown: Shown) -> list[Found]:
    """Every count of the tables is tried, and every difference of a whole and its parts that are shown."""
    tables = tabulate(PLAN, rows)
    groups: list[tuple[Key, ...]] = [(of,) for of in tables.counts]
    for line in tables.lines:
        if shown[line.whole] is not None:
            groups.append(tuple(part for part in line.parts if shown[part] is None))
    return Attacker(rows, shown).finds(group for group in groups if group)


@given(PILES)
@settings(max_examples=60, deadline=None)
def test_no_small_group_can_be_computed_and_none_is_shown(
    piles: list[tuple[dict[str, str], int]],
) -> None:
    rows = rows_of(piles)

    shown = protect(tabulate(PLAN, rows))

    assert all(count is None or count >= LEAST for count in shown.values())
    assert found_in(rows, shown) == []


@given(PILES)
@settings(max_examples=60, deadline=None)
def test_what_is_shown_is_true_and_what_is_large_all_over_is_shown(
    piles: list[tuple[dict[str, str], int]],
) -> None:
    tables = tabulate(PLAN, rows_of(piles))

    shown = protect(tables)

    assert all(count is None or count == tables.counts[of] for of, count in shown.items())
    if not any(tables.few([of]) for of in tables.counts):
        assert None not in shown.values()


@given(PILES)
@settings(max_examples=40, deadline=None)
def test_what_sums_tell_one_by_one_hides_as_much_as_asking_for_the_ends_of_each_count(
    piles: list[tuple[dict[str, str], int]],
) -> None:
    tables = tabulate(PLAN, rows_of(piles))
    quick = protect(tables)

    with patch.object(disclosure, "_within", lambda _sums, count: [(0, NO_MORE)] * count):
        assert protect(tables) == quick


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_differencing_over_filters_areas_and_months_finds_nothing(seed: int) -> None:
    rows = a_town(seed)

    shown = protect(tabulate(PLAN, rows))

    assert found_in(rows, shown) == []
    told = [count for count in shown.values() if count is not None]
    assert shown[WHOLE] == 160
    assert len(told) > len(shown) / 3, "a release in which next to nothing is left is no use"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_attack_finds_groups_when_secondary_suppression_is_switched_off(seed: int) -> None:
    rows = a_town(seed)

    shown = protect(tabulate(PLAN, rows), secondary=False)

    found = found_in(rows, shown)
    assert len(found) > 3
    assert any(one.least == one.most for one in found)


def test_a_month_that_was_hidden_stays_hidden_when_the_half_year_is_told() -> None:
    """By subtracting the five months that were shown from the half year."""
    rows = [row for row in a_town(4) if row.values["month"] != "3"]
    few = [a_row(1000 + nth, theme="klus", month="3", area="zuid", wait="day") for nth in range(3)]
    first = protect(tabulate(MONTHS, rows + few))
    assert first[key(month="3")] is None
    kept = {of: of != key(month="3") for of in first if of != WHOLE}

    shown = protect(tabulate(PLAN, rows + few), kept=kept)
    careless = protect(tabulate(PLAN, rows + few), kept=kept, secondary=False)

    assert all(shown[of] is not None for of, was_shown in kept.items() if was_shown)
    assert found_in(rows + few, shown) == []
    assert any(one.of == (key(month="3"),) for one in found_in(rows + few, careless))


def test_many_requests_of_two_people_are_as_hidden_as_two_requests() -> None:
    rows = [a_row(nth, theme="vervoer", month="1", area="noord", wait="day") for nth in range(40)]
    rows += [a_row(900 + nth % 2, theme="tuin", month="1", area="noord", wait="day") for nth in range(12)]

    shown = protect(tabulate(PLAN, rows))

    assert shown[key(theme="tuin")] is None
    assert shown[WHOLE] is None or shown[key(theme="vervoer")] is None


def test_nobody_at_all_gives_an_empty_release() -> None:
    assert protect(tabulate(PLAN, [])) == {WHOLE: None}
