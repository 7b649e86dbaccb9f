"""Help requests (hulpvragen)."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Computed, ForeignKey, Index, Sequence, func, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.categories.models import Category
from app.categories.vocabulary import Frequency, Gender, Kind, Visibility
from app.db import Base, Keyed, SmallInteger, Tenanted
from app.matches.parties import requests_of_helper
from app.people.models import Person
from app.places.models import Municipality, Neighbourhood
from app.states import Living, Transitions, one_of


class Status(StrEnum):
    """The life of a request."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    OPEN = "open"
    FILLED = "filled"
    DONE = "done"
    PAUSED = "paused"
    REFERRED = "referred"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


S = Status
TRANSITIONS: Transitions[Status] = Transitions(
    {
        S.DRAFT: frozenset({S.SUBMITTED, S.OPEN, S.WITHDRAWN}),
        S.SUBMITTED: frozenset({S.OPEN, S.REFERRED, S.WITHDRAWN, S.CLOSED}),
        # other words are read again, where a makelaar reads
        S.OPEN: frozenset({S.SUBMITTED, S.FILLED, S.PAUSED, S.REFERRED, S.EXPIRED, S.WITHDRAWN, S.CLOSED}),
        # with a live agreement one stops the agreement, not the question
        S.FILLED: frozenset({S.OPEN, S.PAUSED, S.DONE, S.CLOSED}),
        # its asker says that it is not finished after all
        S.DONE: frozenset({S.SUBMITTED, S.OPEN}),
        S.PAUSED: frozenset({S.SUBMITTED, S.OPEN, S.WITHDRAWN, S.CLOSED}),
        S.REFERRED: frozenset({S.OPEN, S.CLOSED}),
        S.EXPIRED: frozenset({S.OPEN, S.WITHDRAWN, S.CLOSED}),
        S.WITHDRAWN: frozenset(),
        S.CLOSED: frozenset({S.SUBMITTED, S.OPEN}),
    }
)


class ClosingReason(StrEnum):
    """Why a makelaar closes a request."""

    FULFILLED = "vervuld"
    FAILED = "niet gelukt"
    NOT_NEEDED = "niet meer nodig"


REFERENCE = Sequence("help_request_reference", metadata=Base.metadata)


class HelpRequest(Keyed, Tenanted, Living[Status], Base):
    """A resident's call for help (hulpvraag)."""

    __tablename__ = "help_request"
    __table_args__ = (
        one_of("status", Status),
        one_of("kind", Kind),
        one_of("visibility", Visibility),
        one_of("frequency", Frequency),
        one_of("helper_gender", Gender),
        CheckConstraint("minutes BETWEEN 15 AND 2400", name="minutes"),
        CheckConstraint("helpers_wanted BETWEEN 1 AND 20", name="helpers_wanted"),
        CheckConstraint("helpers_found BETWEEN 0 AND helpers_wanted", name="helpers_found"),
        CheckConstraint("slots BETWEEN 0 AND 268435455", name="slots"),
        CheckConstraint("urgency BETWEEN 0 AND 3", name="urgency"),
        CheckConstraint("status = 'open' OR NOT is_public", name="public_while_open"),
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("char_length(body) <= 4000", name="body"),
        Index(None, "municipality_id", "status", "posted_at"),
        Index(None, "person_id"),
        Index(
            "ix_help_request_newest", text("posted_at DESC"), "id", postgresql_where=text("is_public IS TRUE")
        ),
        Index(None, "status", "expires_at"),
        Index(None, "search", postgresql_using="gin"),
        Index(
            "ix_help_request_over",
            "municipality_id",
            "created_at",
            "id",
            postgresql_where=text(
                "status IN ('withdrawn', 'done', 'expired') AND (status <> 'done' OR vulnerable)"
            ),
        ),
        Index(
            "ix_help_request_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}
        ),
    )
    transitions: ClassVar = TRANSITIONS

    reference: Mapped[int] = mapped_column(REFERENCE, server_default=REFERENCE.next_value(), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Who typed it: the asker, who acts for them, or a makelaar on behalf of the asker."""
    consent: Mapped[str] = mapped_column(default="")
    """By what right somebody else typed: "phone", "visit", or the kind of representation."""
    broker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    category_number: Mapped[int] = mapped_column(ForeignKey("category.number"))
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    kind: Mapped[Kind] = mapped_column(default=Kind.ROOSJES)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.EVERYONE)
    skills: Mapped[int] = mapped_column(default=0)
    languages: Mapped[int] = mapped_column(default=1)
    slots: Mapped[int]
    minutes: Mapped[int]
    frequency: Mapped[Frequency] = mapped_column(default=Frequency.ONCE)
    on_date: Mapped[date | None]
    at_time: Mapped[time | None]
    until_date: Mapped[date | None]
    helpers_wanted: Mapped[int] = mapped_column(SmallInteger, default=1)
    helpers_found: Mapped[int] = mapped_column(SmallInteger, default=0)
    urgency: Mapped[int] = mapped_column(SmallInteger, default=1)
    vulnerable: Mapped[bool] = mapped_column(default=False)
    max_km: Mapped[int] = mapped_column(SmallInteger, default=15)
    cross_border: Mapped[bool] = mapped_column(default=True)
    helper_gender: Mapped[Gender | None]
    """A wish for who helps, only with care of the body."""
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    """Which organisation handles it: its own volunteers may then be asked too."""
    pc4: Mapped[int] = mapped_column(ForeignKey("neighbourhood.pc4"))
    cell: Mapped[int]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    is_public: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    posted_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    """When it was opened anew after it had ended or rested: from then on the promise counts."""
    seen_at: Mapped[datetime | None]
    """When somebody of the desk first read it."""
    expires_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    closing_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed("to_tsvector('dutch'::regconfig, plain(title || ' ' || body))", persisted=True),
        deferred=True,
    )
    words: Mapped[str] = mapped_column(Computed("plain(title || ' ' || body)", persisted=True), deferred=True)

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    broker: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[broker_id])
    category: Mapped[Category] = relationship(lazy="raise")
    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="raise")
    municipality: Mapped[Municipality] = relationship(
        lazy="raise", foreign_keys="HelpRequest.municipality_id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def number(self) -> str:
        """The reference as it is told by phone: "K7-318"."""
        return spoken_reference(self.reference)

    @hybrid_property
    def waits_since(self) -> datetime | None:
        """From when the promise counts: the posting, or the last time that it was opened anew."""
        return self.reopened_at or self.posted_at

    @waits_since.inplace.expression
    @classmethod
    def _waits_since(cls) -> ColumnElement[datetime | None]:
        return func.coalesce(cls.reopened_at, cls.posted_at)

    def parties(self) -> list[UUID]:
        """The asker."""
        return [self.person_id]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own requests."""
        return cls.person_id == person_id

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Requests for which one has been proposed as a helper."""

        return cls.id.in_(requests_of_helper(person_id))

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Open requests that their owner showed to everyone."""
        return cls.is_public.is_(True)


def spoken_reference(reference: int) -> str:
    """A short number for the phone: a letter without look-alikes, then digits."""
    letters = "ABCDEFGHJKLMNPRSTVWXZ"
    block, rest = divmod(reference, 1000)
    return f"{letters[(block // 10) % len(letters)]}{block % 10}-{rest:03d}"
