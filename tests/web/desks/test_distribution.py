"""Verdeel opnieuw at the desk: look first, take over in whole or in part, without JavaScript."""

import re
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.db import Database
from tests.app.conftest import rows_of
from tests.app.distribution.scarcity import Scarce, scarce
from tests.app.factories import HELMOND, a_helper, a_person, a_request
from tests.databases import Database as Migrated
from tests.queries import count_queries
from tests.web.desks.helpers import Desk, a_desk

__all__ = ["scarce"]
PATH = "/bureau/verdelen"
LINE = re.compile(r'name="regel"\s+value="([^"]+)"')


@pytest.fixture
def run(desk: Desk, scarce: Scarce) -> str:
    """A run that was made by pressing the button; the path of its preview."""
    desk.get(PATH)
    answer = desk.post(PATH)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def asked(database: Migrated) -> list[UUID]:
    return [row[0] for row in rows_of(database, "SELECT helper_id FROM proposal ORDER BY created_at")]


def test_the_preview_says_who_gets_whom_and_asks_nobody(
    fresh_database: Migrated, desk: Desk, run: str
) -> None:
    page = desk.get(run).text

    assert "2 van 2 plekken in Geldrop-Mierlo krijgen iemand" in page
    assert page.count('name="regel"') == 2
    assert "Noor" in page
    assert "Frits" in page
    assert "Dat is 1 mens meer dan op volgorde van binnenkomst." in page
    assert "geen andere verdeling" in page
    assert asked(fresh_database) == []


def test_all_of_it_is_taken_over_at_once(
    fresh_database: Migrated, desk: Desk, run: str, scarce: Scarce
) -> None:
    desk.get(run)
    answer = desk.post(run, knop="alles")

    assert answer.headers["location"] == run
    assert set(asked(fresh_database)) == {scarce.near.person_id, scarce.far.person_id}
    page = desk.get(run).text
    assert page.count("Overgenomen") == 2
    assert 'name="regel"' not in page


def test_a_part_is_taken_over_and_another_laid_aside(fresh_database: Migrated, desk: Desk, run: str) -> None:
    first, second = LINE.findall(desk.get(run).text)
    assert desk.post(run, knop="gekozen", regel=first).status_code == 303
    desk.get(run)
    assert desk.post(run, knop="opzij", regel=second, reden="Liever Toos").status_code == 303

    assert len(asked(fresh_database)) == 1
    page = desk.get(run).text
    assert "1 helper gevraagd." in page
    assert "U hoeft niets meer te doen." in page
    assert "Eerder gevraagd" not in page  # by this very line: that is no earlier question
    assert "Overgenomen" in page
    assert "Niet overgenomen" in page
    kept = rows_of(fresh_database, "SELECT reason FROM distribution_line WHERE id = :id", id=second)
    assert kept[0][0] == "Liever Toos"


def test_what_waits_stands_apart_from_what_is_settled(fresh_database: Migrated, desk: Desk, run: str) -> None:
    first, second = LINE.findall(desk.get(run).text)
    desk.post(run, knop="gekozen", regel=first)
    page = desk.get(run).text

    assert "Over 1 voorstel beslist u nog." in page
    assert LINE.findall(page) == [second]
    assert (
        page.index(second) < page.index("1 waar u niets meer voor hoeft te doen") < page.index("Overgenomen")
    )


def test_the_rest_after_a_part_counts_only_who_is_asked_now(
    fresh_database: Migrated, desk: Desk, run: str
) -> None:
    first, _ = LINE.findall(desk.get(run).text)
    desk.post(run, knop="gekozen", regel=first)
    desk.get(run)
    answer = desk.post(run, knop="alles")

    assert answer.status_code == 303  # what this makelaar decided before is no news
    page = desk.get(run).text
    assert "2 helpers gevraagd." in page
    assert "had iemand al beslist" not in page


def test_rings_belong_to_sharing_out_in_the_menu(desk: Desk) -> None:
    page = desk.get("/bureau/kringen").text

    # in the bar, and in the menu that stands there on a phone
    assert set(re.findall(r'href="([^"]+)" aria-current="page"', page)) == {PATH}


@pytest.mark.parametrize("knop", ["gekozen", "opzij"])
def test_nothing_ticked_comes_back_with_what_to_do(
    fresh_database: Migrated, desk: Desk, run: str, knop: str
) -> None:
    desk.get(run)
    answer = desk.post(run, knop=knop, reden="Mijn eigen woorden")

    assert answer.status_code == 422
    assert "Vink eerst aan waar het om gaat." in answer.text
    assert "Mijn eigen woorden" in answer.text
    assert asked(fresh_database) == []


