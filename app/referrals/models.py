"""Referrals, what is needed at home for one, what was done, and the links with which a practice refers."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.organisations.models import Organisation
from app.people.models import Person
from app.states import Living, Transitions, one_of


class Source(StrEnum):
    """Who refers."""

    PRACTICE = "huisarts"
    NURSING = "wijkverpleging"
    HOSPITAL = "ziekenhuis"
    TEAM = "wijkteam"
    ORGANISATION = "organisatie"


class Wish(StrEnum):
    """What somebody hopes for, in their own words nearest to one of these."""

    MEETING = "mensen"
    MOVING = "bewegen"
    MAKING = "maken"
    LEARNING = "leren"
    OUTSIDE = "buiten"
    CALM = "rust"
    HOUSE = "huis"
    """Help at home: after hospital, mostly."""
    OTHER = "anders"


class ReferralStatus(StrEnum):
    """The life of a referral."""

    RECEIVED = "received"
    """With the core team: nobody has it yet, or an organisation gave it back."""
    PASSED = "passed"
    """An organisation was asked, and has not said yes."""
    TAKEN = "taken"
    SPOKEN = "spoken"
    """Somebody spoke with the person."""
    STARTED = "started"
    """Something began: a course, people to meet, help at home."""
    DONE = "done"
    STOPPED = "stopped"
    """The person does not want it, is not reached, or is helped elsewhere."""


R = ReferralStatus
TRANSITIONS: Transitions[ReferralStatus] = Transitions(
    {
        R.RECEIVED: frozenset({R.PASSED, R.TAKEN, R.STOPPED}),
        R.PASSED: frozenset({R.RECEIVED, R.PASSED, R.TAKEN, R.STOPPED}),
        # handed over, passed on, or given back
        R.TAKEN: frozenset({R.RECEIVED, R.PASSED, R.TAKEN, R.SPOKEN, R.STARTED, R.STOPPED}),
        R.SPOKEN: frozenset({R.RECEIVED, R.PASSED, R.TAKEN, R.STARTED, R.DONE, R.STOPPED}),
        R.STARTED: frozenset({R.TAKEN, R.DONE, R.STOPPED}),
        R.DONE: frozenset({R.STARTED}),
        R.STOPPED: frozenset({R.RECEIVED}),
    }
)
OPEN = (R.RECEIVED, R.PASSED, R.TAKEN, R.SPOKEN, R.STARTED)


class StopReason(StrEnum):
    """Why a referral stops."""

    NOT_WANTED = "wil-niet"
    NOT_REACHED = "niet-bereikt"
    ELSEWHERE = "elders"
    DIED = "overleden"


class ReferralLink(Keyed, Tenanted, Base):
    """The signed link of one practice, ward or team: whoever holds it may refer, and reads nothing with it."""

    __tablename__ = "referral_link"
    __table_args__ = (
        one_of("source", Source),
        CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="name"),
        Index(None, "municipality_id", "name"),
    )
    name: Mapped[str]
    source: Mapped[Source]
    email: Mapped[str] = mapped_column(default="")
    """Where news goes when a referral names no address of its own."""
    turn: Mapped[int] = mapped_column(SmallInteger, default=1)
    """Which link it is: a new one makes the ones before it open nothing."""
    valid_until: Mapped[date]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]

    made_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[made_by_id])


class Referral(Keyed, Tenanted, Living[ReferralStatus], Base):
    """Somebody who knows a person asks us to go on from there, with that person's yes."""

    __tablename__ = "referral"
    __table_args__ = (
        one_of("source", Source),
        one_of("wish", Wish),
        one_of("status", ReferralStatus),
        one_of("stop_reason", StopReason),
        CheckConstraint("(status = 'stopped') = (stop_reason IS NOT NULL)", name="stopped"),
        CheckConstraint("(status IN ('done', 'stopped')) = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("status NOT IN ('passed') OR organisation_id IS NOT NULL", name="passed"),
        CheckConstraint(
            "status NOT IN ('taken', 'spoken', 'started') OR owner_id IS NOT NULL OR organisation_id IS NOT NULL",
            name="owned",
        ),
        CheckConstraint("owner_id IS DISTINCT FROM stand_in_id OR owner_id IS NULL", name="two_people"),
        CheckConstraint("home_at IS NULL OR due_at >= home_at", name="clock"),
        CheckConstraint("char_length(words) <= 1000", name="words"),
        UniqueConstraint("reference"),
        Index(None, "municipality_id", "status", "due_at"),
        Index(None, "person_id"),
        Index(None, "organisation_id"),
        Index(None, "referrer_id"),
        Index(None, "link_id"),
    )
    transitions: ClassVar = TRANSITIONS

    reference: Mapped[str]
    """A number that can be told by telephone."""
    source: Mapped[Source]
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_link.id"))
    referrer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who referred under an account of their own; or who of the desk wrote down what was said by telephone."""
    from_organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    referrer_name: Mapped[str]
    referrer_email: Mapped[str] = mapped_column(default="")
    first_name: Mapped[str]
    last_name: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str]
    house_number: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who it is about, once the desk knows."""
    wish: Mapped[Wish]
    words: Mapped[str] = mapped_column(default="")
    """What the person said they want. No diagnosis."""
    tells_back: Mapped[bool] = mapped_column(default=False)
    """Whether the person finds it good that the referrer hears how it goes."""
    tells_back_since: Mapped[datetime | None]
    tells_back_ended_at: Mapped[datetime | None]
    """When they took that back."""
    home_at: Mapped[datetime | None]
    """When somebody comes home from hospital."""
    due_at: Mapped[datetime]
    """By when somebody speaks with the person, or everything is arranged at home."""
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    stand_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    """Who was asked to do it, or does it."""
    asked_at: Mapped[datetime | None]
    help_request_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_request.id"))
    """What came of it, where that is a request for help."""
    status: Mapped[ReferralStatus] = mapped_column(default=ReferralStatus.RECEIVED)
    stop_reason: Mapped[StopReason | None]
    told: Mapped[str] = mapped_column(default="")
    """What the referrer reads about it; only with the person's yes."""
    told_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    taken_at: Mapped[datetime | None]
    spoken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    stand_in: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[stand_in_id])
    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[organisation_id])
    from_organisation: Mapped[Organisation | None] = relationship(
        lazy="raise", foreign_keys=[from_organisation_id]
    )

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Whom it is about, once that is known."""
        return [self.person_id] if self.person_id else []

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What somebody said about oneself, to get one help."""
        return cls.person_id == person_id


