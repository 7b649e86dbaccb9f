"""Dates of a series. Times are Dutch wall-clock times, so a weekly ten o'clock stays ten o'clock in winter."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from app.categories.vocabulary import Frequency
from app.clock import AMSTERDAM

AHEAD = timedelta(days=14)
"""How far ahead an occurrence becomes agreed, with its hold; before that it is planned."""
HORIZON = timedelta(weeks=8)
"""How far ahead occurrences are planned at all."""
FARTHEST = timedelta(days=366)
"""How far ahead two people may agree on a time."""
STEP_DAYS = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14}


def moment(on_date: date, at_time: time) -> datetime:
    """A Dutch date and time in UTC; a time that the clock skips in March is read an hour later."""
    return datetime.combine(on_date, at_time, AMSTERDAM).astimezone(UTC)


def dates(frequency: Frequency, first: date, until: date) -> Iterator[date]:
    """The dates of a series from ``first`` up to and including ``until``; a single one when it is no series."""
    if frequency is Frequency.ONCE:
        yield first
        return
    number = 0
    while (day := _nth(frequency, first, number)) <= until:
        yield day
        number += 1


def _nth(frequency: Frequency, first: date, number: int) -> date:
    if frequency is Frequency.MONTHLY:
        # the same weekday every four weeks: a "monthly" visit that never drifts into a weekend
        return first + timedelta(weeks=4 * number)
    return first + timedelta(days=STEP_DAYS[frequency] * number)
