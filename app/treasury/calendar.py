"""Months as the treasurer counts them, and the municipalities by name."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import AMSTERDAM, now
from app.places.models import Municipality


def this_month(session: Session) -> date:
    """The first day of the month that runs, in Amsterdam."""
    return now(session).astimezone(AMSTERDAM).date().replace(day=1)


def last_month(session: Session) -> date:
    """The first day of the month that ended last."""
    return (this_month(session) - timedelta(days=1)).replace(day=1)


def following(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def names(session: Session) -> dict[int, str]:
    """Names of the municipalities, by their codes."""
    return {row[0]: row[1] for row in session.execute(select(Municipality.id, Municipality.name))}
