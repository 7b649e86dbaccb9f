"""One measure of how well two people fit."""

from matching.score import Term
from web.fit import VERY_GOOD_POINTS, level


def test_a_full_week_and_haste_change_nothing_between_two_people() -> None:
    points = {Term.NEAR: VERY_GOOD_POINTS}

    assert level(points, []) == "very"
    assert level(points | {Term.LOAD: -50}, []) == "very"
    assert level({Term.NEAR: VERY_GOOD_POINTS - 1, Term.URGENCY: 500}, []) == "good"


def test_something_to_mind_is_said_first() -> None:
    assert level({Term.NEAR: VERY_GOOD_POINTS}, ["woont verder weg dan u vroeg"]) == "mind"
