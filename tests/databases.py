"""Databases for tests: one server a run, one migrated template on it, copies of that for whoever asks."""

import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, Engine, create_engine, make_url

from app import postgres, upkeep

if TYPE_CHECKING:
    from app.demo.filling import Summary

ROOT = Path(__file__).parents[1]
OWNERS: dict[str, Engine] = {}
LEFT: set[str] = set()
"""Databases that somebody still used when they were to go. Hundreds of them slow down every copy that is made."""
MAINTENANCE: dict[str, psycopg.Connection] = {}
"""Kept open, by server, to make and drop databases: a connection each time costs a fifth of a copy."""
NUMBERS = itertools.count(1)
TEMPLATE_LOCK, DEMONSTRATION_LOCK = 71206, 71207
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 2_000_000_000
"""What is used is a quarter of it: the template, the log, and one or two copies a worker."""


@dataclass(frozen=True)
class Database:
    """A migrated database, by its SQLAlchemy addresses as its two roles."""

    owner_url: str
    app_url: str

    @property
    def owner(self) -> Engine:
        """The way in of its owner, kept open until it is dropped: a new connection costs as much as ten statements."""
        if self.owner_url not in OWNERS:
            # of two threads that come first the second one's engine, which never connected, is forgotten
            OWNERS.setdefault(self.owner_url, create_engine(self.owner_url, pool_size=1, pool_pre_ping=True))
        return OWNERS[self.owner_url]

    @property
    def name(self) -> str:
        """Its name on the server."""
        return str(make_url(self.owner_url).database)

    @property
    def application_role(self) -> str:
        """The role that serves; policies and grants name it."""
        return str(make_url(self.app_url).username)


@dataclass(frozen=True)
class Filled:
    """A copy of the demonstration; what was said of it while it was filled, and what that took of the processor."""

    database: Database
    summary: "Summary"
    cpu_seconds: float
    stages: tuple[str, ...]


@dataclass(frozen=True)
class Server:
    """Where databases of this run may be made. Goes to the xdist workers as a dict."""

    owner_url: str
    app_url: str
    run: str
    strategy: str = "WAL_LOG"
    """How copies are made. FILE_COPY takes half the time, where a checkpoint need not wait for a disk."""

    @contextmanager
    def copy(self, name: str) -> Iterator[Database]:
        """A copy of the template, dropped afterwards unless something still uses it."""
        with self.copied(self._template(), name) as database:
            yield database

    @contextmanager
    def demonstration(self, name: str) -> Iterator[Filled]:
        """A copy of the demonstration region, which takes half a minute to fill: once in a run."""
        from app.demo.filling import Summary  # loaded where it is asked for: most tests need none of it

        filled, told = self._demonstration()
        said = json.loads(told)
        with self.copied(filled, name) as database:
            yield Filled(database, Summary(**said["summary"]), said["cpu_seconds"], tuple(said["stages"]))

    @contextmanager
    def copied(self, template: Database, name: str) -> Iterator[Database]:
        """A copy of any database of this run to which nobody holds a connection; it goes as those of the template."""
        database = self._new(name)
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY {}"
        self._kept().execute(_statement(statement, database.name, template.name, self.strategy))
        try:
            yield database
        finally:
            self._drop(database.name)

    @contextmanager
    def empty(self, name: str) -> Iterator[Database]:
        """A database without a single migration, for tests of the migrations themselves."""
        database = self._new(name)
        with self._maintenance() as connection:
            connection.execute(_statement("CREATE DATABASE {} TEMPLATE template0", database.name))
        try:
            yield database
        finally:
            self._drop(database.name)

    def drop_all(self) -> None:
        """Whatever this run left behind."""
        with self._maintenance() as connection:
            found = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (self.run,)
            ).fetchall()
        for (name,) in found:
            self._drop(name)

    def _template(self) -> Database:
        """Migrated by the worker that comes first; the others wait for it at the lock."""
        database = self._database(self.run)
        with self._maintenance() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (TEMPLATE_LOCK,))
            if not self._is_there(connection, database):
                connection.execute(_statement("CREATE DATABASE {} TEMPLATE template0", database.name))
                with self._or_nothing(database):
                    migrate(database)
                    with upkeep.as_owner(database.owner_url) as owner:
                        upkeep.load_demonstration_region(owner)
        return database

    def _demonstration(self) -> tuple[Database, str]:
        """Filled as the template is migrated; what was said of it is kept with it, for the other workers."""
        database = self._database(f"{self.run}_demonstration")
        with self._maintenance() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (DEMONSTRATION_LOCK,))
            if not self._is_there(connection, database):
                statement = "CREATE DATABASE {} TEMPLATE {}"
                connection.execute(_statement(statement, database.name, self._template().name))
                with self._or_nothing(database):
                    told = sql.Literal(json.dumps(_filled(database)))
                    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
                    connection.execute(comment.format(sql.Identifier(database.name), told))
            query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
            row = connection.execute(query, (database.name,)).fetchone()
        assert row is not None
        return database, str(row[0])

    def _is_there(self, connection: psycopg.Connection, database: Database) -> bool:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(query, (database.name,)).fetchone() is not None

    @contextmanager
    def _or_nothing(self, database: Database) -> Iterator[None]:
        """What is half made goes away again."""
        try:
            yield
        except BaseException:
            self._drop(database.name)
            raise

    def _new(self, name: str) -> Database:
        # one of the same name may still be there: whoever held a connection kept it from being dropped
        return self._database(f"{self.run}_{name}_{next(NUMBERS)}")

    def _database(self, name: str) -> Database:
        return Database(_on(self.owner_url, name), _on(self.app_url, name))

    @contextmanager
    def _maintenance(self) -> Iterator[psycopg.Connection]:
        with self._connected() as connection:
            yield connection

    def _connected(self) -> psycopg.Connection:
        url = make_url(self.owner_url).set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def _kept(self) -> psycopg.Connection:
        if self.owner_url not in MAINTENANCE:
            mine = self._connected()
            if MAINTENANCE.setdefault(self.owner_url, mine) is not mine:
                mine.close()
        return MAINTENANCE[self.owner_url]

    def _drop(self, name: str) -> None:
        if (owner := OWNERS.pop(self._database(name).owner_url, None)) is not None:
            owner.dispose()
        LEFT.add(name)
        query = """SELECT datname FROM pg_database WHERE datname = ANY(%s)
            AND (datname = %s OR NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = pg_database.datname))"""
        for (found,) in self._kept().execute(query, (sorted(LEFT), name)).fetchall():
            try:
                self._kept().execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", found))
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                # A test still holds a connection as the other role: once it has let go, the next drop takes this too.
                continue
            LEFT.discard(found)


