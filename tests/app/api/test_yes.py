"""The API asks for the same yes as the pages: a field with the number of the text, and a clear refusal without it."""

import pytest

from app.db import Database as Program
from app.privacy.standing import YES
from tests.app.api.conftest import WALK, Api
from tests.app.factories import SENSITIVE_TEXT, a_person

ASKED = WALK | {"categorie": "helpen-bij-dementie", "titel": "Een middag bij mijn man"}


def test_a_sensitive_request_without_the_yes_is_refused_and_says_which_field(ria: Api) -> None:
    refused = ria.post("/hulpvragen", ASKED)

    assert (refused.status_code, refused.json()["code"]) == (400, "yes-needed")
    assert refused.json()["errors"][0]["location"]["pointer"] == f"#/{YES}"
    assert ria.get("/hulpvragen", mijn=True).json() == []

    ria.made("/hulpvragen", ASKED | {YES: SENSITIVE_TEXT})
    assert ria.post("/hulpvragen", ASKED | {"titel": "Nog een middag"}).status_code == 201  # not asked again


@pytest.mark.parametrize("said", [0, -1, 99, "1", True])
def test_a_yes_to_another_text_is_none(ria: Api, said: object) -> None:
    assert ria.post("/hulpvragen", ASKED | {YES: said}).status_code == 400
    assert ria.get("/hulpvragen", mijn=True).json() == []


def test_a_draft_waits_for_the_yes_that_sends_it(ria: Api) -> None:
    kept = ria.made("/hulpvragen", ASKED | {"concept": True})["id"]
    assert ria.post(f"/hulpvragen/{kept}/verzendingen").json()["code"] == "yes-needed"

    assert ria.made(f"/hulpvragen/{kept}/verzendingen", {YES: SENSITIVE_TEXT})["status"] == "ingediend"


def test_a_change_that_makes_it_sensitive_asks_too(ria: Api) -> None:
    asked = ria.made("/hulpvragen", WALK)
    wanted = ASKED | {"versie": asked["versie"]}
    assert ria.put(f"/hulpvragen/{asked['id']}", wanted).json()["code"] == "yes-needed"

    assert ria.put(f"/hulpvragen/{asked['id']}", wanted | {YES: SENSITIVE_TEXT}).status_code == 200


def test_the_makelaar_sends_the_yes_that_they_heard(program: Program, marja: Api) -> None:
    with program.transaction() as session:
        asker = a_person(session, first_name="Harrie").person_id
    taken = ASKED | {"vrager": str(asker), "toestemming": "telefoon"}
    assert marja.post("/hulpvragen", taken).json()["code"] == "yes-needed"

    assert marja.made("/hulpvragen", taken | {YES: SENSITIVE_TEXT})["status"] == "open"


def test_the_description_holds_the_text_that_is_said_yes_to(ria: Api) -> None:
    schemas = ria.get("/openapi.json").json()["components"]["schemas"]
    assert "Zo'n vraag is nooit openbaar." in schemas["SentHelpRequest"]["properties"][YES]["description"]
