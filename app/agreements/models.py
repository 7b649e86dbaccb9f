"""Agreements (afspraken) and the occurrences under them."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.categories.vocabulary import Frequency, Kind
from app.db import Base, BigInteger, Keyed
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal, TwoSided
from app.people.models import Person
from app.places.models import Municipality
from app.states import Living, Transitions, one_of


class Status(StrEnum):
    """The life of an agreement as a whole."""

    ACTIVE = "active"
    DONE = "done"
    CANCELLED = "cancelled"


TRANSITIONS: Transitions[Status] = Transitions(
    {
        Status.ACTIVE: frozenset({Status.DONE, Status.CANCELLED}),
        Status.DONE: frozenset(),
        Status.CANCELLED: frozenset(),
    }
)


class OccurrenceStatus(StrEnum):
    """The life of one time that help is given."""

    PLANNED = "planned"
    AGREED = "agreed"
    HELPED = "helped"
    """The helper says it happened."""
    RECEIVED = "received"
    """The asker says it happened."""
    DISPUTED = "disputed"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


O = OccurrenceStatus  # noqa: E741 - a short name for the table below
OCCURRENCE_TRANSITIONS: Transitions[OccurrenceStatus] = Transitions(
    {
        O.PLANNED: frozenset({O.AGREED, O.CANCELLED}),
        # moved far ahead, a time of a series is planned again
        O.AGREED: frozenset({O.PLANNED, O.HELPED, O.RECEIVED, O.CANCELLED, O.NO_SHOW}),
        O.HELPED: frozenset({O.DONE, O.DISPUTED}),
        O.RECEIVED: frozenset({O.DONE, O.DISPUTED}),
        O.DISPUTED: frozenset({O.DONE, O.CANCELLED, O.NO_SHOW}),
        O.DONE: frozenset(),
        O.CANCELLED: frozenset(),
        O.NO_SHOW: frozenset({O.DISPUTED}),
    }
)


class TimeStatus(StrEnum):
    """The life of another moment that one of the two proposes for one time."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    """The other would rather leave it as it was."""
    COUNTERED = "countered"
    """The other proposed yet another moment."""
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """What it was about was moved or cancelled otherwise."""


T = TimeStatus
TIME_TRANSITIONS: Transitions[TimeStatus] = Transitions(
    {
        T.PROPOSED: frozenset({T.AGREED, T.DECLINED, T.COUNTERED, T.WITHDRAWN, T.LAPSED}),
        T.AGREED: frozenset(),
        T.DECLINED: frozenset(),
        T.COUNTERED: frozenset(),
        T.WITHDRAWN: frozenset(),
        T.LAPSED: frozenset(),
    }
)
HOLDING = (O.AGREED, O.HELPED, O.RECEIVED, O.DISPUTED)
"""States in which an occurrence of kind roosjes has one open hold."""


class ArrangedBy(StrEnum):
    """Who wrote down the asker's yes."""

    ASKER = "asker"
    BROKER = "broker"


class Agreement(Keyed, TwoSided, Living[Status], Base):
    """Two people who agreed: who, what, under whose flag; the times are its occurrences."""

    __tablename__ = "agreement"
    __table_args__ = (
        one_of("status", Status),
        one_of("kind", Kind),
        one_of("frequency", Frequency),
        one_of("arranged_by", ArrangedBy),
        UniqueConstraint("proposal_id"),
        CheckConstraint("minutes BETWEEN 15 AND 2400", name="minutes"),
        CheckConstraint("asker_id <> helper_id", name="two_people"),
        Index(None, "municipality_id", "status"),
        Index(None, "helper_municipality_id", "status"),
        Index(None, "asker_id", "status"),
        Index(None, "helper_id", "status"),
        Index(None, "help_request_id"),
    )
    transitions: ClassVar = TRANSITIONS

    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id"))
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    kind: Mapped[Kind]
    minutes: Mapped[int]
    frequency: Mapped[Frequency] = mapped_column(default=Frequency.ONCE)
    flag: Mapped[str] = mapped_column(default="")
    """Organisation under whose flag the help is given; empty means as a neighbour."""
    flag_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    insurance: Mapped[str] = mapped_column(default="", server_default="")
    """Who insures what goes wrong, as it stood when the two agreed: of the organisation, or of the municipality."""
    arranged_by: Mapped[ArrangedBy]
    arranged_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    contract_seen: Mapped[bool] = mapped_column(default=False)
    """Paid help starts only when the asker ticked the contract."""
    status: Mapped[Status] = mapped_column(default=Status.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    version: Mapped[int] = mapped_column(default=1)

    help_request: Mapped[HelpRequest] = relationship(lazy="raise")
    proposal: Mapped[Proposal] = relationship(lazy="raise")
    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys="Agreement.asker_id")
    helper: Mapped[Person] = relationship(lazy="raise", foreign_keys="Agreement.helper_id")
    municipality: Mapped[Municipality] = relationship(lazy="raise", foreign_keys="Agreement.municipality_id")
    helper_municipality: Mapped[Municipality] = relationship(
        lazy="raise", foreign_keys="Agreement.helper_municipality_id"
    )
    occurrences: Mapped[list["Occurrence"]] = relationship(
        lazy="raise", back_populates="agreement", order_by="Occurrence.starts_at"
    )

    __mapper_args__ = {"version_id_col": version}


