"""The files of the embedded PostgreSQL, and the programs that work on them; `app.postgres` is its face."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.unprivileged import Account, account_of, leash, make_folder

SUPERUSER = "postgres"
PREDECESSOR_SECONDS = 20.0

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "lc_messages": "C",
    # What people wrote must not end up in a log: no statements, no DETAIL with the values of a key.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
}
WITHOUT_SAFETY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

ACCESS = "# Whoever may enter the folder of the socket is trusted; nobody else can.\nlocal all all trust\n"


class CannotStart(Exception):
    """The database server cannot run here; the message is a sentence for whoever started the program."""


@dataclass
class Cluster:
    """A data folder of PostgreSQL, which may not exist yet, and the programs that fit it."""

    path: Path
    bin_dir: Path

    @property
    def account(self) -> Account:
        """Whom the files belong to, and under whom the programs run."""
        return account_of(self.path)

    @property
    def mark(self) -> str:
        """A word in the command line of each of its processes: all that everybody may read of them."""
        return f"zve_{digest(self.path)}"

    def wait_for_predecessor(self) -> None:
        """Wait until no process is left of a server whose program was killed.

        The caller holds the lock, so nobody needs that server. Raises CannotStart if it does not go.
        """
        deadline = time.monotonic() + PREDECESSOR_SECONDS
        while running := next(processes(self.mark, str(self.path)), None):
            if time.monotonic() > deadline:
                raise CannotStart(f"A server (process {running}) still runs on {self.path}: stop it first.")
            time.sleep(0.05)
        pid_file = self.path / "postmaster.pid"
        if pid_file.exists() and _is_alive(pid_file):
            # Not ours, or it would have been found above: after a restart of the machine the number went to
            # another program, which PostgreSQL would take for a living server.
            pid_file.unlink()

    def create_if_missing(self) -> None:
        """Make the cluster beside its place, renamed when complete: a killed start leaves no half of one."""
        if self.path.exists():
            self._check_version()
            return
        new, account = self.path.with_name(f"{self.path.name}.new"), self.account
        shutil.rmtree(new, ignore_errors=True)
        make_folder(new, account)
        self._run("initdb", "-D", str(new), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        (new / "pg_hba.conf").write_text(ACCESS)
        new.rename(self.path)

    def _check_version(self) -> None:
        ours = self._run("postgres", "--version").split()[2].split(".")[0]
        theirs = (self.path / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise CannotStart(
                f"{self.path} is of PostgreSQL {theirs}, and this is {ours}: dump it there, load it here."
            )

    def launch(self, socket: Path, *, durable: bool) -> subprocess.Popen[bytes]:
        """Start the server as our child; it is not ready yet."""
        make_folder(socket, self.account)
        settings = SETTINGS | ({} if durable else WITHOUT_SAFETY)
        settings |= {"cluster_name": self.mark, "unix_socket_directories": str(socket)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [self.bin_dir / "postgres", "-D", self.path, *flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                # Not in our group: Ctrl-C is for the program, which first finishes its requests.
                start_new_session=True,
                preexec_fn=self._leash(),
            )

    @property
    def log(self) -> Path:
        """What the server says, of its last start only."""
        return self.path.with_name(f"{self.path.name}.log")

    def last_words(self) -> str:
        """The last thing the server said."""
        return _last_line(self.log.read_text(errors="replace"))

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self.bin_dir / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            preexec_fn=self._leash(),
        )
        if done.returncode != 0:
            raise CannotStart(f"{program} fails: {_last_line(done.stderr or done.stdout)}")
        return done.stdout

    def _leash(self) -> Callable[[], None]:
        return leash(self.account, self.bin_dir / "postgres", self.path.parent)


def digest(path: Path) -> str:
    """Twelve characters that stand for a path where the path itself does not fit."""
    return sha256(os.fsencode(path)).hexdigest()[:12]


def processes(*words: str) -> Iterator[int]:
    """Ids of PostgreSQL processes with one of the words in their command line; none without /proc."""
    wanted = [os.fsencode(word) for word in words]
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes()
        except OSError:
            continue
        program = line.split(b"\0")[0]
        is_postgres = program.startswith(b"postgres:") or program.endswith(b"/postgres")
        if is_postgres and any(word in line for word in wanted):
            yield int(entry.parent.name)


def _is_alive(pid_file: Path) -> bool:
    try:
        os.kill(int(pid_file.read_text().split("\n", 1)[0]), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it says nothing"


def _environment() -> Mapping[str, str]:
    """Nothing of ours: a PGDATA or an LC_ALL of the caller would change the cluster."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
