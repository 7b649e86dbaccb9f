"""Many at the same moment, over real sockets and threads: one wins, and nothing happens twice."""

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app.access.actor import Actor
from app.db import Database as Program
from app.ids import uuid7
from tests.app.api.conftest import WALK, a_token, at_once, on_day, served
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, act
from tests.databases import Database


@pytest.fixture
def asker(program: Program) -> Actor:
    """Somebody who asks."""
    with program.transaction() as session:
        return a_person(session)


def willing(program: Program, asker: Actor, number: int, **request: object) -> list[UUID]:
    """Proposals of helpers who all said yes to one request."""
    with program.transaction() as session:
        act(session, asker)
        help_request = a_request(session, asker, **request)
        found = []
        for _ in range(number):
            helper, _ = a_helper(session, first_name="Tonnie")
            found.append(a_willing_helper(session, asker, helper, help_request).id)
        return found


def poster(
    client: httpx.Client, path: str, body: object, key: str | None = None
) -> Callable[[], httpx.Response]:
    """One POST, to be sent when all are ready."""
    headers = {"Idempotency-Key": key} if key else {}
    return lambda: client.post(path, json=body, headers=headers)


@pytest.mark.parametrize("number", [2, 8, 50])
def test_of_many_who_agree_at_once_one_wins(
    program: Program, site: FastAPI, fresh_database: Database, asker: Actor, number: int
) -> None:
    proposals = willing(program, asker, number)
    headers = {"Authorization": f"Bearer {a_token(program, asker)}"}
    day = on_day(program)

    with served(site) as address, httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        answers = at_once([poster(client, f"/voorstellen/{one}/afspraken", day) for one in proposals])

    losers = [answer.json() for answer in answers if answer.status_code != 201]
    assert len(losers) == number - 1
    assert {(loser["status"], loser["code"]) for loser in losers} == {(409, "taken-already")}
    assert all("wachtlijst" in loser["detail"] for loser in losers)
    (counts,) = rows_of(
        fresh_database,
        "SELECT (SELECT count(*) FROM agreement), (SELECT count(*) FROM ledger.open_hold),"
        " (SELECT count(*) FROM proposal WHERE status = 'full'), (SELECT helpers_found FROM help_request)",
    )
    assert tuple(counts) == (1, 1, number - 1, 1)
    told = rows_of(
        fresh_database, "SELECT kind, count(*) FROM notice WHERE kind IN ('agreed', 'full') GROUP BY 1"
    )
    assert dict(told) == ({"agreed": 2, "full": number - 1})


def test_the_same_acceptance_a_hundred_times_happens_once(
    program: Program, site: FastAPI, fresh_database: Database, asker: Actor
) -> None:
    first, second = willing(program, asker, 2)
    headers = {"Authorization": f"Bearer {a_token(program, asker)}"}
    day = on_day(program)
    path = f"/voorstellen/{first}/afspraken"

    with served(site) as address, httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        answers = at_once([poster(client, path, day, "one-key")] * 100)
        other_body = client.post(path, json=on_day(program, 4), headers={"Idempotency-Key": "one-key"})
        other_path = client.post(
            f"/voorstellen/{second}/afspraken", json=day, headers={"Idempotency-Key": "one-key"}
        )

    assert sorted(answer.status_code for answer in answers) == [200] * 99 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert all((answer.status_code == 200) == ("idempotency-hit" in answer.headers) for answer in answers)
    assert (other_body.status_code, other_body.json()["code"]) == (409, "key-reused")
    assert (other_path.status_code, other_path.json()["code"]) == (409, "key-reused")
    (counts,) = rows_of(
        fresh_database,
        "SELECT (SELECT count(*) FROM agreement), (SELECT count(*) FROM ledger.open_hold),"
        " (SELECT count(*) FROM notice WHERE kind = 'agreed'), (SELECT count(*) FROM idempotency_key)",
    )
    assert tuple(counts) == (1, 1, 2, 1)


def test_one_key_of_two_people_is_two_keys_and_a_refusal_keeps_none(
    program: Program, site: FastAPI, fresh_database: Database, asker: Actor
) -> None:
    with program.transaction() as session:
        other = a_person(session, first_name="Bo")
    with served(site) as address:
        for who in (asker, other):
            headers = {"Authorization": f"Bearer {a_token(program, who)}", "Idempotency-Key": "k"}
            with httpx.Client(base_url=address, headers=headers) as client:
                assert (
                    client.post("/hulpvragen", json=WALK | {"categorie": "bestaat-niet"}).status_code == 400
                )
                assert client.post("/hulpvragen", json=WALK).status_code == 201
                again = client.post("/hulpvragen", json=dict(reversed(WALK.items())) | {"talen": 1})
                assert (again.status_code, again.headers.get("idempotency-hit")) == (200, "true")

    assert rows_of(fresh_database, "SELECT count(*) FROM help_request")[0][0] == 2


