"""Tevreden? How asker and helper each look back on one time of help."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, and_, func, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed
from app.matches.models import TwoSided
from app.people.models import Person
from app.states import one_of


class Face(StrEnum):
    """One of three faces."""

    HAPPY = "blij"
    FAIR = "gaat-wel"
    UNHAPPY = "niet-blij"


class Satisfaction(Keyed, TwoSided, Base):
    """What one of the two says of one time that was done: once, and never changed."""

    __tablename__ = "satisfaction"
    __table_args__ = (
        one_of("face", Face),
        CheckConstraint("char_length(words) <= 1000", name="words"),
        CheckConstraint("author_id = asker_id OR author_id = helper_id", name="author"),
        UniqueConstraint("occurrence_id", "author_id"),
        Index(None, "asker_id"),
        Index(None, "helper_id"),
        Index(None, "municipality_id"),
        Index(None, "helper_municipality_id"),
    )
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    face: Mapped[Face]
    words: Mapped[str] = mapped_column(default="")
    for_other: Mapped[bool] = mapped_column(default=False)
    """Whether the other of the two reads it as well; the makelaar always does."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own words, and those of the other that are for oneself too."""
        other = or_(cls.asker_id == person_id, cls.helper_id == person_id)
        return or_(cls.author_id == person_id, and_(cls.for_other, other))
