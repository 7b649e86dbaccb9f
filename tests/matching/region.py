"""A region of 100,000 rows, drawn as columns, crowded enough for every rule and term to decide many answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any
from uuid import UUID

import numpy as np

from matching.borders import Borders
from matching.cells import STRIDE
from matching.columns import Array
from matching.rows import joined
from tests.matching.worlds import GELDROP

BORDERS = Borders([(1, 2), (2, 3), (1, 3)])
"""Municipality 4 agrees with nobody."""
HALF_KM = 24


@dataclass(frozen=True)
class Drawn:
    """Columns of offers or requests, and whom their rows exclude."""

    columns: dict[str, Array]
    excluded: dict[int, frozenset[UUID]]

    def person(self, number: int) -> UUID:
        """Whose row it is."""
        return joined(*self.columns["person_id"][number].tolist())


def _mask(draw: np.random.Generator, size: int, bits: int, likely: float) -> Array:
    """Each bit set with a likelihood."""
    words = (draw.random((bits, size)) < likely).astype(np.int64)
    return reduce(np.bitwise_or, (words[bit] << bit for bit in range(bits)))


def _shared(draw: np.random.Generator, size: int, people: int) -> dict[str, Any]:
    middle = draw.integers(-HALF_KM, HALF_KM, (2, 25))
    town = draw.integers(0, 25, size)
    rows, columns = (
        np.clip(each[town] + draw.normal(0, 3, size).round(), -HALF_KM, HALF_KM) for each in middle
    )
    person = np.zeros((size, 2), dtype=np.uint64)
    person[:, 1] = draw.integers(0, people, size)
    return {
        "id": draw.integers(0, 2**64, (size, 2), dtype=np.uint64),
        "person_id": person,
        "municipality_id": draw.choice([1, 2, 3, 4], size, p=[0.4, 0.3, 0.2, 0.1]),
        "cell": (GELDROP + rows * STRIDE + columns).astype(np.int64),
        "slots": _mask(draw, size, 28, 0.15),
        "languages": _mask(draw, size, 5, 0.3) | (draw.random(size) < 0.9),
        "kinds": draw.choice([1, 2, 3, 4, 12], size, p=[0.3, 0.2, 0.4, 0.05, 0.05]),
        "organisation": draw.choice([0, 1, 2], size, p=[0.8, 0.1, 0.1]),
        "gender": draw.choice([0, 1, 2, 3], size, p=[0.4, 0.3, 0.25, 0.05]),
        "cross_border": draw.random(size) < 0.8,
    }


def draw_offers(draw: np.random.Generator, size: int, people: int) -> Drawn:
    """Helpers with one or more offers each."""
    categories = np.uint64(1) << draw.integers(0, 12, (3, size)).astype(np.uint64)
    columns = _shared(draw, size, people) | {
        "categories": np.bitwise_or.reduce(categories),
        "minutes_per_week": draw.choice([30, 60, 120, 240], size),
        "radius_km": draw.choice([3, 5, 10, 15, 25], size),
        "skills": _mask(draw, size, 8, 0.5),
        "checks": _mask(draw, size, 4, 0.7),
        "paused": draw.random(size) < 0.06,
        "resting": draw.random(size) < 0.06,
        "load_minutes": draw.choice([0, 0, 30, 90], size),
        "load_limit_minutes": draw.choice([60, 120, 240], size),
        "proposals_this_week": draw.integers(0, 5, size),
        "proposal_cap": draw.choice([3, 4], size),
        "last_proposed_days": draw.integers(-1, 40, size),
    }
    return Drawn(columns, {})


def draw_requests(draw: np.random.Generator, size: int, people: int) -> Drawn:
    """Askers, some of whom help too."""
    columns = _shared(draw, size, people) | {
        "categories": np.uint64(1) << draw.integers(0, 12, size).astype(np.uint64),
        "minutes": draw.choice([30, 60, 120], size),
        "max_km": draw.choice([3, 5, 10, 15], size),
        "skills": _mask(draw, size, 8, 0.05),
        "skills_wished": _mask(draw, size, 8, 0.3),
        "checks": _mask(draw, size, 4, 0.15),
        "urgency": draw.integers(0, 4, size),
        "vulnerable": draw.random(size) < 0.3,
        "days_waiting": draw.integers(0, 40, size),
        "gender": draw.choice([0, 1, 2, 3], size, p=[0.85, 0.08, 0.06, 0.01]),
    }
    return Drawn(columns, {})


def entangled(
    asking: Sequence[Any], answers: list[list[UUID]], drawn: Drawn
) -> tuple[list[Any], dict[int, frozenset[UUID]]]:
    """Oneself and exclusions of both sides among those who would be found: first, third and fourth of answers."""
    numbers = {joined(high, low): at for at, (high, low) in enumerate(drawn.columns["id"].tolist())}
    excluded: dict[int, frozenset[UUID]] = {}
    changed = []
    for row, answer in zip(asking, answers, strict=True):
        if len(answer) < 4:
            changed.append(row)
            continue
        first, third, fourth = (numbers[answer[place]] for place in (0, 2, 3))
        row = replace(row, person_id=drawn.person(first), excluded=frozenset([drawn.person(third)]))
        excluded[fourth] = excluded.get(fourth, frozenset()) | {row.person_id}
        changed.append(row)
    return changed, excluded
