"""Lives as tables: which state may follow which, and one event row for each step."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Uuid, any_, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, object_session

from app.db import Base, Keyed, Scope, Tenanted
from app.errors import NotAllowed

S = TypeVar("S", bound=StrEnum)


class Transitions(Generic[S]):
    """A table of allowed steps of one kind of entity."""

    def __init__(self, allowed: Mapping[S, frozenset[S]]) -> None:
        self.allowed = allowed

    def next(self, current: S, wanted: S) -> S:
        """``wanted`` when the table has the step, else raises NotAllowed."""
        if wanted not in self.allowed.get(current, frozenset()):
            raise NotAllowed(f"{current} -> {wanted}", details={"from": current, "to": wanted})
        return wanted


class StateEvent(Keyed, Tenanted, Base):
    """One step in the life of a request, proposal, agreement or occurrence; never changed."""

    __tablename__ = "state_event"
    __table_args__ = (
        Index(None, "entity_id", "at"),
        Index(None, "municipality_id", "entity", "after", "at"),
    )
    other_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    before: Mapped[str]
    after: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.ledger.now())
    by_person_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(server_default="")
    parties: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Steps in the life of something that this person takes part in."""
        return any_(cls.parties) == person_id


class Living(Generic[S]):
    """An entity with a life: ``step`` is the only way from one state to the next."""

    transitions: ClassVar[Transitions[Any]]
    id: Mapped[UUID]
    municipality_id: Mapped[int]
    status: Mapped[S]

    def parties(self) -> list[UUID]:
        """The people whose screens show this life."""
        raise NotImplementedError  # pragma: no cover - each entity says its own

    def other_municipality(self) -> int | None:
        """The second municipality involved, across a border."""
        return None

    def step(self, wanted: S, by: UUID | None, reason: str = "") -> None:
        """Take one allowed step and leave one event; anything else raises NotAllowed and leaves none."""
        before, self.status = self.status, self.transitions.next(self.status, wanted)
        self.tell(str(before), by, reason)

    def tell(self, before: str, by: UUID | None, reason: str = "") -> None:
        """Record an event at the present state (``before`` is empty at the beginning of a life).

        Whoever acts for another is the one who did it.
        """
        session = object_session(self)
        if session is None:
            raise RuntimeError("a life is told in a session")
        scope = session.info.get("scope", Scope())
        session.add(
            StateEvent(
                municipality_id=self.municipality_id,
                other_municipality_id=self.other_municipality(),
                entity=getattr(self, "__tablename__"),  # noqa: B009 - declared by the mapped class
                entity_id=self.id,
                before=before,
                after=str(self.status),
                by_person_id=scope.hand if scope.hand and by == scope.person_id else by,
                reason=reason,
                parties=self.parties(),
            )
        )


def one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    """A CHECK that repeats the enum in the database."""
    values = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"{column} IN ({values})", name=column)
