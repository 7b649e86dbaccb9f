"""While PDOK hangs, people register, ask and answer as ever (case 43); their address is flagged, nothing more."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from fastapi import FastAPI

from app.config import Settings
from app.db import Database as Program
from app.jobs.worker import Beside
from tests.app.conftest import rows_of
from tests.app.factories import a_person
from tests.databases import Database
from tests.sites import a_site
from tests.web.pages.helpers import Visit

AT_MOST_S = 1.0
"""For the middle one of all answers: a single one may meet a machine that is busy with something else."""
HANGS_S = 8.0
"""How long the worker waits for PDOK. An answer that had waited for it would take no less."""
WAIT_S = 90


@pytest.fixture
def hanging() -> Iterator[str]:
    """A PDOK that takes every call and never says a word; its address."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as kept:
        server.settimeout(0.1)

        def take_calls() -> None:
            while not stop.is_set():
                try:
                    kept.enter_context(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=take_calls)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v3_1"
        stop.set()
        thread.join()


@pytest.fixture
def settings(hanging: str, tmp_path: Path) -> Settings:
    """The program, pointed at that PDOK."""
    return Settings(data_dir=tmp_path, pdok_url=hanging, request_timeout_s=HANGS_S)


@pytest.fixture
def site(settings: Settings, program: Program) -> FastAPI:
    """The pages of that program."""
    return a_site(settings, program)


@pytest.fixture
def working(settings: Settings, fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Its worker, at work beside the pages."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    worker = Beside(settings, fresh_database.app_url)
    worker.start()
    yield
    worker.stop()


class Timed(Visit):
    """A browser that notes how long each answer takes."""

    def __init__(self, site: FastAPI, database: Database) -> None:
        super().__init__(site, database)
        self.took_s: dict[str, float] = {}
        send = self.client.send

        def timed(request: Any, **options: Any) -> Any:
            started = time.monotonic()
            answer = send(request, **options)
            self.took_s[f"{request.method} {request.url.path}"] = time.monotonic() - started
            return answer

        self.client.send = timed  # type: ignore[method-assign]

    @property
    def waited(self) -> dict[str, float]:
        """What may have waited for PDOK."""
        return {path: took for path, took in self.took_s.items() if took >= HANGS_S}


def until_flagged(database: Database, number: int) -> None:
    """Wait for the worker to have tried so many addresses in vain."""
    query = "SELECT count(*) FROM contact WHERE address_doubtful AND latitude IS NULL"
    end = time.monotonic() + WAIT_S
    while rows_of(database, query)[0][0] < number:
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.usefixtures("working")
def test_registering_and_asking_answer_within_a_second_while_pdok_hangs(
    site: FastAPI, fresh_database: Database
) -> None:
    email, ask = "ria@voorbeeld.nl", "/hulpvragen/nieuw"
    ria = Timed(site, fresh_database)
    for path in ("/", ask, "/mijn/gegevens", "/inloggen/link"):
        ria.get(path)  # the first of each compiles its templates
    ria.took_s.clear()

    ria.get("/aanmelden").post("/aanmelden", voornaam="Ria", postcode="5664 HJ", email=email)
    ria.get("/inloggen").post("/inloggen/link", t=ria.mailed_link(email))
    ria.get("/mijn/gegevens").post("/mijn/gegevens", voornaam="Ria", postcode="5664 HJ", huisnummer="12")
    until_flagged(fresh_database, 1)
    ria.get("/").post(ask, tekst="Samen naar de weekmarkt", knop="begin")
    ria.post(f"{ask}/soort", thema="samen")
    ria.post(f"{ask}/wanneer", wanneer="maakt-niet-uit", hoeVaak="eenmalig", minuten="60", aantalHelpers="1")
    ria.post(f"{ask}/waar", postcode="5664hj", hoeVerKm="15", zichtbaarVoor="iedereen", talen=["0"])
    ria.post(f"{ask}/versturen", telefoon="06-12345678")

    assert rows_of(fresh_database, "SELECT status FROM help_request")[0].status == "open"
    assert len(ria.took_s) > 10
    assert ria.waited == {}
    assert median(ria.took_s.values()) < AT_MOST_S


@pytest.mark.usefixtures("working")
def test_the_postcodes_own_point_serves_and_is_flagged_while_pdok_hangs(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        known = a_person(session, huisnummer="12")
        unknown = a_person(session, first_name="Bo", huisnummer="14")
    until_flagged(fresh_database, 2)

    cells = rows_of(
        fresh_database,
        "SELECT m.cell, n.cell AS of_postcode FROM membership m JOIN neighbourhood n USING (pc4)"
        " WHERE person_id IN (:a, :b)",
        a=known.person_id, b=unknown.person_id,
    )  # fmt: skip
    assert [row.cell for row in cells] == [row.of_postcode for row in cells]
