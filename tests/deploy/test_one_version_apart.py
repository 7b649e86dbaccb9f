"""While an update goes on, the program of the version before serves on the schema of this one: it is taken out of git
and really run. The other way round it does not start, and says why."""

import os
import random
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from alembic import command
from alembic.config import Config

from app import upkeep
from app.watching.standing import newest_revision
from bench.measure import free_port
from tests.app.commands import run
from tests.databases import ROOT, Database, Server
from tests.faults.checking import faults
from tests.faults.clients import Act, Client
from tests.faults.world import fill

BEFORE = "0050"
"""The newest revision of the version before this one."""
READY_ON_A_LATER_ONE = "0051"
"""Programs of before this revision serve on a later schema, and say all the same that they are not ready."""
PARTS = ("app", "web", "matching", "rewards", "migrations", "pyproject.toml", "alembic.ini")
START_S = 120.0


def git(*words: str) -> bytes:
    """What git says; skips where there is no history, as in a tree without its repository."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0 or not done.stdout:
        pytest.skip(f"The version before cannot be taken out of git here: {done.stderr.decode()[:200]}")
    return done.stdout


@pytest.fixture(scope="module")
def program_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole program as it was before the revision that follows."""
    followed = [
        path
        for path in (ROOT / "migrations" / "versions").glob("*.py")
        if f'down_revision = "{BEFORE}"' in path.read_text()
    ]
    assert len(followed) == 1
    added = git("log", "--format=%H", "--diff-filter=A", "--", str(followed[0].relative_to(ROOT)))
    archive = git("archive", f"{added.split()[-1].decode()}^", *PARTS)
    folder = tmp_path_factory.mktemp("before")
    with tarfile.open(fileobj=BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    vendor = folder / "web" / "static" / "vendor"
    if not vendor.exists():
        vendor.symlink_to(ROOT / "web" / "static" / "vendor")
    return folder


@dataclass(frozen=True)
class Serving:
    """A program that runs, on a port."""

    address: str
    log: Path

    def asked(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.address}{path}", timeout=60)


@contextmanager
def serving(program: Path, database: Database, folder: Path) -> Iterator[Serving]:
    """`zorgvoorelkaar serve` of some version, ended afterwards."""
    port, log = free_port(), folder / "serve.log"
    environment = {
        **os.environ, "DATABASE_URL": database.app_url, "ZVE_DATA_DIR": str(folder), "PORT": str(port),
        "PYTHONPATH": str(program), "ZVE_SECRET": "een geheim van beide",
    }  # fmt: skip
    started = [sys.executable, "-P", "-c", "from app.cli import main; main()", "serve"]
    with log.open("w") as written:
        process = subprocess.Popen(started, cwd=program, env=environment, stdout=written, stderr=written)
    try:
        found, deadline = Serving(f"http://127.0.0.1:{port}", log), time.monotonic() + START_S
        while True:
            assert process.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < deadline, log.read_text()[-2000:]
            with suppress(httpx.TransportError):
                found.asked("/gezond")
                break
            time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait(40)


def test_the_program_of_the_version_before_books_on_the_schema_of_this_one(
    program_before: Path, database_server: Server, worker: str, tmp_path: Path
) -> None:
    knows = sorted(path.name[:4] for path in (program_before / "migrations" / "versions").glob("[0-9]*.py"))
    assert knows[-1] == BEFORE < newest_revision()
    with database_server.copy(f"{worker}_newer") as database:
        (pair,) = fill(database.app_url, database.owner_url, 1, 2)
        with serving(program_before, database, tmp_path) as site:
            ready = BEFORE >= READY_ON_A_LATER_ONE
            assert site.asked("/gereed").status_code == (200 if ready else 503)
            for path in (
                "/",
                "/hulpvragen",
                "/hulpvragen/nieuw",
                "/activiteiten",
                "/cijfers",
                "/api/v1/openapi.json",
            ):
                assert site.asked(path).status_code == 200, path
            stop, client = threading.Event(), Client(1, pair, site.address, random.Random(1))
            stop.set()  # after each act was done once
            client.run(stop)
        assert client.failed == []
        assert {line.order.act for line in client.journal if line.done} == set(Act)
        with database.owner.begin() as owner:
            assert faults(owner, [client]) == []


def test_this_program_does_not_start_on_the_schema_of_the_version_before(
    database_server: Server, worker: str, tmp_path: Path
) -> None:
    with database_server.copy(f"{worker}_older") as database:
        _back_to(BEFORE, database)
        variables = {"DATABASE_URL": database.app_url, "ZVE_DATA_DIR": str(tmp_path / "data")}
        started = run(variables, "serve")
        working = run(variables, "worker")
        checked = run({**variables, "DATABASE_OWNER_URL": database.owner_url}, "check")
        upkeep.migrate(database.owner_url, database.application_role)
        again = run({**variables, "DATABASE_OWNER_URL": database.owner_url}, "check")

    for done in (started, working):
        assert done.returncode == 1
        assert done.stderr.strip() == (
            f"This database has schema {BEFORE}, and this program needs {newest_revision()}."
            " First run: zorgvoorelkaar migrate"
        )
    assert checked.returncode == 1
    assert "zorgvoorelkaar migrate" in checked.stdout
    assert "zorgvoorelkaar migrate" not in again.stdout


def _back_to(revision: str, database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(upkeep.ROOT / "migrations"))
    config.attributes.update(owner_url=database.owner_url, application_role=database.application_role)
    command.downgrade(config, revision)
