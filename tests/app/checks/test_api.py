"""Controles over the API: the same rules as on the pages; nobody else reads what was seen of somebody."""

from datetime import timedelta

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program
from tests.app.api.conftest import Api, ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, GELDROP_MIERLO, a_member_of_staff, a_person
from tests.databases import Database
from tests.queries import count_queries

__all__ = ["api_for"]


@pytest.fixture
def people(fresh_database: Database, program: Program) -> dict[str, Actor]:
    with program.transaction() as session:
        return {
            "jan": a_person(session, first_name="Jan"),
            "bo": a_person(session, first_name="Bo"),
            "marja": a_member_of_staff(fresh_database, session, first_name="Marja"),
            "treasurer": a_member_of_staff(fresh_database, session, role=Role.TREASURER),
            "elsewhere": a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN),
        }


@pytest.fixture
def path(people: dict[str, Actor]) -> str:
    return f"/personen/{people['jan'].person_id}/controles"


def test_what_a_makelaar_writes_down_its_holder_reads_and_reads_withdrawn(
    people: dict[str, Actor], api_for: ApiFor, path: str
) -> None:
    marja, jan = api_for(people["marja"]), api_for(people["jan"])

    made = marja.made(path, {"soort": "big", "hoe": "opgezocht", "nummer": "1234 5678 901"})

    assert (made["nummer"], made["waar"], made["gezienDoor"]) == ("12345678901", "BIG-register", "Marja")
    assert made["geldtVandaag"]
    assert marja.get(path).json() == jan.get("/personen/mij/controles").json() == [made]
    gone = marja.made(f"/controles/{made['id']}/intrekkingen", {"reden": "Het register zegt iets anders."})
    assert (gone["geldtVandaag"], gone["ingetrokkenOmdat"]) == (False, "Het register zegt iets anders.")
    assert jan.get("/personen/mij/controles").json() == [gone]
    again = marja.post(f"/controles/{made['id']}/intrekkingen", {"reden": "Nog eens."})
    assert (again.status_code, again.json()["code"]) == (409, "check-withdrawn")


def test_one_key_writes_it_down_once(people: dict[str, Actor], api_for: ApiFor, path: str) -> None:
    marja = api_for(people["marja"])
    first = marja.post(path, {"soort": "vog"}, key="een")
    assert (first.status_code, marja.post(path, {"soort": "vog"}, key="een").json()) == (201, first.json())
    assert len(marja.get(path).json()) == 1


@pytest.mark.parametrize(
    "wrong",
    [{}, {"soort": "paspoort"}, {"soort": "vog", "nummer": "1"}, {"soort": "skj"},
     {"soort": "vog", "hoe": "ontheffing"},
     {"soort": "vog", "vanaf": "2026-02-01", "totEnMet": "2026-01-01"}, {"soort": "vog", "status": "open"},
     {"soort": "vog", "gemeente": EINDHOVEN}, {"soort": "vog", "gezienDoor": "Bo"}, {"soort": "vog", "document": "x"},
     {"soort": "vog\x00"}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_stays(
    people: dict[str, Actor], api_for: ApiFor, path: str, fresh_database: Database, wrong: dict[str, object]
) -> None:
    assert api_for(people["marja"]).post(path, wrong).status_code == 400
    assert rows_of(fresh_database, "SELECT count(*) FROM person_check")[0][0] == 0


def test_for_all_others_there_is_nothing(people: dict[str, Actor], api_for: ApiFor, path: str) -> None:
    made = api_for(people["marja"]).made(path, {"soort": "vog"})
    for who in ("jan", "bo", "treasurer", "elsewhere"):
        api = api_for(people[who])
        answers = [
            api.get(path),
            api.post(path, {"soort": "vog"}),
            api.post(f"/controles/{made['id']}/intrekkingen", {"reden": "x"}),
        ]
        assert {answer.status_code for answer in answers} == {404}, who
        assert made["id"] not in api.get("/personen/mij/controles").text or who == "jan"


def test_an_exemption_ends_and_says_why(
    people: dict[str, Actor], api_for: ApiFor, path: str, program: Program
) -> None:
    with program.transaction() as session:
        until = (today(session) + timedelta(days=14)).isoformat()
    bridge = {"soort": "vog", "hoe": "ontheffing", "totEnMet": until, "reden": "De VOG is aangevraagd."}
    made = api_for(people["marja"]).made(path, bridge)
    assert (made["hoe"], made["totEnMet"], made["geldtVandaag"]) == ("ontheffing", until, True)


def test_what_a_municipality_asks_is_there_for_everybody(api_for: ApiFor, fresh_database: Database) -> None:
    nobody: Api = api_for(None)
    rows = nobody.get(f"/gemeenten/{GELDROP_MIERLO}/controles").json()

    asked = {(row["categorie"], row["rol"]): row for row in rows}
    assert len(asked) == len(rows) == 88
    assert all("kvk" in row["controles"] for row in rows if row["rol"] == "vakmens")
    assert "vog" in asked["vast-maatje", "vrijwilliger"]["controles"]
    assert not any(row["eigenRegel"] for row in rows)
    assert nobody.get("/gemeenten/1/controles").status_code == 404


def test_reading_one_or_fifteen_takes_as_many_queries(
    people: dict[str, Actor], api_for: ApiFor, path: str, program: Program
) -> None:
    marja = api_for(people["marja"])
    counts = []
    for more in (1, 14):
        for _ in range(more):
            marja.made(path, {"soort": "cursus"})
        with count_queries(program.engine) as seen:
            assert marja.get(path).status_code == 200
        counts.append(len(seen.statements))
    assert counts[0] == counts[1]
