"""A real pgbouncer in transaction mode, in front of a server of ours."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.unprivileged import Account, leash, make_folder

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
START_S = 30
PORT = 6432
SETTINGS = """[databases]
* = host={host} user={role}

[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
max_client_conn = 500
default_pool_size = {servers}
server_login_retry = 1
server_connect_timeout = 3
query_wait_timeout = 10
client_login_timeout = 15
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


class Pgbouncer:
    """One process; ``host`` is the folder of a server's socket, or what points at it."""

    def __init__(self, folder: Path, host: Path, role: str, account: Account, *, servers: int) -> None:
        assert PROGRAM is not None
        make_folder(folder, account)
        self.folder, self.account = folder, account
        self.settings = folder / "pgbouncer.ini"
        self.settings.write_text(
            SETTINGS.format(host=host, role=role, folder=folder, port=PORT, servers=servers)
        )
        self.start()

    def start(self) -> None:
        """Begin, also after it was killed."""
        assert PROGRAM is not None
        (self.folder / "pgbouncer.pid").unlink(missing_ok=True)
        (self.folder / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [PROGRAM, "-q", str(self.settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=leash(self.account, self.folder),
        )  # fmt: skip
        deadline = time.monotonic() + START_S
        while not (self.folder / f".s.PGSQL.{PORT}").exists():
            assert self.process.poll() is None, self.last_words()
            assert time.monotonic() < deadline, self.last_words()
            time.sleep(0.02)

    def last_words(self) -> str:
        """The end of its log."""
        log = self.folder / "pgbouncer.log"
        return log.read_text()[-2000:] if log.exists() else "it wrote nothing"

    def url(self, database: str, role: str) -> str:
        """The address for the program."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}&port={PORT}"

    def stop(self, sign: int = signal.SIGINT) -> None:
        """End; with SIGKILL as the kernel does."""
        self.process.send_signal(sign)
        self.process.wait()


@contextmanager
def pgbouncer(
    folder: Path, host: Path, role: str, account: Account, *, servers: int = 4
) -> Iterator[Pgbouncer]:
    """Stopped at the end."""
    made = Pgbouncer(folder, host, role, account, servers=servers)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.stop()


def answers(url: str) -> bool:
    """Whether somebody gets through."""
    try:
        with psycopg.connect(
            url.replace("+psycopg", ""), connect_timeout=3, prepare_threshold=None
        ) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True
