"""A Factlab: who took part, and what was counted. There is no address in it, nor anything made of one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, Tenanted


class Factlab(Keyed, Tenanted, Base):
    """Organisations that lay their counts side by side once (Factlab)."""

    __tablename__ = "factlab"
    __table_args__ = (
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("cardinality(partners) BETWEEN 2 AND 6", name="partners"),
        CheckConstraint("(linked_at IS NULL) = (figures IS NULL)", name="linked"),
        Index(None, "municipality_id", "created_at"),
    )
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    partners: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The organisations, in the order in which they are asked for their file."""
    figures: Mapped[dict[str, Any] | None]
    """Counts that may be shown, as ``app.reports.releases`` keeps them."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    linked_at: Mapped[datetime | None]
    """When they were linked, and the key was gone."""
