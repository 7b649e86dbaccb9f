"""Group activities (activiteiten): what there is, when, and who comes."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntFlag, StrEnum
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    ScalarSelect,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.categories.vocabulary import Frequency
from app.db import Base, Keyed, SmallInteger, Tenanted
from app.organisations.models import Organisation
from app.people.models import Person
from app.places.models import Municipality, Neighbourhood
from app.states import Living, Transitions, one_of


class ActivityKind(StrEnum):
    """What is done together."""

    MEAL = "eten"
    COFFEE = "koffie"
    COURSE = "cursus"
    MOVING = "bewegen"
    MAKING = "maken"
    OUTING = "uitje"
    TALK = "praten"
    OTHER = "anders"


class Access(IntFlag):
    """What a place has for who needs it; none said means that it is not known."""

    WHEELCHAIR = 1
    TOILET = 2
    HEARING_LOOP = 4
    QUIET = 8
    PARKING = 16
    STOP_NEAR = 32
    GUIDE_DOG = 64
    LIFT = 128
    PICKED_UP = 256


ACCESS: Final[dict[str, Access]] = {
    "rolstoel": Access.WHEELCHAIR,
    "toilet": Access.TOILET,
    "ringleiding": Access.HEARING_LOOP,
    "rustig": Access.QUIET,
    "parkeren": Access.PARKING,
    "halte": Access.STOP_NEAR,
    "hulphond": Access.GUIDE_DOG,
    "lift": Access.LIFT,
    "ophalen": Access.PICKED_UP,
}
"""By the word that forms and the API have for it."""


def mask_of(words: Iterable[str]) -> int:
    """The mask of these words; raises KeyError for one that is none."""
    return sum(ACCESS[word] for word in set(words))


def words_in(mask: int) -> list[str]:
    """The words of a mask, in their order."""
    return [word for word, bit in ACCESS.items() if mask & bit]


class Status(StrEnum):
    """The life of an activity; ``stopped`` is over, early or in its time."""

    SUBMITTED = "submitted"
    OPEN = "open"
    REJECTED = "rejected"
    STOPPED = "stopped"


TRANSITIONS: Transitions[Status] = Transitions(
    {
        Status.SUBMITTED: frozenset({Status.OPEN, Status.REJECTED, Status.STOPPED}),
        # a resident said something else: the desk looks again
        Status.OPEN: frozenset({Status.SUBMITTED, Status.STOPPED}),
        Status.REJECTED: frozenset(),
        Status.STOPPED: frozenset(),
    }
)


class DateStatus(StrEnum):
    """One time of an activity; it is over by the clock."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class SignupStatus(StrEnum):
    """Whether somebody has a place or waits for one; who signs off leaves no row."""

    IN = "in"
    WAITING = "waiting"


