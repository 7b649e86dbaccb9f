"""Redistributions (verdelingen): who would get whom if the whole region were shared out at once."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigInteger, Keyed, SmallInteger, Tenanted
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.people.models import Person
from app.places.models import Municipality
from app.states import Living, Transitions, one_of


class Occasion(StrEnum):
    """When a run was made."""

    HAND = "hand"
    NIGHT = "night"


class Outcome(StrEnum):
    """What a run came to for one place of a request."""

    SERVED = "served"
    NOBODY_FITS = "nobody_fits"
    NEEDED_ELSEWHERE = "needed_elsewhere"


class LineStatus(StrEnum):
    """The life of one suggestion."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    STALE = "stale"
    """Things had changed by the time it was accepted; the reason says what."""


TRANSITIONS: Transitions[LineStatus] = Transitions(
    {
        LineStatus.SUGGESTED: frozenset({LineStatus.ACCEPTED, LineStatus.REFUSED, LineStatus.STALE}),
        LineStatus.ACCEPTED: frozenset(),
        LineStatus.REFUSED: frozenset(),
        LineStatus.STALE: frozenset(),
    }
)


class Distribution(Keyed, Tenanted, Base):
    """One municipality's part of one run over the whole region; the figures are the region's."""

    __tablename__ = "distribution"
    __table_args__ = (
        one_of("occasion", Occasion),
        CheckConstraint("coverage BETWEEN 0 AND places", name="coverage"),
        CheckConstraint("first_come BETWEEN 0 AND coverage", name="first_come"),
        Index(None, "municipality_id", "created_at"),
    )
    occasion: Mapped[Occasion]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    expires_at: Mapped[datetime]
    """Later than this nothing of it is accepted any more: too much will have changed."""
    requests: Mapped[int]
    places: Mapped[int]
    """Helpers wanted, over all requests."""
    people: Mapped[int]
    """Helpers who could be asked."""
    coverage: Mapped[int]
    """Places that the run fills."""
    coverage_bound: Mapped[int]
    """Places that any assignment fills at most."""
    first_come: Mapped[int]
    """Places that first come, first served would fill."""
    objective: Mapped[int] = mapped_column(BigInteger)
    dual_objective: Mapped[int] = mapped_column(BigInteger)
    edges: Mapped[int] = mapped_column(BigInteger)
    """Pairs that pass every rule; all of them were weighed."""

    made_by: Mapped[Person | None] = relationship(lazy="raise")
    municipality: Mapped[Municipality] = relationship(lazy="raise")
    lines: Mapped[list["DistributionLine"]] = relationship(
        lazy="raise",
        back_populates="distribution",
        order_by="DistributionLine.position",
        passive_deletes="all",
    )

    @property
    def proven(self) -> bool:
        """Whether no other assignment over all pairs is better, nor fills more places."""
        return self.objective == self.dual_objective and self.coverage == self.coverage_bound


class DistributionLine(Keyed, Tenanted, Living[LineStatus], Base):
    """One helper for one place of a request, or why the request stays without."""

    __tablename__ = "distribution_line"
    __table_args__ = (
        one_of("outcome", Outcome),
        one_of("status", LineStatus),
        CheckConstraint("(outcome = 'served') = (help_offer_id IS NOT NULL)", name="offer"),
        CheckConstraint("(help_offer_id IS NULL) = (helper_id IS NULL)", name="helper"),
        CheckConstraint("outcome = 'served' OR status = 'suggested'", name="only_served"),
        Index(None, "distribution_id", "position"),
        Index(None, "help_request_id"),
    )
    transitions: ClassVar = TRANSITIONS

    distribution_id: Mapped[UUID] = mapped_column(ForeignKey("distribution.id", ondelete="CASCADE"))
    position: Mapped[int]
    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id"))
    outcome: Mapped[Outcome]
    help_offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_offer.id"))
    helper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    helper_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    score: Mapped[int] = mapped_column(default=0)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    distance_m: Mapped[int] = mapped_column(default=0)
    kept: Mapped[bool] = mapped_column(default=False)
    """The helper was asked for this already and may still answer."""
    places: Mapped[int] = mapped_column(SmallInteger, default=1)
    """How many this line is about: 1 for a helper, what stays empty for a request without."""
    why: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    """Of who stays without: the rule that stands in the way, how many fit, what would help (see ``reasons``)."""
    status: Mapped[LineStatus] = mapped_column(default=LineStatus.SUGGESTED)
    reason: Mapped[str] = mapped_column(default="")
    """What had changed: the name of a rule, or of a state."""
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposal.id"))

    distribution: Mapped[Distribution] = relationship(lazy="raise", back_populates="lines")
    help_request: Mapped[HelpRequest] = relationship(lazy="raise")
    help_offer: Mapped[HelpOffer | None] = relationship(lazy="raise")
    helper: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[helper_id])
    helper_municipality: Mapped[Municipality | None] = relationship(
        lazy="raise", foreign_keys=[helper_municipality_id]
    )

    def parties(self) -> list[UUID]:
        """Nobody but the desk: neither of the two knows of it before it is accepted."""
        return []
