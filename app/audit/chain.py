"""The chain over the log, its copy outside, and whether both are as they were written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.outside import Copy, Line, is_syslog, last_kept, read_file, read_syslog
from app.config import Settings

AT_ONCE = 500
OTHERWISE = "the copy outside says otherwise"
GONE = "the copy outside has it, the log does not"
LACKS = "the copy outside lacks it, up to entry {until}"


class Tampered(RuntimeError):
    """The log is not as it was written."""


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


def differs(session: Session, settings: Settings, syslog: Sequence[Path] = ()) -> list[Fault]:
    """Lines of the copy that the log does not have like that (any more), and lines that the copy lacks.

    ``syslog`` are the files that a syslog server wrote; without them only a copy in a file of our own is compared.
    Raises SinkAway.
    """
    copy, last = _outside(settings, syslog)
    if copy is None:
        return []
    held: dict[int, str] = {}
    after = 0
    while found := lines(session, after):
        held.update((line.number, line.hash.hex()) for line in found)
        after = found[-1].number
    wrong = [Fault(None, None, line) for line in copy.broken]
    wrong += [
        Fault(number, None, OTHERWISE if number in held else GONE)
        for number, hashes in sorted(copy.hashes.items())
        if hashes != {held.get(number)}
    ]
    return wrong + [Fault(one, None, LACKS.format(until=until)) for one, until in copy.gaps(last)]


def _outside(settings: Settings, syslog: Sequence[Path]) -> tuple[Copy | None, int]:
    """The copy, if there is one to read, and up to where it should go."""
    if syslog:
        copy = read_syslog(syslog)
        return copy, max(last_kept(settings) if is_syslog(settings) else 0, *copy.hashes, 0)
    if not settings.audit_sink or is_syslog(settings):
        return None, 0
    copy = read_file(Path(settings.audit_sink))
    return copy, max(copy.hashes, default=0)


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
