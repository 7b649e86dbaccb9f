"""What may be a citizen service number is seen, and what is not one is left alone."""

import pytest
from hypothesis import given, strategies as st

from app.privacy.bsn import find, is_bsn


@pytest.mark.parametrize("text", [
    "Mijn bsn is 111222333", "123456782", "nr 1112.22.333 graag", "bsn: 111 222 333.", "(111222333)", "BSN 10000008",
    "x111222333",
])  # fmt: skip
def test_a_number_that_passes_the_elfproef_is_found(text: str) -> None:
    assert find(text) is not None


@pytest.mark.parametrize("text", [
    "", "Bel mij op 0612345678", "111222334", "000000000", "NL91ABNA0417164300", "KvK 69599084", "1112223330",
    "€ 111222333,50", "+31 111222333", "van 10 tot 12 uur op 3-12-2026",
    "11122233-3abc-7def-8abc-0123456789ab",
])  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find(text) is None


@given(st.integers(min_value=10_000_000, max_value=99_999_999))
def test_at_most_one_last_digit_in_ten_passes(front: int) -> None:
    assert sum(is_bsn(f"{front}{last}") for last in range(10)) <= 1
