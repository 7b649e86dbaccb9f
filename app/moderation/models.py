"""What the desk writes down about a case."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person
from app.states import one_of


class NoteKind(StrEnum):
    """A written note, a phone call, a visit."""

    NOTE = "note"
    CALL = "call"
    VISIT = "visit"


class CaseNote(Keyed, Tenanted, Base):
    """A note of the desk; the resident does not see it."""

    __tablename__ = "case_note"
    __table_args__ = (
        one_of("kind", NoteKind),
        CheckConstraint("char_length(text) <= 4000", name="text"),
        Index(None, "help_request_id", "at"),
        Index(None, "municipality_id"),
    )
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NoteKind] = mapped_column(default=NoteKind.NOTE)
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    author: Mapped[Person] = relationship(lazy="raise")
