"""The world of `bench.bench_matching` drawn as columns: a million people in seconds."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.cells import STRIDE, cell_of

Array = NDArray[Any]
CATEGORIES = 44
MUNICIPALITIES = 21
HEART = cell_of(51.42, 5.56)


class DrawnWorld:
    """Draws columns around the towns of one region."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self.draw = np.random.default_rng(seed)
        self.half = max(6, round(27 * (size / 100_000) ** 0.25))
        self.towns = self.draw.integers(-self.half, self.half + 1, (2, 30))
        popularity = 1 / (np.arange(CATEGORIES) + 5)
        self.popularity = popularity / popularity.sum()

    def offers(self, size: int) -> dict[str, Array]:
        """People who help, one offer each."""
        draw = self.draw
        several = np.arange(4)[:, None] < draw.integers(1, 5, size)
        one_each = np.uint64(1) << draw.choice(CATEGORIES, (4, size), p=self.popularity).astype(np.uint64)
        return self._shared(size, 0) | {
            "categories": np.bitwise_or.reduce(np.where(several, one_each, np.uint64(0))),
            "slots": self._mask(size, 28, 0.25),
            "minutes_per_week": draw.choice([60, 120, 240, 480], size),
            "radius_km": draw.choice([5, 5, 10, 10, 15, 25], size),
            "languages": self._mask(size, 8, 0.1) | 1,
            "skills": self._mask(size, 10, 0.3),
            "checks": self._mask(size, 8, 0.5),
            "paused": draw.random(size) < 0.05,
            "load_minutes": draw.choice([0, 0, 0, 60, 120], size),
            "load_limit_minutes": draw.choice([120, 240, 480], size),
            "proposals_this_week": draw.choice([0, 0, 0, 1, 1, 2, 3], size),
            "last_proposed_days": np.where(draw.random(size) < 0.5, -1, draw.integers(0, 61, size)),
            "cross_border": draw.random(size) < 0.8,
        }

    def requests(self, size: int) -> dict[str, Array]:
        """People who ask, one request each."""
        draw = self.draw
        return self._shared(size, 1) | {
            "categories": np.uint64(1) << draw.choice(CATEGORIES, size, p=self.popularity).astype(np.uint64),
            "slots": self._mask(size, 28, 0.15) | 1 << draw.integers(0, 28, size),
            "minutes": draw.choice([30, 60, 90, 120], size),
            "max_km": draw.choice([5, 10, 15], size),
            "languages": self._mask(size, 8, 0.05) | 1,
            "skills": self._mask(size, 10, 0.03),
            "checks": self._mask(size, 8, 0.04),
            "urgency": draw.integers(0, 4, size),
            "days_waiting": draw.integers(0, 41, size),
        }

    def _shared(self, size: int, side: int) -> dict[str, Array]:
        person = np.stack([np.full(size, side), np.arange(size)], axis=1).astype(np.uint64)
        town = self.draw.integers(0, 30, size)
        rows, columns = (
            np.clip(at[town] + self.draw.normal(0, 2, size).round().astype(np.int64), -self.half, self.half)
            for at in self.towns
        )
        return {
            "id": self.draw.integers(0, 2**64, (size, 2), dtype=np.uint64),
            "person_id": person,
            "municipality_id": self.draw.integers(1, MUNICIPALITIES + 1, size),
            "cell": HEART + rows * STRIDE + columns,
        }

    def _mask(self, size: int, bits: int, likely: float) -> Array:
        words = np.zeros(size, dtype=np.int64)
        for bit in range(bits):
            words |= (self.draw.random(size) < likely).astype(np.int64) << bit
        return words
