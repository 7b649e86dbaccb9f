"""Volunteers who all say yes while the asker chooses one of them: one is agreed, the rest is on the waiting list."""

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app.access.actor import Actor
from app.db import Database as Program
from tests.app.api.conftest import a_token, at_once, on_day, served
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper, proposals_for
from tests.databases import Database

OUTCOME = (
    "SELECT (SELECT count(*) FROM agreement), (SELECT count(*) FROM ledger.open_hold),"
    " (SELECT count(*) FROM proposal WHERE status = 'agreed'),"
    " (SELECT count(*) FROM proposal WHERE status NOT IN ('agreed', 'full'))"
)


class Asked:
    """A request with one willing helper, and volunteers who may still say yes."""

    def __init__(self, program: Program, volunteers: int) -> None:
        with program.transaction() as session:
            helpers = [a_helper(session, first_name="Tonnie")[0] for _ in range(volunteers)]
            first, _ = a_helper(session, first_name="Eerst")
        with program.transaction() as session:
            self.asker: Actor = a_person(session)
            request = a_request(session, self.asker)
            proposals_for(session, self.asker, request)
            self.willing: UUID = a_willing_helper(session, self.asker, first, request).id
            self.request_id: UUID = request.id
        self.tokens = [a_token(program, helper) for helper in helpers]
        self.own_token = a_token(program, self.asker)


def posting(address: str, path: str, token: str, body: object) -> Callable[[], httpx.Response]:
    """One POST of one person, to be sent when all are ready."""

    def post() -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=address, timeout=60, headers=headers) as client:
            return client.post(path, json=body)

    return post


@pytest.mark.parametrize("volunteers", [2, 8, 50])
def test_of_all_who_say_yes_after_the_last_place_went_each_is_told_and_may_wait(
    program: Program, site: FastAPI, fresh_database: Database, volunteers: int
) -> None:
    asked = Asked(program, volunteers)
    with served(site) as address:
        posting(address, f"/voorstellen/{asked.willing}/afspraken", asked.own_token, on_day(program))()
        path = f"/hulpvragen/{asked.request_id}/aanmeldingen"
        answers = at_once([posting(address, path, token, {"bericht": "Ik ook"}) for token in asked.tokens])

    # everybody could see the question, and is told
    assert {answer.status_code for answer in answers} == {409}
    told = [answer.json() for answer in answers]
    assert {(one["code"], "wachtlijst" in one["detail"]) for one in told} == {("taken-already", True)}
    assert tuple(rows_of(fresh_database, OUTCOME)[0]) == (1, 1, 1, 0)
    assert rows_of(fresh_database, "SELECT count(*) FROM proposal WHERE message = 'Ik ook'")[0][0] == 0


@pytest.mark.parametrize("round_", range(4))
def test_volunteers_say_yes_at_the_moment_that_the_asker_chooses(
    program: Program, site: FastAPI, fresh_database: Database, round_: int
) -> None:
    asked = Asked(program, 7)
    day = on_day(program)
    with served(site) as address:
        path = f"/hulpvragen/{asked.request_id}/aanmeldingen"
        yes = posting(address, f"/voorstellen/{asked.willing}/afspraken", asked.own_token, day)
        answers = at_once([yes, *(posting(address, path, token, {}) for token in asked.tokens)])

    assert answers[0].status_code == 201, answers[0].text
    assert {answer.status_code for answer in answers[1:]} <= {201, 409}
    assert tuple(rows_of(fresh_database, OUTCOME)[0]) == (1, 1, 1, 0)
    # whoever got a yes in is on the waiting list, and hears once that somebody was just before
    waiting = sum(answer.status_code == 201 for answer in answers[1:])
    heard = rows_of(
        fresh_database, "SELECT count(*), count(DISTINCT person_id) FROM notice WHERE kind = 'full'"
    )
    assert tuple(heard[0]) == (waiting, waiting)


def test_volunteers_come_forward_at_one_moment(
    program: Program, site: FastAPI, fresh_database: Database
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        request_id = a_request(session, asker).id
        helpers = [a_helper(session, first_name="Tonnie")[0] for _ in range(8)]
    tokens = [a_token(program, helper) for helper in helpers]

    with served(site) as address:
        path = f"/hulpvragen/{request_id}/aanmeldingen"
        answers = at_once([posting(address, path, token, {}) for token in tokens])

    assert [answer.status_code for answer in answers] == [201] * 8
    told = rows_of(fresh_database, "SELECT count(*) FROM notice WHERE kind = 'willing'")
    assert told[0][0] == 8
