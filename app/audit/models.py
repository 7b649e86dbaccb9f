"""The audit log: entries that are only ever added, their reasons apart, and the chain over them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class AuditEntry(Base):
    """Who did or read what of whom. Added by ``audit_write()`` only; the database says who acts."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "subject_id", "at"),
        Index(None, "actor_id", "at"),
        Index(None, "municipality_id", "at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    actor_id: Mapped[UUID | None]
    """Empty for the program itself. No foreign key: a log must not depend on what it logs."""
    role: Mapped[str]
    act: Mapped[str]
    subject_id: Mapped[UUID | None]
    """The person whose data it was."""
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    entity: Mapped[str]
    entity_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    reason_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    shown_from: Mapped[datetime | None]
    """From when on the person may read it: later for a file about their safety."""


class AuditReason(Base):
    """Why, in words: apart, so that they can be forgotten while the chain still verifies."""

    __tablename__ = "audit_reason"
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str]


class AuditLink(Base):
    """One link of the chain: the hash of an entry, after the link before it."""

    __tablename__ = "audit_link"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[datetime]
    entry_hash: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditWaiting(Base):
    """An entry that has no link yet."""

    __tablename__ = "audit_waiting"
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
