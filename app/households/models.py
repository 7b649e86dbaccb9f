"""The plan of a household: people, lines side by side, decisions, moments to look again, and the carer's load."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.people.models import Person
from app.satisfaction.models import Face
from app.states import one_of


class PlanStatus(StrEnum):
    """How a plan stands."""

    RUNS = "loopt"
    REASSESSED = "herbeoordeling"
    """Somebody looks whether it should change; what stands goes on meanwhile."""
    CLOSED = "gesloten"


class PlanRole(StrEnum):
    """Who somebody is in the household, or to it."""

    ADULT = "volwassene"
    CHILD = "kind"
    PARENT = "ouder"
    """With authority over the children: partner in the plan."""
    CARER = "mantelzorger"
    OTHER = "ander"


class Source(StrEnum):
    """Where a line comes from: the support pyramid, the lightest first."""

    OWN = "eigen-kring"
    GENERAL = "algemeen"
    VOLUNTEER = "vrijwilliger"
    PROFESSIONAL = "beroep"


class About(StrEnum):
    """Why one looks again: because time went by, or because life turned."""

    CALENDAR = "afgesproken"
    MOVING = "verhuizing"
    SCHOOL = "nieuwe-school"
    EIGHTEEN = "achttien"
    HOSPITAL = "ziekenhuis"
    LOSS = "verlies"
    OTHER = "anders"


class Outcome(StrEnum):
    """What was decided."""

    YES = "ja"
    PARTLY = "deels"
    SAME = "zelfde"
    NO = "nee"


class Plan(Keyed, Tenanted, Base):
    """What a household wants, and who does what: one plan, one face, whatever the number of questions."""

    __tablename__ = "household_plan"
    __table_args__ = (
        one_of("status", PlanStatus),
        CheckConstraint("char_length(goal) BETWEEN 1 AND 1000", name="goal"),
        CheckConstraint("char_length(known) <= 2000", name="known"),
        CheckConstraint("(status = 'herbeoordeling') = (reassessing_since IS NOT NULL)", name="reassessing"),
        CheckConstraint("(reassessing_since IS NULL) = (promised_on IS NULL)", name="promised"),
        CheckConstraint("lasts_until >= recognised_on", name="lasts"),
        Index(None, "municipality_id", "status"),
    )
    goal: Mapped[str]
    """In their own words."""
    known: Mapped[str] = mapped_column(default="", server_default="")
    """What was told once and is never asked again."""
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """The fixed face."""
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recognised_on: Mapped[date | None]
    """From then on the need is recognised: nobody proves it again."""
    lasts_until: Mapped[date | None]
    """Until when; empty with a recognition is for life."""
    status: Mapped[PlanStatus] = mapped_column(default=PlanStatus.RUNS)
    reassessing_since: Mapped[date | None]
    promised_on: Mapped[date | None]
    """By which day the decision is promised."""
    closing_reason: Mapped[str] = mapped_column(default="", server_default="")
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    version: Mapped[int] = mapped_column(default=1)

    contact: Mapped[Person] = relationship(lazy="raise", foreign_keys=[contact_id])
    second: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[second_id])
    people: Mapped[list["PlanPerson"]] = relationship(lazy="raise", order_by="PlanPerson.since")
    lines: Mapped[list["PlanLine"]] = relationship(lazy="raise", order_by="PlanLine.starts_on")
    decisions: Mapped[list["PlanDecision"]] = relationship(lazy="raise", order_by="PlanDecision.at.desc()")
    moments: Mapped[list["PlanMoment"]] = relationship(lazy="raise", order_by="PlanMoment.due_on")

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Plans of which one is part."""
        return cls.id.in_(_plans_of(person_id))


class InPlan(Tenanted):
    """A row of a plan: whoever is part of the plan reads it."""

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("household_plan.id", ondelete="CASCADE"))

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Rows of plans of which one is part."""
        return cls.plan_id.in_(_plans_of(person_id))


class PlanPerson(Keyed, InPlan, Base):
    """Somebody in a plan. One process per family: nobody is in two plans at once."""

    __tablename__ = "plan_person"
    __table_args__ = (
        one_of("role", PlanRole),
        Index(None, "plan_id"),
        Index(None, "municipality_id"),
        Index("uq_plan_person_one_plan", "person_id", unique=True, postgresql_where=text("left_on IS NULL")),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[PlanRole]
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    left_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise")

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Oneself, and who is in the same plan."""
        return cls.plan_id.in_(_plans_of(person_id))


