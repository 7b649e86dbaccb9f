"""Costs of helping (onkosten): what helper and asker agreed, what was really paid, and what a kilometre may cost.

Euro-valued things only; they never touch the Roosjes of the same help.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agreements.models import Agreement, Occurrence
from app.db import Base, BigInteger, Keyed, SmallInteger
from app.matches.models import TwoSided
from app.people.models import Person
from app.states import Living, Transitions, one_of


class CostKind(StrEnum):
    """What is paid for."""

    KILOMETRES = "kilometers"
    PARKING = "parkeren"
    MATERIALS = "materiaal"


class Payer(StrEnum):
    """Who pays the helper, outside the platform."""

    ASKER = "vrager"
    WELFARE = "welzijnsbudget"
    """The asker's welzijnsbudget."""


class AgreedStatus(StrEnum):
    """The life of what was agreed about costs."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    STOPPED = "stopped"


AGREED_TRANSITIONS: Transitions[AgreedStatus] = Transitions(
    {
        AgreedStatus.PROPOSED: frozenset({AgreedStatus.AGREED, AgreedStatus.DECLINED}),
        AgreedStatus.AGREED: frozenset({AgreedStatus.STOPPED}),
        AgreedStatus.DECLINED: frozenset(),
        AgreedStatus.STOPPED: frozenset(),
    }
)


class PaidStatus(StrEnum):
    """The life of what one time cost."""

    REPORTED = "reported"
    """The helper says what it was."""
    PAID = "paid"
    REFUSED = "refused"
    """The other says that it was not so."""
    WITHDRAWN = "withdrawn"
    """Written down wrongly."""


PAID_TRANSITIONS: Transitions[PaidStatus] = Transitions(
    {
        PaidStatus.REPORTED: frozenset({PaidStatus.PAID, PaidStatus.REFUSED, PaidStatus.WITHDRAWN}),
        PaidStatus.PAID: frozenset({PaidStatus.WITHDRAWN}),
        PaidStatus.REFUSED: frozenset(),
        PaidStatus.WITHDRAWN: frozenset(),
    }
)


class MileageRate(Base):
    """What a kilometre may cost, from a day on; never changed, only followed."""

    __tablename__ = "mileage_rate"
    __table_args__ = (
        CheckConstraint("cents_per_km BETWEEN 1 AND 200", name="cents_per_km"),
        CheckConstraint("source <> ''", name="source"),
    )
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    cents_per_km: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str]
    """Where it was read."""
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class AgreedCost(Keyed, TwoSided, Living[AgreedStatus], Base):
    """One kind of cost under an agreement, and the most that one time may cost."""

    __tablename__ = "agreed_cost"
    __table_args__ = (
        one_of("kind", CostKind),
        one_of("payer", Payer),
        one_of("status", AgreedStatus),
        CheckConstraint("most_cents BETWEEN 1 AND 100000", name="most_cents"),
        CheckConstraint("(kind = 'kilometers') = (most_km IS NOT NULL)", name="most_km"),
        CheckConstraint("most_km BETWEEN 1 AND 500", name="km"),
        CheckConstraint("status NOT IN ('agreed', 'stopped') OR agreed_at IS NOT NULL", name="agreed_at"),
        Index("uq_agreed_cost_live_agreement_id_kind", "agreement_id", "kind", unique=True,
              postgresql_where=text("status IN ('proposed', 'agreed')")),
        Index(None, "agreement_id"),
        Index(None, "municipality_id"),
        Index(None, "helper_municipality_id"),
    )  # fmt: skip
    transitions: ClassVar = AGREED_TRANSITIONS

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    kind: Mapped[CostKind]
    payer: Mapped[Payer]
    most_km: Mapped[int | None] = mapped_column(SmallInteger)
    most_cents: Mapped[int]
    """For one time; for kilometres at the rate of the day on which it was agreed."""
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    status: Mapped[AgreedStatus] = mapped_column(default=AgreedStatus.PROPOSED)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    agreed_at: Mapped[datetime | None]
    """Times that began before it cost nothing under this agreement."""

    agreement: Mapped[Agreement] = relationship(lazy="raise")
    paid: Mapped[list["PaidCost"]] = relationship(
        lazy="raise", back_populates="agreed", order_by="PaidCost.created_at"
    )


class PaidCost(Keyed, TwoSided, Living[PaidStatus], Base):
    """What one time really cost, once the one who did not get it said so."""

    __tablename__ = "paid_cost"
    __table_args__ = (
        one_of("status", PaidStatus),
        CheckConstraint("cents BETWEEN 1 AND 100000", name="cents"),
        CheckConstraint("km BETWEEN 1 AND 500", name="km"),
        CheckConstraint("status <> 'paid' OR allowance_id IS NOT NULL", name="counted"),
        CheckConstraint("confirmed_by_id <> helper_id", name="not_by_oneself"),
        CheckConstraint("(confirmed_by_id IS NULL) = (allowance_id IS NULL)", name="confirmed"),
        UniqueConstraint("allowance_id"),
        Index("uq_paid_cost_live_agreed_cost_id_occurrence_id", "agreed_cost_id", "occurrence_id", unique=True,
              postgresql_where=text("status IN ('reported', 'paid')")),
        Index(None, "occurrence_id"),
        Index(None, "helper_id", "created_at"),
        Index(None, "municipality_id"),
        Index(None, "helper_municipality_id"),
    )  # fmt: skip
    transitions: ClassVar = PAID_TRANSITIONS

    agreed_cost_id: Mapped[UUID] = mapped_column(ForeignKey("agreed_cost.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    km: Mapped[int | None] = mapped_column(SmallInteger)
    cents: Mapped[int]
    status: Mapped[PaidStatus] = mapped_column(default=PaidStatus.REPORTED)
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    allowance_id: Mapped[int | None] = mapped_column(BigInteger)
    """Where the helper's meter counted it."""
    spending_id: Mapped[UUID | None] = mapped_column(ForeignKey("welfare_spending.id"))
    """What it became in the asker's budget, when that pays."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())

    agreed: Mapped[AgreedCost] = relationship(lazy="raise", back_populates="paid")
    occurrence: Mapped[Occurrence] = relationship(lazy="raise")
    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys="PaidCost.asker_id")
    helper: Mapped[Person] = relationship(lazy="raise", foreign_keys="PaidCost.helper_id")
