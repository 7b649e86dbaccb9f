"""Browsers that somebody asked to show that there is something for them."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, SmallInteger, Tenanted


class PushDevice(Keyed, Tenanted, Base):
    """One browser of one person, as its push service knows it: an address to post to, and keys to seal with."""

    __tablename__ = "push_device"
    __table_args__ = (
        UniqueConstraint("mark"),
        CheckConstraint("char_length(endpoint) BETWEEN 10 AND 1000", name="endpoint"),
        CheckConstraint("octet_length(mark) = 32", name="mark"),
        CheckConstraint("octet_length(public_key) = 65 AND octet_length(auth) = 16", name="sealing"),
        CheckConstraint("octet_length(server_key) = 65", name="server_key"),
        CheckConstraint("char_length(name) <= 60", name="name"),
        CheckConstraint("refusals BETWEEN 0 AND 100", name="refusals"),
        Index(None, "person_id"),
        Index(None, "municipality_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    endpoint: Mapped[str]
    """Whoever knows it can only post what the keys below can open; still it is never shown or logged."""
    mark: Mapped[bytes]
    """The digest of the address: one browser shows the notices of one person."""
    public_key: Mapped[bytes]
    auth: Mapped[bytes]
    server_key: Mapped[bytes]
    """Our public key when the browser agreed; it takes nothing that another key signs."""
    name: Mapped[str]
    """Kind of browser and device, as it says itself."""
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    shown_at: Mapped[datetime | None]
    """When its push service last took something for it."""
    refusals: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How often in a row that service would not have what we sent."""

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own browsers."""
        return cls.person_id == person_id


def mark_of(endpoint: str) -> bytes:
    """By which a browser is known again without its address."""
    return sha256(endpoint.encode()).digest()
