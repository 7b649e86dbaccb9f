"""Notices: what the platform told whom, on the site and by mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, Tenanted


class Notice(Keyed, Tenanted, Base):
    """One message from the platform to one person; the text is made from ``kind`` and ``params``."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "subject_id", "turn"),
        Index(None, "person_id", "created_at"),
        Index(None, "municipality_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    """The proposal, request, agreement or occurrence it is about."""
    turn: Mapped[int] = mapped_column(default=0)
    """Tells two notices of one kind about one subject apart; nobody is told twice."""
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Notices to oneself."""
        return cls.person_id == person_id
