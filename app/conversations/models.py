"""Messages between asker and helper, and what each side of a conversation read and agreed to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed
from app.matches.models import Proposal, TwoSided

LONGEST = 2000
"""Characters of one message."""


class Message(Keyed, TwoSided, Base):
    """What one of the two wrote; only ever added to. No desk sees rows: it reads through a function that tells."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("char_length(words) <= 2000", name="words"),
        CheckConstraint("author_id = asker_id OR author_id = helper_id", name="author"),
        UniqueConstraint("proposal_id", "author_id", "form_key"),
        Index(None, "proposal_id", "sent_at"),
        Index(None, "asker_id"),
        Index(None, "helper_id"),
        Index(None, "municipality_id"),
        Index(None, "helper_municipality_id"),
    )
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[UUID]
    """The key of the form that it was sent with: sent twice it is there once."""
    words: Mapped[str]
    sent_at: Mapped[datetime]
    """Later than every message before it in the same conversation."""

    proposal: Mapped[Proposal] = relationship(lazy="raise")


class TalkSide(Keyed, TwoSided, Base):
    """One side of a conversation: until where this person read, and what they agreed to."""

    __tablename__ = "talk_side"
    __table_args__ = (
        CheckConstraint("person_id = asker_id OR person_id = helper_id", name="person"),
        UniqueConstraint("proposal_id", "person_id"),
        Index(None, "asker_id"),
        Index(None, "helper_id"),
        Index(None, "municipality_id"),
        Index(None, "helper_municipality_id"),
    )
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime | None]
    """The moment of the last message of the other that was shown here."""
    shares_at: Mapped[datetime | None]
    """Since when the other may have telephone and mail, once both say so."""
    shows_at: Mapped[datetime | None]
    """Since when a makelaar may read along, once both say so."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
