"""What a picture says of a count that stays hidden: that it is not shown, never how small it would be."""

from html import unescape

import pytest

from web.rendering import environment

WAITS = "[('zelfde|dag', 34), ('1|dag', none), ('2 of 3|dagen', none)]"
THEMES = "[('Vervoer', 36, 42), ('Geld', none, none)]"


def drawn(call: str, lang: str = "nl") -> str:
    source = "{% import 'macros/charts.html' as charts %}{{ charts." + call + " }}"
    return " ".join(unescape(environment(lang).from_string(source).render()).split())


@pytest.mark.parametrize(
    "call",
    [
        f"columns({WAITS}, 'Hoe lang', 'Wachttijd', ['Wachttijd', 'Vragen'])",
        f"shares({THEMES}, 'Geholpen', 'Per thema', ['Thema', 'Geholpen', 'Gevraagd'])",
    ],
)
def test_a_hidden_count_is_not_said_to_be_under_five_and_why_it_is_hidden_is(call: str) -> None:
    said = drawn(call)

    # it may be nine, hidden so that the small one beside it cannot be computed
    assert "<5" not in said
    assert "minder dan 5<" not in said
    assert "niet getoond" in said
    assert "Niet getoond is een aantal onder 5, of een groter aantal waarmee dat uit te rekenen is." in said
    assert "Not shown is a count under 5" in drawn(call, "en")


def test_a_hidden_column_has_a_dash_above_it() -> None:
    said = drawn(f"columns({WAITS}, 'Hoe lang', 'Wachttijd', ['Wachttijd', 'Vragen'])")

    assert said.count('text-anchor="middle">–</text>') == 2


@pytest.mark.parametrize(
    "call",
    [
        "columns([('zelfde|dag', 34), ('1|dag', 6)], 'Hoe lang', 'Wachttijd', ['Wachttijd', 'Vragen'])",
        "shares([('Vervoer', 36, 42)], 'Geholpen', 'Per thema', ['Thema', 'Geholpen', 'Gevraagd'])",
    ],
)
def test_where_all_is_shown_nothing_is_explained(call: str) -> None:
    assert "iet getoond" not in drawn(call)
