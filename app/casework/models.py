"""Rows that hang on a case: who is busy with it, tasks and promises, the faces, questions to others, talks."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    and_,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.people.models import Person
from app.satisfaction.models import Face
from app.states import one_of


class Presence(Keyed, Tenanted, Base):
    """Somebody of the desk has a case before them: true for a short while after ``seen_at``."""

    __tablename__ = "desk_presence"
    __table_args__ = (UniqueConstraint("help_request_id", "person_id"), Index(None, "person_id"))
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    person: Mapped[Person] = relationship(lazy="raise")


class Whose(StrEnum):
    """Whose work the list shows."""

    ALL = "allen"
    TEAM = "wijk"
    """Of the neighbourhoods in which one works, whoever has it."""
    MINE = "ik"


class DeskChoice(Keyed, Tenanted, Base):
    """What one looked at last on the work list, and the neighbourhoods in which one works."""

    __tablename__ = "desk_choice"
    __table_args__ = (
        UniqueConstraint("person_id", "municipality_id"),
        one_of("whose", Whose),
        CheckConstraint("cardinality(pc4s) <= 60", name="pc4s"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    queue: Mapped[str] = mapped_column(default="alles", server_default="alles")
    whose: Mapped[Whose] = mapped_column(default=Whose.ALL, server_default=Whose.ALL.value)
    pc4s: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id


class TaskKind(StrEnum):
    """A thing to do; a promise is one that the asker reads too."""

    TASK = "taak"
    PROMISE = "belofte"


class CaseTask(Keyed, Tenanted, Base):
    """Something to do for a case before a moment; late is said, to the asker too where it was promised."""

    __tablename__ = "case_task"
    __table_args__ = (
        one_of("kind", TaskKind),
        CheckConstraint("char_length(what) BETWEEN 1 AND 200", name="what"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done"),
        Index(None, "help_request_id"),
        Index("ix_case_task_due", "municipality_id", "due_at", postgresql_where=text("done_at IS NULL")),
    )
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id", ondelete="CASCADE"))
    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[TaskKind]
    what: Mapped[str]
    due_at: Mapped[datetime]
    for_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who does it; nobody is whoever has the case."""
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    made_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[made_by_id])
    done_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[done_by_id])
    for_: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[for_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What was promised to oneself."""
        return and_(cls.asker_id == person_id, cls.kind == TaskKind.PROMISE)


class CaseTeam(Keyed, Tenanted, Base):
    """Beside the fixed face of a case: who looks along, and who stands in while the face is away."""

    __tablename__ = "case_team"
    __table_args__ = (
        UniqueConstraint("help_request_id"),
        CheckConstraint("stand_in_id IS NOT NULL OR (away_from IS NULL AND away_until IS NULL)", name="away"),
        CheckConstraint("away_until >= away_from", name="period"),
        Index(None, "municipality_id"),
        Index(None, "stand_in_id"),
        Index(None, "second_id"),
    )
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id", ondelete="CASCADE"))
    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    stand_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    second: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[second_id])
    stand_in: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[stand_in_id])

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Who helps one, by name."""
        return cls.asker_id == person_id


class QuestionKind(StrEnum):
    """What another is asked about a case."""

    CONSULT = "overleg"
    """A specialist knows more; what they say is advice."""
    DEADLOCK = "knoop"
    """Nobody moves: somebody with the mandate decides, and that stands (doorzettingsmacht)."""


class CaseQuestion(Keyed, Tenanted, Base):
    """A question about a case to somebody who knows more, or who decides where it is stuck."""

    __tablename__ = "case_question"
    __table_args__ = (
        one_of("kind", QuestionKind),
        CheckConstraint("char_length(expert) <= 120", name="expert"),
        CheckConstraint("char_length(question) BETWEEN 1 AND 2000", name="question"),
        CheckConstraint("char_length(answer) <= 4000", name="answer"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered"),
        CheckConstraint("kind <> 'knoop' OR asked_of_id IS NOT NULL", name="decider"),
        Index(None, "help_request_id"),
        Index(None, "municipality_id"),
        Index("ix_case_question_waiting", "asked_of_id", postgresql_where=text("answered_at IS NULL")),
        Index(
            "uq_case_question_one_knot",
            "help_request_id",
            unique=True,
            postgresql_where=text("kind = 'knoop' AND answered_at IS NULL"),
        ),
    )
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id", ondelete="CASCADE"))
    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[QuestionKind]
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    expert: Mapped[str] = mapped_column(default="", server_default="")
    """Who knows more, where that is nobody of a desk: a name of a profession, never of a person."""
    question: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    due_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    asked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    asked_of: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[asked_of_id])
    answered_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[answered_by_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What was decided about one's own case, in plain words."""
        return and_(
            cls.asker_id == person_id, cls.kind == QuestionKind.DEADLOCK, cls.answered_at.is_not(None)
        )


class WmoReport(Keyed, Tenanted, Base):
    """ "Dit is een Wmo-melding": a right of the asker's, with its day and its receipt; what is decided is elsewhere."""

    __tablename__ = "wmo_report"
    __table_args__ = (
        UniqueConstraint("help_request_id"),
        UniqueConstraint("municipality_id", "number"),
        CheckConstraint("char_length(words) BETWEEN 1 AND 2000", name="words"),
        Index(None, "person_id"),
    )
    help_request_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_request.id", ondelete="SET NULL"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]
    """Counts per municipality; with the year it is the number on the receipt."""
    reported_on: Mapped[date]
    words: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    @property
    def receipt(self) -> str:
        """As it stands on the receipt: "2026-014"."""
        return f"{self.reported_on.year}-{self.number:03d}"

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id


class Evaluation(Keyed, Tenanted, Base):
    """A talk about help that lasts: how it goes. It never ends help by itself."""

    __tablename__ = "case_evaluation"
    __table_args__ = (
        one_of("face", Face),
        UniqueConstraint("help_request_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("next_on > held_on", name="next_on"),
        CheckConstraint("char_length(words) <= 2000", name="words"),
        Index(None, "municipality_id"),
        Index(
            "ix_case_evaluation_last", "help_request_id", "number",
            postgresql_include=["municipality_id", "held_on", "next_on"],
        ),
    )  # fmt: skip
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id", ondelete="CASCADE"))
    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    """The first, the second: of two who hold the same talk at once, one is kept."""
    held_on: Mapped[date]
    face: Mapped[Face]
    words: Mapped[str] = mapped_column(default="", server_default="")
    next_on: Mapped[date | None]
    """Agreed with the people themselves; without it the next follows the rhythm."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])
