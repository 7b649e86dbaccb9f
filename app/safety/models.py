"""Reports, blocks, suspensions and house rules; the safety file has a module of its own."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func, or_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person
from app.safety.words import (
    NoteKind,
    Outcome,
    ReportStatus,
    SignalKind,
    Standing,
    Subject,
    SuspensionStatus,
    Urgency,
    What,
    Why,
)
from app.states import Living, Transitions, one_of

R = ReportStatus
REPORT_TRANSITIONS: Transitions[ReportStatus] = Transitions(
    {
        R.NEW: frozenset({R.ASSIGNED, R.HANDLED}),
        # to a colleague, or again after it was handled
        R.ASSIGNED: frozenset({R.ASSIGNED, R.HANDLED}),
        R.HANDLED: frozenset({R.ASSIGNED}),
    }
)
SUSPENSION_TRANSITIONS: Transitions[SuspensionStatus] = Transitions(
    {SuspensionStatus.ACTIVE: frozenset({SuspensionStatus.LIFTED}), SuspensionStatus.LIFTED: frozenset()}
)


class OfTwoDesks(Tenanted):
    """Rows that the desks of both people may see."""

    other_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))

    @classmethod
    def in_reach_of(cls, municipalities: frozenset[int]) -> ColumnElement[bool]:
        """Rows with either municipality among these."""
        return or_(cls.municipality_id.in_(municipalities), cls.other_municipality_id.in_(municipalities))


class SafetyReport(Keyed, OfTwoDesks, Base):
    """Somebody says that something is not right (melding). Its steps are told in notes behind the same door: the events
    of other lives are read by all staff, also by whom a report is about."""

    __tablename__ = "safety_report"
    __table_args__ = (
        one_of("subject", Subject),
        one_of("what", What),
        one_of("urgency", Urgency),
        one_of("status", ReportStatus),
        one_of("outcome", Outcome),
        CheckConstraint("char_length(words) BETWEEN 1 AND 2000", name="words"),
        CheckConstraint("reporter_id <> about_id", name="two_people"),
        CheckConstraint(
            "(status = 'handled') = (handled_at IS NOT NULL AND handled_by_id IS NOT NULL AND outcome IS NOT NULL)",
            name="handled",
        ),
        CheckConstraint("status <> 'assigned' OR assigned_to_id IS NOT NULL", name="assigned"),
        Index(None, "municipality_id", "status", "due_at"),
        Index(None, "other_municipality_id", "status", "due_at"),
        Index(None, "reporter_id"),
        Index(None, "about_id"),
    )
    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Who typed it: the reporter, or who acts for them."""
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[Subject]
    subject_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(default="")
    """What the contact was about, as the reporter saw it."""
    what: Mapped[What]
    words: Mapped[str]
    urgency: Mapped[Urgency]
    anonymous: Mapped[bool] = mapped_column(default=True)
    """The reporter does not want the other to hear who reported."""
    status: Mapped[ReportStatus] = mapped_column(default=ReportStatus.NEW)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    due_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    assigned_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[Outcome | None]
    answer: Mapped[str] = mapped_column(default="")
    """What the reporter reads of it."""
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    reporter: Mapped[Person] = relationship(lazy="raise", foreign_keys=[reporter_id])
    about: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[about_id])
    seen_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[seen_by_id])
    assigned_to: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[assigned_to_id])

    __mapper_args__ = {"version_id_col": version}

    def step(self, wanted: ReportStatus) -> None:
        """Take one allowed step; anything else raises NotAllowed."""
        self.status = REPORT_TRANSITIONS.next(self.status, wanted)

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own reports."""
        return cls.reporter_id == person_id


class SafetyNote(Keyed, OfTwoDesks, Base):
    """What the desk did about a report: a call, a visit, a step; only ever added to."""

    __tablename__ = "safety_note"
    __table_args__ = (
        one_of("kind", NoteKind),
        CheckConstraint("char_length(text) <= 4000", name="text"),
        Index(None, "report_id", "at"),
        Index(None, "municipality_id"),
    )
    report_id: Mapped[UUID] = mapped_column(ForeignKey("safety_report.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NoteKind]
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    author: Mapped[Person] = relationship(lazy="raise")


class PersonBlock(Keyed, OfTwoDesks, Base):
    """Two people who are kept apart (blokkade): no matches, proposals or messages between them, either way."""

    __tablename__ = "person_block"
    __table_args__ = (
        one_of("agreements", Standing),
        CheckConstraint("blocker_id <> blocked_id", name="two_people"),
        Index(
            "uq_person_block_live",
            "blocker_id",
            "blocked_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "blocked_id"),
        Index(None, "municipality_id"),
    )
    blocker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    blocked_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    agreements: Mapped[Standing]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    blocked: Mapped[Person] = relationship(lazy="raise", foreign_keys=[blocked_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Whom one blocked oneself; who is blocked never reads it."""
        return cls.blocker_id == person_id


