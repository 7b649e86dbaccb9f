"""Notices: what the platform told whom, how they want to hear it, and what left the house for it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.notifications.groups import Group, Way
from app.states import one_of


class Notice(Keyed, Tenanted, Base):
    """One message from the platform to one person; the text is made from ``kind`` and ``params``."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "subject_id", "turn"),
        Index(None, "person_id", "created_at"),
        Index(None, "municipality_id"),
        Index("ix_notice_waiting", "person_id", postgresql_where=text("waiting")),
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
    waiting: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether it still has to be put in a mail or a letter, or to be left on the site."""

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Notices to oneself."""
        return cls.person_id == person_id


class NoticeWish(Keyed, Tenanted, Base):
    """How somebody wants to hear of one group; without one it goes by default."""

    __tablename__ = "notice_wish"
    __table_args__ = (
        UniqueConstraint("person_id", "about"),
        Index(None, "municipality_id"),
        one_of("about", Group),
        one_of("way", Way),
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    about: Mapped[Group]
    way: Mapped[Way]
    push: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether their browsers show as well that there is something; see `app/push`."""
    chosen_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own wishes."""
        return cls.person_id == person_id


class Carrier(StrEnum):
    """What carries it."""

    MAIL = "mail"
    LETTER = "letter"


class Failure(StrEnum):
    """Why a mail did not go out."""

    REFUSED = "refused"
    """The mail server knows no such address."""
    GAVE_UP = "gave-up"
    """It was tried as often as it may be."""
    UNSURE = "unsure"
    """The worker was killed while it handed the mail over: it may have arrived, and is not sent twice."""


class Dispatch(Keyed, Tenanted, Base):
    """One mail or letter with one or more notices: what it holds is settled before it goes."""

    __tablename__ = "dispatch"
    __table_args__ = (
        one_of("carrier", Carrier),
        one_of("failure", Failure),
        CheckConstraint("cardinality(notice_ids) BETWEEN 1 AND 200", name="notices"),
        CheckConstraint("(failed_at IS NULL) = (failure IS NULL)", name="failed"),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="one_end"),
        CheckConstraint("(carrier = 'letter') = (reference <> '')", name="reference"),
        CheckConstraint("carrier = 'letter' OR (printed_at IS NULL AND posted_by_id IS NULL)", name="on_paper"),
        CheckConstraint("posted_by_id IS NULL OR sent_at IS NOT NULL", name="posted"),
        Index(None, "person_id", "made_at"),
        Index("ix_dispatch_open", "municipality_id", "carrier", postgresql_where=text("sent_at IS NULL")),
        Index(None, "municipality_id", "sent_at"),
        Index("ix_dispatch_one_letter", "person_id", unique=True,
              postgresql_where=text("carrier = 'letter' AND printed_at IS NULL AND sent_at IS NULL")),
    )  # fmt: skip
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reader_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who reads it in the place of the person, for whom they arrange things."""
    carrier: Mapped[Carrier]
    notice_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    handed_at: Mapped[datetime | None]
    """From here on the mail may have arrived, until ``sent_at`` or a failure says how it went."""
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    sent_at: Mapped[datetime | None]
    """Taken over by the mail server, or posted."""
    failed_at: Mapped[datetime | None]
    failure: Mapped[Failure | None]
    reference: Mapped[str] = mapped_column(default="", server_default="")
    """Of a letter, to be told by telephone."""
    call_before: Mapped[datetime | None]
    """Something in a letter may be over before it comes: the desk calls as well."""
    printed_at: Mapped[datetime | None]
    posted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What was sent to oneself."""
        return cls.person_id == person_id
