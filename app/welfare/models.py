"""Welfare budgets (welzijnsbudgetten): a plan that resident and makelaar make together, and what is done with it.

The money itself stands in the ledger (`rewards.welfare`); these rows say what it is for, and in whose words.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, BigInteger, Keyed, SmallInteger, Tenanted
from app.people.models import Person
from app.states import Living, Transitions, one_of


class PlanStatus(StrEnum):
    """The life of a plan."""

    ASKED = "asked"
    PROPOSED = "proposed"
    """A makelaar worked it out with the resident; a second pair of eyes looks."""
    ACTIVE = "active"
    ENDED = "ended"
    """The last day is over; receipts of before may still come in."""
    CLOSED = "closed"
    """What was left went back."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


P = PlanStatus
PLAN_TRANSITIONS: Transitions[PlanStatus] = Transitions(
    {
        P.ASKED: frozenset({P.PROPOSED, P.ACTIVE, P.REJECTED, P.WITHDRAWN}),
        P.PROPOSED: frozenset({P.ASKED, P.ACTIVE, P.REJECTED, P.WITHDRAWN}),
        P.ACTIVE: frozenset({P.ENDED}),
        P.ENDED: frozenset({P.CLOSED}),
        P.CLOSED: frozenset(),
        P.REJECTED: frozenset(),
        P.WITHDRAWN: frozenset(),
    }
)
STANDING = (P.ASKED, P.PROPOSED, P.ACTIVE)
"""States in which somebody has a plan already."""
FUNDED = (P.ACTIVE, P.ENDED)
"""States in which money can still be spent or refunded."""


class GrantStatus(StrEnum):
    """The life of a grant: an amount that one proposes, and another approves when it is large."""

    ASKED = "asked"
    GRANTED = "granted"
    REJECTED = "rejected"


GRANT_TRANSITIONS: Transitions[GrantStatus] = Transitions(
    {
        GrantStatus.ASKED: frozenset({GrantStatus.GRANTED, GrantStatus.REJECTED}),
        GrantStatus.GRANTED: frozenset(),
        GrantStatus.REJECTED: frozenset(),
    }
)


class Way(StrEnum):
    """How something is spent."""

    BEFOREHAND = "beforehand"
    """Approved first, then paid; anybody may be paid."""
    RECEIPT = "receipt"
    """Bought by the resident, and refunded against a receipt."""


class SpendingStatus(StrEnum):
    """The life of a spending."""

    ASKED = "asked"
    APPROVED = "approved"
    PAID = "paid"
    REFUNDED = "refunded"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    """Paid or refunded by mistake, and taken back."""


S = SpendingStatus
SPENDING_TRANSITIONS: Transitions[SpendingStatus] = Transitions(
    {
        S.ASKED: frozenset({S.APPROVED, S.REFUNDED, S.REJECTED, S.WITHDRAWN}),
        S.APPROVED: frozenset({S.PAID, S.REJECTED, S.WITHDRAWN}),
        S.PAID: frozenset({S.UNDONE}),
        S.REFUNDED: frozenset({S.UNDONE}),
        S.REJECTED: frozenset(),
        S.WITHDRAWN: frozenset(),
        S.UNDONE: frozenset(),
    }
)
OPEN_SPENDING = (S.ASKED, S.APPROVED)


class Helped(StrEnum):
    """Whether it brought what was hoped for."""

    YES = "ja"
    SOMEWHAT = "beetje"
    NO = "nee"


class OfResident(Tenanted):
    """Rows about one resident's budget: for the resident, and the desk of the municipality that gives it."""

    person_id: Mapped[UUID]

    def parties(self) -> list[UUID]:
        """The resident."""
        return [self.person_id]

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """One's own budget."""
        return cls.person_id == person_id


class WelfarePlan(Keyed, OfResident, Living[PlanStatus], Base):
    """What somebody would like, why, and what came of it."""

    __tablename__ = "welfare_plan"
    __table_args__ = (
        one_of("status", PlanStatus),
        one_of("helped", Helped),
        CheckConstraint("asked_cents BETWEEN 1 AND 45000", name="asked_cents"),
        CheckConstraint("ends_on BETWEEN starts_on AND starts_on + 366", name="period"),
        CheckConstraint(
            "status NOT IN ('proposed', 'active', 'ended', 'closed')"
            " OR (starts_on IS NOT NULL AND ends_on IS NOT NULL AND broker_id IS NOT NULL)",
            name="worked_out",
        ),
        CheckConstraint(
            "(period_id IS NOT NULL) = (status IN ('active', 'ended', 'closed'))", name="funded"
        ),
        CheckConstraint("(evaluated_at IS NULL) = (brought = '')", name="evaluated"),
        CheckConstraint("broker_id <> person_id", name="two_people"),
        UniqueConstraint("period_id"),
        Index("uq_welfare_plan_standing_person_id", "person_id", unique=True,
              postgresql_where=text("status IN ('asked', 'proposed', 'active')")),
        Index(None, "municipality_id", "status", "created_at"),
        Index(None, "person_id"),
        Index(None, "status", "ends_on"),
    )  # fmt: skip
    transitions: ClassVar = PLAN_TRANSITIONS

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Who typed it: the resident, or a makelaar who sat beside them."""
    broker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The makelaar with whom it was worked out."""
    goal: Mapped[str]
    """In the resident's own words."""
    wish: Mapped[str]
    why: Mapped[str]
    asked_cents: Mapped[int | None]
    """What the resident thinks it will cost."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """The last day included."""
    period_id: Mapped[int | None] = mapped_column(BigInteger)
    """The period in the ledger."""
    status: Mapped[PlanStatus] = mapped_column(default=PlanStatus.ASKED)
    reason: Mapped[str] = mapped_column(default="")
    """Why it was not granted, for the resident to read."""
    brought: Mapped[str] = mapped_column(default="")
    """What it brought, in the resident's own words."""
    helped: Mapped[Helped | None]
    sees_people: Mapped[Helped | None] = mapped_column()
    """Whether the resident sees more people now."""
    evaluated_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    broker: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[broker_id])
    grants: Mapped[list["WelfareGrant"]] = relationship(
        lazy="raise", back_populates="plan", order_by="WelfareGrant.created_at"
    )
    spendings: Mapped[list["WelfareSpending"]] = relationship(
        lazy="raise", back_populates="plan", order_by="WelfareSpending.created_at.desc()"
    )

    __mapper_args__ = {"version_id_col": version}