class Suspension(Keyed, Tenanted, Living[SuspensionStatus], Base):
    """Somebody may not ask or offer for now (schorsing). They read the words, and may appeal."""

    __tablename__ = "suspension"
    __table_args__ = (
        one_of("why", Why),
        one_of("agreements", Standing),
        one_of("status", SuspensionStatus),
        CheckConstraint("char_length(told) BETWEEN 1 AND 2000", name="told"),
        CheckConstraint(
            "(status = 'lifted') = (lifted_at IS NOT NULL AND lifted_by_id IS NOT NULL)", name="lifted"
        ),
        Index("uq_suspension_live", "person_id", unique=True, postgresql_where=text("status = 'active'")),
        Index(None, "person_id"),
        Index(None, "municipality_id", "status"),
    )
    transitions: ClassVar = SUSPENSION_TRANSITIONS

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    why: Mapped[Why]
    told: Mapped[str]
    """What the person reads."""
    agreements: Mapped[Standing]
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("safety_report.id"))
    status: Mapped[SuspensionStatus] = mapped_column(default=SuspensionStatus.ACTIVE)
    started_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    review_on: Mapped[date]
    """When the desk looks again by itself."""
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lifted_words: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Nobody: the person reads the suspension itself."""
        return []

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id


class SuspensionAppeal(Keyed, Tenanted, Base):
    """The person does not agree (bezwaar); somebody else than who suspended them decides."""

    __tablename__ = "suspension_appeal"
    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 1 AND 2000", name="words"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (granted IS NULL)",
            name="decided",
        ),
        Index(None, "municipality_id", "decided_at"),
        Index(
            "uq_suspension_appeal_open",
            "suspension_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index(None, "person_id"),
    )
    suspension_id: Mapped[UUID] = mapped_column(ForeignKey("suspension.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")

    suspension: Mapped[Suspension] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id


class HouseRules(Keyed, Tenanted, Base):
    """A municipality's own house rules (huisregels); version 1 are the ones that everybody begins with."""

    __tablename__ = "house_rules"
    __table_args__ = (
        CheckConstraint("version >= 2", name="version"),
        CheckConstraint("char_length(text) BETWEEN 1 AND 8000", name="text"),
        CheckConstraint("char_length(changed) BETWEEN 1 AND 1000", name="changed"),
        UniqueConstraint("municipality_id", "version"),
    )
    version: Mapped[int]
    text: Mapped[str]
    """One rule a line."""
    changed: Mapped[str]
    """What is different from the version before, in a sentence or two."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class RulesAcceptance(Keyed, Tenanted, Base):
    """Somebody's answer to one version: asked once."""

    __tablename__ = "rules_acceptance"
    __table_args__ = (
        UniqueConstraint("person_id", "municipality_id", "version"),
        Index(None, "municipality_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int]
    accepted: Mapped[bool]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own answers."""
        return cls.person_id == person_id


class SafetySignal(Keyed, OfTwoDesks, Base):
    """Something that stands out, shown to a makelaar; nothing happens by itself."""

    __tablename__ = "safety_signal"
    __table_args__ = (
        one_of("kind", SignalKind),
        CheckConstraint("char_length(remark) <= 400", name="remark"),
        UniqueConstraint("kind", "person_id", "since"),
        Index(None, "municipality_id", "seen_at"),
    )
    kind: Mapped[SignalKind]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[date]
    count: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    remark: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
