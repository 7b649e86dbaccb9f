"""How urgent a request is, in a municipality's own points."""

from collections.abc import Mapping
from typing import Final

from matching.batch.types import HIGHEST_TIER, Priorities
from matching.borders import HIGHEST_MUNICIPALITY
from matching.errors import NotWhole, OutOfRange
from matching.types import Request
from matching.validation import is_whole

DAYS_PER_WEEK: Final = 7
MOST_WEEKS: Final = 4
DEFAULT: Final = Priorities()


def tier(request: Request, priorities: Priorities = DEFAULT) -> int:
    """0..15, the highest served first: points for urgency, whole weeks of waiting and vulnerability."""
    weeks = min(request.days_waiting // DAYS_PER_WEEK, MOST_WEEKS)
    points = priorities.urgency * request.urgency + priorities.waiting * weeks
    return min(points + (priorities.vulnerable if request.vulnerable else 0), HIGHEST_TIER)


def check_priorities(by_municipality: Mapping[int, Priorities]) -> None:
    """Raises NotWhole or OutOfRange, naming the municipality's number in the field."""
    for municipality, priorities in by_municipality.items():
        if not 1 <= municipality <= HIGHEST_MUNICIPALITY:
            raise OutOfRange(None, "municipality_id", municipality)
        for name in ("urgency", "vulnerable", "waiting"):
            points = getattr(priorities, name)
            if not is_whole(points):
                raise NotWhole(None, f"priorities of municipality {municipality}: {name}", points)
            if not 0 <= points <= HIGHEST_TIER:
                raise OutOfRange(None, f"priorities of municipality {municipality}: {name}", points)
