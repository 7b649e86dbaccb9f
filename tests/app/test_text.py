"""Typed text is stored as NFC or refused with a reason, never a failure (case 48)."""

import unicodedata

import pytest
from hypothesis import given, strategies as st
from pydantic import BaseModel, ValidationError

from app.text import FirstName, Line, Name, Prose, Refused, clean, looks_like_staff, mixes_scripts

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]), max_size=300)
NASTY = st.text(
    st.sampled_from("a é\u0301\u0308\0\ud800\u202e\u202a\u2069\u200b\u200d\u200c\ufe0f\n\r\t\v\u2028\u00a0"
                    "\u0344\U0001f468\U0001f3fb\u2764\u3164\u0130\u0131\ufb2c\U0001d15e\U000e0041"),
    max_size=60,
)  # fmt: skip
REASONS = {"text-long", "text-nul", "text-surrogate", "text-direction", "text-marks", "text-empty",
           "name-letters", "name-mixed", "name-staff"}  # fmt: skip


class Form(BaseModel):
    title: Line = "-"
    story: Prose = "-"
    last_name: Name = "A"
    first_name: FirstName = "A"


def reason(**fields: object) -> str:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate(fields)
    (error,) = refused.value.errors(include_input=False)
    return error["type"]


@given(ANY_TEXT | NASTY, st.booleans())
def test_any_text_is_cleaned_or_refused_with_a_reason(text: str, lines: bool) -> None:
    try:
        cleaned = clean(text, max_length=100, lines=lines)
    except Refused:
        return
    assert cleaned.encode()
    assert 0 < len(cleaned) <= 100
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set(cleaned) & set("\0\r\v\f\x85\u2028\u2029\u200b\u202d\u202e\u2066\ufeff")
    assert lines or "\n" not in cleaned
    assert "\n\n\n" not in cleaned
    assert cleaned == cleaned.strip()


@given(ANY_TEXT | NASTY, st.booleans())
def test_cleaning_twice_is_cleaning_once(text: str, lines: bool) -> None:
    try:
        once = clean(text, max_length=200, lines=lines)
    except Refused:
        return
    assert clean(once, max_length=200, lines=lines) == once


@given(ANY_TEXT | NASTY)
def test_a_schema_never_fails_otherwise_than_with_a_reason(text: str) -> None:
    for field in Form.model_fields:
        try:
            Form.model_validate({field: text}).model_dump_json()
            reasons = set()
        except ValidationError as refused:
            reasons = {error["type"] for error in refused.errors(include_input=False)}
        assert reasons <= REASONS


def test_an_accent_typed_apart_joins_its_letter() -> None:
    assert Form(title="Cafe\u0301").title == "Caf\u00e9"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\0b", "text-nul"),
        ("a\ud800b", "text-surrogate"),
        ("abc\u202edef", "text-direction"),
        ("a" + "\u0301" * 20, "text-marks"),
        ("\u0301a", "text-marks"),
        (" \u200b\u3164 ", "text-empty"),
        ("", "text-empty"),
        ("x" * 121, "text-long"),
        ("a" + "\u0301" * 10_000, "text-long"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(text: str, code: str) -> None:
    assert reason(title=text) == code


def test_ten_thousand_combining_marks_are_refused_at_once_where_they_would_fit() -> None:
    with pytest.raises(Refused, match="text-marks"):
        clean("a" + "\u0301\u0316" * 5_000, max_length=20_000)


def test_a_limit_is_told_with_the_refusal() -> None:
    with pytest.raises(Refused) as refused:
        clean("x" * 41, max_length=40)
    assert refused.value.context == {"limit": 40}


@pytest.mark.parametrize("other", [3, None, ["a"], {"a": 1}, True])
def test_what_is_no_text_is_refused(other: object) -> None:
    assert reason(title=other) == "string_type"


def test_a_number_pasted_from_an_address_book_loses_its_marks_of_direction() -> None:
    assert Form(title="\u202a06 12345678\u202c").title == "06 12345678"


def test_a_zero_width_joiner_stays_between_pictures_only() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    heart = "\u2764\ufe0f\u200d\U0001f525"
    cook = "\U0001f469\U0001f3fd\u200d\U0001f373"
    assert Form(title=f"{family} {heart} {cook} a\u200db\u200d").title == f"{family} {heart} {cook} ab"


def test_a_line_has_no_line_breaks() -> None:
    assert Form(title=" Bcc:\r\nx\u2028y\x85z\tq ").title == "Bcc: x y z q"


def test_prose_keeps_its_paragraphs() -> None:
    assert Form(story="een\r\n\r\n\r\n\r\ntwee  \u2029 drie\r").story == "een\n\ntwee\ndrie"


@pytest.mark.parametrize(
    "name",
    ["O'Brien", "O\u2019Brien", "van 't Hof", "Null", "J", "\u0130rem", "I\u015f\u0131l", "Zo\u00eb",
     "d'Artagnan-de Wit", "\u0410\u043d\u043d\u0430", "\u5c71\u7530 \u305f\u308d\u3046",
     "\u0641\u0627\u0637\u0645\u0629", "\u02bbOno", "Gemma", "Clemente",
     "Beer", "Admiraal", "Jan \U0001f33b", "\u0410\u043d\u043d\u0430 (Anna)"],
)  # fmt: skip
def test_a_persons_name_is_kept_as_it_is(name: str) -> None:
    form = Form(first_name=name, last_name=name)
    assert form.first_name == form.last_name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", ["12", "?!", "\U0001f33b"])
def test_a_name_has_a_letter(name: str) -> None:
    assert reason(last_name=name) == "name-letters"


@pytest.mark.parametrize(
    "name", ["G\u0435meente", "\u039caria", "\u0410nna", "B\u0435\u04bb\u0435\u0435rder"]
)
def test_a_name_that_mixes_scripts_in_a_word_is_refused(name: str) -> None:
    assert mixes_scripts(name)
    assert reason(last_name=name) == "name-mixed"
    assert reason(first_name=name) == "name-mixed"


@pytest.mark.parametrize(
    "name",
    ["Gemeente", "gemeente Best", "\u011eemeente", "G e m e e n t e", "gerneente", "Gemeeente", "G3m33nt3",
     "sociaal makelaar", "Sociaal M4kel@ar", "SOCIAALMAKE1AAR", "Be\u0142eerder beheerder", "BEHEERDER!",
     "\uff27\uff45\uff4d\uff45\uff45\uff4e\uff54\uff45", "\U0001d406emeente", "\U0001f156emeente",
     "\U0001f1ec\U0001f1eaMEENTE", "Zorg voor Elkaar", "Gemeen\u0167e"],
)  # fmt: skip
def test_a_first_name_that_looks_like_staff_is_refused(name: str) -> None:
    assert looks_like_staff(name)
    assert reason(first_name=name) == "name-staff"


@pytest.mark.parametrize(
    "shape", ["G\u0435meente", "\u0412\u0435\u04bb\u0435\u0435rd\u0435r", "\u0405\u043e\u0441iaal makelaar"]
)
def test_look_alikes_from_other_scripts_have_the_same_shape(shape: str) -> None:
    assert looks_like_staff(shape)


def test_an_organisation_may_be_called_gemeente() -> None:
    assert Form(last_name="Gemeente Best").last_name == "Gemeente Best"


def test_the_json_schema_tells_the_length() -> None:
    assert Form.model_json_schema()["properties"]["title"] == {
        "default": "-", "maxLength": 120, "minLength": 1, "title": "Title", "type": "string",
    }  # fmt: skip
