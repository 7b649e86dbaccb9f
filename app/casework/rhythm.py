"""When one talks about help that lasts: soon at first, then weekly, then every fortnight. Pure, and once in SQL."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, repeat
from typing import Final

FIRST_DAYS: Final = 2
WEEKLY: Final = 4
"""How often weekly, after the first."""
WEEK_DAYS, FORTNIGHT_DAYS = 7, 14


def steps() -> Iterator[int]:
    """Days from one talk to the next: 2, four times 7, then 14 for ever."""
    return chain((FIRST_DAYS,), repeat(WEEK_DAYS, WEEKLY), repeat(FORTNIGHT_DAYS))


def due(started_on: date, held: Sequence[date], until: date, ended_on: date | None = None) -> list[date]:
    """The days up to ``until`` on which a talk is due and was not held yet.

    A talk that was held sets the next one from its own day; one that was missed leaves the rhythm as it was. After
    the help ended nothing is due any more.
    """
    last = until if ended_on is None else min(until, ended_on)
    cursor = started_on
    found: list[date] = []
    for number, days in enumerate(steps()):
        if number < len(held):
            cursor = held[number]
            continue
        cursor += timedelta(days=days)
        if cursor > last:
            return found
        found.append(cursor)
    raise AssertionError("the rhythm never ends")  # pragma: no cover
