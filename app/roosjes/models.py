"""What members do with Roosjes beside the ledger: numbers to give to, words with a gift, questions about a line.

The ledger holds amounts and pseudonyms only. Words and names stand here and can be forgotten; a salted hash of the
words is in the ledger, so that its chain verifies without them.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigInteger, Keyed, Tenanted
from app.people.models import Person
from app.states import Living, Transitions, one_of


class GivingCode(Base):
    """The Roosjesnummer of a person: whoever was given it, may give Roosjes."""

    __tablename__ = "giving_code"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class RoosjesNote(Keyed, Tenanted, Base):
    """Who gave or asked, whom, and with which words; the ledger has ``note_hash`` of them and nothing else."""

    __tablename__ = "roosjes_note"
    __table_args__ = (
        UniqueConstraint("from_id", "key"),
        UniqueConstraint("note_hash"),
        UniqueConstraint("question_id"),
        CheckConstraint("char_length(text) <= 400", name="text"),
        CheckConstraint("octet_length(note_hash) = 32", name="note_hash"),
        Index(None, "to_id"),
        Index(None, "municipality_id"),
    )
    other_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Empty for a gift to the pot."""
    key: Mapped[str]
    """The key under which it was booked: a form that is sent twice finds its salt again."""
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    note_hash: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    """Title of the offer that it was for."""
    question_id: Mapped[int | None] = mapped_column(BigInteger)
    """The ledger's question, when somebody was asked for Roosjes."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    giver: Mapped[Person] = relationship(lazy="raise", foreign_keys=[from_id])
    receiver: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[to_id])

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Words to or from this person."""
        return or_(cls.from_id == person_id, cls.to_id == person_id)


class QuestionStatus(StrEnum):
    """The life of a question about a line."""

    OPEN = "open"
    CORRECTED = "corrected"
    EXPLAINED = "explained"


QUESTION_TRANSITIONS: Transitions[QuestionStatus] = Transitions(
    {
        QuestionStatus.OPEN: frozenset({QuestionStatus.CORRECTED, QuestionStatus.EXPLAINED}),
        QuestionStatus.CORRECTED: frozenset(),
        QuestionStatus.EXPLAINED: frozenset(),
    }
)


class LineQuestion(Keyed, Tenanted, Living[QuestionStatus], Base):
    """ "Dit klopt niet", about something that was booked; a makelaar corrects it or explains it."""

    __tablename__ = "line_question"
    __table_args__ = (
        one_of("status", QuestionStatus),
        UniqueConstraint("transfer_id"),
        CheckConstraint("char_length(words) BETWEEN 1 AND 400", name="words"),
        CheckConstraint("(status = 'open') = (answered_at IS NULL)", name="answered"),
        Index(None, "municipality_id", "status"),
        Index(None, "asked_by_id"),
        Index(None, "other_id"),
    )
    transitions: ClassVar = QUESTION_TRANSITIONS

    other_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    transfer_id: Mapped[int] = mapped_column(BigInteger)
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who was at the other end; empty for the pot."""
    minutes: Mapped[int]
    """As it stands on the account of who asks: below zero it went off."""
    line: Mapped[str]
    """What it was about, as who asks read it."""
    occurred_at: Mapped[datetime]
    words: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    status: Mapped[QuestionStatus] = mapped_column(default=QuestionStatus.OPEN)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    asked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    other: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[other_id])
    answered_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[answered_by_id])

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Who asked, and who was at the other end."""
        return [person for person in (self.asked_by_id, self.other_id) if person is not None]

    def other_municipality(self) -> int | None:
        """Where the other side lives, across a border."""
        return self.other_municipality_id

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Questions about a line that stands on this person's account."""
        return or_(cls.asked_by_id == person_id, cls.other_id == person_id)


class SignalKind(StrEnum):
    """What the nightly look at the books saw."""

    BACK_AND_FORTH = "back_and_forth"
    LONG_DAY = "long_day"
    ONE_HOUSEHOLD = "one_household"


class Signal(Keyed, Tenanted, Base):
    """Something unusual in the books, for a makelaar to look at; it does nothing to anybody."""

    __tablename__ = "roosjes_signal"
    __table_args__ = (
        one_of("kind", SignalKind),
        UniqueConstraint("kind", "person_id", "other_id", "since", postgresql_nulls_not_distinct=True),
        CheckConstraint("char_length(remark) <= 400", name="remark"),
        Index(None, "municipality_id", "seen_at"),
    )
    other_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    kind: Mapped[SignalKind]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    """The day, or the first of the days, on which it was seen."""
    minutes: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    remark: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    other: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[other_id])
