"""Consent, copies of one's own data, what was forgotten, and how long things are kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.representations.models import ConsentWay
from app.states import one_of


class Purpose(StrEnum):
    """What somebody may say yes or no to; everything else rests on another ground than consent."""

    PROPOSALS = "voorstellen"
    ACROSS_BORDERS = "over-de-grens"
    SENSITIVE = "gevoelig"
    TIPS = "tips"
    YOUNG_HELPER = "jong-helpen"


class Consent(Keyed, Tenanted, Base):
    """One yes, to one version of a text, until it is taken back.

    Without ``given_at`` somebody said no to what was never asked in words, such as an offer of before.
    """

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("way", ConsentWay),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn"),
        CheckConstraint("given_at IS NOT NULL OR withdrawn_at IS NOT NULL", name="said"),
        Index(None, "municipality_id"),
        Index(None, "person_id", "purpose"),
        Index(
            "uq_consent_live", "person_id", "purpose", unique=True, postgresql_where="withdrawn_at IS NULL"
        ),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[Purpose]
    version: Mapped[int] = mapped_column(SmallInteger)
    way: Mapped[ConsentWay]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """The person, their parent, or the makelaar who heard or read it."""
    given_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What one said oneself, or somebody for one."""
        return cls.person_id == person_id


class DataExport(Keyed, Tenanted, Base):
    """A copy of one's own data: made when it is fetched, once, within a day. The copy itself is not kept."""

    __tablename__ = "data_export"
    __table_args__ = (Index(None, "person_id"), Index(None, "municipality_id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reference: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own."""
        return cls.person_id == person_id


class ErasureWay(StrEnum):
    """Who had somebody forgotten: the person, or the desk. Time alone takes words and contact data, never a person."""

    SELF = "zelf"
    DESK = "bureau"


class Erasure(Keyed, Tenanted, Base):
    """That somebody was forgotten. It names nobody; the hash finds them again in a backup that is put back."""

    __tablename__ = "erasure"
    __table_args__ = (one_of("way", ErasureWay), Index(None, "municipality_id", "at"))
    reference: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    way: Mapped[ErasureWay]
    person_hash: Mapped[bytes] = mapped_column(LargeBinary)
    counts: Mapped[dict[str, Any]]
    """Rows changed, by table."""


class RetentionTerm(Tenanted, Base):
    """How long a municipality keeps one kind of data, where it chose otherwise than the default; days."""

    __tablename__ = "retention_term"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 36500", name="days"),)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int]
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class RetentionRun(Keyed, Tenanted, Base):
    """What a night let go of, of one kind in one municipality."""

    __tablename__ = "retention_run"
    __table_args__ = (
        CheckConstraint("done BETWEEN 0 AND looked_at", name="done"),
        Index(None, "municipality_id", "at"),
    )
    kind: Mapped[str]
    days: Mapped[int]
    before: Mapped[datetime]
    """What was older than this was due."""
    looked_at: Mapped[int]
    """Rows of the kind."""
    done: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class DataTable(Base):
    """A table of the register, for the owner's functions: whose rows are whose."""

    __tablename__ = "data_table"
    name: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    own: Mapped[list[str]] = mapped_column(ARRAY(Text))
    linked: Mapped[list[str]] = mapped_column(ARRAY(Text))
    follow: Mapped[bool]
    goes: Mapped[bool]


class DataColumn(Base):
    """A column of the register, for the owner's functions: what becomes of it."""

    __tablename__ = "data_column"
    __table_args__ = (CheckConstraint("fate IN ('keep', 'empty', 'gone', 'null')", name="fate"),)
    table_name: Mapped[str] = mapped_column(
        ForeignKey("data_table.name", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    fate: Mapped[str]
    words: Mapped[bool]
