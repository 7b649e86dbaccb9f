"""The best of what fits, with numpy: the meaning of the kernel's search, and its stand-in where there is none."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, cast
from uuid import UUID

import numpy as np

from matching.columns import Array, Records, View
from matching.keys import ABSENT
from matching.pairs import Pairs
from matching.score import Term, score_many, terms_many
from matching.store import Store
from matching.ties import tie_many
from matching.types import Match, Row

match_of: Final = partial(tuple.__new__, Match)
"""A match of its five values, in two thirds of the time that calling the class takes."""


def best(pairs: Pairs, own_id: UUID, k: int, seed: int, *, once_per_person: bool) -> list[Match]:
    """The k best of fitting pairs with a single side, that side's id given; best first.

    Ranks only as many as are needed: all pairs that score at least what the last one needed scores.
    """
    scores = score_many(pairs)
    wanted = k
    while True:
        at_least = np.partition(scores, -wanted)[-wanted] if 0 < wanted < len(scores) else None
        chosen = np.arange(len(scores)) if at_least is None else np.flatnonzero(scores >= at_least)
        ranked = _ranked(pairs.where(chosen), scores[chosen], seed)
        matches = _matches(pairs, own_id, scores, chosen[ranked], k, once_per_person)
        if len(matches) >= k or len(chosen) == len(scores):
            return matches
        wanted *= 2


def many_side(pairs: Pairs) -> View:
    """The side that is not single."""
    return pairs.offers if pairs.requests.single else pairs.requests


def _ranked(pairs: Pairs, scores: Array, seed: int) -> Array:
    """Positions by falling score, then by keyed hash, then by id (should two hashes ever collide)."""
    many = many_side(pairs)
    return cast(Array, np.lexsort((many.id_lo, many.id_hi, tie_many(seed, pairs), -scores)))


def _matches(
    pairs: Pairs, own_id: UUID, scores: Array, ranked: Array, k: int, once_per_person: bool
) -> list[Match]:
    many = many_side(pairs).where(ranked)
    columns = (
        many.id_hi,
        many.id_lo,
        many.person_hi,
        many.person_lo,
        scores[ranked],
        pairs.distance_m[ranked],
    )
    asked = pairs.requests.single
    matches: list[Match] = []
    seen: set[int] = set()
    for high, low, person_high, person_low, points, metres in zip(
        *(c.tolist() for c in columns), strict=True
    ):
        if len(matches) == k:
            break
        person = person_high << 64 | person_low
        if once_per_person and person in seen:
            continue
        seen.add(person)
        found = high << 64 | low
        first, second = (own_id.int, found) if asked else (found, own_id.int)
        matches.append(match_of((first, second, person, points, metres)))
    return matches


def parts(store: Store[Row], keys: Sequence[UUID], beside: Callable[[View], Pairs]) -> tuple[Array, int]:
    """With numpy: per key the metres (-1 for a key that no row has), then the terms; how many were found."""
    numbers = store.keys.find_many(keys)
    known = np.flatnonzero(numbers != ABSENT)
    held = numbers[known]
    pairs = beside(Records(store.table.gathered(held), held, {}))
    found = np.full((len(keys), 1 + len(Term)), -1, dtype=np.int32)
    found[known] = np.stack([pairs.full(pairs.distance_m), *terms_many(pairs).values()], axis=1)
    return found, len(known)


def people(pairs: Pairs) -> set[int]:
    """Whose offers these are."""
    halves = zip(pairs.offers.person_hi.tolist(), pairs.offers.person_lo.tolist(), strict=True)
    return {high << 64 | low for high, low in halves}
