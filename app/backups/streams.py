"""Encrypted streams in the format of age: whoever has the tool `age` and the key reads them without this program.

Nothing is held but a piece at a time. What was cut off or changed is found by the format itself.
"""

import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyrage

from app.backups.refusals import BackupRefused, Damaged, WrongKey

HEAD: Final = b"age-encryption.org/v1\n"
OTHER_KEY: Final = "No matching keys"
"""What the library says of a file that is whole and not for us; there is no kind of its own for it."""
Progress = Callable[[int], None]
"""Told how many bytes more went through."""


def new_key(path: Path) -> str:
    """Make a key in a file that only its owner may read; the public half is the answer."""
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be made: {error.strerror}.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public


def keys(path: Path) -> list[Any]:
    """The keys of a file, as `age-keygen` writes it too."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        found = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise BackupRefused(f"{path} holds no key: it is the file that `zorgvoorelkaar backup-key` made.")
    return found


def encrypt(pieces: Iterator[bytes], file: BinaryIO, recipients: str) -> None:
    """Write the pieces for the public keys; what a piece raises is raised here."""
    feed = _Feed(pieces)
    to = [pyrage.x25519.Recipient.from_str(one) for one in recipients.split()]
    try:
        pyrage.encrypt_io(feed, file, to)
    except Exception:
        if feed.failed is not None:
            raise feed.failed from None  # the library would only quote it
        raise


class _Feed(io.RawIOBase):
    """Pieces as a file that is read; remembers what went wrong in making one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest = pieces, memoryview(b"")
        self.failed: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            while not self.rest:
                self.rest = memoryview(next(self.pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.failed = error
            raise
        end = len(self.rest) if size < 0 else size
        taken, self.rest = self.rest[:end], self.rest[end:]
        return bytes(taken)


@contextmanager
def opened(path: Path, identities: list[Any], progress: Progress = lambda _: None) -> Iterator[BinaryIO]:
    """The content of an encrypted file, to be read from its beginning to its end.

    Raises Damaged or WrongKey at the end of the block, also when what was read up to there looked whole.
    """
    with _encrypted(path) as file, _Reading(file, identities, progress) as reading:
        yield reading.content
        reading.to_the_end()


def _encrypted(path: Path) -> BinaryIO:
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}.") from None
    if file.read(len(HEAD)) != HEAD:
        file.close()
        raise Damaged(f"{path.name} is no backup, or its beginning is gone.")
    file.seek(0)
    return file


class _Reading:
    """A thread decrypts into a pipe, of which we read the other end."""

    def __init__(self, file: BinaryIO, identities: list[Any], progress: Progress) -> None:
        self.name = Path(file.name).name
        self.failed: BaseException | None = None
        ours, theirs = os.pipe()
        self.content: BinaryIO = os.fdopen(ours, "rb")
        self.thread = threading.Thread(
            target=self._decrypt, args=(_Told(file, progress), theirs, identities), daemon=True
        )

    def _decrypt(self, file: "_Told", theirs: int, identities: list[Any]) -> None:
        try:
            with os.fdopen(theirs, "wb") as pipe:
                pyrage.decrypt_io(file, pipe, identities)
        except BaseException as error:
            self.failed = error

    def __enter__(self) -> "_Reading":
        self.thread.start()
        return self

    def to_the_end(self) -> None:
        """Read what is left, so that the last seal of the format was looked at too."""
        while self.content.read(1 << 16):
            pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with suppress(OSError):
            self.content.close()
        self.thread.join()
        if self.failed is None or isinstance(self.failed, BrokenPipeError):
            return
        if isinstance(self.failed, pyrage.DecryptError) and OTHER_KEY in str(self.failed):
            raise WrongKey(f"{self.name} was made for another key than this one.") from None
        raise Damaged(f"{self.name} is damaged or was cut off.") from None


class _Told(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self.file, self.progress = file, progress

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        got = self.file.read(size)
        self.progress(len(got))
        return got
