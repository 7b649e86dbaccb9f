"""What was told of a month or a half year: written once, never changed, never told anew."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, Tenanted
from app.states import one_of


class Span(StrEnum):
    """How long a release is about."""

    MONTH = "month"
    HALF = "half"


class Release(Keyed, Tenanted, Base):
    """The figures of one municipality over a month or half a year, as they may be shown (cijfers).

    A figure that is told twice, with somebody who was erased in between, tells who that was. So the first telling
    stays: the application can add, and neither change nor take away.
    """

    __tablename__ = "report_release"
    __table_args__ = (
        one_of("span", Span),
        CheckConstraint("until > since", name="term"),
        UniqueConstraint("municipality_id", "span", "since"),
    )
    span: Mapped[Span]
    since: Mapped[date]
    until: Mapped[date]
    """The first day after it."""
    figures: Mapped[dict[str, Any]]
    """Counts by what they are of; null for each that is hidden."""
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())


class RegionRelease(Keyed, Base):
    """The same for the region as a whole: sums, and help between municipalities."""

    __tablename__ = "region_release"
    __table_args__ = (CheckConstraint("until > since", name="term"), UniqueConstraint("since"))
    since: Mapped[date]
    until: Mapped[date]
    figures: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
