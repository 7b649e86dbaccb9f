"""Talks of a lasting coupling (begeleidingsgesprekken), and what each of the two says for them."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agreements.models import Agreement
from app.db import Base, Keyed
from app.matches.models import TwoSided
from app.organisations.models import Organisation
from app.people.models import Person
from app.satisfaction.models import Face
from app.states import Living, Transitions, one_of


class TalkKind(StrEnum):
    """When in the coupling it is."""

    START = "start"
    MIDDLE = "halverwege"
    END = "eind"


class TalkStatus(StrEnum):
    """The life of one talk."""

    DUE = "due"
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    """The coupling ended before it."""


T = TalkStatus
TRANSITIONS: Transitions[TalkStatus] = Transitions(
    {
        T.DUE: frozenset({T.PLANNED, T.HELD, T.CANCELLED}),
        # to another moment
        T.PLANNED: frozenset({T.PLANNED, T.HELD, T.CANCELLED}),
        T.HELD: frozenset(),
        T.CANCELLED: frozenset(),
    }
)


class How(StrEnum):
    """Where people talk."""

    HOME = "thuis"
    """At the asker's."""
    DESK = "bureau"
    PHONE = "telefoon"


class TalkOutcome(StrEnum):
    """What came of it."""

    GOES_ON = "verder"
    DIFFERENTLY = "anders"
    """It goes on, with something changed."""
    ENDED = "gestopt"


class GoesOn(StrEnum):
    """Whether one of the two would like to go on."""

    YES = "verder"
    UNSURE = "weet-niet"
    RATHER_NOT = "stoppen"


class CouplingTalk(Keyed, TwoSided, Living[TalkStatus], Base):
    """One talk about a lasting agreement, led by a makelaar or by whoever guides an organisation's volunteers."""

    __tablename__ = "coupling_talk"
    __table_args__ = (
        one_of("kind", TalkKind),
        one_of("how", How),
        one_of("status", TalkStatus),
        one_of("outcome", TalkOutcome),
        CheckConstraint(
            "status <> 'planned' OR (starts_at IS NOT NULL AND how IS NOT NULL AND planned_by_id IS NOT NULL)",
            name="planned",
        ),
        CheckConstraint("(status = 'held') = (outcome IS NOT NULL)", name="held"),
        CheckConstraint("(status IN ('held', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"),
        UniqueConstraint("agreement_id", "kind"),
        Index(None, "municipality_id", "status", "due_on"),
        Index(None, "helper_municipality_id"),
        Index(None, "asker_id"),
        Index(None, "helper_id"),
        Index(None, "organisation_id"),
    )
    transitions: ClassVar = TRANSITIONS

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    kind: Mapped[TalkKind]
    due_on: Mapped[date]
    """Around which day it should be."""
    starts_at: Mapped[datetime | None]
    how: Mapped[How | None]
    planned_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who leads it."""
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    """Through which the helper helps: its administrator may lead the talk. The database says it."""
    status: Mapped[TalkStatus] = mapped_column(default=TalkStatus.DUE)
    outcome: Mapped[TalkOutcome | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    version: Mapped[int] = mapped_column(default=1)

    agreement: Mapped[Agreement] = relationship(lazy="raise")
    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys="CouplingTalk.asker_id")
    helper: Mapped[Person] = relationship(lazy="raise", foreign_keys="CouplingTalk.helper_id")
    planned_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[planned_by_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}


class TalkAnswer(Keyed, TwoSided, Base):
    """What one of the two says for a talk: for whoever leads it, never for the other."""

    __tablename__ = "talk_answer"
    __table_args__ = (
        one_of("face", Face),
        one_of("goes_on", GoesOn),
        CheckConstraint("char_length(words) <= 1000", name="words"),
        CheckConstraint("author_id = asker_id OR author_id = helper_id", name="author"),
        UniqueConstraint("talk_id", "author_id"),
        Index(None, "municipality_id"),
        Index(None, "helper_municipality_id"),
        Index(None, "asker_id"),
        Index(None, "helper_id"),
    )
    talk_id: Mapped[UUID] = mapped_column(ForeignKey("coupling_talk.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    face: Mapped[Face]
    goes_on: Mapped[GoesOn]
    words: Mapped[str] = mapped_column(default="")
    said_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own words: the other of the two never reads them."""
        return cls.author_id == person_id
