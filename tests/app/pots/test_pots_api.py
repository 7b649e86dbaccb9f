"""What a makelaar does with Roosjes through the API, and what a member cannot."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import new_api_token
from app.db import Database as Program
from tests.app.factories import a_member_of_staff, a_person
from tests.clients import TestClient
from tests.databases import Database
from tests.web.desks.pots import balance, fill


class Caller:
    """Somebody with a token."""

    def __init__(self, site: FastAPI, program: Program, actor: Actor) -> None:
        with program.transaction() as session:
            token = new_api_token(session, actor.person_id, "test")
        self.client = TestClient(site, base_url="https://testserver")
        self.client.headers["authorization"] = f"Bearer {token}"

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self.client.request(method, f"/api/v1{path}", json=body, headers=headers)


@pytest.fixture
def marja(fresh_database: Database, program: Program, site: FastAPI) -> Caller:
    with program.transaction() as session:
        actor = a_member_of_staff(fresh_database, session)
    return Caller(site, program, actor)


def test_a_grant_is_given_once_and_above_the_threshold_a_colleague_decides(
    fresh_database: Database, program: Program, site: FastAPI, marja: Caller
) -> None:
    fill(program)
    with program.transaction() as session:
        ria = a_person(session)
        joost = a_member_of_staff(fresh_database, session, first_name="Joost")
    path, body = f"/roosjesrekeningen/{ria.person_id}/toekenningen", {"minuten": 60, "reden": "Ziek geweest"}

    first = marja.send("POST", path, body, "k1")
    again = marja.send("POST", path, body, "k1")
    assert (first.status_code, first.json()["wacht"], again.headers["Idempotency-Hit"]) == (
        201,
        False,
        "true",
    )
    assert balance(program, ria).posted == 60
    assert marja.send("POST", path, body | {"minuten": 601}).json()["wacht"] is True
    (asked,) = marja.send("GET", "/potten/1771/wachtend").json()
    decision = f"/potten/wachtend/{asked['id']}/besluiten"
    assert marja.send("POST", decision, {"akkoord": True}).status_code == 403
    assert Caller(site, program, joost).send("POST", decision, {"akkoord": True}).status_code == 200
    assert marja.send("GET", "/potten/1771").json()["saldoMinuten"] == 3000 - 661


def test_a_member_cannot_change_the_own_floor_and_a_stranger_does_not_exist(
    program: Program, site: FastAPI, marja: Caller
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        tom = a_person(session, first_name="Tom")
    body = {"ondergrens": -2000, "bovengrens": 3600, "reden": "Afgesproken"}

    def path(who: UUID) -> str:
        return f"/roosjesrekeningen/{who}/grenzen"

    herself = Caller(site, program, ria)
    assert herself.send("PUT", path(ria.person_id), body).status_code == 403
    assert herself.send("PUT", path(tom.person_id), body).status_code == 404
    assert herself.send("PUT", path(uuid4()), body).status_code == 404
    assert balance(program, ria).floor == -720
    assert marja.send("PUT", path(ria.person_id), body).json() == {"ondergrens": -2000, "bovengrens": 3600}


def test_scenario_6_a_lower_floor_lets_through_what_was_refused(
    program: Program, marja: Caller, site: FastAPI
) -> None:
    with program.transaction() as session:
        ria, tom = a_person(session), a_person(session, first_name="Tom")
    limits = {"ondergrens": -1000, "bovengrens": 3600, "reden": "Afgesproken"}
    marja.send("PUT", f"/roosjesrekeningen/{ria.person_id}/grenzen", limits)
    book = {
        "gemeente": 1771, "soort": "een", "hoofd": str(ria.person_id), "deelnemers": [str(tom.person_id)],
        "minuten": 170, "reden": "Opruimen",
    }  # fmt: skip
    assert marja.send("POST", "/groepsboekingen", book).status_code == 200

    refused = marja.send("POST", "/groepsboekingen", book | {"minuten": 900})
    assert (refused.status_code, refused.json()["code"]) == (409, "not-everyone")
    marja.send("PUT", f"/roosjesrekeningen/{ria.person_id}/grenzen", limits | {"ondergrens": -2000})
    assert marja.send("POST", "/groepsboekingen", book | {"minuten": 900}).status_code == 200
    assert [balance(program, who).posted for who in (ria, tom)] == [-1070, 1070]


def test_rules_are_for_the_treasurer(
    fresh_database: Database, program: Program, site: FastAPI, marja: Caller
) -> None:
    with program.transaction() as session:
        nel = a_member_of_staff(fresh_database, session, role=Role.TREASURER, first_name="Nel")
    rules = {
        "ondergrens": -300, "bovengrens": 3600, "laagsteOndergrens": -300, "groeiProcent": 0,
        "tweedeBlikBoven": 120, "tweedeBlikDagen": 30, "antwoordDagen": 14,
    }  # fmt: skip
    assert marja.send("POST", "/roosjesregels/1771", rules).status_code == 403
    assert Caller(site, program, nel).send("POST", "/roosjesregels/1771", rules).status_code == 200
    assert [one["tweedeBlikBoven"] for one in marja.send("GET", "/roosjesregels/1771").json()] == [120, 120]
