"""A server that is killed, one that comes back as it was earlier, another one under the same address."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import app.models  # noqa: F401 - every table, before the first query
from app import postgres, upkeep
from app.db import Database
from app.help_offers import service as help_offers
from tests.app.factories import a_helper, act
from tests.app.matches.comparing import agrees, offer_ids
from tests.databases import chosen_bin_dir

PATIENCE_S = 30


class Region:
    """A server of the test's own with a region on it, and a process that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.server = postgres.start(self.folder, bin_dir=chosen_bin_dir())
        upkeep.migrate(self.server.owner_url, "zve_app")
        with upkeep.as_owner(self.server.owner_url) as owner:
            upkeep.load_demonstration_region(owner)
        self.program = Database(self.server.application_url, pool_size=2)

    def killed(self) -> None:
        """As by a power cut: nobody is asked to end."""
        process = self.server.process
        assert process is not None
        children = subprocess.run(
            ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        process.kill()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        process.wait()
        self.server.stop()

    def started(self) -> None:
        """On the same data and under the same address."""
        self.server = postgres.start(self.folder, bin_dir=chosen_bin_dir())

    def knows(self) -> set[object]:
        """What a query ranks."""
        return patiently(lambda: offer_ids(self.program))

    def posted(self) -> object:
        """One more offer, committed."""

        def post() -> object:
            with self.program.transaction() as session:
                return a_helper(session)[1].id

        return patiently(post)

    def next_xid(self) -> int:
        """The number that the next transaction gets."""
        with self.program.transaction() as session:
            return int(
                session.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar_one()
            )


Answer = TypeVar("Answer")


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Until the pool has let go of what died a query is refused, and never answered wrongly."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ask()
        except OperationalError:
            assert time.monotonic() < deadline


@contextmanager
def a_region(folder: Path) -> Iterator[Region]:
    region = Region(folder)
    try:
        yield region
    finally:
        region.program.close()
        region.server.stop()


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with a_region(tmp_path) as region:
        yield region


def test_after_a_kill_and_a_new_start_all_that_was_committed_is_known(region: Region) -> None:
    first = region.posted()
    assert region.knows() == {first}
    undone = region.program.sessions()
    a_helper(undone)
    undone.flush()
    second = region.posted()

    region.killed()
    undone.invalidate()
    with pytest.raises(OperationalError):
        offer_ids(region.program)
    region.started()

    assert region.knows() == {first, second}
    third = region.posted()
    assert region.knows() == {first, second, third}
    agrees(region.program)


def test_a_server_that_was_set_back_to_an_earlier_point_is_noticed(region: Region) -> None:
    with region.program.transaction() as session:
        helper, kept = a_helper(session)
    assert region.knows() == {kept.id}
    region.server.stop()
    copy = region.folder.parent / "backup"
    shutil.copytree(region.folder / "postgres", copy, symlinks=True)
    _own(copy, region.folder / "postgres")
    region.started()
    lost = [region.posted() for _ in range(3)]
    with region.program.transaction() as session:
        help_offers.pause(session, act(session, helper), kept.id)
    assert region.knows() == set(lost)

    region.server.stop()
    shutil.rmtree(region.folder / "postgres")
    copy.rename(region.folder / "postgres")
    region.started()

    assert region.knows() == {kept.id}
    agrees(region.program)


def test_nor_does_a_server_fool_us_whose_numbers_have_run_ahead_again(region: Region) -> None:
    assert region.knows() == set()
    region.server.stop()
    copy = region.folder.parent / "backup"
    shutil.copytree(region.folder / "postgres", copy, symlinks=True)
    _own(copy, region.folder / "postgres")
    region.started()
    region.posted()
    region.knows()
    mark = region.next_xid()
    region.server.stop()
    shutil.rmtree(region.folder / "postgres")
    copy.rename(region.folder / "postgres")
    region.started()
    other = Database(region.server.application_url, pool_size=1)
    with other.transaction() as session:
        made = a_helper(session)[1].id
    while region_xid(other) <= mark + 10:  # what was missed now lies behind the mark
        with other.transaction() as session:
            session.execute(text("SELECT pg_current_xact_id()"))
    other.close()

    assert region.knows() == {made}
    agrees(region.program)


def region_xid(program: Database) -> int:
    with program.transaction() as session:
        return int(session.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar_one())


def _own(copy: Path, original: Path) -> None:
    """As root the server runs under an account of its own."""
    owner = original.stat()
    if os.geteuid() == 0:
        for path in [copy, *copy.rglob("*")]:
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
