"""What somebody kept for themselves of Help mij kiezen, because they said so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, Tenanted


class KeptChoices(Keyed, Tenanted, Base):
    """Answers as codes of `app.signposts.rules`; nobody but the person reads them, at no desk either."""

    __tablename__ = "kept_choices"
    __table_args__ = (
        CheckConstraint("cardinality(codes) BETWEEN 1 AND 300", name="codes"),
        CheckConstraint("expires_at > kept_at", name="term"),
        UniqueConstraint("person_id", "codes"),
        Index(None, "municipality_id"),
        Index(None, "expires_at"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    kept_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id
