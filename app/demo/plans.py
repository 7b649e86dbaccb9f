"""What becomes of each of the four hundred requests: how many of each kind, when, and in whose municipality."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from app.categories.vocabulary import Kind
from app.demo.desks import HELMOND, HOME
from app.demo.moments import Moments
from app.demo.world import Resident

REQUESTS = 400
"""All of them; what `lately` tells comes out of this number too."""


class Fate(StrEnum):
    """How a request stands today."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEW = "new"
    LATE = "late"
    WILLING = "willing"
    MEETING = "meeting"
    PARTIAL = "partial"
    COMING = "coming"
    SERIES = "series"
    DONE = "done"
    DONE_SERIES = "done_series"
    DONE_SEVERAL = "done_several"
    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    PAUSED = "paused"
    REFERRED = "referred"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sort:
    """How many requests share a fate, how many of those at home, and how many days ago they were posted."""

    count: int
    at_home: int
    since: tuple[int, int]


SORTS = {
    Fate.DRAFT: Sort(7, 1, (1, 20)),
    Fate.SUBMITTED: Sort(9, 2, (1, 3)),
    Fate.NEW: Sort(6, 2, (1, 2)),
    Fate.LATE: Sort(14, 4, (5, 52)),
    Fate.WILLING: Sort(19, 4, (3, 46)),
    Fate.MEETING: Sort(6, 1, (4, 20)),
    Fate.PARTIAL: Sort(6, 1, (6, 44)),
    Fate.COMING: Sort(25, 3, (5, 38)),
    Fate.SERIES: Sort(48, 5, (25, 364)),
    Fate.UNCONFIRMED: Sort(7, 2, (12, 28)),
    Fate.DISPUTED: Sort(3, 1, (14, 30)),
    Fate.DONE: Sort(150, 18, (14, 364)),
    Fate.DONE_SERIES: Sort(28, 3, (100, 364)),
    Fate.DONE_SEVERAL: Sort(12, 1, (20, 340)),
    Fate.PAUSED: Sort(8, 1, (12, 50)),
    Fate.REFERRED: Sort(8, 1, (6, 200)),
    Fate.EXPIRED: Sort(8, 1, (64, 300)),
    Fate.WITHDRAWN: Sort(7, 1, (6, 300)),
    Fate.CLOSED: Sort(8, 1, (60, 300)),
}
RARE = (28, 13, 14, 15, 18, 19, 21, 25, 27, 29, 30, 32, 33, 34, 35, 36, 37, 38, 40, 42)
"""Categories that chance might forget; each is asked at least once, also where nobody was found."""
WITHOUT_HELPER = (Fate.LATE, Fate.REFERRED, Fate.EXPIRED, Fate.WITHDRAWN)
FILLED = (Fate.COMING, Fate.SERIES, Fate.UNCONFIRMED, Fate.DISPUTED)
ENDED = (Fate.DONE, Fate.DONE_SERIES, Fate.DONE_SEVERAL)
LASTING = (Fate.SERIES, Fate.DONE_SERIES, Fate.CLOSED)
NEEDS_HELPER = {Fate.WILLING, Fate.MEETING, Fate.PARTIAL, *FILLED, *ENDED, Fate.CLOSED}


@dataclass(slots=True, kw_only=True)
class Plan:
    """One request to come. What is left open falls by chance."""

    fate: Fate
    days_ago: int
    municipality_id: int | None = None
    asker: Resident | None = None
    helper: Resident | None = None
    category: int | None = None
    title: str = ""
    body: str = ""
    willing: int = 0
    any_day: bool = False
    kind: Kind | None = None


def plans(random: Random, moments: Moments, told: list[Plan]) -> list[Plan]:
    """The told ones among them, the oldest first; with those of `lately` they are four hundred."""
    made = list(told)
    for fate, sort in SORTS.items():
        already = sum(plan.fate is fate for plan in told)
        # what is told of the personas comes on top of the makelaar's queue, not out of it
        for number in range(sort.count - already):
            where = HOME if number < sort.at_home else HELMOND if number == sort.at_home else None
            made.append(Plan(fate=fate, days_ago=_day(random, moments, sort.since), municipality_id=where))
    free = [plan for plan in made if plan.fate in WITHOUT_HELPER and plan.municipality_id is None]
    for plan, category in zip(free[:: max(len(free) // len(RARE), 1)], RARE, strict=False):
        plan.category = category
    return sorted(made, key=lambda plan: -plan.days_ago)


def _day(random: Random, moments: Moments, since: tuple[int, int]) -> int:
    days = range(since[0], since[1] + 1)
    return random.choices(days, [moments.bustle(day) for day in days])[0]
