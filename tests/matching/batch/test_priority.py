"""The tier of a request: points for urgency, weeks of waiting and vulnerability, as its municipality sets them."""

import pytest

from matching.batch.priority import tier
from matching.batch.types import HIGHEST_TIER, Priorities
from tests.matching.worlds import a_request


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 0),
        ({"urgency": 3}, 6),
        ({"vulnerable": True}, 3),
        ({"days_waiting": 6}, 0),
        ({"days_waiting": 7}, 1),
        ({"days_waiting": 27}, 3),
        ({"days_waiting": 400}, 4),
        ({"urgency": 3, "vulnerable": True, "days_waiting": 400}, 13),
    ],
)
def test_the_usual_points(changes: dict[str, int], expected: int) -> None:
    assert tier(a_request(**changes), Priorities()) == expected


def test_own_points_count_and_end_at_the_highest_tier() -> None:
    request = a_request(urgency=2, vulnerable=True, days_waiting=14)

    assert tier(request, Priorities(urgency=1, vulnerable=0, waiting=3)) == 8
    assert tier(request, Priorities(urgency=9)) == HIGHEST_TIER
