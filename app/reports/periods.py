"""Months, and half years counted from the first month of the pilot: whole, past, and the same for everybody.

Two readings that overlap could be subtracted. So there is one row of half years for the whole region, and a stretch
that a reader chooses does not exist.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from app.clock import AMSTERDAM

HALF: Final = 6
"""Months."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months; ``until`` is the first day after them."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - timedelta(days=1)

    @property
    def months(self) -> list[date]:
        """The first day of each of its months."""
        return [plus(self.since, number) for number in range(months_between(self.since, self.until))]

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From when until before when, by the clock of Amsterdam."""
        return (
            datetime.combine(self.since, time(), tzinfo=AMSTERDAM),
            datetime.combine(self.until, time(), tzinfo=AMSTERDAM),
        )


def plus(month: date, months: int) -> date:
    """The first day of the month so many months further."""
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def months_between(since: date, until: date) -> int:
    """Whole months from one first day to another."""
    return (until.year - since.year) * 12 + until.month - since.month


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def months_over(since: date, today: date) -> list[Period]:
    """Every month from ``since`` that is over."""
    over = months_between(month_of(since), month_of(today))
    return [Period(plus(since, number), plus(since, number + 1)) for number in range(max(over, 0))]


def halves_over(since: date, today: date) -> list[Period]:
    """Every half year from ``since`` that is over."""
    over = months_between(month_of(since), month_of(today)) // HALF
    return [
        Period(plus(since, HALF * number), plus(since, HALF * (number + 1))) for number in range(max(over, 0))
    ]
