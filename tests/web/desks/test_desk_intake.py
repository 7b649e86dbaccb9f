"""Taking a question by telephone: who, what, read back, posted with the consent that was given."""

from urllib.parse import urlencode
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.db import Database
from app.matches.index import request_by_id
from matching.batch.priority import tier
from tests.app.conftest import rows_of
from tests.app.factories import SENSITIVE_TEXT, a_helper, a_person
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


def test_who_is_vulnerable_and_in_a_hurry_goes_first_from_the_first_question(
    program: Database, desk: Desk
) -> None:
    typed = {**HARRIE, **QUESTION, "haast": "2", "kwetsbaar": "ja"}
    read = desk.post(PATH, **typed, knop="lees")
    assert 'name="kwetsbaar" value="ja"' in read.text
    posted = desk.post(PATH, **typed, knop="plaats")
    case = UUID(posted.headers["location"].rpartition("/")[2])
    with program.transaction() as session:
        assert tier(request_by_id(session, case)) == 7


def test_somebody_known_is_found_by_name_telephone_and_postcode(program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        person = a_person(session, first_name="Annie", achternaam="de Groot", telefoon="040 212 34 56")
    parts = ("040-2123456", "040 21", "456", "12 34 5", "+3140212")
    for typed in ("annie", "groot", *parts, "5664 HJ", "5664"):
        assert "Dit is Annie" in desk.get(f"{PATH}?{urlencode({'zoek': typed})}").text, typed
    for other in ("040-2123457", "457", "06 21"):
        assert "Dit is Annie" not in desk.get(f"{PATH}?{urlencode({'zoek': other})}").text, other
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


def test_more_wishes_are_taken_down_too_and_read_back(fresh_database: Migrated, desk: Desk) -> None:
    wishes = {
        "aantalHelpers": "2", "talen": ["0", "4"], "vaardigheden": ["0", "3"], "hoeVerKm": "5",
        "zichtbaarVoor": "voorgesteld", "soort": "zonder",
    }  # fmt: skip
    read = desk.post(PATH, **HARRIE, **QUESTION, **wishes, knop="lees")
    for said in (
        "Turks",
        "een auto hebben",
        "een rolstoel duwen",
        "5 km",
        "Zonder Roosjes",
        "alleen eigen gemeente",
    ):
        assert said in read.text, said
    desk.post(PATH, **HARRIE, **QUESTION, **wishes, jaGevoelig=str(SENSITIVE_TEXT), knop="plaats")
    [row] = rows_of(
        fresh_database,
        "SELECT helpers_wanted, languages, skills, max_km, cross_border, visibility, kind FROM help_request",
    )
    assert tuple(row) == (2, 0b10001, 0b1001, 5, False, "voorgesteld", "zonder")


def test_the_short_form_stays_short_and_wishes_nothing_by_itself(
    fresh_database: Migrated, desk: Desk
) -> None:
    page = desk.get(PATH).text
    assert "Meer wensen" in page
    assert '<details class="more">' in page
    assert 'name="buurgemeenten" value="true" checked' in page
    desk.post(PATH, **HARRIE, **QUESTION, buurgemeenten="true", knop="plaats")
    [row] = rows_of(
        fresh_database,
        "SELECT helpers_wanted, languages, skills, max_km, cross_border, visibility, kind FROM help_request",
    )
    assert tuple(row) == (1, 1, 0, 15, True, "iedereen", "roosjes")


def test_wishes_that_are_filled_in_stand_open_again(desk: Desk) -> None:
    answer = desk.post(PATH, **HARRIE, **QUESTION, aantalHelpers="3", knop="terug")
    assert '<details class="more" open>' in answer.text


def test_work_for_professionals_is_taken_down_as_paid_work(fresh_database: Migrated, desk: Desk) -> None:
    asked = {**QUESTION, "categorie": "vakman-nodig"}
    assert "Betaald" in desk.post(PATH, **HARRIE, **asked, knop="lees").text
    refused = desk.post(PATH, **HARRIE, **asked, soort="zonder", knop="plaats")
    assert refused.status_code == 422
    assert "Dit is werk voor een vakman. Kies betalen of een dienstencheque." in refused.text
    desk.post(PATH, **HARRIE, **asked, knop="plaats")
    assert rows_of(fresh_database, "SELECT kind FROM help_request")[0].kind == "betaald"


@pytest.mark.parametrize("typed", [{"talen": ["99"]}, {"vaardigheden": ["x"]}, {"aantalHelpers": "0"}])
def test_a_wish_that_is_none_is_refused(desk: Desk, typed: dict[str, object]) -> None:
    assert desk.post(PATH, **HARRIE, **QUESTION, **typed, knop="lees").status_code == 422
