"""Plans and ideas, and what others say of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed
from app.moderation.written import Written
from app.people.models import Person
from app.states import Transitions, one_of


class IdeaKind(StrEnum):
    """Who lays it before the others: the municipality a plan, a resident an idea."""

    PLAN = "plan"
    IDEA = "idea"


class IdeaStatus(StrEnum):
    """The life of a plan or an idea; ``answered`` says what was done with it."""

    SUBMITTED = "submitted"
    OPEN = "open"
    ANSWERED = "answered"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ReactionStatus(StrEnum):
    """The life of a reaction."""

    SUBMITTED = "submitted"
    SHOWN = "shown"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Transitions[IdeaStatus] = Transitions(
    {
        IdeaStatus.SUBMITTED: frozenset({IdeaStatus.OPEN, IdeaStatus.REJECTED, IdeaStatus.WITHDRAWN}),
        IdeaStatus.OPEN: frozenset({IdeaStatus.ANSWERED, IdeaStatus.WITHDRAWN}),
        IdeaStatus.ANSWERED: frozenset({IdeaStatus.WITHDRAWN}),
        IdeaStatus.REJECTED: frozenset(),
        IdeaStatus.WITHDRAWN: frozenset(),
    }
)
REACTIONS: Transitions[ReactionStatus] = Transitions(
    {
        ReactionStatus.SUBMITTED: frozenset(
            {ReactionStatus.SHOWN, ReactionStatus.REJECTED, ReactionStatus.WITHDRAWN}
        ),
        ReactionStatus.SHOWN: frozenset({ReactionStatus.WITHDRAWN}),
        ReactionStatus.REJECTED: frozenset(),
        ReactionStatus.WITHDRAWN: frozenset(),
    }
)


class Idea(Keyed, Written[IdeaStatus], Base):
    """A plan of the municipality or an idea of a resident, to say something of."""

    __tablename__ = "idea"
    __table_args__ = (
        one_of("kind", IdeaKind),
        one_of("status", IdeaStatus),
        CheckConstraint("is_public = (status IN ('open', 'answered'))", name="public_while_shown"),
        CheckConstraint(
            "(status = 'answered') <= (outcome <> '' AND outcome_at IS NOT NULL)", name="answered"
        ),
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("char_length(body) BETWEEN 1 AND 4000", name="body"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="name"),
        Index(None, "municipality_id", "status"),
        Index(None, "author_id"),
    )
    transitions: ClassVar = TRANSITIONS

    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Empty for a plan of the municipality."""
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[IdeaKind]
    title: Mapped[str]
    status: Mapped[IdeaStatus] = mapped_column(default=IdeaStatus.SUBMITTED)
    open_until: Mapped[date | None]
    """The last day on which one may react."""
    outcome: Mapped[str] = mapped_column(default="", server_default="")
    """What was done with it, as everybody reads it."""
    outcome_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    author: Mapped[Person | None] = relationship(lazy="raise", foreign_keys="Idea.author_id")

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Whose it is."""
        return [self.author_id or self.made_by_id]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What somebody brought in."""
        return cls.author_id == person_id


class IdeaReaction(Keyed, Written[ReactionStatus], Base):
    """What somebody says of it (reactie), in their own name or an organisation's."""

    __tablename__ = "idea_reaction"
    __table_args__ = (
        one_of("status", ReactionStatus),
        CheckConstraint("is_public = (status = 'shown')", name="public_while_shown"),
        CheckConstraint("char_length(body) BETWEEN 1 AND 2000", name="body"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="name"),
        Index(None, "idea_id"),
        Index(None, "municipality_id", "status"),
        Index(None, "author_id"),
    )
    transitions: ClassVar = REACTIONS

    idea_id: Mapped[UUID] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    status: Mapped[ReactionStatus] = mapped_column(default=ReactionStatus.SUBMITTED)
    version: Mapped[int] = mapped_column(default=1)

    idea: Mapped[Idea] = relationship(lazy="raise")
    author: Mapped[Person] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Who said it."""
        return [self.author_id]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What somebody said."""
        return cls.author_id == person_id