def test_one_place_more_gives_one_winner_more(
    program: Program, site: FastAPI, fresh_database: Database, asker: Actor
) -> None:
    proposals = willing(program, asker, 6, aantalHelpers=3)
    headers = {"Authorization": f"Bearer {a_token(program, asker)}"}
    day = on_day(program)

    with served(site) as address, httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        answers = at_once([poster(client, f"/voorstellen/{one}/afspraken", day) for one in proposals])
        won = [answer.json() for answer in answers if answer.status_code == 201]
        (request,) = client.get("/hulpvragen", params={"mijn": True}).json()
        assert (len(won), request["status"], request["gevonden"]) == (3, "vervuld", 3)

        client.post(f"/afspraken/{won[0]['id']}/beeindigingen").raise_for_status()
        (request,) = client.get("/hulpvragen", params={"mijn": True}).json()
        assert (request["status"], request["gevonden"]) == ("open", 2)

    assert rows_of(fresh_database, "SELECT count(*) FROM ledger.open_hold")[0][0] == 2


def test_a_volunteer_who_clicks_twice_comes_forward_once(
    program: Program, site: FastAPI, fresh_database: Database, asker: Actor
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
    with program.transaction() as session:
        request = a_request(session, act(session, asker))
    headers = {"Authorization": f"Bearer {a_token(program, helper)}"}

    with served(site) as address, httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        answers = at_once([poster(client, f"/hulpvragen/{request.id}/aanmeldingen", {})] * 8)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert rows_of(fresh_database, "SELECT count(*) FROM proposal")[0][0] == 1


def test_who_was_not_proposed_or_comes_too_late_is_refused_and_keeps_no_message(
    program: Program, site: FastAPI, fresh_database: Database, asker: Actor
) -> None:
    first, late = willing(program, asker, 2)
    with program.transaction() as session:
        stranger, _ = a_helper(session, first_name="Bo")
    day = on_day(program)

    with served(site) as address, httpx.Client(base_url=address, timeout=60) as client:
        mine = {"Authorization": f"Bearer {a_token(program, asker)}"}
        client.post(f"/voorstellen/{first}/afspraken", json=day, headers=mine).raise_for_status()
        request = client.get("/hulpvragen", params={"mijn": True}, headers=mine).json()[0]
        open_to_others = client.get(
            "/hulpvragen", headers={"Authorization": f"Bearer {a_token(program, stranger)}"}
        )
        assert open_to_others.json() == []
        theirs = {"Authorization": f"Bearer {a_token(program, stranger)}"}
        answer = client.post(
            f"/hulpvragen/{request['id']}/aanmeldingen", json={"bericht": "Ik ook"}, headers=theirs
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "taken-already")
        again = client.post(f"/voorstellen/{late}/acceptaties", json={"bericht": "Toch"}, headers=mine)
        assert again.status_code == 403
        unknown = client.post(f"/voorstellen/{uuid7()}/acceptaties", json={}, headers=theirs)
        assert unknown.status_code == 404

    assert (
        rows_of(fresh_database, "SELECT count(*) FROM proposal WHERE message IN ('Ik ook', 'Toch')")[0][0]
        == 0
    )


def test_the_one_who_was_too_late_reads_so(program: Program, site: FastAPI, asker: Actor) -> None:
    with program.transaction() as session:
        act(session, asker)
        help_request = a_request(session, asker)
        first, _ = a_helper(session, first_name="Een")
        one = a_willing_helper(session, asker, first, help_request)
        second, _ = a_helper(session, first_name="Twee")
        two = a_willing_helper(session, asker, second, help_request)
    with served(site) as address, httpx.Client(base_url=address, timeout=60) as client:
        mine = {"Authorization": f"Bearer {a_token(program, asker)}"}
        client.post(f"/voorstellen/{one.id}/afspraken", json=on_day(program), headers=mine).raise_for_status()
        theirs = {"Authorization": f"Bearer {a_token(program, second)}"}
        answer = client.post(f"/voorstellen/{two.id}/acceptaties", headers=theirs)
        assert (answer.status_code, answer.json()["code"]) == (409, "taken-already")
        assert answer.json()["detail"].startswith("Iemand was u net voor")
        assert client.get(f"/voorstellen/{two.id}", headers=theirs).json()["status"] == "vol"
        kinds = [notice["soort"] for notice in client.get("/meldingen", headers=theirs).json()]
        assert kinds.count("full") == 1
