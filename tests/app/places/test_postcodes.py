"""One postcode, however it was typed."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st
from pydantic import BaseModel, ValidationError

from app.places.postcodes import Postcode, TypedPostcode, WrongPostcode, parse


@pytest.mark.parametrize(
    "typed",
    ["5664HJ", "5664hj", "5664 HJ", "5664-hj", " 5664  hj ", "5664\u00a0HJ", "5664.HJ", "NL-5664 HJ",
     "5 6 6 4 h j", "\uff15\uff16\uff16\uff14\uff28\uff2a", "5664\u2013HJ", "\u202a5664 HJ\u202c"],
)  # fmt: skip
def test_every_way_of_typing_is_one_postcode(typed: str) -> None:
    assert parse(typed) == Postcode(5664, "HJ")
    assert str(parse(typed)) == "5664 HJ"
    assert parse(typed).compact == "5664HJ"


def test_four_digits_are_a_neighbourhood() -> None:
    assert parse(" 5664 ") == Postcode(5664)
    assert str(Postcode(5664)) == Postcode(5664).compact == "5664"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "postcode-empty"),
        (" - ", "postcode-empty"),
        ("5664 H", "postcode-letters"),
        ("5664 HJK", "postcode-letters"),
        ("5664 SS", "postcode-letters"),
        ("5664 SA", "postcode-letters"),
        ("0664 HJ", "postcode-zero"),
        ("566O HJ", "postcode-letter-o"),
        ("5664 0J", "postcode-letter-o"),
        ("566", "postcode-form"),
        ("56645", "postcode-form"),
        ("Geldrop", "postcode-form"),
        ("HJ 5664", "postcode-form"),
        ("5664 \u0416\u0416", "postcode-form"),
        ("5664 HJ" * 10, "postcode-form"),
        ("5664\0HJ", "postcode-form"),
    ],
)
def test_what_is_no_postcode_is_refused_with_a_hint(typed: str, code: str) -> None:
    with pytest.raises(WrongPostcode) as refused:
        parse(typed)
    assert refused.value.code == code


@given(st.integers(1000, 9999), st.none() | st.from_regex("[A-Z]{2}", fullmatch=True))
def test_a_postcode_is_read_back_as_it_was_written(pc4: int, letters: str | None) -> None:
    if letters not in {"SA", "SD", "SS"}:
        postcode = Postcode(pc4, letters)
        assert parse(str(postcode)) == parse(postcode.compact.lower()) == postcode


@given(
    st.text(st.characters(codec=None, exclude_categories=[]), max_size=50)
    | st.text("0123456789AOS -", max_size=9)
)
def test_any_text_is_a_postcode_or_a_reason(typed: str) -> None:
    with suppress(WrongPostcode):
        assert 1000 <= parse(typed).pc4 <= 9999


def test_a_field_of_a_form_holds_the_postcode_or_says_why_not() -> None:
    class Form(BaseModel):
        postcode: TypedPostcode

    form = Form.model_validate({"postcode": "5664hj"})
    assert form.postcode.pc4 == 5664
    assert form.model_dump(mode="json") == {"postcode": "5664 HJ"}
    assert Form(postcode=Postcode(5664)).postcode.letters is None
    with pytest.raises(ValidationError, match="postcode-form"):
        Form.model_validate({"postcode": "Geldrop"})
    assert Form.model_json_schema()["properties"]["postcode"]["type"] == "string"
