"""An enemy with ordinary keys, in front of the running program: what they hold, and what they are after."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import app.models  # noqa: F401 - every table, before the first query
from app.access.actor import Actor
from app.access.sign_in import act_as, new_api_token, open_session
from app.agreements import occur
from app.db import Database as Program, Scope
from app.notifications.models import Notice
from tests.app.api.conftest import api_for
from tests.app.factories import (
    EINDHOVEN,
    SHOWN,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_agreement,
)
from tests.databases import Database
from tests.live import LiveSite, live
from tests.sites import a_program
from web.security import SESSION_COOKIE

PREFIX = "/api/v1"


@dataclass
class Client:
    """One browser and one program of one person (or of nobody), as bare HTTP: no cookie jar that is too good."""

    address: str
    http: httpx.Client
    session: str = ""
    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Anything to a page, with this person's cookies; headers given win."""
        kept = {**({SESSION_COOKIE: self.session} if self.session else {}), **self.cookies}
        headers = {"Origin": self.address, **options.pop("headers", {})}
        if kept and "Cookie" not in headers:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())
        return self.http.request(method, self.address + path, headers=headers, **options)

    def get(self, path: str) -> httpx.Response:
        """Open a page; redirects are not followed."""
        answer = self.ask("GET", path)
        for name, value in answer.cookies.items():
            if name != SESSION_COOKIE:
                self.cookies[name] = value
        return answer

    def csrf(self, path: str = "/zo-werkt-het") -> str:
        """The token of a page that everybody may open."""
        found = re.search(r'name="csrf" value="([^"]+)"', unescape(self.get(path).text))
        assert found is not None
        return found[1]

    def post(self, path: str, **fields: Any) -> httpx.Response:
        """A form of ours, with a token of ours."""
        return self.ask("POST", path, data={"csrf": self.csrf(), **fields})

    def api(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """The API, as this person's program."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return self.http.request(method, self.address + PREFIX + path, headers=headers, **options)


@dataclass
class World:
    """Others' rows, and the keys of who is after them."""

    site: LiveSite
    database: Database
    program: Program
    http: httpx.Client
    people: dict[str, Actor]
    ids: dict[str, UUID]

    def client(self, name: str = "") -> Client:
        """A person of the world, or a visitor."""
        if not name:
            return Client(self.site.address, self.http)
        person_id = self.people[name].person_id
        with self.program.transaction(Scope()) as session:
            act_as(session, person_id)
            return Client(
                self.site.address,
                self.http,
                open_session(session, person_id, proof=SHOWN),
                new_api_token(session, person_id, "t"),
            )

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the owner sees behind the scenes."""
        return as_owner(self.database, query, **values)

    @contextmanager
    def acting(self, name: str) -> Iterator[tuple[Session, Actor]]:
        """A transaction of one of them."""
        with self.program.transaction() as session:
            yield session, act(session, self.people[name])


def as_owner(database: Database, query: str, **values: Any) -> list[Any]:
    """Rows that a statement gives to the owner of the tables."""
    with database.owner.begin() as connection:
        answer = connection.execute(text(query), values)
        return list(answer.all()) if answer.returns_rows else []


@pytest.fixture(scope="module")
def world(new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Ria and Tonnie agreed on something; Eva, Bram and makelaar Karin have nothing to do with it."""
    folder: Path = tmp_path_factory.mktemp("attacks")
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        with live(database, folder) as site, httpx.Client(timeout=30) as http:
            people, ids = _peopled(program, database)
            yield World(site, database, program, http, people, ids)
        program.close()


def _peopled(program: Program, database: Database) -> tuple[dict[str, Actor], dict[str, UUID]]:
    people: dict[str, Actor] = {}
    ids: dict[str, UUID] = {}
    with program.transaction() as session:
        people["karin"] = a_member_of_staff(database, session, municipality_id=EINDHOVEN, first_name="Karin")
        people["marja"] = a_member_of_staff(database, session)
        # Eva and Bram first: what comes later is proposed to whoever offers, and they offer nothing
        people["eva"] = a_person(session, first_name="Eva")
        people["bram"] = a_person(session, first_name="Bram", postcode="5708 AB")
        people["ria"] = a_person(session, telefoon="06 12345678", huisnummer="12", achternaam="Geheim")
        people["tonnie"], offer = a_helper(session, postcode="5708 AB", minutenPerWeek=2400)
        ids["offer"] = offer.id
        agreement = an_agreement(session, people["ria"], people["tonnie"])
        ids["agreement"], ids["proposal"] = agreement.id, agreement.proposal_id
        ids["occurrence"] = occur.get(session, people["ria"], agreement.id).occurrences[0].id
        ids["filled"] = agreement.help_request_id
        act(session, people["ria"])
        ids["request"] = a_request(session, people["ria"], zichtbaarVoor="voorgesteld").id
        ids["public"] = a_request(session, people["ria"], titel="Wie duwt mijn rolstoel").id
        ids["person"] = people["ria"].person_id
        ids["notice"] = next(iter(session.scalars(select(Notice.id))))
    return people, ids


@pytest.fixture
def later(world: World) -> Iterator[Callable[[timedelta], None]]:
    """Moves the clock of the world; it goes back afterwards."""
    moved: list[timedelta] = []

    def by(time: timedelta) -> None:
        moved.append(time)
        as_owner(world.database, "SELECT ledger.shift(:by)", by=time)

    yield by
    for time in moved:
        as_owner(world.database, "SELECT ledger.shift(:by)", by=-time)


__all__ = ["api_for", "later", "world"]
