"""/verdelingen over HTTP: made, read, taken over in part or whole, laid aside; for makelaars of the municipality."""

from uuid import UUID, uuid4

import pytest

from app.access.roles import Role
from app.db import Database
from tests.app.api.conftest import Api, ApiFor, api_for
from tests.app.conftest import rows_of
from tests.app.distribution.scarcity import Scarce, scarce
from tests.app.factories import EINDHOVEN, a_helper, a_member_of_staff, a_person, a_request
from tests.databases import Database as Migrated
from tests.queries import count_queries

__all__ = ["api_for", "scarce"]
PATH = "/verdelingen"


@pytest.fixture
def marja(scarce: Scarce, api_for: ApiFor) -> Api:
    return api_for(scarce.makelaar)


def test_a_run_is_made_read_and_listed(marja: Api, scarce: Scarce) -> None:
    made = marja.made(PATH)

    assert (made["plekken"], made["vervuld"], made["hoogstensVervuld"], made["opVolgordeVervuld"]) == (
        2,
        2,
        2,
        1,
    )
    assert made["bewezen"] is True
    assert {line["hulpvraag"]: line["helper"] for line in made["regels"]} == {
        str(scarce.easy): "Frits",
        str(scarce.hard): "Noor",
    }
    assert {line["uitkomst"] for line in made["regels"]} == {"krijgtIemand"}
    assert marja.get(f"{PATH}/{made['id']}").json() == made
    (listed,) = marja.get(PATH).json()
    assert listed["id"] == made["id"]
    assert "regels" not in listed


def test_one_line_is_taken_over_and_one_laid_aside(
    marja: Api, fresh_database: Migrated, scarce: Scarce
) -> None:
    made = marja.made(PATH)
    lines = {line["hulpvraag"]: line["id"] for line in made["regels"]}
    marja.made(f"{PATH}/{made['id']}/overnames", {"regels": [lines[str(scarce.hard)]]})
    after = marja.made(
        f"{PATH}/{made['id']}/afwijzingen", {"regels": [lines[str(scarce.easy)]], "reden": "Liever niet"}
    )

    assert {line["hulpvraag"]: line["status"] for line in after["regels"]} == {
        str(scarce.hard): "overgenomen",
        str(scarce.easy): "afgewezen",
    }
    asked = rows_of(fresh_database, "SELECT help_request_id, origin FROM proposal")
    assert [tuple(row) for row in asked] == [(scarce.hard, "distribution")]


def test_the_same_acceptance_under_one_key_counts_once(marja: Api, fresh_database: Migrated) -> None:
    made = marja.made(PATH)
    first = marja.post(f"{PATH}/{made['id']}/overnames", {}, key="een")
    again = marja.post(f"{PATH}/{made['id']}/overnames", {}, key="een")

    assert first.json() == again.json()
    assert again.headers["Idempotency-Hit"] == "true"
    assert rows_of(fresh_database, "SELECT count(*) FROM proposal")[0][0] == 2


def test_a_stale_line_says_what_changed(marja: Api, fresh_database: Migrated, scarce: Scarce) -> None:
    made = marja.made(PATH)
    rows_of(
        fresh_database, "UPDATE person SET paused = true WHERE id = :i RETURNING id", i=scarce.near.person_id
    )
    after = marja.made(f"{PATH}/{made['id']}/overnames")

    stale = [(line["helper"], line["reden"]) for line in after["regels"] if line["status"] == "achterhaald"]
    assert stale == [("Noor", "paused")]


def test_a_run_of_yesterday_is_a_conflict(marja: Api, fresh_database: Migrated) -> None:
    made = marja.made(PATH)
    rows_of(fresh_database, "UPDATE distribution SET expires_at = ledger.now() RETURNING id")
    answer = marja.post(f"{PATH}/{made['id']}/overnames", {})

    assert answer.status_code == 409
    assert answer.json()["code"] == "distribution-expired"


@pytest.mark.parametrize("who", ["member", "treasurer", "elsewhere"])
def test_for_anybody_else_there_are_none(
    marja: Api, api_for: ApiFor, program: Database, fresh_database: Migrated, scarce: Scarce, who: str
) -> None:
    made = marja.made(PATH)
    with program.transaction() as session:
        others = {
            "treasurer": lambda: a_member_of_staff(fresh_database, session, role=Role.TREASURER),
            "elsewhere": lambda: a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN),
            "member": lambda: scarce.asker,
        }
        other = others[who]()
    api = api_for(other)

    assert api.get(PATH).json() == []
    assert api.get(f"{PATH}/{made['id']}").status_code == 404
    assert api.post(f"{PATH}/{made['id']}/overnames", {}).status_code == 404
    lines = [line["id"] for line in made["regels"]]
    assert api.post(f"{PATH}/{made['id']}/afwijzingen", {"regels": lines}).status_code == 404
    assert api.post(PATH, {"gemeente": 1771}).status_code == 403


def test_a_visitor_signs_in_first(api_for: ApiFor) -> None:
    assert api_for(None).post(PATH, {}).status_code == 401
    assert api_for(None).get(PATH).status_code == 401


@pytest.mark.parametrize(
    "body",
    [{"regels": []}, {"regels": ["x"]}, {"regels": [str(uuid4())] * 501}, {"regels": 1}, {"status": "x"}],
)
def test_what_cannot_be_used_is_refused(marja: Api, fresh_database: Migrated, body: object) -> None:
    made = marja.made(PATH)

    assert marja.post(f"{PATH}/{made['id']}/overnames", body).status_code == 400
    assert rows_of(fresh_database, "SELECT count(*) FROM proposal")[0][0] == 0


def test_a_line_that_is_not_there_is_not_found(marja: Api) -> None:
    made = marja.made(PATH)
    answer = marja.post(f"{PATH}/{made['id']}/overnames", {"regels": [str(uuid4())]})

    assert answer.status_code == 404


def test_a_run_costs_as_many_queries_at_fifteen_lines_as_at_one(
    program: Database, fresh_database: Migrated, api_for: ApiFor
) -> None:
    with program.transaction() as session:
        marja = api_for(a_member_of_staff(fresh_database, session))

    def add(count: int) -> None:
        with program.transaction() as session:
            for letter in "abcdefghijklmn"[:count]:
                a_request(session, a_person(session, first_name=f"Vrager{letter}"))
                a_helper(session, first_name=f"Helper{letter}", minutenPerWeek=60)

    def cost() -> tuple[int, int, int]:
        made = marja.made(PATH)
        with count_queries(program.engine) as making:
            key: UUID = marja.made(PATH)["id"]
        with count_queries(program.engine) as reading:
            assert marja.get(f"{PATH}/{key}").status_code == 200
        with count_queries(program.engine) as listing:
            assert marja.get(PATH).status_code == 200
        assert made["id"] != key
        return making.count, reading.count, listing.count

    add(1)
    few = cost()
    add(14)
    assert len(marja.made(PATH)["regels"]) == 15
    assert cost() == few
