"""What says nothing of whoever asks is read from a copy while that keeps up, and from the primary otherwise."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app import postgres
from app.branch import routes_of
from app.config import Settings
from app.db import Database
from app.http import READING
from app.pacing import class_of
from app.replica import Replica, lags
from tests.app.matches.servers import Region, a_region
from tests.app.matches.test_standby import Standby
from tests.clients import TestClient
from tests.sites import a_site

ALIVE = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with a_region(tmp_path_factory.mktemp("first")) as region:
        yield region


@pytest.fixture
def standby(region: Region, tmp_path: Path) -> Iterator[Standby]:
    standby = Standby(region, tmp_path / "second")
    yield standby
    standby.server.stop()


def _url(server: postgres.Server) -> str:
    return f"postgresql+psycopg://{postgres.APPLICATION}@/{postgres.DATABASE}?host={server.socket}"


class Counted:
    """How many statements went to either since somebody last asked."""

    def __init__(self, primary: Database, replica: Replica) -> None:
        self._seen: dict[str, list[str]] = {"primary": [], "replica": []}
        for name, database in (("primary", primary), ("replica", replica)):
            event.listen(database.engine, "before_cursor_execute", self._counter(name))

    def _counter(self, name: str) -> Callable[..., None]:
        def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
            self._seen[name].append(statement)

        return count

    def asked(self, site: FastAPI, path: str, **headers: str) -> tuple[int, bool, bool]:
        """The status, and whether the primary and the replica were asked anything."""
        for seen in self._seen.values():
            seen.clear()
        with TestClient(site, base_url="https://localhost") as browser:
            answer = browser.get(path, headers=headers)
        return answer.status_code, bool(self._seen["primary"]), bool(self._seen["replica"])


def test_no_route_that_is_counted_may_be_read_from_a_copy(site: FastAPI) -> None:
    marked = [
        (str(one.path), sorted(one.methods or ()))
        for one in routes_of(site)
        if lags(getattr(one.original_route, "endpoint", None))
    ]

    assert len(marked) > 8
    assert [path for path, methods in marked if not READING.issuperset(methods)] == []
    assert [path for path, _ in marked if class_of("GET", path) is not None] == []


def test_visitors_read_what_everybody_may_know_from_the_copy_and_everybody_else_from_the_primary(
    region: Region, standby: Standby, tmp_path: Path
) -> None:
    primary = Database(_url(region.server), pool_size=2)
    settings = Settings(data_dir=tmp_path, DATABASE_REPLICA_URL=_url(standby.server))
    site = a_site(settings, primary)
    replica: Replica = site.state.replica
    seen = Counted(primary, replica)

    # no worker ever said that it lives, so nobody knows how old the copy is
    assert seen.asked(site, "/cijfers") == (200, True, True)
    replica._until = 0.0
    with primary.transaction() as session:
        session.connection().exec_driver_sql(ALIVE)
    standby.catches_up()
    assert replica.keeps_up()

    for path in ("/cijfers", "/in-de-buurt", "/zo-werkt-het", "/sitemap.xml"):
        assert seen.asked(site, path) == (200, False, True), path
    for path in ("/verhalen", "/inloggen", "/api/v1/categorieen"):
        assert seen.asked(site, path)[1:] == (True, False), path
    assert seen.asked(site, "/cijfers", cookie="__Host-zve=iets")[1:] == (True, False)
    assert seen.asked(site, "/cijfers", authorization="Bearer iets")[1:] == (True, False)

    # cut off, it is as old as the last worker that it knows of
    standby.is_cut_off()
    with primary.transaction() as session:
        session.connection().exec_driver_sql(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 h'"
        )
    standby.follows(str(region.server.socket))
    standby.asks("SELECT pg_reload_conf()")
    standby.catches_up()
    replica._until = 0.0
    assert not replica.keeps_up()
    assert seen.asked(site, "/cijfers")[1:] == (True, False)

    # away, it is not missed
    standby.server.stop()
    replica._until = 0.0
    assert seen.asked(site, "/cijfers")[0] == 200
    assert seen.asked(site, "/cijfers")[1:] == (True, False)
    replica.close()
    primary.close()
