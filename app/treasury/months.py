"""A municipality's months: what its books say of one, which are closed, and closing the next for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import rewards
from app.access.actor import Actor
from app.access.policy import found, require
from app.access.roles import Permission
from app.errors import NotFound
from app.people.models import Person
from app.places.models import Municipality
from app.treasury import invoicing
from app.treasury.calendar import following, names, this_month
from app.treasury.errors import NotOver, NotReconciled, OutOfOrder
from app.treasury.invoicing import Invoice
from rewards import errors, journal, months
from rewards.journal import Booked, Fault
from rewards.months import MonthEnd
from rewards.types import Unit

CORRECTIONS = 200
"""As many as a page and a summary list; the journal has all."""
_CLOSED = text(
    "SELECT month, max(closed_at) FROM ledger.period WHERE municipality_id = :place GROUP BY month ORDER BY month"
)


@dataclass(frozen=True)
class Books:
    """A month of a municipality in every unit that it had books of."""

    municipality: Municipality
    month: date
    ends: Sequence[MonthEnd]
    corrections: Sequence[tuple[Unit, Booked]]
    faults: Sequence[tuple[Unit, Fault]]
    """The rows that do not fit, where something does not reconcile."""
    due: date | None
    """The month to close next."""
    is_over: bool
    invoices: Sequence[Invoice]
    """Those of this month, with this municipality on either side, as they stand now."""
    names: dict[int, str]
    """Of municipalities, by their codes."""
    closed_by: str
    """First name of whoever closed it; empty for the program and for people we no longer know."""

    @cached_property
    def closed_at(self) -> datetime | None:
        """When the last of its units was closed; None while any is open."""
        moments = [end.closed.at for end in self.ends if end.closed is not None]
        return max(moments) if moments and len(moments) == len(self.ends) else None

    @cached_property
    def reconciles(self) -> bool:
        """Whether everything adds up."""
        return all(end.reconciles for end in self.ends)

    @property
    def can_close(self) -> bool:
        """Whether it is its turn, and it adds up."""
        return self.closed_at is None and self.is_over and self.due == self.month and self.reconciles


@dataclass(frozen=True, slots=True)
class Listed:
    """A month in the list: closed, or still open."""

    month: date
    closed_at: datetime | None


def read(session: Session, actor: Actor, municipality_id: int, month: date) -> Books:
    """The books of a month, open or closed; NotFound before the books began and for months to come."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    return of(session, municipality_id, month)


def of(session: Session, municipality_id: int, month: date) -> Books:
    """The same for the program itself, within what row-level security lets it reach."""
    due = _due(session, municipality_id)
    connection = session.connection()
    ends = [
        months.month_end(connection, municipality_id, unit, month)
        for unit, next_one in due.items()
        if month >= next_one or months.closed(connection, municipality_id, unit, month) is not None
    ]
    if not ends or month > this_month(session):
        raise NotFound
    closers = {end.closed.by for end in ends if end.closed is not None}
    return Books(
        municipality=found(session.get(Municipality, municipality_id)),
        month=month,
        ends=ends,
        corrections=[
            (end.unit, one)
            for end in ends
            for one in journal.corrections(connection, municipality_id, end.unit, month, limit=CORRECTIONS)
        ],
        faults=[
            (end.unit, fault)
            for end in ends
            if not end.reconciles
            for fault in journal.faults(connection, municipality_id, end.unit, month)
        ],
        due=min(due.values(), default=None),
        is_over=month < this_month(session),
        invoices=invoicing.of(session, None, municipality_id, month),
        names=names(session),
        closed_by=_first_name(session, closers),
    )


def listed(session: Session, actor: Actor, municipality_id: int) -> list[Listed]:
    """Every month of the books, the newest first."""
    require(actor, Permission.SEE_LEDGER, municipality_id)
    closed: dict[date, datetime] = {
        row[0]: row[1] for row in session.execute(_CLOSED, {"place": municipality_id})
    }
    due = _due(session, municipality_id)
    if not due:
        return []
    open_from = min(due.values())
    month, last, all_of_them = min([*closed, open_from]), this_month(session), []
    while month <= last:
        all_of_them.append(Listed(month, closed.get(month) if month < open_from else None))
        month = following(month)
    return all_of_them[::-1]


def close(session: Session, actor: Actor, municipality_id: int, month: date) -> None:
    """Close the month in every unit, for good; again changes nothing.

    Raises NotOver, OutOfOrder, NotReconciled, NotFound.
    """
    require(actor, Permission.CLOSE_MONTH, municipality_id)
    connection = session.connection()
    due = _due(session, municipality_id)
    if not due or month > this_month(session):
        raise NotFound
    if min(due.values()) < month:
        raise OutOfOrder(details={"maand": f"{min(due.values()):%Y-%m}"})
    for unit in [unit for unit, next_one in due.items() if next_one == month]:
        try:
            with connection.begin_nested():
                months.close_month(
                    connection,
                    actor=actor.pseudonym or rewards.SYSTEM,
                    municipality_id=municipality_id,
                    unit=unit,
                    month=month,
                )
        except errors.MonthNotOver as refusal:
            raise NotOver from refusal
        except errors.MonthOutOfOrder as refusal:
            raise OutOfOrder(details={"maand": str(refusal.details["month"])[:7]}) from refusal
        except errors.DoesNotReconcile as refusal:
            raise NotReconciled from refusal
        # behind the closing, which nothing passes: cheques and budgets have sums of their own
        if not months.month_end(connection, municipality_id, unit, month).reconciles:
            raise NotReconciled


def _due(session: Session, municipality_id: int) -> dict[Unit, date]:
    """Per unit the month to close next, in the order of the units."""
    connection = session.connection()
    kept = set(months.units(connection, municipality_id))
    return {unit: months.next_month(connection, municipality_id, unit) for unit in Unit if unit in kept}


def _first_name(session: Session, pseudonyms: set[UUID]) -> str:
    found_names = session.scalars(select(Person.first_name).where(Person.pseudonym.in_(pseudonyms)))
    return " en ".join(sorted(set(found_names)))