class Occurrence(Keyed, TwoSided, Living[OccurrenceStatus], Base):
    """One time: hold, calendar, no-show and settlement hang here."""

    __tablename__ = "occurrence"
    __table_args__ = (
        one_of("status", OccurrenceStatus),
        one_of("kind", Kind),
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint("minutes BETWEEN 15 AND 2400", name="minutes"),
        CheckConstraint("done_minutes IS NULL OR done_minutes BETWEEN 1 AND 2400", name="done_minutes"),
        CheckConstraint(
            "(hold_id IS NOT NULL) = (kind = 'roosjes' AND status <> 'planned') OR status IN ('cancelled', 'no_show')",
            name="hold",
        ),
        Index(None, "agreement_id", "starts_at"),
        Index(None, "municipality_id", "status", "starts_at"),
        Index(
            "ix_occurrence_thanked",
            "municipality_id",
            "thanked_at",
            postgresql_where=text("thanked_at IS NOT NULL"),
        ),
        Index(None, "helper_municipality_id", "status", "starts_at"),
        Index(None, "helper_id", "starts_at"),
        Index(None, "asker_id", "starts_at"),
        ExcludeConstraint(
            ("helper_id", "="),
            (func.tstzrange(literal_column("starts_at"), literal_column("ends_at")), "&&"),
            where="status IN ('agreed', 'helped', 'received')",
            name="ex_occurrence_helper_at_two_places",
        ),
    )
    transitions: ClassVar = OCCURRENCE_TRANSITIONS

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    kind: Mapped[Kind]
    """Usually the agreement's; ``zonder`` when a limit on Roosjes stood in the way of this time."""
    hold_id: Mapped[int | None] = mapped_column(BigInteger)
    done_minutes: Mapped[int | None]
    late_cancel: Mapped[bool] = mapped_column(default=False)
    thanks: Mapped[str] = mapped_column(default="")
    thanked_at: Mapped[datetime | None]
    status: Mapped[OccurrenceStatus] = mapped_column(default=OccurrenceStatus.PLANNED)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    version: Mapped[int] = mapped_column(default=1)

    agreement: Mapped[Agreement] = relationship(lazy="raise", back_populates="occurrences")
    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys="Occurrence.asker_id")
    helper: Mapped[Person] = relationship(lazy="raise", foreign_keys="Occurrence.helper_id")

    __mapper_args__ = {"version_id_col": version}


class TimeProposal(Keyed, TwoSided, Living[TimeStatus], Base):
    """Another moment for one time of help; until the other says yes, the agreed moment stands with its hold."""

    __tablename__ = "time_proposal"
    __table_args__ = (
        one_of("status", TimeStatus),
        CheckConstraint("starts_at <> was_at", name="another"),
        CheckConstraint("(status = 'proposed') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("proposed_by_id = asker_id OR proposed_by_id = helper_id", name="proposed_by"),
        Index("uq_time_proposal_open_occurrence_id", "occurrence_id", unique=True,
              postgresql_where=text("status = 'proposed'")),
        Index(None, "occurrence_id"),
        Index(None, "asker_id"),
        Index(None, "helper_id"),
        Index(None, "municipality_id"),
        Index(None, "helper_municipality_id"),
    )  # fmt: skip
    transitions: ClassVar = TIME_TRANSITIONS

    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """The side that proposed it; who did it in their name stands in the event."""
    was_at: Mapped[datetime]
    """The moment that stood when this was proposed."""
    starts_at: Mapped[datetime]
    status: Mapped[TimeStatus] = mapped_column(default=TimeStatus.PROPOSED)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    answered_at: Mapped[datetime | None]
