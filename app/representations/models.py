"""Representations (vertegenwoordigingen): somebody who arranges help for somebody else, with their consent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, func, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.people.models import Person
from app.states import Living, Transitions, one_of


class RepresentationKind(StrEnum):
    """What somebody may do for another; ``app.representations.powers`` says it in full."""

    CONTACT = "contactpersoon"
    AUTHORISED = "gemachtigde"
    LEGAL = "wettelijk vertegenwoordiger"


FULL = frozenset({RepresentationKind.AUTHORISED, RepresentationKind.LEGAL})
"""Who also says yes, cancels, confirms, and reads the statement of Roosjes."""


class ConsentWay(StrEnum):
    """How consent was given."""

    WRITING = "schriftelijk"
    VOICE = "mondeling"
    SITE = "site"


class RepresentationStatus(StrEnum):
    """The life of a representation."""

    ASKED = "asked"
    ACTIVE = "active"
    DECLINED = "declined"
    LAPSED = "lapsed"
    ENDED = "ended"


S = RepresentationStatus
TRANSITIONS: Transitions[RepresentationStatus] = Transitions(
    {
        S.ASKED: frozenset({S.ACTIVE, S.DECLINED, S.LAPSED, S.ENDED}),
        S.ACTIVE: frozenset({S.ENDED}),
        S.DECLINED: frozenset(),
        S.LAPSED: frozenset(),
        S.ENDED: frozenset(),
    }
)


_TODAY = func.date(func.timezone("Europe/Amsterdam", func.ledger.now()))


class Representation(Keyed, Tenanted, Living[RepresentationStatus], Base):
    """Somebody acts for somebody else. Until there is consent it leads to no person: only to what was typed."""

    __tablename__ = "representation"
    __table_args__ = (
        one_of("kind", RepresentationKind),
        one_of("status", RepresentationStatus),
        one_of("consent_way", ConsentWay),
        CheckConstraint("represented_id <> representative_id", name="two_people"),
        CheckConstraint(
            "status <> 'active' OR (represented_id IS NOT NULL AND consent_way IS NOT NULL"
            " AND consent_at IS NOT NULL AND recorded_by_id IS NOT NULL)",
            name="consent",
        ),
        CheckConstraint(
            "kind <> 'wettelijk vertegenwoordiger' OR consent_way IS NULL OR consent_way = 'schriftelijk'",
            name="on_paper",
        ),
        CheckConstraint("status = 'asked' OR (claimed = '{}' AND question = '{}')", name="kept_while_asked"),
        CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("valid_from <= valid_until", name="span"),
        Index(None, "municipality_id", "status"),
        Index(None, "representative_id"),
        Index(None, "represented_id"),
        Index(
            "uq_representation_live",
            "representative_id",
            "represented_id",
            unique=True,
            postgresql_where="status = 'active'",
        ),
    )
    transitions: ClassVar = TRANSITIONS

    representative_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    represented_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[RepresentationKind]
    status: Mapped[RepresentationStatus] = mapped_column(default=RepresentationStatus.ASKED)
    claimed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Who it is about as the representative typed it, until there is an answer; nobody looks it up before."""
    question: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was asked meanwhile: no request, so that nothing can propose it to anyone."""
    consent_way: Mapped[ConsentWay | None]
    consent_at: Mapped[datetime | None]
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The represented person, or the makelaar who heard or read it."""
    valid_from: Mapped[date | None]
    """The first day; empty from when it was agreed on."""
    valid_until: Mapped[date | None]
    """The last day; empty until somebody ends it."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    representative: Mapped[Person] = relationship(lazy="raise", foreign_keys=[representative_id])
    represented: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[represented_id])
    recorded_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[recorded_by_id])

    @property
    def about(self) -> str:
        """The first name of whom it is about, as known or as typed."""
        return self.represented.first_name if self.represented else str(self.claimed.get("voornaam", ""))

    def holds_on(self, day: date) -> bool:
        """Whether one may act by it on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return self.status is S.ACTIVE and begun and (self.valid_until is None or self.valid_until >= day)

    def parties(self) -> list[UUID]:
        """The two."""
        return [one for one in (self.representative_id, self.represented_id) if one is not None]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """What one does for others."""
        return cls.representative_id == person_id

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """What others do for oneself."""
        return cls.represented_id == person_id

    @classmethod
    def is_live(cls) -> ColumnElement[bool]:
        """Consent stands today."""
        return cls.is_standing() & or_(cls.valid_from.is_(None), cls.valid_from <= _TODAY)

    @classmethod
    def is_standing(cls) -> ColumnElement[bool]:
        """Consent stands, today or from a day to come."""
        return (cls.status == S.ACTIVE) & or_(cls.valid_until.is_(None), cls.valid_until >= _TODAY)

    @classmethod
    def is_over(cls) -> ColumnElement[bool]:
        """Its last day has passed, and nobody ended it yet."""
        return (cls.status == S.ACTIVE) & (cls.valid_until < _TODAY)