def test_what_changed_meanwhile_stands_beside_its_line(
    fresh_database: Migrated, desk: Desk, run: str, scarce: Scarce
) -> None:
    rows_of(
        fresh_database,
        "UPDATE person SET paused = true WHERE id = :id RETURNING id",
        id=scarce.near.person_id,
    )
    desk.get(run)
    answer = desk.post(run, knop="alles")

    assert answer.status_code == 200
    assert "1 helper gevraagd." in answer.text
    assert "Past niet meer: zij hebben even pauze." in answer.text
    assert asked(fresh_database) == [scarce.far.person_id]


def test_a_second_makelaar_reads_that_it_was_decided(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk, run: str
) -> None:
    other = a_desk(fresh_database, program, site, first_name="Samira")
    other.get(run)
    desk.get(run)
    desk.post(run, knop="alles")
    answer = other.post(run, knop="alles")

    assert "Over 2 had iemand al beslist." in answer.text
    assert len(asked(fresh_database)) == 2


def test_yesterdays_preview_offers_to_share_out_anew(fresh_database: Migrated, desk: Desk, run: str) -> None:
    rows_of(fresh_database, "UPDATE distribution SET expires_at = ledger.now() RETURNING id")
    assert "Dit voorstel is ouder dan een dag." in desk.get(run).text
    answer = desk.post(run, knop="alles")

    assert answer.status_code == 409
    assert "Verdeel opnieuw." in answer.text
    assert asked(fresh_database) == []


def test_who_stays_without_is_told_why_and_what_would_help(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    with program.transaction() as session:
        for _ in range(2):
            a_helper(session, postcode="5708 AB", hoeVerKm=50)
        a_request(session, a_person(session), titel="Te ver", hoeVerKm=1)
    desk.get(PATH)
    page = desk.get(str(desk.post(PATH).headers["location"])).text

    assert "Niemand past. Het vaakst: zij wonen te ver weg (2 mensen)." in page
    assert "Zoek tot 11 km: 2 mensen" in page


def test_needed_elsewhere_is_said_in_words(program: Database, desk: Desk) -> None:
    with program.transaction() as session:
        a_helper(session, minutenPerWeek=60)
        a_request(session, a_person(session), titel="Rustig", haast=0)
        a_request(session, a_person(session, first_name="Bo"), titel="Haast", haast=3)
    desk.get(PATH)
    page = desk.get(str(desk.post(PATH).headers["location"])).text

    assert "elders harder nodig (1 mens)" in page
    assert "Zij zijn nodig bij mensen die eerst gaan" in page


def test_an_empty_region_says_so(desk: Desk) -> None:
    assert "Er is nog geen voorstel." in desk.get(PATH).text
    page = desk.get(str(desk.post(PATH).headers["location"])).text
    assert "Er is in Geldrop-Mierlo nu niets te verdelen" in page


def test_another_municipality_and_other_staff_find_nothing_here(
    fresh_database: Migrated, program: Database, site: FastAPI, desk: Desk, run: str
) -> None:
    helmond = a_desk(fresh_database, program, site, Role.BROKER, HELMOND, "Joost")
    helmond.get(PATH)
    assert helmond.get(run).status_code == 404
    helmond.get(PATH)
    assert helmond.post(run, knop="alles").status_code == 404
    administrator = a_desk(fresh_database, program, site, Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin")
    assert administrator.get(PATH).status_code == 404
    assert administrator.get(run).status_code == 404
    assert asked(fresh_database) == []


def test_the_preview_speaks_english_too(desk: Desk, run: str) -> None:
    desk.client.headers["cookie"] += "; __Host-taal=en"
    page = desk.get(run).text

    assert "Who gets whom" in page
    assert "Wie krijgt wie" not in page


def test_a_preview_costs_as_many_queries_at_fifteen_lines_as_at_one(program: Database, desk: Desk) -> None:
    def cost(path: str) -> int:
        desk.get(path)
        with count_queries(program.engine) as counted:
            assert desk.get(path).status_code == 200
        return counted.count

    def add(number: int) -> None:
        with program.transaction() as session:
            for letter in "abcdefghijklmn"[:number]:
                a_request(session, a_person(session, first_name=f"Vrager{letter}"))
                a_helper(session, first_name=f"Helper{letter}", minutenPerWeek=60)

    add(1)
    desk.get(PATH)
    one = str(desk.post(PATH).headers["location"])
    few = cost(one)
    add(14)
    desk.get(PATH)
    fifteen = str(desk.post(PATH).headers["location"])

    assert desk.get(fifteen).text.count('name="regel"') == 15
    assert cost(fifteen) == few
