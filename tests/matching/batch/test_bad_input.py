"""What cannot be assigned is refused by name, and what is merely empty has an empty answer."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from matching.batch.assign import assign
from matching.batch.check import why_wrong
from matching.batch.instance import check_fits
from matching.batch.types import Priorities, Region, Without
from matching.errors import (
    BadRow,
    DuplicateId,
    NotWhole,
    OutOfRange,
    OutsideTheWorld,
    TooLarge,
    UnknownCategory,
    UnknownRow,
)
from tests.matching.worlds import OFFER, REQUEST

NOBODY = UUID(int=99)
ENDLESS: Any = math.inf
NO_NUMBER: Any = math.nan
GOOD: dict[str, Any] = {"requests": [REQUEST], "offers": [OFFER]}


@pytest.mark.parametrize("missing", [(), ("requests",), ("offers",), ("requests", "offers")])
def test_a_region_without_one_side_has_a_right_answer(missing: tuple[str, ...]) -> None:
    region = Region(**GOOD | {key: [] for key in missing})

    answer = assign(region)

    assert bool(answer.assigned) is not bool(missing)
    assert [each.why for each in answer.unserved] == ([Without.NOBODY_FITS] if missing == ("offers",) else [])
    assert answer.certificate.proven
    assert why_wrong(region, answer) is None


def test_no_capacity_is_no_helper() -> None:
    answer = assign(Region(**GOOD, capacities={OFFER.person_id: 0}))

    assert answer.assigned == ()
    assert answer.unserved[0].why is Without.NOBODY_FITS


def test_no_places_is_no_request() -> None:
    answer = assign(Region(**GOOD, places={REQUEST.id: 0}))

    assert (answer.assigned, answer.unserved, answer.first_come) == ((), (), 0)


def test_more_places_than_there_are_people_stay_empty() -> None:
    answer = assign(Region(**GOOD, places={REQUEST.id: 2**31 - 1}, capacities={OFFER.person_id: 2**31 - 1}))

    assert len(answer.assigned) == 1
    assert answer.unserved[0].places == 2**31 - 2


def test_no_slot_in_common_leaves_all_without() -> None:
    answer = assign(Region(requests=[REQUEST], offers=[replace(OFFER, slots=0b1000_0000)]))

    assert answer.assigned == ()
    assert answer.unserved[0].why is Without.NOBODY_FITS


def test_room_of_somebody_without_an_offer_changes_nothing() -> None:
    assert assign(Region(**GOOD, capacities={NOBODY: 3})) == assign(Region(**GOOD))


REFUSED: dict[str, tuple[Callable[[], Region], type[BadRow], UUID | None]] = {
    "a request twice": (lambda: Region(requests=[REQUEST] * 2, offers=[OFFER]), DuplicateId, REQUEST.id),
    "an offer twice": (lambda: Region(requests=[REQUEST], offers=[OFFER] * 2), DuplicateId, OFFER.id),
    "negative places": (lambda: Region(**GOOD, places={REQUEST.id: -1}), OutOfRange, REQUEST.id),
    "negative room": (lambda: Region(**GOOD, capacities={OFFER.person_id: -1}), OutOfRange, OFFER.person_id),
    "endless room": (
        lambda: Region(**GOOD, capacities={OFFER.person_id: ENDLESS}),
        NotWhole,
        OFFER.person_id,
    ),
    "no number of places": (
        lambda: Region(**GOOD, places={REQUEST.id: NO_NUMBER}),
        NotWhole,
        REQUEST.id,
    ),
    "places of a request that is not there": (lambda: Region(**GOOD, places={NOBODY: 2}), UnknownRow, NOBODY),
    "a municipality that cannot be": (
        lambda: Region(**GOOD, priorities={0: Priorities()}),
        OutOfRange,
        None,
    ),
    "points below nothing": (
        lambda: Region(**GOOD, priorities={1771: Priorities(urgency=-1)}),
        OutOfRange,
        None,
    ),
    "points that are no number": (
        lambda: Region(**GOOD, priorities={1771: Priorities(waiting=NO_NUMBER)}),
        NotWhole,
        None,
    ),
    "a request outside the world": (
        lambda: Region(requests=[replace(REQUEST, cell=-1)], offers=[OFFER]),
        OutsideTheWorld,
        REQUEST.id,
    ),
    "a request of no category, without places": (
        lambda: Region(requests=[replace(REQUEST, category=64)], offers=[OFFER], places={REQUEST.id: 0}),
        UnknownCategory,
        REQUEST.id,
    ),
    "an offer of no category": (
        lambda: Region(requests=[], offers=[replace(OFFER, categories=(3, -1))]),
        UnknownCategory,
        OFFER.id,
    ),
    "an offer in no municipality": (
        lambda: Region(requests=[], offers=[replace(OFFER, municipality_id=0)]),
        OutOfRange,
        OFFER.id,
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_fault_is_refused_by_name(fault: str) -> None:
    region, error, row_id = REFUSED[fault]

    with pytest.raises(error) as refused:
        assign(region())

    assert refused.value.row_id == row_id


def test_numbers_that_would_not_fit_are_refused() -> None:
    check_fits(step=1, filled=0, quality=0)
    check_fits(step=1_500 * 10**6 + 1, filled=10**6, quality=1_500)

    with pytest.raises(TooLarge, match="over 64 bits"):
        check_fits(step=1_500 * 10**8 + 1, filled=10**8, quality=1_500)
