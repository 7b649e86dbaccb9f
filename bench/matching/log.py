"""The change log of the program's own database, as a process looks at it before each query."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import app.models  # noqa: F401 - every table, before the first query
from app import postgres, upkeep
from app.db import Database
from app.matches.index import MatchIndex


@contextmanager
def log_of_a_region() -> Iterator[Callable[[], None]]:
    """A look at it, when nothing has changed, on an embedded database that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="zve-bench-log-"))
    try:
        with postgres.start(folder / "data", durable=False) as server:
            upkeep.migrate(server.owner_url, postgres.APPLICATION)
            with upkeep.as_owner(server.owner_url) as owner:
                upkeep.load_demonstration_region(owner)
            program = Database(server.application_url, pool_size=1)
            index = MatchIndex(program.engine)
            index.refresh()
            yield index.refresh
            program.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
