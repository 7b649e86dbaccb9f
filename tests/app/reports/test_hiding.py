"""What is hidden cannot be computed from what is shown."""

from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from app.reports import hiding
from app.reports.hiding import LEAST, hide, hide_rows, total

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=12)
ROWS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=9)


def test_a_small_count_takes_the_smallest_other_with_it() -> None:
    assert hide([42, 3, 38, 6, 31]) == [42, None, 38, None, 31]


def test_several_small_counts_that_add_up_need_no_other() -> None:
    assert hide([42, 3, 4, 38]) == [42, None, None, 38]


def test_small_counts_whose_sum_is_small_take_another_with_them() -> None:
    assert hide([42, 0, 1, 38, 9]) == [42, None, None, 38, None]


def test_where_all_is_small_the_total_is_hidden_too() -> None:
    assert hide([1, 2]) == [None, None]
    assert total([(1,), (2,)]) == (None,)
    assert total([(3,)]) == (None,)
    assert total([(3,), (4,)]) == (7,)


def test_nothing_small_hides_nothing() -> None:
    assert hide([5, 9, 12]) == [5, 9, 12]
    assert hide([]) == []


@given(COUNTS)
@settings(max_examples=300)
def test_no_count_under_five_is_ever_shown(counts: list[int]) -> None:
    for count, shown in zip(counts, hide(counts), strict=True):
        assert shown is None or (shown == count and shown >= LEAST)


@given(COUNTS)
@settings(max_examples=300)
def test_subtracting_from_the_total_never_gives_one_count_or_a_small_sum(counts: list[int]) -> None:
    shown = hide(counts)
    hidden = [count for count, cell in zip(counts, shown, strict=True) if cell is None]
    [whole] = total([(count,) for count in counts])
    if hidden and whole is not None:
        rest = whole - sum(cell for cell in shown if cell is not None)
        assert len(hidden) >= 2
        assert rest == sum(hidden) >= LEAST


@given(ROWS)
@settings(max_examples=300)
def test_a_row_is_whole_or_hidden_and_each_column_withstands_subtraction(rows: list[tuple[int, int]]) -> None:
    shown = hide_rows(rows)
    places = [place for place, row in enumerate(shown) if None in row]
    assert all(shown[place] == (None, None) for place in places)
    sums = total(rows)
    for column in (0, 1):
        if places and sums[column] is not None:
            assert len(places) >= 2
            assert sum(rows[place][column] for place in places) >= LEAST


@pytest.mark.parametrize("counts", [[1, 12, 30], [0, 5, 5], [4, 4], [2, 3, 20], [0, 0, 5, 40], [4, 4, 4]])
def test_one_who_knows_the_rule_and_the_total_is_left_with_more_than_one_answer(counts: list[int]) -> None:
    """Every list that would look the same is tried: for each hidden cell at least two values are possible."""
    shown, whole = hide(counts), total([(count,) for count in counts])
    most = sum(counts)
    alike = [
        guess
        for guess in product(*(range(most + 1) if cell is None else [cell] for cell in shown))
        if sum(guess) == most and hide(list(guess)) == shown and total([(count,) for count in guess]) == whole
    ]
    for place, cell in enumerate(shown):
        if cell is None and whole != (None,):
            assert len({guess[place] for guess in alike}) > 1


def test_a_share_of_little_is_not_told() -> None:
    assert hiding.out_of_100(4, 40) is None
    assert hiding.out_of_100(3, 4) is None
    assert hiding.out_of_100(30, 40) == 75
    assert hiding.one(4) is None
    assert hiding.one(5) == 5
