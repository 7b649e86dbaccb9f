"""Working days and calendar days, counted on the clock of Amsterdam.

A promise made on a day off starts to run at the first minute of the next working day: one working day from
Saturday 12:00 ends on Tuesday 00:00. The clock on the wall counts: 14:00 stays 14:00 when summer time begins.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from app.clock import AMSTERDAM

MOST_DAYS = 1000
"""More than this in one go is a mistake, not a deadline."""

_ONE_DAY = timedelta(days=1)


def add_working_days(start: datetime, days: int) -> datetime:
    """The moment so many working days on, in Amsterdam's time; 0 days only leaves a day off.

    Raises ValueError for a start without a zone, and for fewer than 0 or more than MOST_DAYS days.
    """
    local = _local(start, days)
    day, at = local.date(), local.time()
    if not is_working_day(day):
        day, at = _next_working_day(day), time()
    for _ in range(days):
        day = _next_working_day(day)
    return _on_the_wall(day, at, local.fold)


def add_calendar_days(start: datetime, days: int) -> datetime:
    """The same time on the wall, so many days on, in Amsterdam's time.

    A time that the change to summer time skips becomes the one an hour later. Raises ValueError as
    ``add_working_days`` does.
    """
    local = _local(start, days)
    return _on_the_wall(local.date() + days * _ONE_DAY, local.time(), local.fold)


def is_working_day(day: date) -> bool:
    """Monday to Friday, unless a holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Days on which a municipality's offices are closed.

    Bevrijdingsdag counts in years that divide by five, and Good Friday never: so most offices have it. King's
    Day is the 27th of April, or the 26th when that is a Sunday.
    """
    easter = easter_sunday(year)
    kings_day = date(year, 4, 27)
    days = {
        date(year, 1, 1),
        easter,
        easter + 1 * _ONE_DAY,
        kings_day - _ONE_DAY if kings_day.weekday() == 6 else kings_day,
        easter + 39 * _ONE_DAY,  # Hemelvaart
        easter + 49 * _ONE_DAY,  # Pinksteren, both days
        easter + 50 * _ONE_DAY,
        date(year, 12, 25),
        date(year, 12, 26),
    }
    if year % 5 == 0:
        days.add(date(year, 5, 5))
    return frozenset(days)


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar, by Gauss's rule with its two exceptions."""
    century = year // 100
    moon_shift = (15 - (13 + 8 * century) // 25 + century - century // 4) % 30
    week_shift = (4 + century - century // 4) % 7
    full_moon = (19 * (year % 19) + moon_shift) % 30
    to_sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * full_moon + week_shift) % 7
    after_22_march = full_moon + to_sunday
    late_moon = (full_moon == 29 and to_sunday == 6) or (
        full_moon == 28 and to_sunday == 6 and (11 * moon_shift + 11) % 30 < 19
    )
    return date(year, 3, 22) + (after_22_march - 7 * late_moon) * _ONE_DAY


def _next_working_day(day: date) -> date:
    day += _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def _local(start: datetime, days: int) -> datetime:
    if start.tzinfo is None:
        raise ValueError("a moment without a zone")
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"days must be 0 to {MOST_DAYS}")
    return start.astimezone(AMSTERDAM)


def _on_the_wall(day: date, at: time, fold: int) -> datetime:
    moment = datetime.combine(day, at, tzinfo=AMSTERDAM).replace(fold=fold)
    # Through UTC and back: a time that does not exist becomes the one that the clock really shows.
    return moment.astimezone(UTC).astimezone(AMSTERDAM)
