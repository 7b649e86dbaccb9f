"""Rehearsing: a backup is put back on a server of its own, to know how long it takes and what would be lost."""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app import postgres
from app.backups import manifest as manifests, putting_back, tools
from app.backups.manifest import Manifest
from app.backups.streams import Progress
from app.config import Settings
from app.runtime import Addresses


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How it went. ``lost`` has the tables whose number of rows changed since the backup, and by how many."""

    manifest: Manifest
    seconds: float
    differs: list[str]
    faults: list[str]
    age_s: float
    lost: Mapping[str, int]

    @property
    def ok(self) -> bool:
        """Whether it came back as it was, with the books right."""
        return not self.differs and not self.faults


def rehearse(
    path: Path, identities: list[Any], owner_url: str, beside: Path, progress: Progress = lambda _: None
) -> Rehearsal:
    """Look a backup through and put it back in a folder that goes away; the running database is only counted."""
    from app.backups.checking import faults_of

    began = time.monotonic()
    made = putting_back.look_through(path, identities)
    with tempfile.TemporaryDirectory(prefix="zve-rehearsal-", dir=beside) as scratch:
        Path(scratch).chmod(0o711)
        settings = Settings(data_dir=Path(scratch) / "data", DATABASE_URL=None)
        with (
            putting_back.empty_folder(settings.data_dir),
            postgres.start(settings.data_dir) as server,
        ):
            where = _as(server, made)
            done = putting_back.put_back(path, identities, settings, where, progress)
            faults = faults_of(settings, where, made)
            seconds = time.monotonic() - began
    with psycopg.connect(tools.conninfo(owner_url)) as connection:
        now = manifests.rows(connection)
    lost = {name: now.get(name, 0) - count for name, count in made.rows.items() if now.get(name, 0) != count}
    age = (datetime.now(UTC) - made.moment).total_seconds()
    return Rehearsal(made, seconds, done.differs, faults, age, lost)


def _as(server: postgres.Server, made: Manifest) -> Addresses:
    """The scratch server by the names of the roles that the backup names, in a database of that owner's."""
    with psycopg.connect(tools.conninfo(server.superuser_url), autocommit=True) as connection:
        for role in (made.owner, made.application):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(
            sql.SQL("CREATE DATABASE rehearsal OWNER {} TEMPLATE template0").format(
                sql.Identifier(made.owner)
            )
        )
    application = server.url(made.application, "rehearsal")
    return Addresses(application, server.url(made.owner, "rehearsal"), application)
