"""People: a public face, private details, and the places where they live, help and work."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import CITEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.categories.vocabulary import Gender
from app.db import Base, Keyed, SmallInteger, Tenanted
from app.ids import uuid7
from app.organisations.models import Organisation
from app.states import one_of


class Person(Keyed, Base):
    """The public face: what anybody may read beside a request or an offer."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("proposals_per_week BETWEEN 0 AND 20", name="proposals_per_week"),
        CheckConstraint("rest_days BETWEEN 0 AND 60", name="rest_days"),
        CheckConstraint("load_limit_minutes BETWEEN 15 AND 2400", name="load_limit_minutes"),
    )
    first_name: Mapped[str]
    pseudonym: Mapped[UUID] = mapped_column(default=uuid7, unique=True)
    """The name in the ledger, so that a person can be forgotten and the books still verify."""
    language: Mapped[str] = mapped_column(default="nl")
    do_not_ask: Mapped[bool] = mapped_column(default=False)
    """The lasting, silent flag "niet vragen": no nudge, no advice, no question in return."""
    paused: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[date | None]
    """The first day on which one may be asked again; without one a pause lasts until it is ended."""
    proposals_per_week: Mapped[int | None] = mapped_column(SmallInteger)
    """How often one may be asked in a week; empty leaves it to the municipality."""
    rest_days: Mapped[int | None] = mapped_column(SmallInteger)
    """Days of rest after a spell of help; empty leaves it to the municipality."""
    load_limit_minutes: Mapped[int | None]
    """As much as one wants to promise in a week, over all of one's offers; empty is what the offer says."""
    disabled_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    """From then on nothing here says who it was."""
    registered_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    contact: Mapped["Contact"] = relationship(lazy="raise", back_populates="person")


class Contact(Base):
    """Private details: for the person, the own makelaar, and the other side of a live agreement."""

    __tablename__ = "contact"
    __table_args__ = (
        one_of("gender", Gender),
        Index("ix_contact_phone", "phone", postgresql_using="gin", postgresql_ops={"phone": "gin_trgm_ops"}),
        Index("ix_contact_postcode", "postcode", postgresql_ops={"postcode": "text_pattern_ops"}),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    last_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None] = mapped_column(CITEXT, unique=True)
    phone: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    house_number: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    gender: Mapped[Gender | None]
    """Only for who helps with care of the body, where the one who is cared for may have a wish."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """The address as the geocoder knows it, for the agreed pair only; ranking never sees it."""
    address_doubtful: Mapped[bool] = mapped_column(default=False)
    """The geocoder was asked and did not confirm the address."""

    person: Mapped[Person] = relationship(lazy="raise", back_populates="contact")


class MembershipKind(StrEnum):
    """What a municipality is to a person."""

    LIVES = "lives"
    HELPS = "helps"
    WORKS = "works"


class Membership(Tenanted, Base):
    """A person's tie to a municipality."""

    __tablename__ = "membership"
    __table_args__ = (
        one_of("kind", MembershipKind),
        Index(None, "municipality_id", "kind"),
        Index(None, "municipality_id", "name", "person_id"),
        Index("ix_membership_name", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    kind: Mapped[MembershipKind] = mapped_column(primary_key=True)
    pc4: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.pc4"))
    cell: Mapped[int | None]
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    name: Mapped[str] = mapped_column(default="", server_default="", deferred=True)
    """First and last name as one searches and sorts them; the database itself keeps it as the person's own."""

    person: Mapped[Person] = relationship(lazy="raise")

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own ties."""
        return cls.person_id == person_id


class CheckWay(StrEnum):
    """How a check came to stand."""

    SEEN = "gezien"
    LOOKED_UP = "opgezocht"
    EXEMPTION = "ontheffing"


class PersonCheck(Keyed, Tenanted, Base):
    """A check (VOG, references, ...) that someone of the desk has seen; never the document.

    It stays as it was written down: it can be withdrawn and written anew, not changed.
    """

    __tablename__ = "person_check"
    __table_args__ = (
        one_of("way", CheckWay),
        Index(None, "person_id"),
        Index(
            "ix_person_check_ending",
            "municipality_id",
            "valid_until",
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="period"),
        CheckConstraint("kind IN (1, 2, 4, 8, 16, 32, 64, 128)", name="kind"),
        CheckConstraint(
            "way <> 'ontheffing' OR (valid_until IS NOT NULL AND reason <> '')", name="exemption"
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[int] = mapped_column(SmallInteger)
    """One bit of app.categories.vocabulary.Check."""
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    seen_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    way: Mapped[CheckWay] = mapped_column(default=CheckWay.SEEN, server_default=CheckWay.SEEN.value)
    number: Mapped[str] = mapped_column(default="", server_default="")
    """In a register: KvK, BIG or SKJ."""
    source: Mapped[str] = mapped_column(default="", server_default="")
    """Where it was seen: at the desk, in which register."""
    reason: Mapped[str] = mapped_column(default="", server_default="")
    """Why somebody is exempt; an exemption always ends."""
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    """Seen by an organisation of its own volunteer: it counts for what is done under that flag."""
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(default="", server_default="")

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    seen_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[seen_by_id])
    withdrawn_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[withdrawn_by_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Checks about oneself."""
        return cls.person_id == person_id


class Professional(Tenanted, Base):
    """A zzp'er: a checked property of a person, not a role."""

    __tablename__ = "professional"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kvk_number: Mapped[str]
    services: Mapped[str] = mapped_column(default="")
    rate_cents: Mapped[int]
    checked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own registration."""
        return cls.person_id == person_id

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """A checked professional is there to be found."""
        return cls.checked_at.is_not(None)
