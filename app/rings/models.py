"""Rings (kringen) as they are proposed, agreed on, or let go."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    Uuid,
    any_,
    cast,
    func,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, SmallInteger, Tenanted
from app.help_requests.models import HelpRequest
from app.matches.models import Proposal
from app.people.models import Person
from app.places.models import Mediation, Municipality
from app.states import Living, Transitions, one_of


class Occasion(StrEnum):
    """When a ring was found."""

    HAND = "hand"
    NIGHT = "night"


class RingStatus(StrEnum):
    """The life of a ring."""

    PROPOSED = "proposed"
    READY = "ready"
    """Everybody said yes; a job checks all of it once more and makes the proposals."""
    AGREED = "agreed"
    DISSOLVED = "dissolved"
    EXPIRED = "expired"


class RingAnswer(StrEnum):
    """What a member says, about giving and getting together."""

    WAITING = "waiting"
    YES = "yes"
    NO = "no"


class Ending(StrEnum):
    """Why a ring was dissolved."""

    NO = "no"
    """One of the members would rather not. Who is told to nobody."""
    GONE = "gone"
    """A request or an offer in it is no longer there."""
    CHANGED = "changed"
    """What was asked became something else, or no longer fitted once everybody had said yes."""


S = RingStatus
TRANSITIONS: Transitions[RingStatus] = Transitions(
    {
        S.PROPOSED: frozenset({S.READY, S.DISSOLVED, S.EXPIRED}),
        S.READY: frozenset({S.AGREED, S.DISSOLVED}),
        S.AGREED: frozenset(),
        S.DISSOLVED: frozenset(),
        S.EXPIRED: frozenset(),
    }
)
LIVE = (S.PROPOSED, S.READY)


class Ring(Keyed, Tenanted, Living[RingStatus], Base):
    """Who is in it and how far it is. Its tenant is the municipality of the first who receives."""

    __tablename__ = "ring"
    __table_args__ = (
        one_of("status", RingStatus),
        one_of("occasion", Occasion),
        CheckConstraint("cardinality(member_ids) BETWEEN 2 AND 4", name="members"),
        CheckConstraint("yes BETWEEN 0 AND cardinality(member_ids)", name="yes"),
        CheckConstraint("municipality_id = ANY (municipality_ids)", name="municipality"),
        CheckConstraint(
            "num_nulls(members, served, upper_bound, optimal) IN (0, 4) AND served BETWEEN 0 AND upper_bound"
            " AND upper_bound <= members",
            name="search",
        ),
        Index(None, "municipality_ids", postgresql_using="gin"),
        Index(None, "member_ids", postgresql_using="gin"),
        Index(None, "status", "expires_at"),
    )
    transitions: ClassVar = TRANSITIONS

    municipality_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """Where its members live."""
    member_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """In giving order."""
    status: Mapped[RingStatus] = mapped_column(default=RingStatus.PROPOSED)
    occasion: Mapped[Occasion]
    yes: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How many said yes."""
    chords: Mapped[int] = mapped_column(SmallInteger)
    """Other ways in which its members could have helped one another."""
    members: Mapped[int | None]
    """Among how many people the search looked that found this ring; empty for a ring of before that was kept,"""
    served: Mapped[int | None]
    """how many of them it put in a ring,"""
    upper_bound: Mapped[int | None]
    """how many rings of whatever length could have served at most,"""
    optimal: Mapped[bool | None]
    """and whether no rings of up to four serve more: proven, not hoped."""
    reason: Mapped[str] = mapped_column(default="")
    """An `Ending`, once dissolved."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    arcs: Mapped[list["RingArc"]] = relationship(
        lazy="raise", back_populates="ring", order_by="RingArc.position", passive_deletes="all"
    )

    @property
    def people(self) -> int:
        """How many are in it."""
        return len(self.member_ids)

    def parties(self) -> list[UUID]:
        """Its members."""
        return list(self.member_ids)

    def other_municipality(self) -> int | None:
        """One of the others, across a border."""
        return next((each for each in self.municipality_ids if each != self.municipality_id), None)

    @classmethod
    def in_reach_of(cls, municipalities: frozenset[int]) -> ColumnElement[bool]:
        """Rings with a member in these municipalities."""
        overlapping: ColumnElement[bool] = cls.municipality_ids.op("&&", is_comparison=True)(
            cast(sorted(municipalities), ARRAY(Integer))
        )
        return overlapping

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Rings that one is a member of."""
        return any_(cls.member_ids) == person_id


class RingArc(Keyed, Tenanted, Base):
    """One gives what the next one asked for; the tenant is the receiver's municipality."""

    __tablename__ = "ring_arc"
    __table_args__ = (
        one_of("answer", RingAnswer),
        CheckConstraint("giver_id <> receiver_id", name="two"),
        UniqueConstraint("ring_id", "position"),
        # everybody gives once in a ring, so that this says: in one live ring at most
        Index("uq_ring_arc_live_giver_id", "giver_id", unique=True, postgresql_where=text("live")),
        Index(None, "receiver_id"),
        Index(None, "help_request_id"),
        Index(None, "help_offer_id"),
    )
    ring_id: Mapped[UUID] = mapped_column(ForeignKey("ring.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    giver_municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    giver_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    receiver_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id"))
    help_offer_id: Mapped[UUID] = mapped_column(ForeignKey("help_offer.id"))
    title: Mapped[str]
    """Of the request, as it was: the giver cannot read the request itself yet."""
    score: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Name of each term and its points; they add up to ``score``."""
    distance_m: Mapped[int]
    live: Mapped[bool] = mapped_column(default=True)
    """Whether its ring is; the database keeps it so."""
    answer: Mapped[RingAnswer] = mapped_column(default=RingAnswer.WAITING)
    """The giver's."""
    answered_at: Mapped[datetime | None]
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposal.id"))

    ring: Mapped[Ring] = relationship(lazy="raise", back_populates="arcs")
    giver: Mapped[Person] = relationship(lazy="raise", foreign_keys=[giver_id])
    receiver: Mapped[Person] = relationship(lazy="raise", foreign_keys=[receiver_id])
    giver_municipality: Mapped[Municipality] = relationship(
        lazy="raise", foreign_keys=[giver_municipality_id]
    )
    municipality: Mapped[Municipality] = relationship(
        lazy="raise", foreign_keys="RingArc.municipality_id", viewonly=True
    )
    help_request: Mapped[HelpRequest] = relationship(lazy="raise")
    proposal: Mapped[Proposal | None] = relationship(lazy="raise")

    @property
    def is_known(self) -> bool:
        """Whether the receiver may know who gives, by that person's yes, and an introduction if need be.

        Of a ring that was let go nobody is known: a yes that went away would tell whose no it was.
        Reads ``municipality``, and ``proposal`` once there is one.
        """
        if self.municipality.mediation >= Mediation.INTRODUCED:
            return (
                self.proposal_id is not None
                and self.proposal is not None
                and self.proposal.confirmed_at is not None
            )
        return self.answer is RingAnswer.YES and (self.live or self.proposal_id is not None)

    @classmethod
    def in_reach_of(cls, municipalities: frozenset[int]) -> ColumnElement[bool]:
        """Arcs with the giver or the receiver in these municipalities."""
        return or_(cls.municipality_id.in_(municipalities), cls.giver_municipality_id.in_(municipalities))

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Arcs in which one gives or receives."""
        return or_(cls.giver_id == person_id, cls.receiver_id == person_id)
