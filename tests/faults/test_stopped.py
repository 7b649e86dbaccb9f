"""Told to stop while people are at it (case 47): what was begun is finished, what waits is left for the next."""

import mailbox
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url, text

from app.access.sign_in import new_api_token
from app.config import Settings
from app.db import Database as Program
from app.jobs import queue
from app.jobs.worker import AT_ONCE
from app.notifications.service import tell
from bench.measure import free_port
from tests.app.conftest import program, rows_of
from tests.app.factories import GELDROP_MIERLO, a_person
from tests.app.test_cli import COMMAND
from tests.databases import ROOT, Database

__all__ = ["program"]
DRAINED_S = 30
BEGUN = 6
WAIT_S = 120
"""Far more than it takes: a machine that does other things as well is no failure."""
HELD_UP = (
    "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
IN_HAND = "SELECT status, count(*) FROM procrastinate_jobs WHERE task_name LIKE 'notices.%' GROUP BY status"


@contextmanager
def told_to_stop(database: Database, folder: Path, command: str) -> Iterator[tuple[str, Callable[[], float]]]:
    """A program of its own: its address, and what tells it to stop and says how long that took."""
    port = free_port()
    variables = {"DATABASE_URL": database.app_url, "ZVE_DATA_DIR": str(folder), "PORT": str(port)}
    variables["ZVE_MAIL_BURST_S"] = "0"
    process = subprocess.Popen([*COMMAND, command], env={**os.environ, **variables}, cwd=ROOT)

    def stop() -> float:
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=2 * DRAINED_S)
        assert process.returncode in (0, -signal.SIGTERM)
        return time.monotonic() - begun

    try:
        yield f"http://127.0.0.1:{port}", stop
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def held_up(database: Database, table: str) -> Iterator[None]:
    """Whoever writes in the table waits until the end of the block."""
    with database.owner.begin() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
        yield


def beside(database: Database, query: str) -> list[tuple[Any, ...]]:
    """What the owner sees, on a connection that no lock keeps waiting."""
    url = make_url(database.owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/privacy", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def token(program: Program) -> str:
    with program.transaction() as session:
        return new_api_token(session, a_person(session).person_id, "program", 30)


def test_a_site_that_is_told_to_stop_answers_what_was_begun_and_takes_nothing_new(
    fresh_database: Database, tmp_path: Path, token: str
) -> None:
    def ask(address: str, number: int) -> int:
        body = {"categorie": "samen-op-pad", "titel": f"Vraag {number}"}
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{address}/api/v1/hulpvragen", json=body, headers=headers, timeout=60).status_code

    with (
        told_to_stop(fresh_database, tmp_path, "serve") as (address, stop),
        ThreadPoolExecutor(BEGUN + 1) as pool,
    ):
        until(lambda: answers(address))
        with held_up(fresh_database, "help_request"):
            begun = [pool.submit(ask, address, number) for number in range(BEGUN)]
            until(lambda: beside(fresh_database, HELD_UP) == [(BEGUN,)])
            stopped: Future[float] = pool.submit(stop)
            until(lambda: not answers(address))
            time.sleep(2)  # and a while longer
            assert not any(one.done() for one in begun)
        statuses = [one.result() for one in begun]
        assert stopped.result() < DRAINED_S

    assert statuses == [201] * BEGUN
    assert rows_of(fresh_database, "SELECT count(*) FROM help_request")[0][0] == BEGUN


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_in_hand_and_leaves_the_rest(
    fresh_database: Database, tmp_path: Path, program: Program
) -> None:
    every = 2 * AT_ONCE
    with program.transaction() as session:
        for number in range(every):
            who = a_person(session, email=f"ria{number}@voorbeeld.nl")
            tell(session, who.person_id, GELDROP_MIERLO, "willing", who.person_id, title="Naar de markt")

    with told_to_stop(fresh_database, tmp_path, "worker") as (_, stop), ThreadPoolExecutor(1) as pool:
        with held_up(fresh_database, "notice"):
            until(lambda: beside(fresh_database, HELD_UP) == [(AT_ONCE,)])
            stopped = pool.submit(stop)
            time.sleep(1)
            assert dict(beside(fresh_database, IN_HAND)) == {"doing": AT_ONCE, "todo": every - AT_ONCE}
        assert stopped.result() < DRAINED_S
    # what was in hand is gathered and waits to be sent; the rest waits to be gathered
    assert dict(beside(fresh_database, IN_HAND)) == {"todo": every}

    with told_to_stop(fresh_database, tmp_path, "worker") as (_, stop):
        until(lambda: beside(fresh_database, IN_HAND) == [])
        stop()
    mails = [one["To"] for one in mailbox.Maildir(Settings(data_dir=tmp_path).mailbox_dir)]
    assert sorted(mails) == [f"ria{number}@voorbeeld.nl" for number in range(every)]


def test_what_a_worker_had_in_hand_when_it_was_killed_is_given_back(
    fresh_database: Database, program: Program
) -> None:
    """Of three workers one is gone, one has been silent for long, and one lives."""
    with program.transaction() as session:
        for name in ("gone", "silent", "lives"):
            queue.defer(session, name)
    with fresh_database.owner.begin() as connection:
        connection.execute(text(
            "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES"
            " (now() - interval '2 minutes'), (now()) RETURNING id, last_heartbeat)"
            " UPDATE procrastinate_jobs j SET status = 'doing', worker_id = (SELECT id FROM w WHERE CASE j.task_name"
            " WHEN 'silent' THEN last_heartbeat < now() WHEN 'lives' THEN last_heartbeat = now() END)"
        ))  # fmt: skip

    with program.transaction() as session:
        assert queue.give_back(session) == 2
        assert queue.give_back(session) == 0
    found = rows_of(fresh_database, "SELECT task_name, status FROM procrastinate_jobs ORDER BY id")
    assert [tuple(row) for row in found] == [("gone", "todo"), ("silent", "todo"), ("lives", "doing")]
