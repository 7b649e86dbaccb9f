"""Making a backup: one snapshot, PostgreSQL's own dump of it, and the data folder, encrypted as they are read."""

import fcntl
import hashlib
import json
import os
import stat
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version as version_of
from pathlib import Path
from typing import BinaryIO, Final

import psycopg

from app.backups import manifest as manifests, streams, tools
from app.backups.manifest import FORGOTTEN, Manifest
from app.backups.refusals import BackupRefused
from app.backups.streams import Progress
from app.config import Settings, variable
from app.secrets import installation_secret
from app.watching import kept

PART_BYTES: Final = 4 << 20
"""The dump is kept in parts of this size: nobody knows beforehand how long it gets."""
MANIFEST, END, FILES, DATABASE = "manifest.json", "end.json", "files", "database"
SECRET: Final = "secret"  # noqa: S105 - the name of its file
LEFT_OUT: Final = frozenset(
    {"postgres", "postgres.new", "postgres.log", "postgres.lock", "socket", "restoring", kept.NAME, SECRET}
)
"""What stands in the data folder and is the server's own, or is made anew; the secret goes by itself."""
SECRETS: Final = ("secret", "metrics_token", "smtp_url", "kvk_key")


def make(
    settings: Settings, owner_url: str, application: str, path: Path, progress: Progress = lambda _: None
) -> Manifest:
    """Write a backup to a file that is not there yet; it has its name once it is whole and on disk."""
    if not settings.backup_to:
        raise BackupRefused(
            "Nobody could open this backup: run `zorgvoorelkaar backup-key FILE`, set ZVE_BACKUP_TO to what it"
            " prints, and keep the file elsewhere."
        )
    if path.exists():
        raise BackupRefused(f"{path} is there already: give each backup a name of its own.")
    began = time.monotonic()
    secret = installation_secret(settings)
    with whole_or_nothing(path) as file, _snapshot(owner_url) as (connection, snapshot):
        made = manifests.taken(connection, version(), application, _elsewhere(settings, connection))
        dump = _dumped(owner_url, snapshot, connection.info.server_version // 10_000)
        pieces = _pieces(settings.data_dir, secret, made, dump, path)
        streams.encrypt(counted(pieces, progress), file, settings.backup_to)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
        Path(file.name).rename(path)
        on_disk(path.parent)
    kept.keep_last_backup(settings.data_dir, kept.LastBackup(made.moment, size, time.monotonic() - began))
    return made


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[BinaryIO]:
    """The file under another name, gone again unless it was renamed; what a killed backup left is written over."""
    part = path.with_name(f"{path.name}.part")
    try:
        file = open(part, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115 - it is closed below
    except OSError as error:
        raise BackupRefused(f"{part} cannot be made: {error.strerror}.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"Another backup is being written to {path}.") from None
        try:
            file.truncate(0)
            yield file
        except OSError as error:
            part.unlink(missing_ok=True)
            raise BackupRefused(f"{path} cannot be written: {error.strerror or error}.") from None
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def on_disk(folder: Path) -> None:
    """What was renamed in a folder stays so when the power fails."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _snapshot(owner_url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A transaction that others can look through: all that is counted and dumped is of its one moment."""
    with psycopg.connect(tools.conninfo(owner_url)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]


def _elsewhere(settings: Settings, connection: psycopg.Connection) -> tuple[str, ...]:
    """Secrets that this installation needs and that are not in the backup, by name."""
    held = (name for name in SECRETS if name != "secret" and getattr(settings, name))
    providers = connection.execute("SELECT secrets_named()")
    return tuple(sorted({*(variable(name) for name in held), *(row[0] for row in providers)}))


def version() -> str:
    """Of this program."""
    try:
        return version_of("zorgvoorelkaar")
    except PackageNotFoundError:
        return "unknown"


def _dumped(owner_url: str, snapshot: str, major: int) -> Iterator[bytes]:
    """The dump in parts. Raises BackupRefused when it does not come to its end."""
    arguments, environment = tools.reached(owner_url)
    command: list[str | Path] = [
        tools.program("pg_dump", major), *arguments, "--format=custom", "--enable-row-security",
        f"--snapshot={snapshot}", *(f"--exclude-table-data={name}" for name in sorted(FORGOTTEN)),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as dump:
            assert dump.stdout is not None
            try:
                while part := dump.stdout.read(PART_BYTES):
                    yield part
            except BaseException:
                dump.kill()
                raise
        if dump.returncode != 0:
            raise BackupRefused(f"The database could not be dumped: {tools.last_words(said)}")


def _pieces(
    data_dir: Path, secret: bytes, manifest: Manifest, dump: Iterator[bytes], backup: Path
) -> Iterator[bytes]:
    """A tar archive, which any tool reads: manifest, files, the dump in parts, and what it came to."""
    yield from entry(MANIFEST, manifest.written())
    yield from entry(f"{FILES}/{SECRET}", secret)
    for path in _files(data_dir, backup):
        yield from _file(f"{FILES}/{path.relative_to(data_dir).as_posix()}", path)
    digest, parts = hashlib.sha256(), 0
    for part in dump:
        digest.update(part)
        yield from entry(f"{DATABASE}/{parts:06}", part)
        parts += 1
    yield from entry(END, json.dumps({"parts": parts, "sha256": digest.hexdigest()}).encode())
    yield bytes(2 * tarfile.BLOCKSIZE)


def _files(data_dir: Path, backup: Path) -> Iterator[Path]:
    """Ordinary files below the data folder, but for the server's own and the backups themselves."""
    if not data_dir.is_dir():
        return
    for top in sorted(data_dir.iterdir()):
        if top.name in LEFT_OUT or top.is_symlink():
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            ours = path.resolve() in (backup.resolve(), backup.with_name(f"{backup.name}.part").resolve())
            if path.is_file() and not path.is_symlink() and not ours and not _is_a_backup(path):
                yield path


def _is_a_backup(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(streams.HEAD)) == streams.HEAD
    except OSError:
        return True  # it went away, or is nobody's to read


def entry(name: str, content: bytes) -> Iterator[bytes]:
    """A file of the archive."""
    yield _head(name, len(content)) + content + bytes(-len(content) % tarfile.BLOCKSIZE)


def _file(name: str, path: Path) -> Iterator[bytes]:
    """As long as it is when its turn comes: what is added meanwhile is of the next backup."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return
        yield _head(name, status.st_size)
        left = status.st_size
        while left:
            piece = file.read(min(left, PART_BYTES)) or bytes(min(left, PART_BYTES))
            left -= len(piece)
            yield piece
        yield bytes(-status.st_size % tarfile.BLOCKSIZE)


def _head(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.PAX_FORMAT)


def counted(pieces: Iterator[bytes], progress: Progress) -> Iterator[bytes]:
    """The pieces, told as they pass."""
    for piece in pieces:
        progress(len(piece))
        yield piece
