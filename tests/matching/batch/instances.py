"""Regions and bare instances to assign."""

import random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from bench.bench_matching import BORDERS, World
from matching.batch.instance import Instance
from matching.batch.types import Region
from tests.matching import worlds


def an_instance(edges: dict[tuple[int, int], int], **given: list[int]) -> Instance:
    """Of (request, person) -> quality; `bonus`, `places` and `capacities` may be given."""
    rows = 1 + max((row for row, _ in edges), default=len(given.get("bonus", ())) - 1)
    people = 1 + max((person for _, person in edges), default=-1)
    ordered = sorted(edges, key=lambda edge: (edge[0], -edges[edge], edge[1]))
    degrees = np.bincount([row for row, _ in ordered], minlength=rows)
    holding = np.bincount([person for _, person in ordered], minlength=people)
    return Instance(
        starts=np.concatenate([[0], np.cumsum(degrees)]).astype(np.int64),
        person=np.array([person for _, person in ordered], dtype=np.int32),
        quality=np.array([edges[edge] for edge in ordered], dtype=np.int32),
        bonus=np.array(sorted(given.get("bonus", [1000] * rows), reverse=True), dtype=np.int64),
        places=np.minimum(np.array(given.get("places", [1] * rows), dtype=np.int64), degrees),
        capacities=np.minimum(np.array(given.get("capacities", [1] * people), dtype=np.int64), holding),
    )


@st.composite
def instances(draw: st.DrawFn, rows: int = 4, people: int = 4, most: int = 3) -> Instance:
    """Dense or sparse, with many equals, several places and room for several."""
    pairs = st.tuples(st.integers(0, rows - 1), st.integers(0, people - 1))
    qualities = st.integers(0, 3) | st.integers(0, 900)
    edges = draw(st.dictionaries(pairs, qualities)) | {(rows - 1, people - 1): draw(qualities)}

    def numbers(count: int, strategy: st.SearchStrategy[int]) -> list[int]:
        return draw(st.lists(strategy, min_size=count, max_size=count))

    return an_instance(
        edges,
        bonus=numbers(rows, st.integers(1, 20) | st.just(5_000)),
        places=numbers(rows, st.integers(1, most)),
        capacities=numbers(people, st.integers(1, most)),
    )


@st.composite
def regions(draw: st.DrawFn, most: int = 12) -> Region:
    """Small crowded regions in which every rule bites, with people who have several offers."""
    requests = draw(worlds.several(worlds.requests, most))
    offers = draw(worlds.several(worlds.offers, most))
    counts = st.integers(0, 3)
    return Region(
        requests=requests,
        offers=offers,
        borders=worlds.BORDERS,
        places={request.id: draw(counts) for request in requests if draw(st.booleans())},
        capacities={offer.person_id: draw(counts) for offer in offers if draw(st.booleans())},
    )


def a_region(size: int, *, several: bool = False, seed: int = 1) -> Region:
    """Drawn as the measurements draw theirs; with `several`, of places and room too."""
    world, draw = World(size, seed), random.Random(seed)
    offers = [world.offer(number) for number in range(size)]
    requests = [world.request(number) for number in range(size)]
    counts: dict[str, Any] = {}
    if several:
        counts["places"] = {request.id: draw.choice((0, 1, 1, 2, 3)) for request in requests}
        counts["capacities"] = {offer.person_id: draw.choice((0, 1, 1, 2, 3)) for offer in offers}
    return Region(requests=requests, offers=offers, borders=BORDERS, **counts)
