"""Points of the client panel, each with who follows it up and by when."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Keyed, Tenanted
from app.states import Living, Transitions, one_of


class PointStatus(StrEnum):
    """The life of a point: it ends with an answer, whatever that is."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    DONE = "done"
    DECLINED = "declined"


P = PointStatus
TRANSITIONS: Transitions[PointStatus] = Transitions(
    {
        P.OPEN: frozenset({P.TAKEN_UP, P.DONE, P.DECLINED}),
        P.TAKEN_UP: frozenset({P.DONE, P.DECLINED}),
        P.DONE: frozenset(),
        P.DECLINED: frozenset(),
    }
)


class PanelPoint(Keyed, Tenanted, Living[PointStatus], Base):
    """Something that the panel said (punt van het panel); of nobody by name."""

    __tablename__ = "panel_point"
    __table_args__ = (
        one_of("status", PointStatus),
        CheckConstraint("char_length(title) BETWEEN 1 AND 120", name="title"),
        CheckConstraint("char_length(body) <= 2000", name="body"),
        CheckConstraint("(status = 'taken_up') <= (keeper <> '' AND due_on IS NOT NULL)", name="taken_up"),
        CheckConstraint(
            "(status IN ('done', 'declined')) = (ended_at IS NOT NULL)"
            " AND (status IN ('done', 'declined')) <= (outcome <> '')",
            name="answered",
        ),
        Index(None, "municipality_id", "status"),
    )
    transitions: ClassVar = TRANSITIONS

    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="", server_default="")
    said_on: Mapped[date]
    keeper: Mapped[str] = mapped_column(default="", server_default="")
    """Who follows it up: a function or an organisation, as the panel reads it."""
    due_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="", server_default="")
    """What became of it, or why nothing will."""
    status: Mapped[PointStatus] = mapped_column(default=PointStatus.OPEN)
    created_at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def parties(self) -> list[UUID]:
        """Whoever wrote it down; the panel has no names here."""
        return [self.made_by_id]
