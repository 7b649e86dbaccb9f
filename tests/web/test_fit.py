"""One measure of how well two people fit."""

from types import SimpleNamespace
from typing import Any

from matching.score import Term
from web.fit import FULL_WEEK_POINTS, VERY_GOOD_POINTS, level
from web.pages.desk_case_view import about_helper
from web.request_cards import Between, to_mind


def test_a_full_week_and_haste_change_nothing_between_two_people() -> None:
    points = {Term.NEAR: VERY_GOOD_POINTS}

    assert level(points, []) == "very"
    assert level(points | {Term.LOAD: -50}, []) == "very"
    assert level({Term.NEAR: VERY_GOOD_POINTS - 1, Term.URGENCY: 500}, []) == "good"


def test_something_to_mind_is_said_first() -> None:
    assert level({Term.NEAR: VERY_GOOD_POINTS}, ["woont verder weg dan u vroeg"]) == "mind"


def test_a_full_week_is_said_once_where_the_page_says_it() -> None:
    asked: Any = SimpleNamespace(helpers_wanted=1)
    between = Between(asked, None, {Term.LOAD: FULL_WEEK_POINTS}, 0, "Ria")
    assert to_mind(between, "nl") == ["u heeft deze week al veel afgesproken"]
    assert to_mind(between, "nl", busy_said=True) == []


def test_a_place_that_is_the_municipality_is_said_once() -> None:
    asked: Any = SimpleNamespace(municipality=SimpleNamespace(name="Geldrop-Mierlo"))
    assert about_helper(8800, "Helmond", asked, "Helmond", "nl") == "Helmond, 8,8 km"
    assert about_helper(8800, "Helmond", asked, "Brouwhuis", "nl") == "Brouwhuis, 8,8 km, uit Helmond"
