"""Programs that talk to the API: one client for each person, with a token of their own."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread
from time import sleep
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from uvicorn import Config, Server

from app.access.actor import Actor
from app.access.sign_in import act_as, new_api_token
from app.clock import today
from app.db import Database as Program, Scope
from app.ids import uuid7
from app.privacy.standing import YES
from tests.app.factories import SENSITIVE_TEXT, a_member_of_staff, a_person
from tests.clients import TestClient
from tests.databases import Database

ApiFor = Callable[[Actor | None], "Api"]
PREFIX = "/api/v1"
WALK = {"categorie": "samen-op-pad", "titel": "Samen naar de weekmarkt", "minuten": 60}
SAID = {YES: SENSITIVE_TEXT}
"""The yes that a sensitive question comes with."""
OFFER = {"categorieen": ["samen-op-pad"], "titel": "Samen wandelen", "hoeVerKm": 20, "minutenPerWeek": 600}


class Api:
    """The API as one person's program sees it; ``post`` and the like answer with the response."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **query: Any) -> Any:
        """GET below the prefix."""
        return self.client.get(PREFIX + path, params=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """POST of JSON, or of nothing at all."""
        headers = {"Idempotency-Key": key} if key else {}
        if body is None:
            return self.client.post(PREFIX + path, headers=headers)
        return self.client.post(PREFIX + path, json=body, headers=headers)

    def put(self, path: str, body: Any) -> Any:
        """PUT of JSON."""
        return self.client.put(PREFIX + path, json=body)

    def made(self, path: str, body: Any = None) -> Any:
        """What a POST that must succeed came to."""
        answer = self.post(path, body, key=uuid7().hex)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def raw(
        self, path: str, text: str | bytes, *, kind: str = "application/json", method: str = "POST"
    ) -> Any:
        """A body as it is, which may be no JSON at all."""
        return self.client.request(method, PREFIX + path, content=text, headers={"Content-Type": kind})


@pytest.fixture
def api_for(site: FastAPI, program: Program) -> ApiFor:
    """Makes a client for a person (or for nobody)."""

    def made(actor: Actor | None) -> Api:
        headers = {"Authorization": f"Bearer {a_token(program, actor)}"} if actor else {}
        return Api(TestClient(site, raise_server_exceptions=False, headers=headers))

    return made


def a_token(program: Program, actor: Actor) -> str:
    """A bearer token for somebody."""
    with program.transaction(Scope()) as session:
        act_as(session, actor.person_id)
        return new_api_token(session, actor.person_id, "test", days=365)


@contextmanager
def served(site: FastAPI) -> Iterator[str]:
    """The program behind a real socket, for clients that come at the same time; its address."""
    server = Server(Config(site, port=0, log_level="warning", lifespan="on"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}{PREFIX}"
    server.should_exit = True
    thread.join(10)


def at_once(acts: Sequence[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """Real threads, let go together."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], httpx.Response]) -> httpx.Response:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def ria(program: Program, api_for: ApiFor) -> Api:
    """An asker in Geldrop-Mierlo."""
    return api_for(_person(program, "Ria", "5664 HJ"))


@pytest.fixture
def youssef(program: Program, api_for: ApiFor) -> Api:
    """A volunteer in Helmond, across the border."""
    return api_for(_person(program, "Youssef", "5708 AB"))


@pytest.fixture
def neighbour(program: Program, api_for: ApiFor) -> Api:
    """Somebody else in the same municipality."""
    return api_for(_person(program, "Bo", "5664 HJ"))


def _person(program: Program, name: str, postcode: str) -> Actor:
    with program.transaction() as session:
        return a_person(session, first_name=name, postcode=postcode, telefoon="06 12345678", huisnummer="12")


@pytest.fixture
def marja(program: Program, fresh_database: Database, api_for: ApiFor) -> Api:
    """The makelaar of Geldrop-Mierlo."""
    with program.transaction() as session:
        staff = a_member_of_staff(fresh_database, session)
    return api_for(staff)


def on_day(program: Program, days: int = 3) -> dict[str, str]:
    """An appointment at ten o'clock, some days from now."""
    with program.transaction() as session:
        return {"datum": (today(session) + timedelta(days=days)).isoformat(), "tijd": "10:00"}


def agreed(program: Program, asker: Api, helper: Api, days: int = 3) -> Any:
    """An agreement between the two, over HTTP."""
    helper.made("/hulpaanbod", OFFER)
    question = asker.made("/hulpvragen", WALK)
    (proposal,) = [row for row in helper.get("/voorstellen").json() if row["hulpvraag"] == question["id"]]
    helper.made(f"/voorstellen/{proposal['id']}/acceptaties")
    return asker.made(f"/voorstellen/{proposal['id']}/afspraken", on_day(program, days))
