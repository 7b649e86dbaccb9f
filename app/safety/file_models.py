"""The safety file (veiligheidsdossier): for the safety officers of one municipality, behind a reason each time."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.people.models import Person
from app.safety.words import Decision, EntryKind
from app.states import one_of


class SafetyFile(Keyed, Tenanted, Base):
    """That there is one, about whom, and from which day that person may read who looked."""

    __tablename__ = "safety_file"
    __table_args__ = (
        CheckConstraint("char_length(why) BETWEEN 1 AND 2000", name="why"),
        CheckConstraint("char_length(held_why) <= 2000", name="held_why"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed"),
        Index(
            "uq_safety_file_live",
            "municipality_id",
            "person_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "person_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    disclose_on: Mapped[date]
    """From this day the person reads who opened it and why; sooner it could warn who does the harm."""
    held_why: Mapped[str] = mapped_column(default="")
    """Why that day was put off."""
    name: Mapped[str] = mapped_column(default="", server_default="")
    """Whom it is about, once they had themselves forgotten: the file stays until its term by law."""
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("safety_report.id"))

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    @property
    def about(self) -> str:
        """What the person is called, or was."""
        return self.name or self.person.first_name


class SafetyOpening(Keyed, Tenanted, Base):
    """Who opened a file, and why; only ever added to, and the key to what stands in it."""

    __tablename__ = "safety_opening"
    __table_args__ = (
        CheckConstraint("char_length(btrim(reason)) BETWEEN 10 AND 400", name="reason"),
        Index(None, "file_id", "by_id", "at"),
        Index(None, "person_id"),
    )
    file_id: Mapped[UUID] = mapped_column(ForeignKey("safety_file.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Whom the file is about."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])


class SafetyEntry(Keyed, Tenanted, Base):
    """What was seen, heard and done."""

    __tablename__ = "safety_entry"
    __table_args__ = (
        one_of("kind", EntryKind),
        CheckConstraint("char_length(text) BETWEEN 1 AND 4000", name="text"),
        Index(None, "file_id", "at"),
    )
    file_id: Mapped[UUID] = mapped_column(ForeignKey("safety_file.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[EntryKind]
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    author: Mapped[Person] = relationship(lazy="raise")


class SafetyStep(Keyed, Tenanted, Base):
    """One of the five steps of the meldcode, taken on a day by a person; taken again it is added."""

    __tablename__ = "safety_step"
    __table_args__ = (
        one_of("decision", Decision),
        CheckConstraint("step BETWEEN 1 AND 5", name="step"),
        CheckConstraint("char_length(words) BETWEEN 1 AND 4000", name="words"),
        CheckConstraint("(step = 5) = (decision IS NOT NULL)", name="decided"),
        Index(None, "file_id", "step"),
    )
    file_id: Mapped[UUID] = mapped_column(ForeignKey("safety_file.id"))
    step: Mapped[int] = mapped_column(SmallInteger)
    on_date: Mapped[date]
    words: Mapped[str]
    decision: Mapped[Decision | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    by: Mapped[Person] = relationship(lazy="raise")
