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


class Access(StrEnum):
    """Who reads a note."""

    DESK = "bureau"
    CASE = "zaak"
    """Who wrote it, who has the case, who looks along and who stands in."""
    ASKER = "vrager"
    """The asker too, on the page of their question."""


class CaseNote(Keyed, Tenanted, Base):
    """A note of the desk; the resident sees only what was written for them. A document is a note with its address."""

    __tablename__ = "case_note"
    __table_args__ = (
        one_of("kind", NoteKind),
        one_of("access", Access),
        CheckConstraint("char_length(link) <= 500", name="link"),
        CheckConstraint("char_length(text) <= 4000", name="text"),
        Index(None, "help_request_id", "at"),
        Index(None, "municipality_id"),
    )
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NoteKind] = mapped_column(default=NoteKind.NOTE)
    text: Mapped[str]
    access: Mapped[Access] = mapped_column(default=Access.DESK, server_default=Access.DESK.value)
    link: Mapped[str] = mapped_column(default="", server_default="")
    """Where a document stands, in a system that keeps documents; here is none."""
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    author: Mapped[Person] = relationship(lazy="raise")
