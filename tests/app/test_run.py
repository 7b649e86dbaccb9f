"""`zorgvoorelkaar run` on a database that a variable names: filled when it is empty, and served each time."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bench.measure import free_port
from tests.app.conftest import rows_of
from tests.app.test_cli import COMMAND
from tests.databases import ROOT, Database, Server

START_S = 400
"""Far more than it takes: a machine that does other things as well is no failure."""
STORED = (
    "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM help_request), (SELECT count(*) FROM agreement),"
    " (SELECT count(*) FROM ledger.transfer)"
)


@contextmanager
def running(database: Database, folder: Path) -> Iterator[str]:
    """`run` in a process of its own, until it answers; its address."""
    port, said = free_port(), folder / "said.txt"
    variables = {
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "ZVE_DATA_DIR": str(folder),
        "PORT": str(port),
    }
    with said.open("w") as log:
        began = time.monotonic()
        process = subprocess.Popen(
            [*COMMAND, "run"], env={**os.environ, **variables}, cwd=ROOT, stderr=log,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        while not answers(address):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() - began < START_S, said.read_text()
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        assert process.wait(timeout=40) in (0, -15)


def answers(address: str, headers: dict[str, str] | None = None) -> bool:
    """Whether somebody serves there."""
    try:
        return httpx.get(address, headers=headers, timeout=10).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def empty(database_server: Server, worker: str) -> Iterator[Database]:
    """A database without a single table."""
    with database_server.empty(f"{worker}_run") as database:
        yield database


def test_run_fills_an_empty_database_once_and_serves_each_time(empty: Database, tmp_path: Path) -> None:
    with running(empty, tmp_path) as address:
        assert rows_of(empty, "SELECT name, demonstration FROM region") == [("Zuidoost-Brabant", True)]
        (first,) = rows_of(empty, STORED)
        assert "Zuidoost-Brabant" in httpx.get(address).text
        assert httpx.get(f"{address}/personas").status_code == 200
    assert first[0] >= 3_000
    assert min(first) > 0

    with running(empty, tmp_path) as address:
        assert rows_of(empty, STORED) == [first]
        assert "Demonstration region" not in (tmp_path / "said.txt").read_text()
        assert httpx.get(f"{address}/personas").status_code == 200
        assert not answers(address, {"X-Long": "a" * 4_000_000}), "a head has an end"
