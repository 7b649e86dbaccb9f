"""What the program put in a municipality's settings is translated; what a municipality typed is theirs."""

import pytest

from app.places.models import Municipality
from web.rendering import environment
from web.supplied import plain


@pytest.mark.parametrize("column", ["broker_title", "opening_hours"])
def test_a_default_is_said_in_the_language_of_the_page(column: str) -> None:
    default = Municipality.__table__.c[column].default.arg
    said = environment("en").from_string("{{ text | supplied }}").render(text=default)
    assert said != default
    assert "<" not in said
    assert environment("nl").from_string("{{ text | supplied }}").render(text=default) == default


def test_what_a_municipality_typed_stays_and_is_marked_as_dutch() -> None:
    typed = "dinsdag, <b>9.00</b> uur"
    said = environment("en").from_string("{{ text | supplied }}").render(text=typed)
    assert said == '<span lang="nl">dinsdag, &lt;b&gt;9.00&lt;/b&gt; uur</span>'
    assert environment("nl").from_string("{{ text | supplied }}").render(text=typed) == (
        "dinsdag, &lt;b&gt;9.00&lt;/b&gt; uur"
    )
    assert plain(typed, "en") == typed


def test_a_title_in_an_english_sentence_is_english() -> None:
    said = environment("en").from_string("{{ _('Alleen uw %(title)s ziet', title=title | supplied) }}")
    assert "social broker" in said.render(title="sociaal makelaar")
    assert '<span lang="nl">wijkmaatje</span>' in said.render(title="wijkmaatje")
