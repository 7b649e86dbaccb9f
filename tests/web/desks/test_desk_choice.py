"""Somebody with roles in several municipalities chooses whose desk this is; lists, counts and settings follow."""

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database
from app.ids import uuid7
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, GELDROP_MIERLO, HELMOND, a_person, a_request
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk, a_desk

GRANT = (
    "INSERT INTO role_grant (id, person_id, role, municipality_id)"
    " VALUES (:id, :person_id, :role, :municipality_id) RETURNING id"
)


def also(database: Migrated, desk: Desk, role: Role, municipality_id: int | None) -> None:
    """One more role for who sits at this desk."""
    rows_of(
        database,
        GRANT,
        id=uuid7(),
        person_id=desk.actor.person_id,
        role=role.value,
        municipality_id=municipality_id,
    )
    desk.sign_in()


def choose(desk: Desk, municipality_id: int, **typed: str) -> int:
    """Press the switch in the head of the page that is open."""
    answer = desk.post("/bureau/gemeente", gemeente=str(municipality_id), **typed)
    chosen = answer.headers.get("set-cookie", "")
    if chosen:
        assert all(word in chosen for word in ("HttpOnly", "Secure", "SameSite=lax"))
        session = desk.client.headers["cookie"].split("; __Host-bureau=")[0]
        desk.client.headers["cookie"] = f"{session}; {chosen.partition(';')[0]}"
    return answer.status_code


@pytest.fixture
def both(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    """Marja is makelaar in Geldrop-Mierlo and in Helmond; somebody asks in each."""
    with program.transaction() as session:
        a_request(session, a_person(session, first_name="Ria"), titel="Wandelen in Mierlo")
        a_request(
            session, a_person(session, first_name="Bram", postcode="5708 AB"), titel="Koffie in Helmond"
        )
    desk = a_desk(fresh_database, program, site)
    also(fresh_database, desk, Role.BROKER, HELMOND)
    return desk


def test_the_switch_shows_the_other_desk_and_is_remembered(both: Desk) -> None:
    first = both.get("/bureau").text
    assert "Koffie in Helmond" in first
    assert "Wandelen in Mierlo" not in first
    assert '<option value="794" selected' in first

    assert choose(both, GELDROP_MIERLO) == 303

    for _ in range(2):
        page = both.get("/bureau").text
        assert "Wandelen in Mierlo" in page
        assert "Koffie in Helmond" not in page
        assert '<option value="1771" selected' in page
        assert "<small>Geldrop-Mierlo</small>" in page
    people = both.get("/bureau/mensen").text
    assert "1 mens woont of helpt in Geldrop-Mierlo" in people
    assert "Bram" not in people
    assert "Geldrop-Mierlo" in both.get("/bureau/cijfers").text


def test_search_follows_the_desk(both: Desk) -> None:
    assert "Koffie in Helmond" in both.get("/bureau/zoeken?zoek=bram").text
    found = both.get("/bureau/zoeken?zoek=ria").text
    assert "Wandelen in Mierlo" not in found
    choose(both, GELDROP_MIERLO)
    assert "Wandelen in Mierlo" in both.get("/bureau/zoeken?zoek=ria").text


def test_the_switch_stays_on_the_page_when_that_is_one_of_the_menu(both: Desk) -> None:
    both.get("/bureau/mensen")
    answer = both.post("/bureau/gemeente", gemeente=str(GELDROP_MIERLO), volgende="/bureau/mensen")
    assert answer.headers["location"] == "/bureau/mensen"
    for elsewhere in ("https://voorbeeld.example/", "//voorbeeld.example", "/bureau/zaken/1", ""):
        both.get("/bureau")
        answer = both.post("/bureau/gemeente", gemeente=str(GELDROP_MIERLO), volgende=elsewhere)
        assert answer.headers["location"] == "/bureau"


def test_who_works_in_one_municipality_sees_no_switch(desk: Desk) -> None:
    assert "/bureau/gemeente" not in desk.get("/bureau").text


@pytest.mark.parametrize(
    "typed", [{"gemeente": str(EINDHOVEN)}, {"gemeente": "x"}, {"gemeente": "1771", "rol": "x"}]
)
def test_a_desk_out_of_reach_cannot_be_chosen(both: Desk, typed: dict[str, str]) -> None:
    both.get("/bureau")
    answer = both.post("/bureau/gemeente", **typed)
    assert answer.status_code in (400, 404)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("value", [str(EINDHOVEN), "99999", "x", "-1", "1771x", "9" * 400])
def test_a_cookie_of_ones_own_making_opens_no_other_desk(both: Desk, value: str) -> None:
    both.client.headers["cookie"] += f"; __Host-bureau={value}"
    assert '<option value="794" selected' in both.get("/bureau").text


@pytest.mark.parametrize("value", [str(EINDHOVEN), "99999", "x", "-1", "", "1771x", "9" * 400])
def test_an_address_that_names_a_desk_out_of_reach_does_not_exist(both: Desk, value: str) -> None:
    paths = [f"{path}?gemeente={value}" for path in ("/bureau", "/bureau/cijfers", "/bureau/mensen")]
    assert [both.get(path).status_code for path in paths] == [404, 404, 404]


def test_an_address_never_shows_another_municipality_than_it_names(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR)
    assert desk.get("/gemeente?gemeente=794").status_code == 404
    also(fresh_database, desk, Role.BROKER, HELMOND)
    assert desk.get("/gemeente?gemeente=794").status_code == 404
    assert "Geldrop-Mierlo" in desk.get("/gemeente?gemeente=1771").text


def test_the_region_administrator_chooses_whose_figures_to_see(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, Role.REGION_ADMINISTRATOR, None)
    page = desk.get("/regio").text
    assert page.count("<option value=") >= 21
    assert '<option value="">Kies een gemeente</option>' in page
    choose(desk, HELMOND)
    assert '<p class="soft">Helmond' in desk.get("/bureau/cijfers").text


def test_the_menu_offers_what_one_is_in_the_chosen_municipality(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, Role.BROKER, HELMOND)
    also(fresh_database, desk, Role.MUNICIPALITY_ADMINISTRATOR, GELDROP_MIERLO)

    in_helmond = desk.get("/bureau").text
    assert 'href="/bureau/mensen"' in in_helmond
    assert 'href="/gemeente/instellingen"' not in in_helmond
    choose(desk, GELDROP_MIERLO)
    assert desk.get("/bureau").headers["location"] == "/gemeente"
    in_geldrop = desk.get("/gemeente").text
    assert 'href="/gemeente/instellingen"' in in_geldrop
    assert 'href="/bureau/mensen"' not in in_geldrop


def test_settings_that_were_opened_before_the_switch_are_saved_where_they_were_opened(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, HELMOND)
    also(fresh_database, desk, Role.MUNICIPALITY_ADMINISTRATOR, GELDROP_MIERLO)
    opened = desk.get("/gemeente/instellingen").text
    assert 'action="/gemeente/instellingen?gemeente=794"' in opened
    version = desk.version()
    choose(desk, GELDROP_MIERLO)

    desk.get("/gemeente")
    answer = desk.post(
        "/gemeente/instellingen?gemeente=794", versie=version, bemiddeling="4", titel="buurtcoach", naam="Samira",
        telefoon="040 212 34 56", openingstijden="iedere dag", dagenOpen="30", dagenBelofte="2",
    )  # fmt: skip

    assert answer.headers["location"] == "/gemeente?gemeente=794&bewaard=ja"
    rows = rows_of(fresh_database, "SELECT id FROM municipality WHERE broker_name = 'Samira'")
    assert [row.id for row in rows] == [HELMOND]
