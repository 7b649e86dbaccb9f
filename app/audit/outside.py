"""The copy of the audit outside the database: a file, or lines to a syslog server; and reading both back."""

import gzip
import re
import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.appending import append_whole
from app.config import Settings

SYSLOG: Final = "syslog:"
TCP: Final = "tcp:"
PROGRAM: Final = "zorgvoorelkaar-audit: "
"""By which a server tells our lines from others', and by which they are read back."""
PRIORITY: Final = 10 * 8 + 6
"""authpriv.info, RFC 5424."""
PATIENCE_S: Final = 10.0
_KEY: Final = r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|-)"
LINE: Final = re.compile(rf"([1-9][0-9]{{0,18}}) ([0-9a-f]{{64}}) \S+ {_KEY} \S+ {_KEY} \S+ {_KEY}")
"""As `Line` writes itself, to the last letter: what was cut off does not pass."""


class SinkAway(RuntimeError):
    """The copy outside cannot be written or read, and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A link with its entry, as it is kept outside: keys, never names or reasons."""

    number: int
    at: datetime
    actor_id: UUID | None
    act: str | None
    subject_id: UUID | None
    entity: str | None
    entity_id: UUID | None
    hash: bytes

    def __str__(self) -> str:
        """One line of text, in a fixed form."""
        who = (self.actor_id, self.act, self.subject_id, self.entity, self.entity_id)
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return " ".join([str(self.number), self.hash.hex(), moment, *(str(part or "-") for part in who)])


@dataclass(slots=True)
class Copy:
    """What stands outside: the hashes under each number, and lines of ours that cannot be read."""

    hashes: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    broken: list[str] = field(default_factory=list)

    def gaps(self, last: int) -> list[tuple[int, int]]:
        """The stretches of numbers that are not there, between the first that is and ``last``."""
        numbers = sorted(self.hashes)
        ends = [*numbers[1:], last + 1]
        return [(one + 1, next_ - 1) for one, next_ in zip(numbers, ends, strict=True) if next_ > one + 1]


def is_syslog(settings: Settings) -> bool:
    """Whether lines go to a server that keeps them out of our sight."""
    return settings.audit_sink.startswith(SYSLOG)


def last_kept(settings: Settings) -> int:
    """The number of the last line outside, as far as we know; raises SinkAway."""
    if is_syslog(settings):
        path = _sent(settings)
        return int(path.read_text(encoding="ascii") or 0) if path.is_file() else 0
    return max(read_file(Path(settings.audit_sink)).hashes, default=0)


def keep(settings: Settings, new: Sequence[Line]) -> None:
    """Add lines outside; raises SinkAway. In a file they are on disk when it returns, and no half a line stays."""
    if is_syslog(settings):
        _send(settings.audit_sink.removeprefix(SYSLOG), [f"<{PRIORITY}>{PROGRAM}{line}" for line in new])
        _sent(settings).write_text(str(new[-1].number), encoding="ascii")
        return
    path = Path(settings.audit_sink)
    if not path.is_file():
        raise SinkAway(f"{path} is not there. Is its disk away? The first time, make it empty.")
    try:
        append_whole(path, "".join(f"{line}\n" for line in new))
    except OSError as error:
        raise SinkAway(f"{path} cannot be written: {error.strerror}.") from None


def _sent(settings: Settings) -> Path:
    """How far we came, beside the data: a server does not tell."""
    return settings.data_dir / "audit-sent"


def _send(where: str, lines: Sequence[str]) -> None:
    """To a socket ("/dev/log"), or a server by datagrams ("host:514") or by a stream ("tcp:host:514").

    A stream counts once the server closed it in order. What was lost all the same shows when the copy is read back.
    """
    try:
        if where.startswith(TCP):
            _stream(_address(where.removeprefix(TCP)), "".join(f"{line}\n" for line in lines))
            return
        with closing(_datagrams(where)) as server:
            for line in lines:
                server.send(line.encode())
            server.setblocking(False)
            with suppress(BlockingIOError):
                server.recv(1)  # nobody listens there: the network told us meanwhile
    except OSError as error:
        raise SinkAway(f"{where} cannot be reached: {error.strerror or error}.") from None


def _address(where: str) -> tuple[str, int]:
    host, _, port = where.rpartition(":")
    if not host or not port.isdigit():
        raise SinkAway(f"{where} is no address of a server: write host:port.")
    return host.strip("[]"), int(port)


def _datagrams(where: str) -> socket.socket:
    if where.startswith("/"):
        server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address: Any = where
    else:
        family, kind, protocol, _, address = socket.getaddrinfo(*_address(where), type=socket.SOCK_DGRAM)[0]
        server = socket.socket(family, kind, protocol)
    server.settimeout(PATIENCE_S)
    try:
        server.connect(address)  # without it nobody would tell us of a port where nobody listens
    except OSError:
        server.close()
        raise
    return server


def _stream(address: tuple[str, int], text: str) -> None:
    """RFC 6587, a line each. The server closes once it read our end; one that broke off may not have taken it."""
    with socket.create_connection(address, PATIENCE_S) as server:
        server.sendall(text.encode())
        server.shutdown(socket.SHUT_WR)
        while server.recv(4096):
            pass


def read_file(path: Path) -> Copy:
    """The copy in a file of our own; raises SinkAway for a file or a line that cannot be read."""
    copy = Copy()
    for place, text in _lines(path):
        number, _, rest = text.partition(" ")
        if not number.isdigit() or not rest:
            raise SinkAway(f"{path}, line {place}: this is no line of the audit.")
        copy.hashes[int(number)].add(rest.partition(" ")[0])
    return copy


def read_syslog(paths: Iterable[Path]) -> Copy:
    """The copy as a server wrote it, in one file or in several that it turned over; lines of others are passed by.

    Raises SinkAway for a file that cannot be read, or in which nothing is ours.
    """
    copy = Copy()
    for path in paths:
        for place, text in _lines(path):
            _, marked, ours = text.partition(PROGRAM)
            found = LINE.fullmatch(ours)
            if found:
                copy.hashes[int(found[1])].add(found[2])
            elif marked:
                copy.broken.append(f"{path}, line {place}: this line was cut off or changed")
    if not copy.hashes and not copy.broken:
        raise SinkAway(f"{', '.join(map(str, paths))}: no line of the audit stands there.")
    return copy


def subjects(paths: Iterable[Path], act: str) -> list[UUID]:
    """Whom an act was about, by the copies; of a file of our own or of a syslog server. Raises SinkAway."""
    found: dict[UUID, None] = {}
    for path in paths:
        for _, text in _lines(path):
            ours = text.rpartition(PROGRAM)[2]
            if LINE.fullmatch(ours):
                _, _, _, _, done, subject, *_ = ours.split(" ")
                if done == act and subject != "-":
                    found[UUID(subject)] = None
    return list(found)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    opened: Callable[..., Iterable[str]] = gzip.open if path.suffix == ".gz" else open
    try:
        with closing(opened(path, "rt", encoding="utf-8", errors="replace")) as file:  # type: ignore[type-var]
            for place, line in enumerate(file, start=1):
                yield place, line.rstrip("\0\r\n ").removesuffix("#000")
    except (OSError, EOFError) as error:
        raise SinkAway(f"{path} cannot be read: {error}.") from None
