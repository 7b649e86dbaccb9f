"""Proposals (voorstellen): a request and a helper, with the reasons, until one of many is chosen."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Keyed, Tenanted
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.people.models import Person
from app.places.models import Mediation, Municipality
from app.states import Living, Transitions, one_of


class Status(StrEnum):
    """The life of a proposal, up to the asker's own yes."""

    PROPOSED = "proposed"
    WILLING = "willing"
    MEETING = "meeting"
    AGREED = "agreed"
    DECLINED = "declined"
    PASSED = "passed"
    FULL = "full"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


S = Status
_NO = {S.DECLINED, S.PASSED, S.EXPIRED, S.WITHDRAWN}
TRANSITIONS: Transitions[Status] = Transitions(
    {
        S.PROPOSED: frozenset({S.WILLING, S.FULL, *_NO}),
        # back to the question when other terms are asked
        S.WILLING: frozenset({S.PROPOSED, S.MEETING, S.AGREED, S.FULL, *_NO}),
        S.MEETING: frozenset({S.PROPOSED, S.AGREED, S.FULL, *_NO}),
        S.FULL: frozenset({S.WILLING, S.WITHDRAWN, S.DECLINED}),
        S.AGREED: frozenset({S.WITHDRAWN}),
        S.DECLINED: frozenset(),
        S.PASSED: frozenset(),
        S.EXPIRED: frozenset({S.PROPOSED, S.WILLING}),
        S.WITHDRAWN: frozenset({S.PROPOSED, S.WILLING}),
    }
)


class Origin(StrEnum):
    """Who thought of it."""

    ENGINE = "engine"
    BROKER = "broker"
    HELPER = "helper"
    DISTRIBUTION = "distribution"
    """A makelaar accepted it from a redistribution."""
    RING = "ring"
    """Everybody in a ring said yes."""


class TwoSided(Tenanted):
    """Rows between an asker and a helper, possibly of two municipalities; the tenant is the asker's."""

    helper_municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"))
    asker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    helper_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    def parties(self) -> list[UUID]:
        """Asker and helper."""
        return [self.asker_id, self.helper_id]

    def sides(self) -> list[tuple[UUID, int]]:
        """Asker and helper, each with the municipality that their notices belong to."""
        return [(self.asker_id, self.municipality_id), (self.helper_id, self.helper_municipality_id)]

    def other_municipality(self) -> int | None:
        """The helper's, when it is another."""
        return self.helper_municipality_id if self.helper_municipality_id != self.municipality_id else None

    @classmethod
    def in_reach_of(cls, municipalities: frozenset[int]) -> ColumnElement[bool]:
        """Rows with the asker or the helper in these municipalities."""
        return or_(cls.municipality_id.in_(municipalities), cls.helper_municipality_id.in_(municipalities))

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Rows in which one asks or helps."""
        return or_(cls.asker_id == person_id, cls.helper_id == person_id)


class Proposal(Keyed, TwoSided, Living[Status], Base):
    """One helper proposed for one request; the municipality is the asker's."""

    __tablename__ = "proposal"
    __table_args__ = (
        one_of("status", Status),
        one_of("origin", Origin),
        UniqueConstraint("help_request_id", "helper_id"),
        Index(None, "helper_id", "status"),
        Index(None, "asker_id"),
        Index(None, "municipality_id", "status"),
        Index(None, "helper_municipality_id", "status"),
        Index(None, "help_offer_id"),
    )
    transitions: ClassVar = TRANSITIONS

    help_request_id: Mapped[UUID] = mapped_column(ForeignKey("help_request.id"))
    help_offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("help_offer.id"))
    """Empty when a helper without an offer put themselves forward."""
    origin: Mapped[Origin]
    status: Mapped[Status] = mapped_column(default=Status.PROPOSED)
    score: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Name of each term and its points; they add up to ``score``."""
    distance_m: Mapped[int]
    message: Mapped[str] = mapped_column(default="")
    code_word: Mapped[str] = mapped_column(default="")
    """Said at the door at the first meeting."""
    meeting_until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    """When the makelaar let it through, where the municipality introduces each match."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    answered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    help_request: Mapped[HelpRequest] = relationship(lazy="raise")
    help_offer: Mapped[HelpOffer | None] = relationship(lazy="raise")
    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys="Proposal.asker_id")
    helper: Mapped[Person] = relationship(lazy="raise", foreign_keys="Proposal.helper_id")
    helper_municipality: Mapped[Municipality] = relationship(
        lazy="raise", foreign_keys="Proposal.helper_municipality_id"
    )

    def is_introduced(self, municipality: Municipality) -> bool:
        """Whether asker and helper may know of each other, as the asker's municipality has it."""
        return self.confirmed_at is not None or municipality.mediation < Mediation.INTRODUCED

    @classmethod
    def is_introduced_row(cls) -> ColumnElement[bool]:
        """Proposals whose two sides may know each other: confirmed, or where nobody has to be introduced."""
        # unscoped: anybody may know the degree of mediation
        waits = select(Municipality.id).where(Municipality.mediation >= Mediation.INTRODUCED)
        return or_(cls.confirmed_at.is_not(None), cls.municipality_id.not_in(waits))
