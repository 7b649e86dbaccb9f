"""How often one may ask, per kind of route."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request

import app.pacing as pacing
from app import cli
from app.branch import routes_of
from app.config import Settings
from app.db import Database as Program
from app.errors import TooMany
from app.http import session
from app.pacing import API_READS, API_WRITES, BROWSES, TELLS, WRITES, Class, class_of, keep, network
from app.runtime import Addresses
from tests.app.conftest import rows_of
from tests.clients import TestClient
from tests.databases import Database

FEW = Class("few", 3, 5)
UNCOUNTED = {"/api/v1/openapi.json"}
"""The same for everybody, and made without a question to the database."""


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/api/v1/hulpvragen", API_READS),
        ("POST", "/api/v1/hulpvragen", API_WRITES),
        ("DELETE", "/api/v1/hulpvragen/1", API_WRITES),
        ("POST", "/hulpvragen/nieuw", WRITES),
        ("POST", "/csp", TELLS),
        ("GET", "/hulpvragen", BROWSES),
        ("GET", "/helpen", BROWSES),
        ("GET", "/mijn", None),
        ("GET", "/", None),
    ],
)
def test_what_a_route_does_says_its_class(method: str, path: str, kind: Class | None) -> None:
    assert class_of(method, path) is kind


def test_every_route_has_its_class_and_is_counted(site: FastAPI) -> None:
    routes = [(method, one) for one in routes_of(site) for method in one.methods or ()]

    assert len(routes) > 400
    for method, one in routes:
        path = str(one.path)
        writes = API_WRITES if path.startswith("/api/") else TELLS if path == "/csp" else WRITES
        reads = API_READS if path.startswith("/api/") else class_of("GET", path)
        kind = class_of(method, path)
        assert kind is (writes if method in ("POST", "PUT", "PATCH", "DELETE") else reads)
        assert kind is None or session in asked(one.dependant) or path in UNCOUNTED, path


def asked(dependant: Any) -> set[Any]:
    """Everything that a route asks for before it answers, however deep."""
    return {call for one in dependant.dependencies for call in (one.call, *asked(one))}


@pytest.mark.parametrize(
    ("named", "line", "said", "counted"),
    [
        ("", "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("", "127.0.0.1", "198.51.100.1", "127.0.0.1"),
        ("10.0.0.1", "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.1", "made-up, 203.0.113.5, 198.51.100.1", "198.51.100.1"),
    ],
)
def test_only_a_proxy_that_was_named_says_where_a_visitor_comes_from(
    monkeypatch: pytest.MonkeyPatch, named: str, line: str, said: str, counted: str
) -> None:
    """As `run` puts the server together, with another program behind it that keeps whom it would count."""
    found: list[str] = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        found.append(network(Request(scope)))

    def serve(app: Any, **kept: Any) -> None:
        server = uvicorn.Config(app, **kept)
        server.load()
        scope = {"type": "http", "client": (line, 1), "headers": [(b"x-forwarded-for", said.encode())]}
        asyncio.run(server.loaded_app(scope, None, None))

    monkeypatch.setattr(uvicorn, "run", serve)
    monkeypatch.setattr("app.main.create_app", lambda *_, **__: behind)
    monkeypatch.setattr(cli, "opened", lambda *_: nullcontext())
    monkeypatch.setattr(cli, "tell_of_the_engine", lambda: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    cli._serve(Settings(trusted_proxies=named), Addresses("", None, ""))

    assert found == [counted]


def times(program: Program, count: int, subject: bytes = b"ria") -> list[bool]:
    """Whether each of so many requests in a row was let through."""
    passed = []
    for _ in range(count):
        try:
            with program.transaction() as session:
                keep(session, FEW, [(subject, FEW.by_one)])
            passed.append(True)
        except TooMany as refusal:
            passed.append(not 0 < refusal.again_s <= 600)
    return passed


def test_the_fourth_of_three_is_refused_and_counted(program: Program, fresh_database: Database) -> None:
    assert times(program, 5) == [True, True, True, False, False]
    assert rows_of(fresh_database, "SELECT used FROM pace")[0].used == 5


def test_another_subject_has_a_count_of_its_own(program: Program) -> None:
    times(program, 4)
    assert times(program, 1, b"youssef") == [True]


def test_the_next_stretch_begins_anew(program: Program, travel: Callable[[timedelta], None]) -> None:
    times(program, 4)
    travel(timedelta(minutes=10))
    assert times(program, 1) == [True]


def test_what_was_rolled_back_was_counted(program: Program, fresh_database: Database) -> None:
    def act() -> None:
        with program.transaction() as session:
            keep(session, FEW, [(b"ria", 3)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert rows_of(fresh_database, "SELECT used FROM pace")[0].used == 1


@pytest.mark.parametrize("cookies", [True, False])
def test_a_new_cookie_each_time_does_not_help(
    site: FastAPI, monkeypatch: pytest.MonkeyPatch, cookies: bool
) -> None:
    monkeypatch.setattr(pacing, "BROWSES", Class("browse", 2, 6))
    client = TestClient(site, base_url="https://testserver")
    statuses = []
    for number in range(10):
        headers = {"cookie": f"__Host-zve=made-up-{number}"} if cookies else {}
        statuses.append(client.get("/hulpvragen", headers=headers).status_code)
    allowed = 6 if cookies else 8
    assert statuses == [200] * allowed + [429] * (10 - allowed)


def test_what_only_reads_is_counted_by_lot_and_for_all_that_it_stands_for(
    program: Program, site: FastAPI, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots = iter([3, 0, 9, 0])
    monkeypatch.setattr(pacing, "randbelow", lambda each: next(lots) % each)
    client = TestClient(site, base_url="https://testserver")
    for _ in range(4):
        client.get("/hulpvragen").raise_for_status()
    assert [row.used for row in rows_of(fresh_database, "SELECT used FROM pace")] == [20]


def test_who_is_too_quick_reads_when_to_come_back(site: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "BROWSES", Class("browse", 0, 0))
    monkeypatch.setattr(pacing, "API_READS", Class("api-read", 0, 0))
    client = TestClient(site, base_url="https://testserver")
    page = client.get("/hulpvragen")
    assert (page.status_code, "Even rustig aan" in page.text) == (429, True)
    program = client.get("/api/v1/categorieen")
    assert program.status_code == 429
    assert program.json()["code"] == "too-many"
    for answer in (page, program):
        assert 0 < int(answer.headers["retry-after"]) <= 600


@pytest.mark.parametrize(
    ("addresses", "counted_as_one"),
    [("2001:db8:1:2::{:x}", True), ("2001:db8:1:{:x}::1", False), ("10.0.0.{}", False)],
)
def test_a_new_address_each_time_helps_nobody_who_has_a_whole_network_of_them(
    site: FastAPI, monkeypatch: pytest.MonkeyPatch, addresses: str, counted_as_one: bool
) -> None:
    """Every household has as many addresses of IPv6 as it likes, all with the same first half."""
    monkeypatch.setattr(pacing, "BROWSES", Class("browse", 1, 6))
    statuses = []
    for number in range(1, 8):
        visitor = TestClient(
            site, base_url="https://testserver", client=(addresses.format(number), 50_000 + number)
        )
        statuses.append(visitor.get("/hulpvragen").status_code)
    assert statuses == ([200] * 4 + [429] * 3 if counted_as_one else [200] * 7)


def test_an_address_of_before_is_the_same_however_it_is_written() -> None:
    def counted(address: str) -> str:
        return network(Request({"type": "http", "client": (address, 1)}))

    assert counted("::ffff:10.0.0.1") == counted("10.0.0.1") == "10.0.0.1"
    assert counted("2001:db8::1%eth0") == counted("2001:DB8:0:0:ffff::9") == "2001:db8::/64"
    assert counted("testclient") == "testclient"
    assert network(Request({"type": "http"})) == ""
