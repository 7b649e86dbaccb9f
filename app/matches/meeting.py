"""Whether two people may meet here at all: neither blocked the other, and neither is suspended.

A block holds for whoever acts for one of the two as well: what is agreed in another's name, they read.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Forbidden


class Suspended(Forbidden):
    """This person may not ask or offer for now; they read why, and may appeal."""

    code = "suspended"


def hold(session: Session, one: UUID, other: UUID) -> bool:
    """The answer, with both held until the transaction ends: who blocks or suspends now comes before or after."""
    return bool(session.execute(select(func.hold_two(one, other))).scalar_one())


def may(session: Session, one: UUID, other: UUID) -> bool:
    """The same without holding anybody."""
    return not bool(session.execute(select(func.are_apart(one, other))).scalar_one())


def blocked(session: Session, one: UUID, other: UUID) -> bool:
    """Whether either of the two blocked the other: then no words go from one to the other."""
    return bool(session.execute(select(func.are_blocked(one, other))).scalar_one())


def refuse_suspended(session: Session, person_id: UUID) -> None:
    """Raises Suspended."""
    if suspended(session, person_id):
        raise Suspended


def suspended(session: Session, person_id: UUID) -> bool:
    """Whether somebody may not take part for now, under their own name or another's."""
    return bool(session.execute(select(func.is_suspended(person_id))).scalar_one())
