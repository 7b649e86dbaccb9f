"""What a municipality looks like, as it was and as it is being made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person


class Look(Keyed, Tenanted, Base):
    """Two colours and a logo (huisstijl). Without a moment of publishing it is the one draft."""

    __tablename__ = "look"
    __table_args__ = (
        CheckConstraint("main = '' OR main ~ '^#[0-9a-f]{6}$'", name="main"),
        CheckConstraint("accent = '' OR accent ~ '^#[0-9a-f]{6}$'", name="accent"),
        CheckConstraint(
            "(logo IS NULL) = (logo_type = '') AND logo_type IN ('', 'image/png', 'image/svg+xml')"
            " AND (logo IS NULL OR octet_length(logo) <= 16384)",
            name="logo",
        ),
        CheckConstraint("is_public = (published_at IS NOT NULL)", name="shown"),
        Index("uq_look_draft", "municipality_id", unique=True, postgresql_where=text("published_at IS NULL")),
        Index(None, "municipality_id", "published_at"),
    )
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    main: Mapped[str] = mapped_column(default="", server_default="")
    """The colour of what one does, ``#rrggbb`` as it was given; empty for ours."""
    accent: Mapped[str] = mapped_column(default="", server_default="")
    """The colour of links and facts."""
    logo: Mapped[bytes | None] = mapped_column(deferred=True)
    logo_type: Mapped[str] = mapped_column(default="", server_default="")
    logo_key: Mapped[str] = mapped_column(default="", server_default="")
    key: Mapped[str] = mapped_column(default="", server_default="")
    """That of its sheet, as it stands in the address."""
    is_public: Mapped[bool] = mapped_column(default=False, server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    made_by: Mapped[Person] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Shown now, or before."""
        return cls.is_public.is_(True)
