"""A server of a test's own, that may be killed, set back or succeeded, and a process that follows it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import app.models  # noqa: F401 - every table, before the first query
from app import postgres, upkeep
from app.db import Database
from tests.app.factories import a_helper
from tests.app.matches.comparing import offer_ids
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
