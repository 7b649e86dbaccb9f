"""Seals at the desk: the last ones, their lines for outside, and lines from outside compared with the books."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Permission
from app.errors import Invalid, NotFound
from rewards import seals
from rewards.errors import InvalidInput
from rewards.seals import Seal, SealFault

SHOWN = 30
LINES_MAX = 2000
"""More than five years of nights."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many lines were compared, and what does not fit."""

    lines: int
    faults: list[SealFault]


def latest(session: Session, actor: Actor, *, limit: int = SHOWN) -> list[Seal]:
    """The last seals, the newest first. They stand for the whole region and say nothing of anybody."""
    _require(actor)
    return seals.seals(session.connection())[::-1][:limit]


def every_line(session: Session, actor: Actor) -> str:
    """All seals as lines for outside, the oldest first."""
    _require(actor)
    return "".join(f"{seal.line}\n" for seal in seals.seals(session.connection()))


def make(session: Session, actor: Actor) -> Seal:
    """The seal of today, made when there is none yet."""
    if not actor.reach(Permission.CLOSE_MONTH):
        raise NotFound
    return seals.seal(session.connection())


def compare(session: Session, actor: Actor, typed: str) -> Compared:
    """Compare lines that were kept outside with the books; Invalid names the number of a line that is none."""
    _require(actor)
    lines = typed.splitlines()
    if sum(bool(line.strip()) for line in lines) > LINES_MAX:
        raise Invalid(details={"regels": "too_many"})
    kept = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                kept.append(seals.parse(line))
            except InvalidInput:
                raise Invalid(details={"regels": "line", "nummer": str(number)}) from None
    if not kept:
        raise Invalid(details={"regels": "required"})
    return Compared(len(kept), seals.verify(session.connection(), kept))


def _require(actor: Actor) -> None:
    if not actor.reach(Permission.SEE_LEDGER):
        raise NotFound
