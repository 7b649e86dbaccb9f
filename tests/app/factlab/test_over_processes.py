"""A Factlab on the program as it runs: a web process and a worker, and a server that logs every statement it gets."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from app import postgres
from app.access.roles import Role
from app.access.sign_in import open_session
from app.cluster import SUPERUSER
from app.db import Database as Program
from bench.measure import free_port
from tests.app.conftest import rows_of
from tests.app.factories import SHOWN, a_member_of_staff
from tests.app.test_cli import COMMAND
from tests.databases import ROOT, Database, chosen_bin_dir
from tests.web.desks.helpers import TOKEN
from web.security import SESSION_COOKIE

WAIT_S = 120
WORDS = ("wandelschoen", "boekenkast")
STREETS = ("5664HJ", "5731AB")
QUIET = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


@contextmanager
def running(database: Database, folder: Path, command: str, port: int) -> Iterator[Path]:
    """A program of its own, and the file into which it says everything."""
    path = folder / f"{command}.log"
    variables = {
        "DATABASE_URL": database.app_url, "ZVE_DATA_DIR": str(folder), "PORT": str(port), "ZVE_MAIL_BURST_S": "0",
        "ZVE_BASE_URL": f"http://localhost:{port}", "ZVE_LOG": "json",
    }  # fmt: skip
    with path.open("wb") as said:
        process = subprocess.Popen(
            [*COMMAND, command], env={**os.environ, **variables}, cwd=ROOT, stdout=said, stderr=said
        )
        try:
            yield path
        finally:
            process.terminate()
            process.wait(timeout=60)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/privacy", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def logged_by_server(database: Database) -> Iterator[Callable[[], str]]:
    """Every statement with its values is in the log of the server meanwhile; gives what was logged."""
    url = make_url(database.owner_url).set(drivername="postgresql", username=SUPERUSER)
    name = database.name
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        path = Path(row[0]).parent / "postgres.log"
        begin = path.stat().st_size
        connection.execute(f"ALTER DATABASE {name} SET log_statement = 'all'".encode())
        yield lambda: path.read_bytes()[begin:].decode("utf-8", "replace")


def a_file(first: int) -> bytes:
    lines = [
        f"{street[:4]} {street[4:]};{number};A;1" for street in STREETS for number in range(first, first + 20)
    ]
    return "\r\n".join(["postcode;huisnummer;toevoeging;aantal", *lines]).encode()


def dumped(database: Database, folder: Path) -> str:
    """The whole database as its owner would keep it."""
    tool = (chosen_bin_dir() or postgres.wheel_bin_dir()) / "pg_dump"
    url = make_url(database.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    made = folder / "dump.sql"
    subprocess.run([tool, "--enable-row-security", "--file", made, url], check=True)
    return made.read_text()


@pytest.fixture
def token(fresh_database: Database, program: Program) -> str:
    """The session of Karin, who runs Geldrop-Mierlo."""
    with program.transaction() as session:
        karin = a_member_of_staff(
            fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin"
        )
    with program.transaction() as session:
        return open_session(session, karin.person_id, proof=SHOWN)


def test_after_a_factlab_over_processes_no_address_is_in_dump_logs_or_jobs(
    fresh_database: Database, token: str, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://localhost:{port}"
    with (
        logged_by_server(fresh_database) as statements,
        running(fresh_database, tmp_path, "serve", port) as web_log,
        running(fresh_database, tmp_path, "worker", free_port()) as worker_log,
    ):
        until(lambda: answers(address))
        headers = {"origin": address, "cookie": f"{SESSION_COOKIE}={token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60) as karin:
            prepared = {
                "csrf": _csrf(karin, "/bureau/factlab"), "titel": "Gezinnen", "deelnemers": "Jeugdhulp\nSchuldhulp",
            }  # fmt: skip
            assert karin.post("/bureau/factlab", data=prepared).status_code == 303
            ((key,),) = rows_of(fresh_database, "SELECT id FROM factlab")
            done = karin.post(
                f"/bureau/factlab/{key}/koppeling",
                data={"csrf": _csrf(karin, f"/bureau/factlab/{key}"), "woord0": WORDS[0], "woord1": WORDS[1]},
                files={
                    f"bestand{place}": (f"{place}.csv", a_file(first))
                    for place, first in enumerate((4101, 4111))
                },
            )
            assert done.status_code == 303
            assert "Alleen deze tellingen." in karin.get(done.headers["location"]).text
        until(lambda: rows_of(fresh_database, QUIET)[0][0] == 0)
        jobs = "\n".join(
            str(tuple(row)) for row in rows_of(fresh_database, "SELECT * FROM procrastinate_jobs")
        )
        everywhere = {
            "dump": dumped(fresh_database, tmp_path),
            "jobs": jobs,
            "server": statements(),
            "web": web_log.read_text(),
            "worker": worker_log.read_text(),
        }

    assert "factlab" in everywhere["server"]  # it did listen
    assert "factlab" in everywhere["web"]
    traces = [*WORDS, *STREETS, *(f"{street[:4]} {street[4:]}" for street in STREETS), "|4101|", ";4101;"]
    traces += [trace.encode().hex() for trace in (*WORDS, *STREETS)]
    found = {(place, trace) for place, said in everywhere.items() for trace in traces if trace in said}
    assert found == set()
    assert not any(
        trace.encode() in file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file()
        for trace in traces
    )


def _csrf(client: httpx.Client, path: str) -> str:
    found = TOKEN.search(client.get(path).text)
    assert found is not None
    return found[1]
