"""Who should be looked in on, who may be spoken to in a neighbourhood, and mediation between neighbours."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person
from app.places.models import Neighbourhood
from app.states import Living, Transitions, one_of


class SignalFrom(StrEnum):
    """Who saw it."""

    NEIGHBOUR = "buur"
    FAMILY = "familie"
    SHOP = "winkel"
    POST = "bezorger"
    ORGANISATION = "organisatie"
    DESK = "bureau"
    OTHER = "anders"


class OutreachStatus(StrEnum):
    """The life of it."""

    NEW = "new"
    PLANNED = "planned"
    VISITED = "visited"
    HELPED = "helped"
    """They ask, come somewhere, or somebody looks in."""
    CLOSED = "closed"


O = OutreachStatus  # noqa: E741 - one letter, as beside the other lives
OUTREACH: Transitions[OutreachStatus] = Transitions(
    {
        O.NEW: frozenset({O.PLANNED, O.VISITED, O.HELPED, O.CLOSED}),
        O.PLANNED: frozenset({O.PLANNED, O.VISITED, O.HELPED, O.CLOSED}),
        O.VISITED: frozenset({O.PLANNED, O.VISITED, O.HELPED, O.CLOSED}),
        O.HELPED: frozenset(),
        O.CLOSED: frozenset({O.PLANNED}),
    }
)
LIVE = (O.NEW, O.PLANNED, O.VISITED)


class Outreach(Keyed, Tenanted, Living[OutreachStatus], Base):
    """Somebody who may need somebody, as another saw it. Without their yes we keep a street and no name."""

    __tablename__ = "outreach"
    __table_args__ = (
        one_of("seen_by", SignalFrom),
        one_of("status", OutreachStatus),
        CheckConstraint(
            "agreed OR (about_name = '' AND about_phone = '' AND house_number = '')"
            " OR (seen_by = 'bureau' AND person_id IS NOT NULL)",
            name="no_name_without_yes",
        ),
        CheckConstraint("char_length(words) <= 1000 AND char_length(outcome) <= 1000", name="words"),
        CheckConstraint("(status IN ('helped', 'closed')) = (ended_at IS NOT NULL)", name="ended"),
        Index(None, "municipality_id", "status", "next_on"),
        Index(None, "person_id"),
        Index(None, "from_id"),
    )
    transitions: ClassVar = OUTREACH

    seen_by: Mapped[SignalFrom]
    from_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who told it, when they were signed in."""
    from_name: Mapped[str] = mapped_column(default="")
    from_reach: Mapped[str] = mapped_column(default="")
    """How we ask that person something; empty for who rather stays unknown."""
    agreed: Mapped[bool] = mapped_column(default=False)
    """The one that it is about knows, and finds it good that we come by."""
    about_name: Mapped[str] = mapped_column(default="")
    about_phone: Mapped[str] = mapped_column(default="")
    house_number: Mapped[str] = mapped_column(default="")
    pc4: Mapped[int] = mapped_column(ForeignKey("neighbourhood.pc4"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    next_on: Mapped[date | None]
    status: Mapped[OutreachStatus] = mapped_column(default=OutreachStatus.NEW)
    outcome: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="raise")
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Nobody: who told it hears of it only from the desk."""
        return []


class Trustee(Keyed, Tenanted, Base):
    """Somebody of the neighbourhood or of a group whom one can speak to (vertrouwensmens), by their own yes."""

    __tablename__ = "trustee"
    __table_args__ = (
        CheckConstraint("pc4 IS NOT NULL OR people <> ''", name="for_whom"),
        CheckConstraint("char_length(words) <= 400", name="words"),
        Index(None, "municipality_id", "ended_at"),
        Index(None, "person_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    pc4: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.pc4"))
    people: Mapped[str] = mapped_column(default="")
    """A group, such as people who learn Dutch."""
    words: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="raise")

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """For whom one is there oneself."""
        return cls.person_id == person_id

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """They are there to be spoken to."""
        return cls.ended_at.is_(None)


class Mediator(Keyed, Tenanted, Base):
    """Somebody who was trained to mediate between neighbours, as the desk saw."""

    __tablename__ = "mediator"
    __table_args__ = (
        CheckConstraint("valid_until > trained_on", name="period"),
        Index("uq_mediator_live", "municipality_id", "person_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index(None, "person_id"),
    )  # fmt: skip
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    trained_on: Mapped[date]
    valid_until: Mapped[date]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Of oneself."""
        return cls.person_id == person_id


class MediationStatus(StrEnum):
    """The life of a mediation."""

    ASKED = "asked"
    ASSIGNED = "assigned"
    BOTH = "both"
    """The other side said yes to talking as well."""
    SETTLED = "settled"
    STOPPED = "stopped"


M = MediationStatus
MEDIATION: Transitions[MediationStatus] = Transitions(
    {
        M.ASKED: frozenset({M.ASSIGNED, M.STOPPED}),
        M.ASSIGNED: frozenset({M.ASSIGNED, M.BOTH, M.STOPPED}),
        M.BOTH: frozenset({M.ASSIGNED, M.SETTLED, M.STOPPED}),
        M.SETTLED: frozenset(),
        M.STOPPED: frozenset(),
    }
)


class MediationCase(Keyed, Tenanted, Living[MediationStatus], Base):
    """Two neighbours who cannot work it out, and somebody trained who listens to both. Never public."""

    __tablename__ = "mediation"
    __table_args__ = (
        one_of("status", MediationStatus),
        CheckConstraint("char_length(words) BETWEEN 1 AND 1000 AND char_length(other) <= 200", name="words"),
        CheckConstraint(
            "status NOT IN ('assigned', 'both', 'settled') OR mediator_id IS NOT NULL", name="mediator"
        ),
        CheckConstraint("mediator_id <> asker_id", name="two_people"),
        CheckConstraint("(status IN ('settled', 'stopped')) = (ended_at IS NOT NULL)", name="ended"),
        Index(None, "municipality_id", "status"),
        Index(None, "asker_id"),
        Index(None, "mediator_id"),
    )
    transitions: ClassVar = MEDIATION

    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    other: Mapped[str] = mapped_column(default="")
    """With whom, as far as the mediator needs it: a house, no name."""
    mediator_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[MediationStatus] = mapped_column(default=MediationStatus.ASKED)
    other_agreed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asker_id])
    mediator: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[mediator_id])

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Who asked, and who mediates."""
        return [self.asker_id, *([self.mediator_id] if self.mediator_id else [])]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What one asked oneself."""
        return cls.asker_id == person_id

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """In which one mediates."""
        return cls.mediator_id == person_id


class MediationNote(Keyed, Tenanted, Base):
    """What a mediator keeps for themselves: no desk reads it."""

    __tablename__ = "mediation_note"
    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 1 AND 1000", name="words"),
        Index(None, "mediation_id", "at"),
        Index(None, "municipality_id"),
    )
    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediation.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own words."""
        return cls.author_id == person_id
