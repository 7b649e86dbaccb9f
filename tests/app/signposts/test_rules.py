"""Where answers lead, and where they do not: the rules of Help mij kiezen, for each of the fifteen themes."""

from itertools import combinations

import pytest

from app.categories.service import taxonomy
from app.categories.vocabulary import Unpaid
from app.signposts.rules import (
    ASKS_OF_ONESELF,
    PYRAMID,
    Choices,
    LifeTheme,
    Outcome,
    Rung,
    Sign,
    outcome,
    read,
)
from app.signposts.themes import LIFE_THEMES

CATEGORIES = {row["slug"]: row["unpaid"] for row in taxonomy()}
each_theme = pytest.mark.parametrize("theme", LIFE_THEMES, ids=[theme.name.en for theme in LIFE_THEMES])


def led(*codes: str, spent: bool = False) -> Outcome:
    """Where these codes lead."""
    return outcome(read(LIFE_THEMES, codes), spent=spent)


def every_sign(theme: LifeTheme) -> list[Sign]:
    """All that a theme could say."""
    within = [sign for question in theme.questions for option in question.options for sign in option.signs]
    return [*theme.first, *within]


def shown(found: Outcome) -> list[Sign]:
    """All that an outcome says, in the order in which it is read."""
    return [*found.alarms, *(sign for signs in found.rungs.values() for sign in signs), *found.offers]


def test_there_are_fifteen_themes_each_with_its_own_questions() -> None:
    assert len(LIFE_THEMES) == 15
    asked = [question.says for theme in LIFE_THEMES for question in theme.questions]
    options = [
        option.says
        for theme in LIFE_THEMES
        for question in theme.questions[:1]
        for option in question.options
    ]

    assert all(len(theme.questions) == 3 for theme in LIFE_THEMES)
    assert len({theme.picture for theme in LIFE_THEMES}) == 15, "each has its own picture"
    assert len(set(options)) >= 60, "and hardly an option is asked twice"
    assert len(set(asked)) >= 40


def test_a_code_stands_for_one_option() -> None:
    codes = [theme.code for theme in LIFE_THEMES]
    codes += [
        f"{question.code}{option.key}"
        for theme in LIFE_THEMES
        for question in theme.questions
        for option in question.options
    ]

    assert len(codes) == len(set(codes))
    assert all(len(code) in (1, 3) for code in codes)
    assert all(
        question.code == f"{theme.code}{place}"
        for theme in LIFE_THEMES
        for place, question in enumerate(theme.questions, 1)
    )


@each_theme
def test_other_answers_lead_elsewhere(theme: LifeTheme) -> None:
    for question in theme.questions:
        for one, other in combinations(question.options, 2):
            found = led(theme.code, f"{question.code}{one.key}")
            instead = led(theme.code, f"{question.code}{other.key}")

            assert shown(found) != shown(instead), f"{question.code}: {one.key} and {other.key}"


@each_theme
def test_a_second_answer_changes_where_the_first_one_led(theme: LifeTheme) -> None:
    need, depth, _ = theme.questions
    for option in need.options:
        if option.spent:
            continue
        first = f"{need.code}{option.key}"
        outcomes = [
            tuple(shown(led(theme.code, first, f"{depth.code}{answer.key}"))) for answer in depth.options
        ]

        assert len(set(outcomes)) == len(depth.options), first


@each_theme
def test_every_answer_leads_somewhere(theme: LifeTheme) -> None:
    assert led(theme.code).rungs, "also who answers nothing"
    for question in theme.questions:
        for option in question.options:
            assert led(theme.code, f"{question.code}{option.key}").rungs, f"{question.code}{option.key}"


