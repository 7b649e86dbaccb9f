"""What the desk writes beside what it does with somebody's Roosjes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigInteger, Keyed, Tenanted
from app.people.models import Person
from app.states import one_of


class NoteKind(StrEnum):
    """What was done: from the pot, to somebody's limits, between two people, for a group, set right, leaving, or an
    account that stands still and goes again."""

    GRANT = "grant"
    LIMITS = "limits"
    BOOKING = "booking"
    GROUP = "group"
    CORRECTION = "correction"
    DEPARTURE = "departure"
    FREEZE = "freeze"
    THAW = "thaw"


class LedgerNote(Keyed, Tenanted, Base):
    """Why the desk did something in the ledger. The ledger has the salted hash; whom it is about reads the words.

    Its id is the key of the form: a form that is sent twice is one act.
    """

    __tablename__ = "ledger_note"
    __table_args__ = (
        one_of("kind", NoteKind),
        CheckConstraint("char_length(text) <= 400", name="text"),
        Index(None, "person_id", "at"),
        Index(None, "occurrence_id"),
        Index(None, "municipality_id"),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NoteKind]
    text: Mapped[str]
    salt: Mapped[bytes]
    minutes: Mapped[int | None] = mapped_column(BigInteger)
    floor: Mapped[int | None] = mapped_column(BigInteger)
    ceiling: Mapped[int | None] = mapped_column(BigInteger)
    """The limits that were set; both empty when the account follows the municipality's again."""
    occurrence_id: Mapped[UUID | None] = mapped_column(ForeignKey("occurrence.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What was written about one's own Roosjes."""
        return cls.person_id == person_id
