"""The score of a matching pair: whole-number terms that add up to it, the same seen from either side.

The weights are in points; 20 points are worth one kilometre. "Aan de beurt" (TURN) may outweigh 4.5 km, so
that among near-equals whoever was left alone longest comes first. URGENCY, VULNERABLE and WAITING are equal
for all helpers of one request: they rank the requests shown to a helper.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.columns import Array
from matching.pairs import Pair, Pairs
from matching.rows import SKILL_MASK
from matching.types import Offer, Request

Scores = NDArray[np.int32]


class Term(IntEnum):
    """The parts of a score."""

    __hash__ = int.__hash__  # an enumeration's own is a call into Python, eleven for every explanation

    NEAR = 1
    """0..400: one point less per 50 m between the two cells, none beyond 20 km."""
    NEIGHBOURS = 2
    """40 for the same cell."""
    TIME = 3
    """20 per shared weekly time slot, at most 120."""
    SKILLS = 4
    """30 per skill that is welcome without being needed, at most 120."""
    LANGUAGE = 5
    """20 per shared language after the first, at most 40."""
    TURN = 6
    """0..90: 3 per day since the helper was last proposed; 90 if never."""
    LOAD = 7
    """-100..0: the share, in percent, of the helper's weekly limit that is already promised."""
    ASKED = 8
    """-30 for each proposal that the helper had this week, at least -150."""
    URGENCY = 9
    """60 per level of urgency: 0..180."""
    VULNERABLE = 10
    """60 when the asker is vulnerable."""
    WAITING = 11
    """0..120: 4 per day of waiting."""


NEAR_POINTS, METRES_PER_POINT = 400, 50
NEIGHBOUR_POINTS: Final = 40
SLOT_POINTS, MOST_SLOTS = 20, 6
SKILL_POINTS, MOST_SKILLS = 30, 4
LANGUAGE_POINTS, MOST_LANGUAGES = 20, 2
TURN_POINTS, MOST_TURN_DAYS = 3, 30
FULL_LOAD_POINTS: Final = 100
ASKED_POINTS, MOST_ASKED = 30, 5
URGENCY_POINTS: Final = 60
VULNERABLE_POINTS: Final = 60
WAITING_POINTS, MOST_WAITING_DAYS = 4, 30


def _load(offer: Offer) -> int:
    return -min(FULL_LOAD_POINTS, FULL_LOAD_POINTS * offer.load_minutes // max(offer.load_limit_minutes, 1))


def _turn(offer: Offer) -> int:
    days = offer.last_proposed_days
    return TURN_POINTS * (MOST_TURN_DAYS if days is None else min(days, MOST_TURN_DAYS))


def _language(pair: Pair) -> int:
    more = max((pair.request.languages & pair.offer.languages).bit_count() - 1, 0)
    return LANGUAGE_POINTS * min(more, MOST_LANGUAGES)


def _skills(pair: Pair) -> int:
    return SKILL_POINTS * min((pair.request.skills_wished & pair.offer.skills).bit_count(), MOST_SKILLS)


POINTS: Final[dict[Term, Callable[[Pair], int]]] = {
    Term.NEAR: lambda p: max(NEAR_POINTS - p.distance_m // METRES_PER_POINT, 0),
    Term.NEIGHBOURS: lambda p: NEIGHBOUR_POINTS if p.request.cell == p.offer.cell else 0,
    Term.TIME: lambda p: SLOT_POINTS * min((p.request.slots & p.offer.slots).bit_count(), MOST_SLOTS),
    Term.SKILLS: _skills,
    Term.LANGUAGE: _language,
    Term.TURN: lambda p: _turn(p.offer),
    Term.LOAD: lambda p: _load(p.offer),
    Term.ASKED: lambda p: -ASKED_POINTS * min(p.offer.proposals_this_week, MOST_ASKED),
    Term.URGENCY: lambda p: URGENCY_POINTS * p.request.urgency,
    Term.VULNERABLE: lambda p: VULNERABLE_POINTS if p.request.vulnerable else 0,
    Term.WAITING: lambda p: WAITING_POINTS * min(p.request.days_waiting, MOST_WAITING_DAYS),
}


def terms(request: Request, offer: Offer) -> dict[Term, int]:
    """The parts of the score of a pair."""
    pair = Pair(request, offer)
    return {term: points(pair) for term, points in POINTS.items()}


def score(request: Request, offer: Offer) -> int:
    """The sum of `terms`."""
    return sum(terms(request, offer).values())


def _capped_bits(mask: Array, most: int) -> Array:
    return np.minimum(np.bitwise_count(mask), np.uint8(most))


def _times_many(points: int, counts: Array) -> Scores:
    return np.multiply(counts, points, dtype=np.int32)


def _language_many(pairs: Pairs) -> Scores:
    shared = _capped_bits(pairs.requests.languages & pairs.offers.languages, MOST_LANGUAGES + 1)
    return _times_many(LANGUAGE_POINTS, np.maximum(shared, np.uint8(1)) - np.uint8(1))


def _skills_many(pairs: Pairs) -> Scores:
    welcome = pairs.offers.bits & np.bitwise_and(pairs.requests.skills_wished, np.uint64(SKILL_MASK))
    return _times_many(SKILL_POINTS, _capped_bits(welcome, MOST_SKILLS))


def _slots_many(pairs: Pairs) -> Scores:
    shared = _capped_bits(pairs.requests.slots & pairs.offers.slots_kinds, MOST_SLOTS)
    return _times_many(SLOT_POINTS, shared)


def _load_many(pairs: Pairs) -> Scores:
    percent = FULL_LOAD_POINTS * pairs.offers.load // np.maximum(pairs.offers.load_limit, 1)
    load: Scores = -np.minimum(FULL_LOAD_POINTS, percent)
    return load


POINTS_MANY: Final[dict[Term, Callable[[Pairs], Scores]]] = {
    Term.NEAR: lambda p: np.maximum(NEAR_POINTS - p.distance_m // METRES_PER_POINT, 0),
    Term.NEIGHBOURS: lambda p: NEIGHBOUR_POINTS * (p.requests.cell == p.offers.cell).astype(np.int32),
    Term.TIME: _slots_many,
    Term.SKILLS: _skills_many,
    Term.LANGUAGE: _language_many,
    Term.TURN: lambda p: TURN_POINTS * np.minimum(p.offers.last_proposed, MOST_TURN_DAYS),
    Term.LOAD: _load_many,
    Term.ASKED: lambda p: -ASKED_POINTS * np.minimum(p.offers.proposals, MOST_ASKED),
    Term.URGENCY: lambda p: URGENCY_POINTS * p.requests.urgency,
    Term.VULNERABLE: lambda p: VULNERABLE_POINTS * p.requests.vulnerable.astype(np.int32),
    Term.WAITING: lambda p: WAITING_POINTS * np.minimum(p.requests.days_waiting, MOST_WAITING_DAYS),
}


def terms_many(pairs: Pairs) -> dict[Term, Scores]:
    """Per term an int32 array over the pairs: the vectorised `terms`."""
    return {term: pairs.full(points(pairs)) for term, points in POINTS_MANY.items()}


def score_many(pairs: Pairs) -> Scores:
    """int32 per pair: the sum of `terms_many`."""
    total, same = np.zeros(len(pairs), dtype=np.int32), 0
    for points in (term(pairs) for term in POINTS_MANY.values()):
        if len(points) == 1:
            same += int(points[0])
        else:
            total += points
    return total + np.int32(same)
