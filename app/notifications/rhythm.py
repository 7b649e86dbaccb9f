"""When what was kept goes out together: a digest or a letter, by the clock on a Dutch wall.

A digest follows what happens. Each day from eight o'clock when there is enough to tell, else a day later; each Monday
for who wants it weekly, and sooner when very much came. Nothing goes out at night.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from app.clock import AMSTERDAM
from app.notifications.groups import Way

MORNING: Final = time(8)
EVENING: Final = time(20)
ENOUGH: Final = 3
"""So many things make a mail of the day; fewer wait for one day more."""
MUCH: Final = 8
"""So many things do not wait for Monday."""
MONDAY: Final = 0
SATURDAY: Final = 5


def is_decent(moment: datetime) -> bool:
    """Whether somebody may be written to now without waking them."""
    return MORNING <= moment.astimezone(AMSTERDAM).time() < EVENING


def last_morning(moment: datetime, *, monday: bool = False) -> datetime:
    """The last time that it was eight o'clock, on any day or on a Monday."""
    local = moment.astimezone(AMSTERDAM)
    day = local.date() if local.time() >= MORNING else local.date() - timedelta(days=1)
    if monday:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    return datetime.combine(day, MORNING, AMSTERDAM)


def is_due(way: Way, told: Sequence[datetime], moment: datetime, *, must: bool = False) -> bool:
    """Whether what was told at these moments, and waits, goes out now. ``must``: something in it cannot wait."""
    if not told or not is_decent(moment):
        return False
    today, oldest = last_morning(moment), min(told)
    waits = sum(1 for one in told if one < today)
    if way is Way.DAY:
        return waits >= ENOUGH or (must and waits > 0) or oldest < today - timedelta(days=1)
    if way is Way.LETTER and must and moment.astimezone(AMSTERDAM).weekday() < SATURDAY:
        return waits > 0
    return waits >= MUCH or oldest < last_morning(moment, monday=True)
