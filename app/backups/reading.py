"""Reading a backup from its beginning to its end, in the order in which it was written."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from app.backups import manifest as manifests, streams
from app.backups.making import DATABASE, END, FILES, MANIFEST
from app.backups.manifest import Manifest
from app.backups.refusals import Damaged
from app.backups.streams import Progress

SMALL_BYTES_MAX: Final = 4 << 20
PIECE_BYTES: Final = 1 << 20


class Sink:
    """Where what is read goes; this one lets it go, which is enough to know that a backup is whole."""

    def begins(self, manifest: Manifest) -> None:
        """The manifest, before anything else."""

    def file(self, path: PurePosixPath, pieces: Iterator[bytes]) -> None:
        """A file of the data folder."""
        for _ in pieces:
            pass

    def database(self, piece: bytes) -> None:
        """A piece of the dump."""

    def ends(self) -> None:
        """All of it was there."""


def read(path: Path, identities: list[Any], sink: Sink, progress: Progress = lambda _: None) -> Manifest:
    """Send a backup through a sink. Raises Damaged, WrongKey, and whatever the sink raises."""
    with whole(path), streams.opened(path, identities, progress) as content:
        return _read(content, sink)


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """What does not read as an archive is damaged, and says so by the name of the backup."""
    try:
        yield
    except tarfile.TarError:
        raise Damaged(f"{path.name} is damaged or was cut off.") from None


def _read(content: BinaryIO, sink: Sink) -> Manifest:
    digest, parts, made, ended = hashlib.sha256(), 0, None, False
    with tarfile.open(fileobj=content, mode="r|") as archive:
        for member in archive:
            top, _, rest = member.name.partition("/")
            if made is None:
                if member.name != MANIFEST:
                    raise tarfile.ReadError
                made = manifests.read(small(archive, member))
                sink.begins(made)
            elif top == FILES:
                sink.file(_safe(rest), pieces_of(archive, member))
            elif top == DATABASE:
                for piece in pieces_of(archive, member):
                    digest.update(piece)
                    sink.database(piece)
                parts += 1
            elif member.name == END:
                said = json.loads(small(archive, member))
                ended = said == {"parts": parts, "sha256": digest.hexdigest()}
    if made is None or not ended:
        raise tarfile.ReadError
    sink.ends()
    return made


def small(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """What is read whole, and is short."""
    if member.size > SMALL_BYTES_MAX:
        raise tarfile.ReadError
    return b"".join(pieces_of(archive, member))


def pieces_of(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    """A member, a piece at a time."""
    file = archive.extractfile(member) if member.isreg() else None
    if file is None:
        raise tarfile.ReadError
    while piece := file.read(PIECE_BYTES):
        yield piece


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        raise tarfile.ReadError
    return path
