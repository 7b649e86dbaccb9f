"""Settings as they were saved, and settings as an example for others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person


class SettingsVersion(Keyed, Tenanted, Base):
    """The settings as somebody saved them (eerdere instellingen); never changed."""

    __tablename__ = "settings_version"
    __table_args__ = (UniqueConstraint("municipality_id", "number"),)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Empty for what stood before anybody saved."""
    number: Mapped[int]
    """The version of the municipality that this is."""
    settings: Mapped[dict[str, Any]]
    """By the names of the form."""
    saved_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    made_by: Mapped[Person | None] = relationship(lazy="raise")


class SettingsTemplate(Keyed, Tenanted, Base):
    """Settings that a municipality lays before others, with why (voorbeeld)."""

    __tablename__ = "settings_template"
    __table_args__ = (
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("char_length(why) BETWEEN 1 AND 1000", name="why"),
        Index(None, "municipality_id", "created_at"),
    )
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    why: Mapped[str]
    settings: Mapped[dict[str, Any]]
    is_public: Mapped[bool] = mapped_column(default=True, server_default="true")
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Shared with every desk; row-level security keeps visitors out."""
        return cls.is_public.is_(True)
