"""A stream of random numbers that the kernel makes too."""

from matching.rows import LOW_64
from matching.ties import STEP, mix


class Draw:
    """SplitMix64 (Steele, Lea and Flood, 2014)."""

    def __init__(self, seed: int) -> None:
        self._state = seed & LOW_64

    def below(self, bound: int) -> int:
        """A number under the bound (at most 2**31)."""
        word = mix(self._state)
        self._state = (self._state + STEP) & LOW_64
        return (word >> 32) * bound >> 32
