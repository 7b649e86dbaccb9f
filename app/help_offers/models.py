"""Help offers (hulpaanbod)."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BindParameter, CheckConstraint, ColumnElement, Computed, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.matches.parties import offers_for_asker
from app.organisations.models import Organisation
from app.people.models import Person
from app.places.models import Municipality, Neighbourhood
from app.states import Living, Transitions, one_of


class Status(StrEnum):
    """The life of an offer; a standing offer never expires."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Transitions[Status] = Transitions(
    {
        Status.DRAFT: frozenset({Status.OPEN, Status.WITHDRAWN}),
        Status.OPEN: frozenset({Status.PAUSED, Status.WITHDRAWN}),
        Status.PAUSED: frozenset({Status.OPEN, Status.WITHDRAWN}),
        Status.WITHDRAWN: frozenset(),
    }
)


class HelpOffer(Keyed, Tenanted, Living[Status], Base):
    """What someone likes to do for another (hulpaanbod)."""

    __tablename__ = "help_offer"
    __table_args__ = (
        one_of("status", Status),
        CheckConstraint("minutes_per_week BETWEEN 15 AND 2400", name="minutes_per_week"),
        CheckConstraint("slots BETWEEN 1 AND 268435455", name="slots"),
        CheckConstraint("radius_km BETWEEN 1 AND 50", name="radius_km"),
        CheckConstraint("cardinality(category_numbers) BETWEEN 1 AND 12", name="categories"),
        CheckConstraint("status = 'open' OR NOT is_public", name="public_while_open"),
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("char_length(body) <= 4000", name="body"),
        Index(None, "municipality_id", "status", "posted_at"),
        Index(
            "ix_help_offer_open", "municipality_id", "pc4", postgresql_where=text("status = 'open'"),
            postgresql_include=["id", "person_id", "is_public", "status"],
        ),
        Index("ix_help_offer_newest", text("posted_at DESC"), "id", postgresql_where=text("is_public IS TRUE")),
        Index(None, "person_id"),
        Index(None, "organisation_id", postgresql_where=text("organisation_id IS NOT NULL")),
        Index(None, "search", postgresql_using="gin"),
        Index(
            "ix_help_offer_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}
        ),
    )  # fmt: skip
    transitions: ClassVar = TRANSITIONS

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    """Under whose flag the help is given; empty means as a neighbour."""
    exclusive: Mapped[bool] = mapped_column(default=False)
    category_numbers: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    paid: Mapped[bool] = mapped_column(default=False)
    """A professional works for money and never earns Roosjes; everybody else never for money."""
    skills: Mapped[int] = mapped_column(default=0)
    languages: Mapped[int] = mapped_column(default=1)
    slots: Mapped[int]
    minutes_per_week: Mapped[int] = mapped_column(default=120)
    radius_km: Mapped[int] = mapped_column(SmallInteger, default=5)
    cross_border: Mapped[bool] = mapped_column(default=True)
    pc4: Mapped[int] = mapped_column(ForeignKey("neighbourhood.pc4"))
    cell: Mapped[int]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    is_public: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    posted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed("to_tsvector('dutch'::regconfig, plain(title || ' ' || body))", persisted=True),
        deferred=True,
    )
    words: Mapped[str] = mapped_column(Computed("plain(title || ' ' || body)", persisted=True), deferred=True)

    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="raise")
    municipality: Mapped[Municipality] = relationship(lazy="raise", foreign_keys="HelpOffer.municipality_id")

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """The helper."""
        return [self.person_id]

    @classmethod
    def owned_by(cls, person_id: UUID | BindParameter[UUID]) -> ColumnElement[bool]:
        """One's own offers."""
        return cls.person_id == person_id

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Offers that were proposed for one's own request."""

        return cls.id.in_(offers_for_asker(person_id))

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Open offers that are shown to everyone."""
        return cls.is_public.is_(True)
