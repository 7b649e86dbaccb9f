"""Putting a backup back on an empty host: looked through first, then loaded in one transaction, then compared.

Whatever goes wrong, nothing stays. What was killed is cleared away by the next attempt, and nothing serves before.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

import psycopg
from sqlalchemy import make_url

from app import runtime
from app.backups import manifest as manifests, reading, tools
from app.backups.manifest import Manifest
from app.backups.reading import Sink
from app.backups.refusals import BackupRefused
from app.backups.streams import Progress
from app.cluster import Cluster
from app.config import Settings
from app.postgres import wheel_bin_dir
from app.runtime import Addresses
from app.watching.standing import knows

MARK: Final = runtime.RESTORING
_CONTENTS: Final = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'v', 'S', 'p')
"""


@dataclass(frozen=True, slots=True)
class PutBack:
    """What came back; ``differs`` is empty when it is what the manifest says."""

    manifest: Manifest
    differs: list[str]


def look_through(path: Path, identities: list[Any], progress: Progress = lambda _: None) -> Manifest:
    """Read all of a backup and keep nothing. Raises Damaged or WrongKey."""
    made = reading.read(path, identities, Sink(), progress)
    if not knows(made.revision):
        raise BackupRefused(
            f"This backup has schema {made.revision}, of a later version: restore it with version {made.version}."
        )
    return made


@contextmanager
def empty_folder(data_dir: Path) -> Iterator[None]:
    """A data folder with nothing in it, and a mark in it until the end of the block; empty again when that fails.

    Raises BackupRefused where something stands there, but for what a killed restore left.
    """
    mark = data_dir / MARK
    if data_dir.exists() and any(data_dir.iterdir()) and not mark.exists():
        raise BackupRefused(
            f"{data_dir} is not empty: a backup goes back on an empty host, or with ZVE_DATA_DIR in an empty folder."
        )
    made_here = not data_dir.exists()
    data_dir.mkdir(parents=True, exist_ok=True)
    if made_here and os.geteuid() == 0:
        data_dir.chmod(0o711)  # as root the server runs under another account, which must be able to pass
    with mark.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"Another restore is working in {data_dir}.") from None
        # the server of a restore that was killed ends within a second, and writes until then
        Cluster(data_dir / "postgres", wheel_bin_dir()).wait_for_predecessor()
        _clear(data_dir, but=mark)
        try:
            yield
        except BaseException:
            _clear(data_dir, but=mark)
            mark.unlink(missing_ok=True)
            if made_here:
                data_dir.rmdir()
            raise
        mark.unlink()


def _clear(folder: Path, but: Path) -> None:
    for path in folder.iterdir():
        if path == but:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def put_back(
    path: Path,
    identities: list[Any],
    settings: Settings,
    where: Addresses,
    progress: Progress = lambda _: None,
) -> PutBack:
    """Load a backup that was looked through into an empty database, and its files into the data folder.

    Raises BackupRefused for a database with something in it, or other roles than those of the backup.
    """
    loading = _Loading(settings.data_dir, where)
    with loading:
        made = reading.read(path, identities, loading, progress)
    with psycopg.connect(tools.conninfo(where.owner_url)) as connection:
        return PutBack(made, manifests.differences(made, connection))


class _Loading(Sink):
    """Files go to the folder, and the dump into pg_restore, which keeps all of it or nothing."""

    def __init__(self, data_dir: Path, where: Addresses) -> None:
        self.data_dir, self.where = data_dir, where
        self.said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block
        self.program: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "_Loading":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Whoever is still loading is stopped before it could commit half a dump."""
        if self.program is not None and self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        self.said.close()

    def begins(self, manifest: Manifest) -> None:
        with psycopg.connect(tools.conninfo(self.where.owner_url)) as connection:
            _refuse_another(connection, manifest, self.where)
            major = connection.info.server_version // 10_000
        arguments, environment = tools.reached(self.where.owner_url)
        command: list[str | Path] = [
            tools.program("pg_restore", major), *arguments,
            "--single-transaction", "--exit-on-error", "--no-owner",
        ]  # fmt: skip
        self.program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self.said, env=environment
        )

    def file(self, path: PurePosixPath, pieces: Iterator[bytes]) -> None:
        target = self.data_dir / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def database(self, piece: bytes) -> None:
        assert self.program is not None
        assert self.program.stdin is not None
        try:
            self.program.stdin.write(piece)
        except BrokenPipeError:
            self._refuse()

    def ends(self) -> None:
        assert self.program is not None
        assert self.program.stdin is not None
        try:
            self.program.stdin.close()
        except BrokenPipeError:
            self._refuse()
        if self.program.wait() != 0:
            self._refuse()

    def _refuse(self) -> None:
        assert self.program is not None
        self.program.wait()
        raise BackupRefused(f"The database did not take the backup: {tools.last_words(self.said)}")


def _refuse_another(connection: psycopg.Connection, manifest: Manifest, where: Addresses) -> None:
    theirs, ours = int(manifest.server.split(".")[0]), connection.info.server_version // 10_000
    if theirs > ours:
        raise BackupRefused(
            f"This backup is of PostgreSQL {theirs}, and this server is {ours}: take {theirs} or newer."
        )
    row = connection.execute(_CONTENTS).fetchone()
    if row and row[0]:
        raise BackupRefused("This database is not empty: a backup goes back into an empty one.")
    for name, role in (("DATABASE_OWNER_URL", manifest.owner), ("DATABASE_URL", manifest.application)):
        url = where.owner_url if name == "DATABASE_OWNER_URL" else where.application
        if make_url(url).username != role:
            raise BackupRefused(f"The policies of this backup name the role {role}: let {name} log in as it.")
