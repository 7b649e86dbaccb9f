"""From what was typed to what it means, and back with everything still there."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from app.errors import Conflict, Invalid
from app.text import FirstName, Line, Prose
from web.forms import blank, filled, read, say


class Asking(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    title: Annotated[Line, Field(alias="titel")]
    postcode: Annotated[str, Field(alias="postcode", pattern=r"^\d{4} ?[A-Z]{2}$")]
    minutes: Annotated[int, Field(alias="minuten", ge=15, le=2400)] = 60
    slots: Annotated[list[int], Field(alias="tijden")] = []
    languages: Annotated[frozenset[str] | None, Field(alias="talen")] = None
    how: Annotated[Literal["bellen", "mailen"], Field(alias="hoe")] = "bellen"
    pause: Annotated[bool, Field(alias="pauze")] = False
    name: Annotated[FirstName | None, Field(alias="voornaam")] = None


say(Asking, titel="Schrijf in een paar woorden wat u nodig heeft.")
GOOD = {"titel": ["Heg knippen"], "postcode": ["5664 HJ"]}


def test_a_good_form_becomes_the_model() -> None:
    form = read(Asking, GOOD | {"tijden": ["3", "5"], "talen": ["nl"], "pauze": ["ja"]})
    assert form.errors == {}
    assert form.value == Asking(
        title="Heg knippen", postcode="5664 HJ", slots=[3, 5], languages=frozenset({"nl"}), pause=True
    )


def test_what_may_be_a_bsn_comes_back_from_where_people_type_and_from_nowhere_else() -> None:
    """One ticket in a hundred and thirty holds nine digits that pass the test by chance."""

    class Words(BaseModel):
        title: Annotated[Line, Field(alias="titel")]
        why: Annotated[Prose | None, Field(alias="waarom")] = None
        wishes: Annotated[list[Line], Field(alias="wensen")] = []
        ticket: Annotated[str, Field(alias="kaartje", max_length=200)] = ""

    carried = {"kaartje": ["01a20ab617697036b5629788fa273db2.Bax8USZymKqUTW6UCBYZDRvvvsq4lYHj3RkuN6lTWtA"]}
    assert read(Words, {"titel": ["Heg"]} | carried).value is not None
    said = {"titel": ["Bel mij"], "waarom": ["mijn bsn is 111222333"], "wensen": ["thee", "nr 123456782"]}
    assert list(read(Words, said | carried).errors) == ["waarom", "wensen"]


def test_a_text_that_is_too_short_is_to_be_made_longer_and_is_no_list_to_choose_from() -> None:
    class Why(BaseModel):
        reason: Annotated[Line, Field(alias="reden", min_length=10)]

    assert read(Why, {"reden": ["kort"]}).errors == {"reden": "Maak dit langer: ten minste 10 tekens."}


def test_one_tick_is_a_list_of_one() -> None:
    form = read(Asking, GOOD | {"tijden": ["3"]})
    assert form.value
    assert form.value.slots == [3]


def test_a_field_left_empty_counts_as_not_given() -> None:
    form = read(Asking, {"titel": ["  "], "postcode": [""], "minuten": [""], "voornaam": [""]})
    assert form.value is None
    assert form.errors == {
        "titel": "Schrijf in een paar woorden wat u nodig heeft.",
        "postcode": "Vul uw postcode in, bijvoorbeeld 5664 HJ.",
    }


def test_everything_typed_comes_back() -> None:
    typed = {"titel": [""], "postcode": ["niet"], "tijden": ["3", "zaterdag"], "tekst": ["lang verhaal"]}
    form = read(Asking, typed)
    assert form.get("postcode") == "niet"
    assert form.all("tijden") == ["3", "zaterdag"]
    assert form.has("tijden", 3)
    assert form.get("tekst") == "lang verhaal"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("minuten", "5", "Kies 15 of meer."),
        ("minuten", "9999", "Kies 2400 of minder."),
        ("minuten", "veel", "Vul een getal in, bijvoorbeeld 3."),
        ("hoe", "roepen", "Kies één van de mogelijkheden."),
        ("titel", "a" * 121, "Maak dit korter: hoogstens 120 tekens."),
        ("titel", "nul\0", "Hierin staat een teken dat wij niet kunnen bewaren. Typ het opnieuw."),
        ("voornaam", "Gemeente Geldrop", "Kies een andere naam. Deze lijkt op die van de gemeente."),
        ("postcode", "5664", "Vul uw postcode in, bijvoorbeeld 5664 HJ."),
    ],
)
def test_an_error_says_what_to_do(field: str, typed: str, sentence: str) -> None:
    assert read(Asking, GOOD | {field: [typed]}).errors == {field: sentence}


def test_errors_stand_in_the_order_of_the_form() -> None:
    form = read(Asking, {"minuten": ["1"], "voornaam": ["1"]})
    assert list(form.errors) == ["titel", "postcode", "minuten", "voornaam"]


def test_errors_come_in_the_language_of_the_visitor() -> None:
    assert read(Asking, GOOD | {"minuten": ["5"]}, "en").errors == {"minuten": "Choose 15 or more."}


@pytest.mark.parametrize("field", ["municipality_id", "role", "status", "balance", "owner_id"])
def test_a_field_that_the_form_has_not_is_refused(field: str) -> None:
    form = read(Asking, GOOD | {field: ["1"]})
    assert form.value is None
    assert form.errors == {"": "Dit formulier past niet meer bij de pagina. Laad de pagina opnieuw."}


def test_what_belongs_to_the_form_itself_never_reaches_the_model() -> None:
    form = read(Asking, GOOD | {"csrf": ["x"], "knop": ["bewaar"], "formulier": ["0197"]})
    assert form.value is not None
    assert (form.button, form.id) == ("bewaar", "0197")


def test_one_field_given_twice_is_refused() -> None:
    assert "titel" in read(Asking, GOOD | {"titel": ["een", "twee"]}).errors


def test_a_refusal_of_the_service_stands_at_its_field() -> None:
    form = read(Asking, GOOD).refused(Invalid(details={"titel": "text-marks"}))
    assert form.value is None
    assert form.errors == {"titel": "Hierin staan te veel tekens op één letter. Typ het opnieuw."}


def test_a_refusal_without_a_field_is_about_the_whole_form() -> None:
    assert list(read(Asking, GOOD).refused(Conflict()).errors) == [""]


def test_a_route_may_refuse_in_its_own_words() -> None:
    form = read(Asking, GOOD).refuse("titel", "Kies er hoogstens %(max_length)s.", max_length=3)
    assert form.errors == {"titel": "Kies er hoogstens 3."}


def test_a_form_shows_what_is_there() -> None:
    form = filled(Asking(title="Heg", postcode="5664 HJ", slots=[1, 2], pause=True))
    assert (form.get("titel"), form.all("tijden"), form.has("pauze", "ja")) == ("Heg", ["1", "2"], True)
    assert blank(afstand=5, tijden=[3]).all("tijden") == ["3"]
    assert read(Asking, {"titel": form.all("titel"), "postcode": form.all("postcode")}).value