def _plans_of(person_id: UUID) -> "ColumnElement[UUID]":
    mine = PlanPerson.__table__.alias()
    return (
        select(mine.c.plan_id)
        .where(mine.c.person_id == person_id, mine.c.left_on.is_(None))
        .scalar_subquery()
    )


class PlanLine(Keyed, InPlan, Base):
    """One thing in the plan: what, by whom, from when; with its place on the quadrant."""

    __tablename__ = "plan_line"
    __table_args__ = (
        one_of("source", Source),
        CheckConstraint("char_length(what) BETWEEN 1 AND 200", name="what"),
        CheckConstraint("char_length(who) <= 120", name="who"),
        CheckConstraint("minutes_per_week BETWEEN 15 AND 10080", name="minutes_per_week"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("NOT respite OR carer_id IS NOT NULL", name="respite"),
        Index(None, "plan_id"),
        Index(None, "municipality_id"),
        Index(None, "help_request_id"),
        Index(None, "carer_id"),
    )
    source: Mapped[Source]
    what: Mapped[str]
    who: Mapped[str] = mapped_column(default="", server_default="")
    help_request_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_request.id", ondelete="SET NULL"))
    """The question behind it, where there is one here."""
    provision_id: Mapped[UUID | None] = mapped_column(ForeignKey("provision.id", ondelete="SET NULL"))
    collective: Mapped[bool] = mapped_column(default=False)
    """With others (collective), or for this household alone (individual)."""
    organised: Mapped[bool] = mapped_column(default=False)
    """Done for them (organised), or making them able (facilitating)."""
    respite: Mapped[bool] = mapped_column(default=False)
    """Somebody takes over for a while, so that the carer can rest."""
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    minutes_per_week: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_line.id"))
    """The line that this one takes the place of, with more or less."""
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    carer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[carer_id])


class PlanDecision(Keyed, InPlan, Base):
    """What was decided and why, in plain words; never changed, only followed by another."""

    __tablename__ = "plan_decision"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("char_length(words) BETWEEN 1 AND 1000", name="words"),
        CheckConstraint("char_length(reasons) BETWEEN 20 AND 2000", name="reasons"),
        Index(None, "plan_id"),
        Index(None, "municipality_id"),
    )
    outcome: Mapped[Outcome]
    words: Mapped[str]
    reasons: Mapped[str]
    from_on: Mapped[date]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])


class PlanMoment(Keyed, InPlan, Base):
    """A moment to look again: a thermometer, no reassessment."""

    __tablename__ = "plan_moment"
    __table_args__ = (
        one_of("about", About),
        one_of("face", Face),
        CheckConstraint("char_length(words) <= 2000", name="words"),
        CheckConstraint("(held_on IS NULL) = (face IS NULL)", name="held"),
        Index(None, "plan_id"),
        Index("ix_plan_moment_due", "municipality_id", "due_on", postgresql_where=text("held_on IS NULL")),
    )
    about: Mapped[About]
    due_on: Mapped[date]
    held_on: Mapped[date | None]
    face: Mapped[Face | None]
    words: Mapped[str] = mapped_column(default="", server_default="")
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])


class CarerLoad(Keyed, Tenanted, Base):
    """How heavy caring is, in the carer's own word. It is theirs: nobody in the plan reads it but they."""

    __tablename__ = "carer_load"
    __table_args__ = (
        CheckConstraint("load BETWEEN 1 AND 5", name="load"),
        CheckConstraint("char_length(words) <= 1000", name="words"),
        Index(None, "person_id", "said_at"),
        Index(None, "municipality_id", "said_at"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    load: Mapped[int] = mapped_column(SmallInteger)
    """1 light to 5 too heavy."""
    words: Mapped[str] = mapped_column(default="", server_default="")
    said_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Who wrote it down: the carer, or who asked them."""
    heard_at: Mapped[datetime | None]
    """When somebody of the desk did something with it."""

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id
