"""Preparing a Factlab, linking with all partners present, and reading what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.policy import found, locked, require, visible
from app.access.roles import Permission
from app.clock import now
from app.errors import Conflict, Invalid
from app.factlab import counting
from app.factlab.counting import Read, Unreadable
from app.factlab.models import Factlab
from app.factlab.schemas import NewFactlab, names_in
from app.ids import uuid7
from app.reports.disclosure import WHOLE, Shown, key, protect, tabulate
from app.reports.releases import told, untold

WORD_MIN: Final = 8
SHOWN: Final = 40


class LinkedAlready(Conflict):
    """It was linked before; a second time would need the addresses again."""

    code = "factlab-linked"


@dataclass(frozen=True, slots=True)
class Counted:
    """What remains of a Factlab: households by how many domains meet there. None is a count that stays hidden."""

    shown: Shown
    partners: tuple[str, ...]

    @property
    def households(self) -> int | None:
        """All of them."""
        return self.shown.get(WHOLE)

    def meeting(self, number: int) -> int | None:
        """Where so many domains meet; three stands for three or more."""
        return self.shown.get(key(number=str(number)))

    def provisions(self, band: str) -> int | None:
        """Where there are so many provisions."""
        return self.shown.get(key(provisions=band))

    def of(self, place: int, number: int | None = None) -> int | None:
        """Households of one partner, or those of them where so many domains meet."""
        name = counting.domain(place)
        values = {name: counting.YES, **({} if number is None else {"number": str(number)})}
        return self.shown.get(key(**values))


def listed(session: Session, actor: Actor, municipality_id: int) -> list[Factlab]:
    """Those of a municipality, the newest first. Raises Forbidden."""
    require(actor, Permission.SEE_FIGURES, municipality_id)
    query = (
        select(Factlab)
        .where(visible(actor, Permission.SEE_FIGURES, Factlab), Factlab.municipality_id == municipality_id)
        .order_by(Factlab.created_at.desc(), Factlab.id)
        .limit(SHOWN)
    )
    return list(session.scalars(query))


def get(session: Session, actor: Actor, id: UUID) -> Factlab:
    """One of them; NotFound for one that is out of reach."""
    query = select(Factlab).where(visible(actor, Permission.SEE_FIGURES, Factlab), Factlab.id == id)
    return found(session.scalars(query).one_or_none())


def prepare(session: Session, actor: Actor, municipality_id: int, new: NewFactlab) -> Factlab:
    """Say what it is about and who takes part. Raises Forbidden."""
    require(actor, Permission.CHANGE_SETTINGS, municipality_id)
    row = Factlab(
        id=uuid7(),
        municipality_id=municipality_id,
        made_by_id=actor.person_id,
        title=new.title,
        partners=names_in(new.partners),
    )
    session.add(row)
    session.flush()
    return row


def link(
    session: Session, actor: Actor, id: UUID, files: Sequence[bytes], words: Sequence[str]
) -> tuple[Factlab, tuple[Read, ...]]:
    """Link the files of all partners, keep the counts, and forget the rest. Raises Invalid, LinkedAlready.

    The files are in memory and go with this call; so does the key. What is said of a wrong line is its number.
    """
    query = select(Factlab).where(visible(actor, Permission.SEE_FIGURES, Factlab), Factlab.id == id)
    row = found(session.scalars(locked(query)).one_or_none())
    require(actor, Permission.CHANGE_SETTINGS, row.municipality_id)
    if row.linked_at is not None:
        raise LinkedAlready
    _refuse_who_is_missing(row, files, words)
    linked = _linked(files, words)
    shown = protect(tabulate(counting.plan(len(row.partners)), linked.rows))
    row.figures = {"households": told(shown)}
    row.linked_at = now(session)
    session.flush()
    return row, linked.read


def _refuse_who_is_missing(row: Factlab, files: Sequence[bytes], words: Sequence[str]) -> None:
    missing = {
        f"woord{place}": "word" for place in range(len(row.partners)) if len(words[place].strip()) < WORD_MIN
    }
    missing |= {f"bestand{place}": "file" for place in range(len(row.partners)) if not files[place].strip()}
    if missing:
        raise Invalid(details=missing)


def _linked(files: Sequence[bytes], words: Sequence[str]) -> counting.Linked:
    try:
        linked = counting.link(files, words)
    except Unreadable as wrong:
        raise Invalid(details={f"bestand{wrong.place}": "unreadable"}) from None
    empty = {f"bestand{place}": "empty" for place, read in enumerate(linked.read) if not read.right}
    if empty:
        raise Invalid(details=empty)
    return linked


def counted(row: Factlab) -> Counted | None:
    """What may be shown of it; None while it was not linked."""
    if row.figures is None:
        return None
    return Counted(untold(row.figures["households"]), tuple(row.partners))
