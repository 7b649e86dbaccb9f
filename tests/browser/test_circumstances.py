"""The circumstances in which everything is tried leave no two choices that never meet."""

from dataclasses import astuple
from itertools import combinations

import pytest

from tests.browser.circumstances import ALL, LARGE, PHONE, Circumstance, tried


def test_each_two_choices_meet_in_some_circumstance() -> None:
    columns = list(zip(*(astuple(each) for each in ALL), strict=True))
    for first, second in combinations(columns, 2):
        assert len(set(zip(first, second, strict=True))) == 4


def test_letters_twice_as_large_leave_half_of_the_screen() -> None:
    assert LARGE.viewport == {"width": 195, "height": 422}


def test_a_long_run_tries_all_and_a_quick_one_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def tried_in(**scripts: str) -> list[Circumstance]:
        def test() -> None: ...

        own = LARGE if scripts else PHONE
        (mark,) = tried(own, **scripts)(test).pytestmark  # type: ignore[attr-defined]
        return list(mark.args[1])

    monkeypatch.delenv("ZVE_TEST_LONG", raising=False)
    assert tried_in() == [PHONE]
    monkeypatch.setenv("ZVE_TEST_LONG", "1")
    assert tried_in() == list(ALL)
    assert tried_in(with_scripts_because="it follows one's finger") == [each for each in ALL if each.scripts]