def migrate(database: Database, revision: str = "head") -> None:
    """Bring a database to a revision, as the program does it."""
    upkeep.migrate(database.owner_url, database.application_role, revision)


def _filled(database: Database) -> dict[str, Any]:
    """Fill it, and what there is to tell of that."""
    import app.models  # noqa: F401 - every table, before the first query
    from app.db import Database as Program
    from app.demo.filling import fill

    stages: dict[str, int] = {}
    program = Program(database.app_url, pool_size=4)
    began = time.process_time()
    summary = fill(
        program, database.owner_url,
        progress=lambda stage, done, total: stages.update({stage: total - done}),
    )  # fmt: skip
    seconds = time.process_time() - began
    program.close()
    assert not any(stages.values()), "every stage was told to its end"
    return {"summary": asdict(summary), "cpu_seconds": seconds, "stages": list(stages)}


def let_go() -> None:
    """Close what this process kept open."""
    while MAINTENANCE:
        MAINTENANCE.popitem()[1].close()


@contextmanager
def a_server() -> Iterator[Server]:
    """The server that the environment names; else one of our own, thrown away afterwards."""
    run = f"zve_test_{uuid4().hex[:8]}"
    owner_url, app_url = os.environ.get("DATABASE_OWNER_URL"), os.environ.get("DATABASE_URL")
    if owner_url and app_url:
        _may_create_databases(make_url(owner_url))
        server = Server(owner_url, app_url, run)
        yield server
        server.drop_all()
        return
    folder = Path(tempfile.mkdtemp(prefix="zve-tests-", dir=_in_memory()))
    try:
        with postgres.start(
            folder / "data", bin_dir=chosen_bin_dir(), durable=False, createdb=True
        ) as embedded:
            yield Server(embedded.owner_url, embedded.application_url, run, "FILE_COPY")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Where files cost a tenth: each copy of the template is 700 of them. None where there is no room for that."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    room = min(shutil.disk_usage(MEMORY).free, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4)
    return MEMORY if room >= MEMORY_BYTES_MIN else None


def chosen_bin_dir() -> Path | None:
    """Another PostgreSQL than the wheel's, if ZVE_POSTGRES_BIN names one."""
    chosen = os.environ.get("ZVE_POSTGRES_BIN")
    return Path(chosen) if chosen else None


def _may_create_databases(owner: URL) -> None:
    url = owner.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    if not row or not row[0]:
        pytest.exit(f"Tests make databases of their own: ALTER ROLE {owner.username} CREATEDB.", returncode=4)


def _on(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))
