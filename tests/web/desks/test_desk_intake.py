"""Taking a question by telephone: who, what, read back, posted with the consent that was given."""

import pytest
from fastapi import FastAPI

from app.db import Database
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

PATH = "/bureau/nieuwe-vraag"
QUESTION = {
    "categorie": "samen-op-pad", "titel": "Samen naar de markt", "minuten": "60", "hoeVaak": "eenmalig",
    "haast": "1", "toestemming": "phone",
}  # fmt: skip
HARRIE = {"voornaam": "Harrie", "achternaam": "Smits", "postcode": "5664hj", "telefoon": "06-12345678"}


@pytest.fixture
def desk(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    made = a_desk(fresh_database, program, site)
    made.get(PATH)
    return made


def test_somebody_new_is_registered_and_asked_for_with_consent(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    with program.transaction() as session:
        a_helper(session)
    read = desk.post(PATH, **HARRIE, **QUESTION, dagdelen=["4", "5"], knop="lees")
    assert read.status_code == 200
    assert "Lees dit voor aan Harrie" in read.text
    assert rows_of(fresh_database, "SELECT count(*) FROM help_request")[0][0] == 0
    posted = desk.post(PATH, **HARRIE, **QUESTION, dagdelen=["4", "5"], knop="plaats")
    [row] = rows_of(
        fresh_database,
        "SELECT r.id, r.consent, r.author_id, r.status, r.slots, p.first_name, c.phone FROM help_request r"
        " JOIN person p ON p.id = r.person_id JOIN contact c ON c.person_id = p.id",
    )
    assert posted.headers["location"] == f"/bureau/zaken/{row.id}"
    assert (row.first_name, row.phone, row.consent, row.status) == ("Harrie", "+31612345678", "phone", "open")
    assert row.author_id == desk.actor.person_id
    assert row.slots == 0b110000
    page = desk.get(f"/bureau/zaken/{row.id}").text
    assert "Marja, toestemming per telefoon" in page
    assert "Tonnie" in page


def test_somebody_known_is_found_by_name_telephone_and_postcode(program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        person = a_person(session, first_name="Annie", achternaam="de Groot", telefoon="040 212 34 56")
    for typed in ("annie", "groot", "040-2123456", "5664 HJ", "5664"):
        assert "Dit is Annie" in desk.get(f"{PATH}?zoek={typed}").text, typed
    desk.get(f"{PATH}?persoon={person.person_id}")
    posted = desk.post(PATH, persoon=str(person.person_id), **QUESTION, knop="plaats")
    assert posted.status_code == 303
    assert "Annie de Groot" in desk.get(posted.headers["location"]).text


def test_without_consent_nothing_is_posted_and_what_was_typed_stays(
    fresh_database: Migrated, desk: Desk
) -> None:
    typed = {**HARRIE, **QUESTION, "toestemming": None, "titel": "Iets bijzonders"}
    answer = desk.post(PATH, **typed, knop="plaats")
    assert answer.status_code == 422
    assert "Kies hoe dat gezegd is." in answer.text
    assert "Iets bijzonders" in answer.text
    assert "5664hj" in answer.text
    assert rows_of(fresh_database, "SELECT count(*) FROM help_request")[0][0] == 0


def test_both_halves_of_the_screen_tell_what_to_mend_at_once(desk: Desk) -> None:
    answer = desk.post(PATH, toestemming="visit", knop="lees", postcode="99")
    assert answer.status_code == 422
    for name in ("voornaam", "postcode", "categorie", "titel"):
        assert f'href="#veld-{name}"' in answer.text


def test_sent_twice_it_is_one_question_and_one_person(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    with program.transaction() as session:
        person = a_person(session, first_name="Annie")
    for _ in range(2):
        desk.get(PATH)
        desk.post(PATH, persoon=str(person.person_id), **QUESTION, knop="plaats")
    assert rows_of(fresh_database, "SELECT count(*) FROM help_request")[0][0] == 1


def test_a_known_number_is_pointed_out_before_somebody_is_registered_again(
    program: Database, desk: Desk
) -> None:
    with program.transaction() as session:
        a_person(session, first_name="Harrie", telefoon="0612345678")
    assert "met dit nummer is al bekend" in desk.post(PATH, **HARRIE, **QUESTION, knop="lees").text


def test_nobody_is_registered_in_another_municipality(fresh_database: Migrated, desk: Desk) -> None:
    answer = desk.post(PATH, **{**HARRIE, "postcode": "5708 AB"}, **QUESTION, knop="plaats")
    assert answer.status_code == 422
    assert "uw eigen gemeente" in answer.text
    assert rows_of(fresh_database, "SELECT count(*) FROM person WHERE first_name = 'Harrie'")[0][0] == 0


def test_changing_ones_mind_brings_the_form_back_filled(desk: Desk) -> None:
    answer = desk.post(PATH, **HARRIE, **QUESTION, knop="terug")
    assert answer.status_code == 200
    assert 'value="Samen naar de markt"' in answer.text


@pytest.mark.parametrize(
    "field", ["municipality_id", "role", "status", "balance", "min_available", "owner_id"]
)
def test_a_field_of_nobodys_is_refused(fresh_database: Migrated, desk: Desk, field: str) -> None:
    for button in ("lees", "plaats"):
        answer = desk.post(PATH, **HARRIE, **QUESTION, knop=button, **{field: "794"})
        assert "Dit formulier past niet meer bij de pagina." in answer.text
    assert rows_of(fresh_database, "SELECT count(*) FROM help_request")[0][0] == 0
