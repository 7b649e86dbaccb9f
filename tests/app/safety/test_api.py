"""Veiligheid over the API: the same rules as on the pages, and nothing that tells the other."""

from typing import Any

import pytest

from app.db import Database as Program
from tests.app.api.conftest import Api, ApiFor, agreed, api_for, ria, youssef
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, act
from tests.app.safety.test_suspensions import Desk, desk
from tests.databases import Database

__all__ = ["api_for", "desk", "ria", "youssef"]
SAID = {"waarover": "geld", "uitleg": "Hij vroeg om mijn pinpas.", "hoeSnel": "snel"}


@pytest.fixture
def at(program: Program, ria: Api, youssef: Api) -> dict[str, Any]:
    """The contact of the two: an agreement."""
    return {"contact": "afspraak", "onderwerp": agreed(program, ria, youssef)["id"]}


def test_what_is_reported_at_a_contact_is_read_by_its_reporter_only(
    at: dict[str, Any], ria: Api, youssef: Api
) -> None:
    made = ria.made("/veiligheidsmeldingen", SAID | at)

    assert (made["waarover"], made["status"], made["contact"]) == ("geld", "nieuw", "afspraak")
    assert made["gemaaktOp"] < made["beloofdOp"]
    assert ria.get("/veiligheidsmeldingen").json() == [made]
    assert ria.get(f"/veiligheidsmeldingen/{made['id']}").json() == made
    assert youssef.get("/veiligheidsmeldingen").json() == []
    assert youssef.get(f"/veiligheidsmeldingen/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"waarover": "money"}, {"hoeSnel": "now"}, {"contact": "afspraak"}, {"contact": "iets"}, {"uitleg": ""},
     {"status": "handled"}],
)  # fmt: skip
def test_what_cannot_be_a_report_is_refused(
    ria: Api, fresh_database: Database, wrong: dict[str, str]
) -> None:
    assert ria.post("/veiligheidsmeldingen", SAID | wrong).status_code == 400
    assert rows_of(fresh_database, "SELECT count(*) FROM safety_report")[0][0] == 0


def test_a_block_is_read_by_who_made_it_and_let_go_once(at: dict[str, Any], ria: Api, youssef: Api) -> None:
    made = ria.made("/blokkades", at | {"afspraken": "latenStaan"})

    assert (made["wie"], made["afspraken"]) == ("Youssef", "latenStaan")
    assert ria.get("/blokkades").json() == [made]
    assert youssef.get("/blokkades").json() == []
    assert ria.post("/blokkades", at).json()["code"] == "blocked-before"
    path = f"/blokkades/{made['id']}/beeindigingen"
    assert youssef.post(path).status_code == 404
    assert ria.made(path)["opgehevenOp"] == ria.made(path)["opgehevenOp"]
    assert ria.get("/blokkades").json() == []


def test_nobody_is_blocked_without_a_contact(ria: Api) -> None:
    assert ria.post("/blokkades", {}).status_code == 404


def test_a_suspended_person_reads_why_and_appeals_once(desk: Desk, api_for: ApiFor) -> None:
    helper, asker = api_for(desk.helper), api_for(desk.asker)
    assert helper.get("/schorsingen/mijn").status_code == 404
    desk.suspend(desk.helper)

    told = helper.get("/schorsingen/mijn").json()
    assert (told["waarom"], told["bezwaarLoopt"]) == ("uitzoeken", False)
    assert helper.made("/schorsingen/mijn/bezwaren", {"uitleg": "Ik deed niets."})["bezwaarLoopt"]
    assert helper.post("/schorsingen/mijn/bezwaren", {"uitleg": "Echt."}).json()["code"] == "appealed-before"
    assert asker.get("/schorsingen/mijn").status_code == 404


def test_house_rules_are_answered_by_version(ria: Api) -> None:
    rules = ria.get("/huisregels").json()
    assert (rules["versie"], len(rules["regels"]), rules["beantwoord"]) == (1, 7, False)

    assert ria.made("/huisregels/antwoorden", {"versie": 1, "akkoord": True})["beantwoord"]
    assert ria.made("/huisregels/antwoorden", {"versie": 9, "akkoord": True})["versie"] != 9


def test_an_agreement_says_who_insures_it(at: dict[str, Any], ria: Api) -> None:
    agreement = ria.get(f"/afspraken/{at['onderwerp']}").json()
    assert agreement["verzekering"] == ""


def test_the_desk_has_no_safety_over_the_api(
    program: Program, fresh_database: Database, api_for: ApiFor
) -> None:
    with program.transaction() as session:
        marja = act(session, a_member_of_staff(fresh_database, session))
    assert api_for(marja).get("/veiligheidsmeldingen").json() == []
