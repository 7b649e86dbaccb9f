"""One colour of a municipality becomes a set that everybody can read, or is refused."""

import pytest
from hypothesis import given, strategies as st

from app.looks import palette, sheet
from app.looks.palette import Colour, NotAColour, TooNear

CHANNEL = st.integers(0, 255)


@pytest.mark.parametrize(
    ("given_colour", "light", "dark"),
    [("#e30613", "#c50511", "#fc7c84"), ("#ffd100", "#756000", "#ffd100"), ("#00a0e1", "#006a94", "#00aff5")],
)
def test_a_colour_goes_in_steps_until_it_can_be_read(given_colour: str, light: str, dark: str) -> None:
    made = palette.colour(given_colour)

    assert (made.light.base, made.dark.base) == (light, dark)


@given(CHANNEL, CHANNEL, CHANNEL)
def test_whatever_colour_is_given_text_in_it_and_on_it_can_be_read(red: int, green: int, blue: int) -> None:
    try:
        made = palette.colour(f"#{red:02x}{green:02x}{blue:02x}")
    except TooNear:
        return

    for theme, shade in (("light", made.light), ("dark", made.dark)):
        found = palette.ratios(shade, theme)
        assert found["paper"] >= palette.LEAST_ON_PAPER[theme]
        assert min(found["soft"], found["on"], found["ink"]) >= palette.LEAST_TEXT
        assert palette.contrast(shade.ink, shade.soft) >= palette.LEAST_TEXT
        assert palette.contrast(shade.mid, palette.PAPER[theme]) >= palette.LEAST_EDGE


@pytest.mark.parametrize(("given_colour", "like"), [("#a52a0a", "brick"), ("#ec6608", "amber")])
def test_the_colour_of_an_error_or_a_warning_is_refused(given_colour: str, like: str) -> None:
    with pytest.raises(TooNear) as refused:
        palette.colour(given_colour)

    assert refused.value.name == like


@pytest.mark.parametrize("typed", ["", "rood", "#12", "#12345g", "url(#a)", "#123456;}"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(NotAColour):
        palette.colour(typed)


def test_the_sheet_says_only_what_differs_and_nothing_else() -> None:
    made: Colour = palette.colour("00a0e1")

    assert sheet.css(None, None) == ""
    text = sheet.css(made, None)
    assert "--rose:#006a94" in text
    assert "--green:" not in text
    assert len(text) < 1200
    assert not {"--ink", "--paper", "--brick", "--focus"} & {part.split(":")[0] for part in text.split(";")}
