"""5513 lies in Eersel and in Oirschot: wherever a postcode is typed, the person says in which of the two."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.db import Database as Program
from tests.app.api.conftest import ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request, act
from tests.databases import Database
from tests.web.desks.helpers import a_desk
from tests.web.desks.test_desk_intake import HARRIE, PATH as INTAKE, QUESTION
from tests.web.pages.helpers import Visit
from tests.web.pages.test_asking import START, WHO, four_screens

__all__ = ["api_for"]

Visits = Callable[[], Visit]
EERSEL, OIRSCHOT = 770, 823
BOTH = pytest.mark.parametrize("chosen", [EERSEL, OIRSCHOT])
POSTCODE = "5513"


def both_named(page: str) -> bool:
    """Whether the page offers the two to choose from, and no third."""
    choice = page[page.index('name="gemeente"') :].partition("</form>")[0]
    return (
        set(re.findall(r'value="(\d+)"', choice)) >= {str(EERSEL), str(OIRSCHOT)} and "Helmond" not in choice
    )


@BOTH
def test_a_question_goes_to_the_one_that_was_chosen(visit: Visits, chosen: int) -> None:
    visitor = four_screens(visit(), postcode=POSTCODE)
    assert visitor.status == 422
    assert visitor.says("In welke gemeente woont u?")
    assert both_named(visitor.page)

    visitor.post(f"{START}/waar", postcode=POSTCODE, gemeente=str(chosen))
    visitor.post(f"{START}/versturen", **WHO)

    assert [row.municipality_id for row in visitor.rows("SELECT municipality_id FROM help_request")] == [
        chosen
    ]


@BOTH
def test_whoever_signs_up_lives_in_the_one_that_they_chose(visit: Visits, chosen: int) -> None:
    typed = {"voornaam": "Pim", "postcode": POSTCODE, "email": "pim@voorbeeld.nl"}
    visitor = visit().get("/aanmelden").post("/aanmelden", **typed)
    assert visitor.status == 422
    assert both_named(visitor.page)

    visitor.post("/aanmelden", **typed, gemeente=str(chosen))
    visitor.get("/").post("/inloggen/link", t=visitor.mailed_link("pim@voorbeeld.nl"))

    lives = "SELECT municipality_id FROM membership WHERE kind = 'lives'"
    assert [row.municipality_id for row in visitor.rows(lives)] == [chosen]


@BOTH
def test_whoever_moves_there_is_asked(program: Program, visit: Visits, chosen: int) -> None:
    with program.transaction() as session:
        person = a_person(session)
    visitor = visit().sign_in(program, person).get("/mijn/gegevens")
    typed = {"voornaam": "Ria", "postcode": POSTCODE}

    visitor.post("/mijn/gegevens", **typed)
    assert visitor.status == 422
    assert both_named(visitor.page)
    visitor.post("/mijn/gegevens", **typed, gemeente=str(chosen))

    lives = "SELECT municipality_id FROM membership WHERE kind = 'lives'"
    assert [row.municipality_id for row in visitor.rows(lives)] == [chosen]


@BOTH
def test_whoever_looks_around_there_is_asked(program: Program, visit: Visits, chosen: int) -> None:
    with program.transaction() as session:
        asker = a_person(session, postcode=POSTCODE, gemeente=OIRSCHOT)
        a_request(session, act(session, asker), titel="Appels plukken")
    visitor = visit().get(f"/helpen?postcode={POSTCODE}")
    assert visitor.status == 422
    assert both_named(visitor.page)
    assert not visitor.says("Appels plukken")

    visitor.get(f"/helpen?postcode={POSTCODE}&gemeente={chosen}")
    assert visitor.status == 200
    assert visitor.says("Appels plukken")
    assert visitor.says("uit Oirschot") is (chosen == EERSEL)


def test_the_desk_is_asked_for_whom_it_asks(
    fresh_database: Database, program: Program, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, municipality_id=OIRSCHOT)
    desk.get(INTAKE)
    typed = {**HARRIE, "postcode": POSTCODE, **QUESTION, "knop": "plaats"}

    desk.post(INTAKE, **typed)
    assert both_named(desk.page)
    assert rows_of(fresh_database, "SELECT FROM help_request") == []
    posted = desk.post(INTAKE, **typed, gemeente=str(OIRSCHOT))

    assert posted.status_code == 303
    assert [
        row.municipality_id for row in rows_of(fresh_database, "SELECT municipality_id FROM help_request")
    ] == [OIRSCHOT]


def test_a_program_is_told_both(program: Program, api_for: ApiFor) -> None:
    with program.transaction() as session:
        person = a_person(session)
    api = api_for(person)
    change = {"voornaam": "Ria", "postcode": POSTCODE}

    refused = api.put("/personen/mij", change)

    assert (refused.status_code, refused.json()["code"]) == (400, "postcode-spans-two")
    assert refused.json()["details"] == {"770": "Eersel", "823": "Oirschot"}
    assert api.put("/personen/mij", change | {"gemeente": OIRSCHOT}).json()["gemeente"] == OIRSCHOT