class NeedKind(StrEnum):
    """What somebody needs at home in the first days."""

    SHOPPING = "boodschappen"
    MEALS = "maaltijd"
    WASHING = "was"
    CLEANING = "huishouden"
    COMPANY = "gezelschap"
    RIDE = "vervoer"
    ADAPTING = "aanpassing"
    """A bed below, a handle, a raised seat."""
    ALARM = "alarm"
    CARE = "verzorging"
    """By professionals: we only see to it that somebody comes."""


class ReferralNeed(Keyed, Tenanted, Base):
    """One thing that must be there when somebody comes home, and who sees to it."""

    __tablename__ = "referral_need"
    __table_args__ = (
        one_of("kind", NeedKind),
        CheckConstraint("(arranged_at IS NULL) = (arranged_by_id IS NULL)", name="arranged"),
        CheckConstraint("char_length(who) <= 120", name="who"),
        UniqueConstraint("referral_id", "kind"),
        Index(None, "municipality_id"),
    )
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[NeedKind]
    who: Mapped[str] = mapped_column(default="")
    """Who does it: a neighbour, a volunteer, home care, a shop."""
    arranged_at: Mapped[datetime | None]
    arranged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    arranged_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[arranged_by_id])


class StepKind(StrEnum):
    """What somebody wrote down."""

    NOTE = "notitie"
    CALLED = "gebeld"
    NOT_REACHED = "niet-bereikt"
    VISITED = "bezocht"
    GAVE_BACK = "teruggegeven"
    TOLD_BACK = "verteld"
    """To the referrer."""


class ReferralStep(Keyed, Tenanted, Base):
    """One line of what was done: for the desk and for the organisation that does it, never for the referrer."""

    __tablename__ = "referral_step"
    __table_args__ = (
        one_of("kind", StepKind),
        CheckConstraint("char_length(words) <= 1000", name="words"),
        Index(None, "referral_id", "at"),
        Index(None, "municipality_id"),
    )
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[StepKind]
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
