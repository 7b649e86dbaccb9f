"""One telephone number, however it was typed."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st
from pydantic import BaseModel, ValidationError

from app.people.phone import TypedPhone, WrongPhone, display, parse


@pytest.mark.parametrize(
    "typed",
    ["06-12345678", "0031612345678", "06 12 34 56 78", "+31612345678", "+31 (0)6 12345678", "06.12.34.56.78",
     "06/12345678", " 06\u201112345678 ", "\u202a+31 6 12345678\u202c", "06\u00a012345678", "0612345678",
     "31612345678"],
)  # fmt: skip
def test_every_way_of_typing_is_one_number(typed: str) -> None:
    assert parse(typed) == "+31612345678"
    assert display(parse(typed)) == "06 12 34 56 78"


@pytest.mark.parametrize(
    ("typed", "e164", "shown"),
    [
        ("040-2123456", "+31402123456", "040 212 34 56"),
        ("0495 123456", "+31495123456", "0495 12 34 56"),
        ("088 123 4567", "+31881234567", "088 123 45 67"),
        ("040-1234567", "+31401234567", "040 123 45 67"),
        ("0800-0113", "+318000113", "0800 0113"),
        ("0032 470 12 34 56", "+32470123456", "+32 470 12 34 56"),
    ],
)
def test_other_numbers_are_shown_as_they_are_read_aloud(typed: str, e164: str, shown: str) -> None:
    assert parse(typed) == e164
    assert display(e164) == shown


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone-empty"),
        (" \u200b", "phone-empty"),
        ("geen", "phone-form"),
        ("0612345678a", "phone-form"),
        ("06 12345678 ext 5", "phone-form"),
        ("0612345678;DROP", "phone-form"),
        ("0" * 41, "phone-form"),
        ("06-1234567", "phone-length"),
        ("06-1234567890", "phone-length"),
        ("112", "phone-length"),
        ("+", "phone-length"),
        ("+999 12345678", "phone-unknown"),
        ("0123456789", "phone-unknown"),
        ("0900 1234", "phone-premium"),
    ],
)
def test_what_cannot_be_rung_is_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(WrongPhone) as refused:
        parse(typed)
    assert refused.value.code == code


@given(
    st.text(st.characters(codec=None, exclude_categories=[]), max_size=50)
    | st.text("+0123456789 -()/.", max_size=20)
)
def test_any_text_is_a_number_that_can_be_shown_or_a_reason(typed: str) -> None:
    with suppress(WrongPhone):
        e164 = parse(typed)
        assert parse(display(e164)) == e164


def test_what_is_no_number_is_shown_as_it_is() -> None:
    assert display("via de buren") == "via de buren"


def test_a_field_of_a_form_holds_the_number_or_says_why_not() -> None:
    class Form(BaseModel):
        phone: TypedPhone

    assert Form(phone="06-12345678").model_dump() == {"phone": "+31612345678"}
    with pytest.raises(ValidationError, match="phone-length"):
        Form(phone="06-1")
