"""Provisions (voorzieningen): what an organisation has for residents, for everybody to find."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Computed, ForeignKey, Index, Integer, true
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.organisations.models import Organisation
from app.places.models import Municipality, Neighbourhood
from app.states import one_of


class ProvisionStatus(StrEnum):
    """Whether one can go there."""

    ACTIVE = "active"
    CLOSED_FOR_NOW = "closed_for_now"
    ENDED = "ended"


class Provision(Keyed, Tenanted, Base):
    """Something that an organisation has for residents (voorziening)."""

    __tablename__ = "provision"
    __table_args__ = (
        one_of("status", ProvisionStatus),
        CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="name"),
        CheckConstraint("char_length(body) <= 4000", name="body"),
        CheckConstraint("access BETWEEN 0 AND 511", name="access"),
        CheckConstraint("cardinality(category_numbers) BETWEEN 1 AND 12", name="categories"),
        Index(
            "uq_provision_external", "organisation_id", "external_id", unique=True,
            postgresql_where="external_id <> ''",
        ),
        Index(None, "organisation_id"),
        Index(None, "municipality_id", "status"),
        Index(None, "search", postgresql_using="gin"),
        Index("ix_provision_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )  # fmt: skip

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    body: Mapped[str] = mapped_column(default="", server_default="")
    audience: Mapped[str] = mapped_column(default="", server_default="")
    """For whom it is."""
    how: Mapped[str] = mapped_column(default="", server_default="")
    """What one does to get it."""
    category_numbers: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    venue: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
    pc4: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.pc4"))
    serves: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")
    """Municipalities for whose residents it is besides its own."""
    phone: Mapped[str] = mapped_column(default="", server_default="")
    email: Mapped[str] = mapped_column(default="", server_default="")
    website: Mapped[str] = mapped_column(default="", server_default="")
    opening_hours: Mapped[str] = mapped_column(default="", server_default="")
    cost: Mapped[str] = mapped_column(default="", server_default="")
    access: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """A mask of `app.activities.models.Access`."""
    status: Mapped[ProvisionStatus] = mapped_column(default=ProvisionStatus.ACTIVE)
    external_id: Mapped[str] = mapped_column(default="", server_default="")
    """Its key in the file that it came from; empty for what was typed here."""
    checked_on: Mapped[date | None]
    """When somebody last looked whether all of it still holds."""
    version: Mapped[int] = mapped_column(default=1)
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "to_tsvector('dutch'::regconfig, plain(name || ' ' || body || ' ' || audience))", persisted=True
        ),
        deferred=True,
    )
    words: Mapped[str] = mapped_column(
        Computed("plain(name || ' ' || body || ' ' || audience)", persisted=True), deferred=True
    )

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="raise")
    municipality: Mapped[Municipality] = relationship(lazy="raise", foreign_keys="Provision.municipality_id")

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """A provision is there to be found."""
        return true()
