"""Who comes first among equals: a keyed hash of the two ids, so that no one can choose an id that wins."""

from uuid import UUID

import numpy as np

from matching.mixing import LOW_64, STEP as STEP, Words, mix as mix, mix_many
from matching.pairs import Pairs
from matching.rows import split


def tie(seed: int, request_id: UUID, offer_id: UUID) -> int:
    """64 bits; the lower one comes first."""
    word = mix(seed & LOW_64)
    for half in (*split(request_id), *split(offer_id)):
        word = mix(word ^ half)
    return word


def tie_many(seed: int, pairs: Pairs) -> Words:
    """The `tie` of each pair."""
    asked, offered = pairs.requests, pairs.offers
    words = np.array([mix(seed & LOW_64)], dtype=np.uint64)
    if asked.single:
        words[0] = mix(mix(int(words[0]) ^ int(asked.id_hi[0])) ^ int(asked.id_lo[0]))
    else:
        words = mix_many(mix_many(words ^ asked.id_hi) ^ asked.id_lo)
    return mix_many(mix_many(words ^ offered.id_hi) ^ offered.id_lo)


def tie_alone(seed: int, high: Words, low: Words) -> Words:
    """64 bits per key, given as its two halves: an order of keys that no one can choose a place in."""
    words = np.array([mix(seed & LOW_64)], dtype=np.uint64)
    for half in (high, low):
        words = mix_many(words ^ half)
    return words
