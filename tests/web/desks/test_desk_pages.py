"""Every page of the desk, for whoever may see it and for nobody else."""

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database
from tests.app.factories import HELMOND, a_helper, a_person, a_request, act
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.desks.helpers import Desk, a_desk

BROKER = (
    "/bureau",
    "/bureau/zoeken?zoek=Ria",
    "/bureau/mensen",
    "/bureau/nieuwe-vraag",
    "/bureau/nieuwe-vraag?zoek=Ria",
)
SHARED = ("/bureau/organisaties", "/bureau/cijfers", "/bureau/kaart")
ADMINISTRATOR = ("/gemeente", "/gemeente/instellingen")


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        (Role.BROKER, BROKER + SHARED, (*ADMINISTRATOR, "/regio")),
        (Role.MUNICIPALITY_ADMINISTRATOR, ADMINISTRATOR + SHARED, (*BROKER[1:], "/regio")),
        (
            Role.REGION_ADMINISTRATOR,
            ("/regio", "/regio/simulatie", "/bureau/organisaties"),
            (*BROKER[1:], *ADMINISTRATOR),
        ),
    ],
)
def test_each_role_has_its_pages_and_no_others(
    fresh_database: Migrated,
    program: Database,
    site: FastAPI,
    role: Role,
    seen: tuple[str, ...],
    unseen: tuple[str, ...],
) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session))
        a_helper(session)
    municipality = None if role is Role.REGION_ADMINISTRATOR else 1771
    desk = a_desk(fresh_database, program, site, role, municipality)
    assert {path: desk.get(path).status_code for path in seen} == dict.fromkeys(seen, 200)
    assert {path: desk.get(path).status_code for path in unseen} == dict.fromkeys(unseen, 404)


def test_the_desk_is_closed_to_residents_and_asks_visitors_to_sign_in(
    program: Database, site: FastAPI
) -> None:
    with program.transaction() as session:
        resident = a_person(session)
    desk = Desk(site, program, resident)
    assert [desk.get(path).status_code for path in ("/bureau", "/gemeente", "/regio")] == [404, 404, 404]
    desk.client.headers.pop("cookie")
    assert desk.get("/bureau").headers["location"].startswith("/inloggen")


def test_administrators_start_at_their_own_page(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    desk = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR)
    assert desk.get("/bureau").headers["location"] == "/gemeente"
    region = a_desk(fresh_database, program, site, Role.REGION_ADMINISTRATOR, None)
    assert region.get("/bureau").headers["location"] == "/regio"


def test_a_case_of_another_municipality_does_not_exist(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    with program.transaction() as session:
        person = a_person(session)
        asked = a_request(session, person)
    helmond = a_desk(fresh_database, program, site, municipality_id=HELMOND)
    assert helmond.get(f"/bureau/zaken/{asked.id}").status_code == 404
    assert helmond.get(f"/bureau/mensen/{person.person_id}").status_code == 404
    assert asked.title not in helmond.get("/bureau").text
    assert asked.title not in helmond.get("/bureau/zoeken?zoek=weekmarkt").text
    for what in ("oppakken", "sluiten", "notities", "vrijgeven"):
        helmond.get("/bureau")
        helmond.get("/bureau/nieuwe-vraag")
        assert helmond.post(f"/bureau/zaken/{asked.id}/{what}", versie="1").status_code == 404


def test_the_case_shows_no_address_and_no_mail(
    fresh_database: Migrated, program: Database, site: FastAPI
) -> None:
    with program.transaction() as session:
        person = a_person(session, huisnummer="127", telefoon="0612345678", email="ria.geheim@voorbeeld.nl")
        asked = a_request(session, act(session, person))
    desk = a_desk(fresh_database, program, site)
    for path in (f"/bureau/zaken/{asked.id}", f"/bureau/mensen/{person.person_id}", "/bureau/mensen"):
        page = desk.get(path).text
        assert "ria.geheim" not in page
        assert "127" not in page.replace("127.0.0.1", "")
        assert "06 12 34 56 78" in page or "+31612345678" in page


def test_an_unknown_queue_or_a_wild_page_is_no_failure(desk: Desk) -> None:
    for path in (
        "/bureau?bak=weg",
        "/bureau?blad=0",
        "/bureau?van=1",
        "/bureau/zaken/1",
        "/bureau/mensen?blad=x",
    ):
        assert 400 <= desk.get(path).status_code < 500, path
    for typed in ("%00", "%25_%5C", "'", "K7-999", "a" * 150, "%F0%9F%8C%B7", "{{7*7}}"):
        assert desk.get(f"/bureau/zoeken?zoek={typed}").status_code == 200, typed
        assert desk.get(f"/bureau/mensen?zoek={typed[:110]}").status_code == 200, typed


def test_the_desk_speaks_english_too(program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session))
    desk.client.headers["cookie"] += "; __Host-taal=en"
    page = desk.get("/bureau").text
    assert "Nobody waits too long" in page
    assert "Werkbakken" not in page


def test_people_cost_as_many_queries_at_fifteen_rows_as_at_one(program: Database, desk: Desk) -> None:
    def queries(path: str) -> int:
        with count_queries(program.engine) as counted:
            assert desk.get(path).status_code == 200
        return counted.count

    with program.transaction() as session:
        asker = a_person(session)
        row = a_request(session, asker)
    paths = ("/bureau", "/bureau/mensen", "/bureau/zoeken?zoek=Geldrop", f"/bureau/zaken/{row.id}")
    for path in paths:
        desk.get(path)  # what is done at the first look only, such as marking it seen
    one = [queries(path) for path in paths]
    with program.transaction() as session:
        for letter in "abcdefghijklmn":
            a_request(session, a_person(session, first_name=f"Vrager{letter}"))
            a_helper(session, first_name=f"Helper{letter}")
    fifteen = [queries(path) for path in paths]
    assert fifteen[:3] == one[:3]
    assert fifteen[3] <= one[3] + 4  # the match index reads what was committed in between
