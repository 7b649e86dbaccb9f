"""What was done with somebody on the telephone or at the door."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person
from app.states import one_of


class TalkWay(StrEnum):
    """Where somebody said it."""

    PHONE = "telefoon"
    DOOR = "deur"
    DESK = "balie"


class PhoneTalk(Keyed, Tenanted, Base):
    """One talk: who did what with whom, as it was read back and agreed to. It stays as it was written down."""

    __tablename__ = "phone_talk"
    __table_args__ = (
        one_of("way", TalkWay),
        CheckConstraint("cardinality(lines) BETWEEN 1 AND 40", name="lines"),
        CheckConstraint("person_id <> by_id", name="two_people"),
        Index(None, "municipality_id", "at"),
        Index(None, "person_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    way: Mapped[TalkWay]
    lines: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Each as it was read back; somebody said yes to all of them."""
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What was done with oneself."""
        return cls.person_id == person_id