class WelfareGrant(Keyed, OfResident, Living[GrantStatus], Base):
    """An amount for a plan; above the amount of the rules somebody else than who proposed it approves it."""

    __tablename__ = "welfare_grant"
    __table_args__ = (
        one_of("status", GrantStatus),
        CheckConstraint("cents BETWEEN 1 AND 45000", name="cents"),
        CheckConstraint("(status = 'granted') = (transfer_id IS NOT NULL)", name="booked"),
        CheckConstraint("(status = 'asked') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("person_id <> proposed_by_id AND person_id <> decided_by_id", name="not_for_oneself"),
        UniqueConstraint("transfer_id"),
        Index("uq_welfare_grant_asked_plan_id", "plan_id", unique=True, postgresql_where=text("status = 'asked'")),
        Index(None, "plan_id"),
        Index(None, "municipality_id", "status"),
    )  # fmt: skip
    transitions: ClassVar = GRANT_TRANSITIONS

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("welfare_plan.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    cents: Mapped[int]
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Empty for one below the amount that needs a second pair of eyes."""
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    transfer_id: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[GrantStatus] = mapped_column(default=GrantStatus.ASKED)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    plan: Mapped[WelfarePlan] = relationship(lazy="raise", back_populates="grants")
    proposed_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[proposed_by_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])


class WelfareSpending(Keyed, OfResident, Living[SpendingStatus], Base):
    """Something that the budget is spent on: approved beforehand, or refunded against a receipt."""

    __tablename__ = "welfare_spending"
    __table_args__ = (
        one_of("status", SpendingStatus),
        one_of("way", Way),
        CheckConstraint("cents BETWEEN 1 AND 45000", name="cents"),
        CheckConstraint("(way = 'receipt') = (spent_on IS NOT NULL)", name="spent_on"),
        CheckConstraint(
            "(status IN ('paid', 'refunded', 'undone')) = (transfer_id IS NOT NULL)", name="booked"
        ),
        CheckConstraint("status <> 'refunded' OR way = 'receipt'", name="refunded_on_receipt"),
        CheckConstraint("status NOT IN ('approved', 'paid') OR way = 'beforehand'", name="paid_beforehand"),
        CheckConstraint("status <> 'rejected' OR reason <> ''", name="rejected_with_a_reason"),
        CheckConstraint("decided_by_id <> person_id", name="not_for_oneself"),
        UniqueConstraint("transfer_id"),
        Index(None, "plan_id"),
        Index(None, "municipality_id", "status"),
        Index(None, "person_id"),
    )
    transitions: ClassVar = SPENDING_TRANSITIONS

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("welfare_plan.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    way: Mapped[Way]
    what: Mapped[str]
    cents: Mapped[int]
    spent_on: Mapped[date | None]
    """The day on the receipt."""
    status: Mapped[SpendingStatus] = mapped_column(default=SpendingStatus.ASKED)
    reason: Mapped[str] = mapped_column(default="")
    """Why it was rejected or taken back, for the resident to read."""
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    transfer_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    plan: Mapped[WelfarePlan] = relationship(lazy="raise", back_populates="spendings")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    receipt: Mapped["WelfareReceipt | None"] = relationship(lazy="raise", back_populates="spending")


class WelfareReceipt(Keyed, OfResident, Base):
    """A photograph or PDF of a receipt, as it is kept: photographs are made anew, without where and when."""

    __tablename__ = "welfare_receipt"
    __table_args__ = (
        CheckConstraint("media_type IN ('image/jpeg', 'application/pdf')", name="media_type"),
        CheckConstraint("octet_length(content) BETWEEN 1 AND 5242880", name="size"),
        CheckConstraint("octet_length(sent_hash) = 32", name="sent_hash"),
        UniqueConstraint("spending_id"),
        Index(None, "person_id"),
        Index(None, "municipality_id"),
    )
    spending_id: Mapped[UUID] = mapped_column(ForeignKey("welfare_spending.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    media_type: Mapped[str]
    sent_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the file as it was sent: the ledger refunds one file once."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    width: Mapped[int | None] = mapped_column(SmallInteger)
    height: Mapped[int | None] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    spending: Mapped[WelfareSpending] = relationship(lazy="raise", back_populates="receipt")