@each_theme
def test_the_lightest_help_comes_first_and_individual_help_only_when_it_is_heavy(theme: LifeTheme) -> None:
    need, depth, _ = theme.questions
    needs = [f"{need.code}{option.key}" for option in need.options if option.depth is None]
    lightly, _, heavily = (f"{depth.code}{option.key}" for option in depth.options[:3])

    light, heavy = led(theme.code, *needs, lightly), led(theme.code, *needs, heavily)

    assert list(heavy.rungs) == sorted(heavy.rungs)
    assert Rung.OFFICE in heavy.rungs
    assert max(light.rungs) <= Rung.NEAR, "somebody who manages is not sent to others"
    assert Rung.OFFICE not in led(theme.code, *needs).rungs


@each_theme
def test_a_theme_asks_and_every_category_exists_and_is_meant_for_it(theme: LifeTheme) -> None:
    signs = every_sign(theme)

    assert any(sign.rung is Rung.SOMEBODY for sign in signs), "a draft request"
    assert any(sign.rung is Rung.NEAR for sign in signs), "a group or a provision"
    for sign in signs:
        if sign.category:
            unpaid = CATEGORIES[sign.category]
            work = unpaid is Unpaid.PROFESSIONALS
            if sign.rung in (Rung.SOMEBODY, Rung.GIVING):
                assert not work, f"{sign.category} is work for professionals"
            if sign.rung is Rung.OFFICE:
                assert work, f"{sign.category} is not work for professionals"


@each_theme
def test_somebody_whose_strength_is_spent_is_asked_nothing(theme: LifeTheme) -> None:
    everything = [
        f"{question.code}{option.key}"
        for question in theme.questions
        for option in question.options
        if not option.spent
    ]

    found = led(theme.code, *everything, spent=True)

    assert found.spent
    assert not found.offers
    assert not ASKS_OF_ONESELF & set(found.rungs)


def test_who_says_not_to_be_able_to_go_on_is_told_whom_to_call_and_nothing_is_asked_in_any_theme() -> None:
    found = led("c", "c2c", "l", "l1a", "l3a", "k", "k3a")

    assert "Bel ons vandaag" in found.alarms[0].says.nl
    assert found.spent
    assert not found.offers
    assert set(found.rungs) <= {Rung.NEAR, Rung.SOMEBODY, Rung.OFFICE}


def test_danger_stands_on_top_and_is_never_kept() -> None:
    choices = read(LIFE_THEMES, ["h", "h1e", "h1a"])

    assert [sign.phone for sign in outcome(choices).alarms] == ["112", "0800 2000"]
    assert choices.codes == ["h", "h1a", "h1e"]
    assert choices.to_keep().codes == ["h", "h1a"]


def test_a_wish_to_die_is_never_kept_either() -> None:
    choices = read(LIFE_THEMES, ["b", "b2d"])

    assert outcome(choices).alarms[0].phone == "0800 0113"
    assert choices.to_keep().codes == ["b"]


def test_what_is_no_code_or_belongs_to_another_theme_is_left_out() -> None:
    assert read(LIFE_THEMES, ["zz", "", "k1", "l1a", "k", "k1z", "k1a"]).codes == ["k", "k1a"]
    assert read(LIFE_THEMES, []) == Choices()


def test_of_a_question_with_one_answer_the_last_one_counts() -> None:
    assert read(LIFE_THEMES, ["g", "g2a", "g2c", "g1a", "g1b"]).codes == ["g", "g1a", "g1b", "g2c"]


def test_the_same_way_is_shown_once_though_two_answers_lead_there() -> None:
    found = led("b", "b1d", "b2c", "k", "k2c")

    calls = [sign for sign in found.rungs[Rung.NEAR] if sign.phone == "088 0767 000"]
    assert len(calls) == 1


def test_a_sign_is_found_by_its_place() -> None:
    found = led("k", "k1a", "k3a")

    assert found.sign(Rung.SOMEBODY, 0) is found.rungs[Rung.SOMEBODY][0]
    assert found.sign(Rung.GIVING, 0) is found.offers[0]
    assert found.sign(Rung.SOMEBODY, 9) is None
    assert found.sign(Rung.SOMEBODY, -1) is None
    assert set(found.rungs) <= set(PYRAMID)
