"""Who comes first among equals: a keyed hash of the two ids, so that no one can choose an id that wins.

The mixing step is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
"""

from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from matching.pairs import Pairs
from matching.rows import LOW_64, split

Words = NDArray[np.uint64]

_STEP: Final = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def _mix(word: int) -> int:
    word = (word + _STEP) & LOW_64
    word = ((word ^ word >> 30) * _FIRST) & LOW_64
    word = ((word ^ word >> 27) * _SECOND) & LOW_64
    return word ^ word >> 31


def tie(seed: int, request_id: UUID, offer_id: UUID) -> int:
    """64 bits; the lower one comes first."""
    word = _mix(seed & LOW_64)
    for half in (*split(request_id), *split(offer_id)):
        word = _mix(word ^ half)
    return word


def _mix_many(words: Words) -> Words:
    words = words + np.uint64(_STEP)
    words = (words ^ words >> np.uint64(30)) * np.uint64(_FIRST)
    words = (words ^ words >> np.uint64(27)) * np.uint64(_SECOND)
    mixed: Words = words ^ words >> np.uint64(31)
    return mixed


def tie_many(seed: int, pairs: Pairs) -> Words:
    """The `tie` of each pair."""
    words = np.array([_mix(seed & LOW_64)], dtype=np.uint64)
    asked, offered = pairs.requests, pairs.offers
    for half in (asked.id_hi, asked.id_lo, offered.id_hi, offered.id_lo):
        words = _mix_many(words ^ half)
    return words


def tie_alone(seed: int, high: Words, low: Words) -> Words:
    """64 bits per key, given as its two halves: an order of keys that no one can choose a place in."""
    words = np.array([_mix(seed & LOW_64)], dtype=np.uint64)
    for half in (high, low):
        words = _mix_many(words ^ half)
    return words
