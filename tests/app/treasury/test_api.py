"""/maanden, /verrekeningen and /zegels: the same acts for programs, with the same limits."""

import pytest

from app.access.roles import Role
from app.db import Database
from tests.app.api.conftest import Api, ApiFor, api_for
from tests.app.factories import a_member_of_staff, a_person
from tests.app.treasury.books import FIRST, SECOND, as_owner, two_months
from tests.databases import Database as Migrated
from tests.rewards.factories import A, B, clearing, posted

__all__ = ["api_for"]
MONTH, LATER = f"{FIRST:%Y-%m}", f"{SECOND:%Y-%m}"


@pytest.fixture
def sides(fresh_database: Migrated, program: Database, api_for: ApiFor) -> dict[int, Api]:
    two_months(fresh_database)
    with program.transaction() as session:
        staff = {
            place: a_member_of_staff(fresh_database, session, role=Role.TREASURER, municipality_id=place)
            for place in (A, B)
        }
    return {place: api_for(actor) for place, actor in staff.items()}


def test_a_month_is_read_and_closed_once(sides: dict[int, Api]) -> None:
    api = sides[A]
    assert [month["id"] for month in api.get(f"/maanden/{A}").json()][-2:] == [LATER, MONTH]
    read = api.get(f"/maanden/{A}/{MONTH}").json()
    assert (read["klopt"], read["afgeslotenOp"]) == (True, None)

    early = api.post(f"/maanden/{A}/{LATER}/afsluitingen")
    assert (early.status_code, early.json()["code"]) == (409, "month-out-of-order")
    first = api.made(f"/maanden/{A}/{MONTH}/afsluitingen")
    assert api.made(f"/maanden/{A}/{MONTH}/afsluitingen") == first
    assert first["afgeslotenOp"] is not None


def test_two_sides_net_and_the_pair_comes_to_nothing(sides: dict[int, Api], fresh_database: Migrated) -> None:
    (one,) = sides[A].made("/verrekeningen", {"gemeente": A, "maand": LATER})["verrekeningen"]
    assert (one["met"], one["minuten"], one["stand"]) == ("Helmond", 120, "wachtOpOns")
    path = f"/verrekeningen/{one['id']}/antwoorden"

    assert sides[A].made(path, {"gemeente": A, "akkoord": True})["stand"] == "wachtOpAnder"
    assert sides[B].made(path, {"gemeente": B, "akkoord": True})["stand"] == "verrekend"

    with as_owner(fresh_database) as owner:
        assert posted(owner, clearing(owner, A, B), clearing(owner, B, A)) == [0, 0]


def test_out_of_reach_is_as_what_does_not_exist(
    sides: dict[int, Api], program: Database, api_for: ApiFor
) -> None:
    with program.transaction() as session:
        person = a_person(session)
    member = api_for(person)
    for api, place in ((sides[B], A), (member, A), (sides[A], 9999)):
        for path in (f"/maanden/{place}", f"/maanden/{place}/{MONTH}"):
            assert api.get(path).status_code == 404, path
        assert api.get("/verrekeningen", gemeente=place).status_code == 404
        assert api.post(f"/maanden/{place}/{MONTH}/afsluitingen").status_code == 404
        assert api.post("/verrekeningen", {"gemeente": place, "maand": MONTH}).status_code == 404
    assert member.get("/zegels").status_code == 404


@pytest.mark.parametrize(
    "body",
    [{"gemeente": A, "maand": "2026-13"}, {"gemeente": "1771", "maand": MONTH}, {"gemeente": A}, {"gemeente": True,
     "maand": MONTH}],
)  # fmt: skip
def test_a_wrong_proposal_is_refused(sides: dict[int, Api], body: object) -> None:
    assert sides[A].post("/verrekeningen", body).status_code in (400, 422)


def test_a_line_that_is_no_seal_is_refused(sides: dict[int, Api]) -> None:
    assert sides[A].post("/zegels/vergelijkingen", {"regels": "hallo"}).status_code == 400
    assert sides[A].get("/zegels").json() == []
