"""Moments of the past year, said as days ago and minutes of the Dutch day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from app.agreements.calendar import moment
from app.clock import AMSTERDAM

GROWTH = 0.6
"""How much of today's bustle there was a year ago."""
SEASON = (0.95, 1.0, 1.1, 1.2, 1.2, 1.0, 0.7, 0.7, 1.15, 1.15, 1.05, 0.8)
"""How busy each month is, January first: quiet summers and Decembers."""


@dataclass(frozen=True)
class Moments:
    """The year up to ``now`` (UTC)."""

    now: datetime

    @cached_property
    def today(self) -> date:
        """The date on a Dutch wall calendar."""
        return self.now.astimezone(AMSTERDAM).date()

    def at(self, days_ago: float, minute: int) -> datetime:
        """A minute of a day so many whole days ago; a day to come is negative."""
        day = self.today - timedelta(days=int(days_ago))
        return moment(day, time(minute // 60, minute % 60))

    def ago(self, **span: float) -> datetime:
        """So long before now."""
        return self.now - timedelta(**span)

    def past(self, at: datetime) -> datetime:
        """The moment itself, or just before now when it still has to come."""
        return min(at, self.now - timedelta(minutes=7))

    def bustle(self, days_ago: int) -> float:
        """How much is asked on that day, beside other days: the season, and growth over the year."""
        month = (self.today - timedelta(days=days_ago)).month
        return SEASON[month - 1] * (1 - (1 - GROWTH) * days_ago / 365)

    def days_ago(self, at: datetime) -> int:
        """Whole calendar days since then; negative for what is to come."""
        return (self.today - at.astimezone(AMSTERDAM).date()).days