class Activity(Keyed, Tenanted, Living[Status], Base):
    """Something that people do together (activiteit), hosted by a resident, an organisation or the desk."""

    __tablename__ = "activity"
    __table_args__ = (
        one_of("kind", ActivityKind),
        one_of("status", Status),
        one_of("frequency", Frequency),
        CheckConstraint("status = 'open' OR NOT is_public", name="public_while_open"),
        CheckConstraint("host_id IS NULL OR organisation_id IS NULL", name="one_host"),
        CheckConstraint("NOT at_home OR (venue = '' AND address = '')", name="home"),
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("char_length(body) <= 4000", name="body"),
        CheckConstraint("access BETWEEN 0 AND 511", name="access"),
        CheckConstraint("cost_cents BETWEEN 0 AND 100000", name="cost"),
        CheckConstraint("places BETWEEN 1 AND 500", name="places"),
        CheckConstraint("guests BETWEEN 0 AND 4", name="guests"),
        CheckConstraint("minutes BETWEEN 15 AND 1440", name="minutes"),
        Index(None, "municipality_id", "status"),
        Index(None, "host_id"),
        Index(None, "organisation_id"),
        Index(None, "search", postgresql_using="gin"),
        Index("ix_activity_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )
    transitions: ClassVar = TRANSITIONS

    host_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """A resident; with ``organisation_id`` empty too, the desk is the host."""
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ActivityKind]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="", server_default="")
    at_home: Mapped[bool] = mapped_column(default=False, server_default="false")
    """At somebody's home: the address stands in ``ActivityHome``."""
    venue: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
    pc4: Mapped[int] = mapped_column(ForeignKey("neighbourhood.pc4"))
    access: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """An ``Access`` mask."""
    cost_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    cost_words: Mapped[str] = mapped_column(default="", server_default="")
    places: Mapped[int] = mapped_column(SmallInteger)
    guests: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    """How many others somebody may bring."""
    frequency: Mapped[Frequency]
    minutes: Mapped[int]
    status: Mapped[Status] = mapped_column(default=Status.SUBMITTED)
    is_public: Mapped[bool] = mapped_column(default=False, server_default="false")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why it was refused or stopped, as people read it."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    version: Mapped[int] = mapped_column(default=1)
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "to_tsvector('dutch'::regconfig, plain(title || ' ' || body || ' ' || venue))", persisted=True
        ),
        deferred=True,
    )
    words: Mapped[str] = mapped_column(
        Computed("plain(title || ' ' || body || ' ' || venue)", persisted=True), deferred=True
    )

    host: Mapped[Person | None] = relationship(lazy="raise", foreign_keys="Activity.host_id")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="raise")
    municipality: Mapped[Municipality] = relationship(lazy="raise", foreign_keys="Activity.municipality_id")
    dates: Mapped[list["ActivityDate"]] = relationship(
        lazy="raise", back_populates="activity", order_by="ActivityDate.starts_at"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def host_name(self) -> str:
        """Who welcomes people: an organisation, a first name, or the municipality."""
        if self.organisation is not None:
            return self.organisation.name
        return self.host.first_name if self.host is not None else self.municipality.name

    def parties(self) -> list[UUID]:
        """Who made it."""
        return [self.host_id or self.made_by_id]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What somebody hosts."""
        return cls.host_id == person_id

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """What somebody comes to."""
        return cls.id.in_(joined_by(person_id))

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Open to everybody."""
        return cls.is_public.is_(True)


class ActivityHome(Keyed, Tenanted, Base):
    """The address of what is at somebody's home: for who has a place, the host and the desk."""

    __tablename__ = "activity_home"
    __table_args__ = (
        UniqueConstraint("activity_id"),
        CheckConstraint("char_length(address) BETWEEN 1 AND 120", name="address"),
    )
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    address: Mapped[str]


class ActivityDate(Keyed, Tenanted, Base):
    """One time that it is (keer), with its places. ``taken`` is counted by the database and never above ``places``."""

    __tablename__ = "activity_date"
    __table_args__ = (
        UniqueConstraint("activity_id", "starts_at"),
        one_of("status", DateStatus),
        CheckConstraint("ends_at > starts_at", name="ends"),
        CheckConstraint("taken BETWEEN 0 AND places", name="taken"),
        CheckConstraint("waiting >= 0", name="waiting"),
        Index(None, "municipality_id", "starts_at"),
    )
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    places: Mapped[int] = mapped_column(SmallInteger)
    taken: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    waiting: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    status: Mapped[DateStatus] = mapped_column(default=DateStatus.PLANNED)
    reason: Mapped[str] = mapped_column(default="", server_default="")

    activity: Mapped[Activity] = relationship(lazy="raise", back_populates="dates")

    @property
    def left(self) -> int:
        """Places that are free; who waits meanwhile is with more than that."""
        return self.places - self.taken

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Times of what somebody comes to."""
        return cls.activity_id.in_(joined_by(person_id))


class ActivitySignup(Keyed, Tenanted, Base):
    """Somebody who comes, with whom they bring, or waits for a place (aanmelding)."""

    __tablename__ = "activity_signup"
    __table_args__ = (
        UniqueConstraint("date_id", "person_id"),
        one_of("status", SignupStatus),
        CheckConstraint("heads BETWEEN 1 AND 5", name="heads"),
        Index(None, "person_id"),
        Index(None, "activity_id"),
        Index(None, "by_id"),
    )
    date_id: Mapped[UUID] = mapped_column(ForeignKey("activity_date.id"))
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    heads: Mapped[int] = mapped_column(SmallInteger)
    """With whom they bring: 1 is alone."""
    status: Mapped[SignupStatus]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Whoever signed them up, where that was another."""
    signed_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    moved_up_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[by_id])
    date: Mapped[ActivityDate] = relationship(lazy="raise")

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id


def joined_by(person_id: UUID) -> ScalarSelect[UUID]:
    """The activities to which somebody comes, as a subquery."""
    mine = select(ActivitySignup.activity_id).where(ActivitySignup.owned_by(person_id))
    return mine.scalar_subquery()
