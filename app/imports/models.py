"""That a file was read: how many lines, and which were wrong. Nothing of what stood in it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, Tenanted
from app.states import one_of


class ImportKind(StrEnum):
    """What the lines of a file are."""

    PEOPLE = "people"
    OFFERS = "offers"
    ORGANISATIONS = "organisations"


class ImportRun(Keyed, Tenanted, Base):
    """One reading of a file (inlezen), as a rehearsal or in earnest."""

    __tablename__ = "import_run"
    __table_args__ = (
        one_of("kind", ImportKind),
        CheckConstraint(
            "taken_over >= 0 AND known_already >= 0 AND taken_over + known_already <= lines", name="counts"
        ),
        Index(None, "municipality_id", "made_at"),
    )
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ImportKind]
    fingerprint: Mapped[str]
    """Of the file, to tell that the rehearsal was of the same one."""
    is_rehearsal: Mapped[bool]
    lines: Mapped[int]
    taken_over: Mapped[int]
    """In a rehearsal: that would be."""
    known_already: Mapped[int]
    faults: Mapped[list[Any]] = mapped_column(JSONB)
    """Line, column and what is wrong with it, as codes; as many as are kept."""
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    @property
    def wrong(self) -> int:
        """Lines that were left out."""
        return self.lines - self.taken_over - self.known_already
