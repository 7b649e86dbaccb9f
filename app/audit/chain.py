"""The chain over the log, its copy outside, and whether both are as they were written."""

import logging
import logging.handlers
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.config import Settings

AT_ONCE = 500
SYSLOG = "syslog:"


class SinkAway(RuntimeError):
    """The copy outside cannot be written or read, and why."""


class Tampered(RuntimeError):
    """The log is not as it was written."""


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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: the number of the link, where there is one."""

    number: int | None
    entry_id: UUID | None
    what: str

    def __str__(self) -> str:
        """One sentence."""
        where = f"entry {self.number}" if self.number is not None else "an entry without a number"
        return f"{where} ({self.entry_id}): {self.what}" if self.entry_id else f"{where}: {self.what}"


def link(session: Session) -> int:
    """Chain what waits; says how many."""
    made: int = session.execute(text("SELECT audit_chain(:most)"), {"most": AT_ONCE}).scalar_one()
    return made


def faults(session: Session) -> list[Fault]:
    """What is not as it was written, the first bad row first."""
    return [
        Fault(*row) for row in session.execute(text("SELECT number, entry_id, fault FROM audit_faults()"))
    ]


def lines(session: Session, after: int) -> list[Line]:
    """The links after one, for a transaction that reaches every municipality."""
    values = {"after": after, "most": AT_ONCE}
    return [Line(*row) for row in session.execute(text("SELECT * FROM audit_lines(:after, :most)"), values)]


def kept(path: Path) -> Iterator[tuple[int, str]]:
    """Number and hash of each line of the copy; raises SinkAway for a file or a line that cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            for place, line in enumerate(file, start=1):
                number, _, rest = line.partition(" ")
                if not number.isdigit() or not rest:
                    raise SinkAway(f"{path}, line {place}: this is no line of the audit.")
                yield int(number), rest.split(" ", 1)[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SinkAway(f"{path} cannot be read: {error}.") from None


def last_kept(settings: Settings) -> int:
    """The number of the last line outside; raises SinkAway."""
    if settings.audit_sink.startswith(SYSLOG):
        return _mark(settings)
    return max((number for number, _ in kept(Path(settings.audit_sink))), default=0)


def keep(settings: Settings, new: Sequence[Line]) -> None:
    """Add lines outside, on disk when it returns; raises SinkAway, and keeps no half a line."""
    if settings.audit_sink.startswith(SYSLOG):
        _to_syslog(settings, new)
        return
    path = Path(settings.audit_sink)
    if not path.is_file():
        raise SinkAway(f"{path} is not there. Is its disk away? The first time, make it empty.")
    _append(path, "".join(f"{line}\n" for line in new))


def _append(path: Path, text_: str) -> None:
    try:
        with path.open("ab", buffering=0) as file:
            whole = file.tell()
            try:
                rest = memoryview(text_.encode())
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    file.truncate(whole)
                raise
    except OSError as error:
        raise SinkAway(f"{path} cannot be written: {error.strerror}.") from None


def _to_syslog(settings: Settings, new: Sequence[Line]) -> None:
    """To a socket ("syslog:/dev/log") or a server ("syslog:host:514"); what was sent is remembered beside the data."""
    where = settings.audit_sink.removeprefix(SYSLOG)
    host, _, port = where.rpartition(":")
    address = (host, int(port)) if host and port.isdigit() else where
    try:
        handler = logging.handlers.SysLogHandler(
            address, facility=logging.handlers.SysLogHandler.LOG_AUTHPRIV
        )
    except OSError as error:
        raise SinkAway(f"{where} cannot be reached: {error.strerror}.") from None
    failed: list[BaseException] = []
    handler.handleError = lambda record: failed.append(OSError(str(record.msg)))  # type: ignore[method-assign]
    try:
        for line in new:
            handler.handle(
                logging.makeLogRecord({"msg": f"zorgvoorelkaar-audit: {line}", "levelno": logging.INFO})
            )
            if failed:
                raise SinkAway(f"{where} cannot be reached.")
            _marked(settings).write_text(str(line.number), encoding="ascii")
    finally:
        handler.close()


def _marked(settings: Settings) -> Path:
    return settings.data_dir / "audit-sent"


def _mark(settings: Settings) -> int:
    path = _marked(settings)
    return int(path.read_text(encoding="ascii") or 0) if path.is_file() else 0


def differs(session: Session, settings: Settings) -> list[Fault]:
    """Lines of the copy in a file that the log does not have like that (any more); raises SinkAway."""
    if not settings.audit_sink or settings.audit_sink.startswith(SYSLOG):
        return []
    outside = dict(kept(Path(settings.audit_sink)))
    held: dict[int, str] = {}
    after = 0
    while found := lines(session, after):
        held.update((line.number, line.hash.hex()) for line in found)
        after = found[-1].number
    return [
        Fault(
            number,
            None,
            "the copy outside says otherwise"
            if number in held
            else "the copy outside has it, the log does not",
        )
        for number, hash_ in sorted(outside.items())
        if held.get(number) != hash_
    ]


@dataclass(frozen=True, slots=True)
class State:
    """How far the chain is."""

    links: int
    waiting: int
    oldest: datetime | None
    """Of what waits for its link."""


def state(session: Session) -> State:
    """How many links there are, and what waits."""
    return State(*session.execute(text("SELECT links, waiting, oldest FROM audit_state()")).one())
