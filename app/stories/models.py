"""Stories: who told it, what they told, and whether it shows."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed
from app.moderation.written import Written
from app.people.models import Person
from app.states import Transitions, one_of


class StoryStatus(StrEnum):
    """The life of a story; nobody shows their own."""

    SUBMITTED = "submitted"
    SHOWN = "shown"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Transitions[StoryStatus] = Transitions(
    {
        StoryStatus.SUBMITTED: frozenset({StoryStatus.SHOWN, StoryStatus.REJECTED, StoryStatus.WITHDRAWN}),
        StoryStatus.SHOWN: frozenset({StoryStatus.WITHDRAWN}),
        StoryStatus.REJECTED: frozenset(),
        StoryStatus.WITHDRAWN: frozenset(),
    }
)


class Story(Keyed, Written[StoryStatus], Base):
    """Something that somebody tells about help (verhaal)."""

    __tablename__ = "story"
    __table_args__ = (
        one_of("status", StoryStatus),
        CheckConstraint("is_public = (status = 'shown')", name="public_while_shown"),
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("char_length(body) BETWEEN 1 AND 4000", name="body"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="name"),
        Index(None, "municipality_id", "status"),
        Index(None, "teller_id"),
    )
    transitions: ClassVar = TRANSITIONS

    teller_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Empty where the desk wrote down what somebody without a page of their own told."""
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    theme: Mapped[str] = mapped_column(default="anders", server_default="anders")
    """Of the picture beside it."""
    status: Mapped[StoryStatus] = mapped_column(default=StoryStatus.SUBMITTED)
    shown_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    teller: Mapped[Person | None] = relationship(lazy="raise", foreign_keys="Story.teller_id")

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Who told it."""
        return [self.teller_id or self.made_by_id]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What somebody told."""
        return cls.teller_id == person_id
