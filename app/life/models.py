"""Events of a life, with what was stopped for them, so that it can be put back."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person
from app.states import one_of


class LifeKind(StrEnum):
    """What happened."""

    DIED = "overleden"
    HOSPITAL = "ziekenhuis"
    MOVED = "verhuisd"


class LifeEvent(Keyed, Tenanted, Base):
    """Something that stops mail, times of help, proposals and holds at once; taking it back puts them back."""

    __tablename__ = "life_event"
    __table_args__ = (
        one_of("kind", LifeKind),
        CheckConstraint("char_length(words) <= 1000", name="words"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone"),
        CheckConstraint("settled_at IS NULL OR undone_at IS NULL", name="one_end"),
        Index(None, "municipality_id"),
        Index(
            "uq_life_event_one_standing",
            "person_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[LifeKind]
    on_date: Mapped[date]
    words: Mapped[str] = mapped_column(default="", server_default="")
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    stopped: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """Keys of the requests, offers, proposals and times of help that were stopped."""
    settled_at: Mapped[datetime | None]
    """When the agreements were ended for good; from then on it cannot be undone."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id
