"""What a token allows: its scope holds at every route, and nothing outlives what it was made for."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.access.actor import Actor
from app.access.roles import Permission, TokenScope
from app.access.sign_in import act_as, actor_of_token, new_api_token
from app.access.tokens import READING
from app.api import PREFIX
from app.branch import routes_of
from app.db import Database as Program
from app.errors import NotSignedIn
from app.multipart import WITH_FILES
from app.upkeep import as_owner
from tests.app.api.conftest import WALK, Api
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, a_representation
from tests.clients import TestClient
from tests.databases import Database

ApiWith = Callable[[Actor, TokenScope], Api]
KEY = re.compile(r"\{[^}]+\}")
GIVEN = (
    "INSERT INTO role_grant (id, person_id, role, municipality_id)"
    " VALUES (gen_random_uuid(), :id, 'treasurer', 1771)"
)


def a_token(program: Program, actor: Actor, scope: TokenScope) -> str:
    with program.transaction() as session:
        act_as(session, actor.person_id)
        return new_api_token(session, actor.person_id, "agenda", scope=scope)


@pytest.fixture
def api_with(site: FastAPI, program: Program) -> ApiWith:
    def made(actor: Actor, scope: TokenScope) -> Api:
        headers = {"Authorization": f"Bearer {a_token(program, actor, scope)}"}
        return Api(TestClient(site, raise_server_exceptions=False, headers=headers))

    return made


@pytest.fixture
def person(program: Program) -> Actor:
    with program.transaction() as session:
        return a_person(session)


@pytest.fixture
def makelaar(program: Program, fresh_database: Database) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def writing_routes(site: FastAPI) -> Iterator[tuple[str, str]]:
    """Every method and path of the API that is not for reading."""
    for route in routes_of(site):
        path = route.path or ""
        if path.startswith(PREFIX):
            yield from ((method, path) for method in sorted((route.methods or set()) - READING))


def test_every_route_that_writes_refuses_a_token_for_reading(
    site: FastAPI, api_with: ApiWith, makelaar: Actor, fresh_database: Database
) -> None:
    reading = api_with(makelaar, TokenScope.READ)
    other = {}
    routes = list(writing_routes(site))
    for method, path in routes:
        address = KEY.sub(str(uuid4()), path)
        if address.endswith(WITH_FILES):
            answer = reading.client.request(method, address, files={"bon": b"x"})
        else:
            answer = reading.client.request(method, address, json={})
        said = answer.json()
        if (answer.status_code, said.get("code")) != (403, "beyond-token") or "token" not in said["detail"]:
            other[method, path] = answer.text

    assert other == {}
    assert len(routes) > 90
    noted = rows_of(fresh_database, "SELECT count(*) FROM refused_access WHERE status = 403")[0][0]
    assert noted == len(routes)


def test_a_token_for_reading_reads_what_is_ones_own(api_with: ApiWith, person: Actor) -> None:
    own, reading = api_with(person, TokenScope.OWN), api_with(person, TokenScope.READ)
    question = own.made("/hulpvragen", WALK)

    assert [row["id"] for row in reading.get("/hulpvragen", mijn=True).json()] == [question["id"]]
    assert reading.get(f"/hulpvragen/{question['id']}").status_code == 200
    refused = reading.post(f"/hulpvragen/{question['id']}/intrekkingen", {"reden": "niet meer nodig"})
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    assert reading.get(f"/hulpvragen/{question['id']}").json()["status"] == question["status"]


@pytest.mark.parametrize("scope", [TokenScope.READ, TokenScope.OWN])
def test_without_all_a_token_has_no_role_in_the_program_nor_in_the_database(
    program: Program, api_with: ApiWith, makelaar: Actor, scope: TokenScope
) -> None:
    desk = "/werklijsten/1771"
    assert api_with(makelaar, TokenScope.ALL).get(desk).status_code == 200
    assert api_with(makelaar, scope).get(desk).status_code in (403, 404)
    token = a_token(program, makelaar, scope)
    with program.transaction() as session:
        actor = actor_of_token(session, token)
        reach = session.execute(text("SELECT current_setting('app.municipalities')")).scalar_one()
    assert (actor.reach(Permission.SEE_REQUESTS), reach) == (frozenset(), "")


@pytest.mark.parametrize("scope", list(TokenScope))
def test_only_with_all_a_program_acts_for_another(
    program: Program, api_with: ApiWith, makelaar: Actor, person: Actor, scope: TokenScope
) -> None:
    with program.transaction() as session:
        son = a_person(session, first_name="Joris")
        stands = a_representation(session, makelaar, son, person)
    api = api_with(son, scope)
    api.client.headers["Namens"] = str(stands.id)

    answer = api.get("/hulpvragen", mijn=True)

    assert answer.status_code == (200 if scope is TokenScope.ALL else 403)
    if scope is not TokenScope.ALL:
        assert answer.json()["code"] == "beyond-token"


def test_when_it_was_used_is_told_also_for_what_was_refused(
    fresh_database: Database, api_with: ApiWith, person: Actor, travel: Callable[[timedelta], None]
) -> None:
    api = api_with(person, TokenScope.READ)
    moments = [rows_of(fresh_database, "SELECT used_at FROM api_token")[0][0]]
    for method in ("POST", "GET"):
        assert api.client.request(method, f"{PREFIX}/hulpvragen").status_code in (200, 403)
        moments.append(rows_of(fresh_database, "SELECT used_at FROM api_token")[0][0])
    travel(timedelta(minutes=6))
    api.get("/hulpvragen")
    moments.append(rows_of(fresh_database, "SELECT used_at FROM api_token")[0][0])

    assert moments[0] is None
    assert moments[1] == moments[2]  # not written again within minutes
    assert moments[3] - moments[1] >= timedelta(minutes=5)


@pytest.mark.parametrize("change", [
    GIVEN,
    "UPDATE role_grant SET role = 'treasurer' WHERE person_id = :id",
    "DELETE FROM role_grant WHERE person_id = :id",
    "UPDATE person SET disabled_at = ledger.now() WHERE id = :id",
])  # fmt: skip
def test_a_token_ends_when_a_role_changes_or_its_person_is_shut_out(
    fresh_database: Database, program: Program, makelaar: Actor, person: Actor, change: str
) -> None:
    tokens = [a_token(program, makelaar, scope) for scope in TokenScope]
    other = a_token(program, person, TokenScope.ALL)
    with as_owner(fresh_database.owner_url) as owner:
        owner.execute(text(change), {"id": makelaar.person_id})

    for token in tokens:
        with program.transaction() as session, pytest.raises(NotSignedIn):
            actor_of_token(session, token)
    with program.transaction() as session:
        assert actor_of_token(session, other).person == person.person
    ended = "SELECT count(*) FROM api_token WHERE person_id = :id AND ended_at IS NULL"
    assert rows_of(fresh_database, ended, id=makelaar.person_id)[0][0] == 0


def test_a_token_that_was_ended_or_is_over_opens_nothing(
    fresh_database: Database, api_with: ApiWith, person: Actor, travel: Callable[[timedelta], None]
) -> None:
    over, ended = api_with(person, TokenScope.OWN), api_with(person, TokenScope.OWN)
    rows_of(fresh_database, "UPDATE api_token SET ended_at = ledger.now() WHERE id ="
            " (SELECT id FROM api_token ORDER BY created_at DESC LIMIT 1) RETURNING 1")  # fmt: skip
    assert ended.get("/hulpvragen").status_code == 401
    assert over.get("/hulpvragen").status_code == 200
    travel(timedelta(days=31))
    assert over.get("/hulpvragen").status_code == 401


def test_what_opens_nothing_any_more_is_forgotten_after_a_month(
    program: Program, fresh_database: Database, person: Actor, travel: Callable[[timedelta], None]
) -> None:
    a_token(program, person, TokenScope.READ)
    for days, left in ((59, 1), (2, 0)):
        travel(timedelta(days=days))
        with program.transaction() as session:
            session.execute(text("SELECT forget_getting_in()"))
        assert rows_of(fresh_database, "SELECT count(*) FROM api_token")[0][0] == left
