"""Where is measured: a database with people in it, the processes on it, and what its server takes of the processor."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app import postgres, upkeep
from app.db import Database
from app.demo.filling import fill
from bench.load.driver import asked_each
from bench.load.mix import PATHS, Act, Asked, World
from bench.load.world import world_of
from bench.measure import Process, database_cpu_s, process

SERVE = (sys.executable, "-c", "from app.cli import main; main()", "serve")
BARE = (sys.executable, "-m", "bench.load.bare")


@dataclass(frozen=True, slots=True)
class Place:
    """A database; ``folder`` is its server's, None where that serves others too."""

    owner_url: str
    application_url: str
    folder: Path | None
    data_dir: Path
    """Where a web process keeps its secret."""

    @property
    def environment(self) -> dict[str, str]:
        """For a process on it; whoever asks comes through a proxy on this machine."""
        return {
            "DATABASE_URL": self.application_url, "DATABASE_OWNER_URL": self.owner_url,
            "ZVE_DATA_DIR": str(self.data_dir), "ZVE_TRUSTED_PROXIES": "127.0.0.1",
        }  # fmt: skip

    @contextmanager
    def serving(self) -> Iterator[Process]:
        """A web process as `zorgvoorelkaar serve` is one."""
        with process(SERVE, self.environment, "/") as started:
            yield started

    @contextmanager
    def serving_bare(self) -> Iterator[Process]:
        """The bare program."""
        with process(BARE, self.environment, "/hulpvragen") as started:
            yield started

    def cpu_s(self) -> float:
        """Of the database's server so far; zero where it serves others too."""
        return 0.0 if self.folder is None else database_cpu_s(self.folder)

    def world(self) -> World:
        """Whom the mix is about."""
        return world_of(self.owner_url)

    def violations(self) -> list[str]:
        """What the ledger's own check says."""
        engine = create_engine(self.owner_url, poolclass=NullPool)
        with engine.begin() as owner:
            rows = owner.exec_driver_sql("SELECT * FROM ledger.violation")
            return [" ".join(map(str, row)) for row in rows]

    @property
    def people(self) -> int:
        """How many there are."""
        engine = create_engine(self.owner_url, poolclass=NullPool)
        with engine.begin() as owner:
            return int(owner.exec_driver_sql("SELECT count(*) FROM person").scalar_one())


def opened_accounts(address: str, world: World) -> None:
    """An account is opened when its owner first looks."""
    asked_each(address, [Asked(Act.ACCOUNT, PATHS[Act.ACCOUNT], token) for token in world.tokens])


@contextmanager
def demonstration() -> Iterator[Place]:
    """The demonstration region on a durable server of its own; thrown away afterwards."""
    with TemporaryDirectory(prefix="zve-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with postgres.start(folder / "data") as server:
            upkeep.migrate(server.owner_url, postgres.APPLICATION)
            database = Database(server.application_url)
            fill(database, server.owner_url)
            database.close()
            yield Place(server.owner_url, server.application_url, folder / "data", folder / "own")
