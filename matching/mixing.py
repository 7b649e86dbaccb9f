"""The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): 64 bits in, 64 well-mixed bits out."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

LOW_64: Final = 2**64 - 1
STEP: Final = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(word: int) -> int:
    """One word."""
    word = (word + STEP) & LOW_64
    word = ((word ^ word >> 30) * _FIRST) & LOW_64
    word = ((word ^ word >> 27) * _SECOND) & LOW_64
    return word ^ word >> 31


def mix_many(words: Words) -> Words:
    """Each of many words."""
    words = words + np.uint64(STEP)
    words ^= words >> np.uint64(30)
    words *= np.uint64(_FIRST)
    words ^= words >> np.uint64(27)
    words *= np.uint64(_SECOND)
    words ^= words >> np.uint64(31)
    return words
