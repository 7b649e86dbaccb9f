"""The promise to askers in working days, as moments that SQL can compare with."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.clock import AMSTERDAM
from app.places.working_days import add_working_days

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Who began to wait at ``late`` or before is past the promise; at ``today`` or before, by the end of today."""

    late: datetime
    today: datetime
    promise_days: int

    def due(self, since: datetime) -> datetime:
        """By when the promise holds for who began to wait then."""
        return add_working_days(since, self.promise_days)


def deadlines(moment: datetime, promise_days: int) -> Deadlines:
    """The two moments, for a promise of so many working days."""
    local = moment.astimezone(AMSTERDAM)
    tonight = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=AMSTERDAM)
    return Deadlines(_latest(moment, promise_days), _latest(tonight, promise_days), promise_days)


def _latest(moment: datetime, promise_days: int) -> datetime:
    """The latest start, to the second, whose promise ends before the moment; a later start never ends earlier."""
    low, high = moment - timedelta(days=2 * promise_days + 21), moment
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        if add_working_days(middle, promise_days) < moment:
            low = middle
        else:
            high = middle
    return low
