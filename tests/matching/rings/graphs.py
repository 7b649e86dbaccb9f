"""Small graphs spelt out arc by arc, and the exhaustive search that nothing may beat."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import permutations
from uuid import UUID

import numpy as np
from hypothesis import strategies as st

from matching.columns import Columns
from matching.rings.graph import Fits, Graph
from matching.rows import OFFERS, REQUESTS
from tests.matching.worlds import a_request, an_offer

Arcs = Mapping[tuple[int, int], int]
Path = tuple[int, ...]


def a_graph(people: int, arcs: Arcs) -> Graph:
    """Everybody has one offer and one request; an arc's value is its score."""
    persons = [UUID(int=1000 + number) for number in range(people)]
    offers = Columns.of(OFFERS, [an_offer(id=UUID(int=n), person_id=p) for n, p in enumerate(persons)])
    requests = Columns.of(REQUESTS, [a_request(id=UUID(int=n), person_id=p) for n, p in enumerate(persons)])
    ordered = sorted(arcs)
    givers = np.array([giver for giver, _ in ordered], dtype=np.int32)
    receivers = np.array([receiver for _, receiver in ordered], dtype=np.int32)
    scores = np.array([arcs[arc] for arc in ordered], dtype=np.int32)
    fits = Fits(givers, receivers, givers, receivers, scores, np.zeros_like(givers))
    return Graph(persons, offers, requests, fits)


@st.composite
def graphs(draw: st.DrawFn, most: int) -> tuple[int, dict[tuple[int, int], int]]:
    """How many people, and the arcs between them: from none to all."""
    people = draw(st.integers(0, most))
    pairs = list(permutations(range(people), 2))
    wanted = draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    if draw(st.booleans()):
        wanted = set(pairs) - wanted
    return people, {arc: draw(st.integers(-300, 1200)) for arc in sorted(wanted)}


def every_ring(arcs: Iterable[tuple[int, int]], people: int, longest: int) -> list[Path]:
    """Each ring once, from its lowest number."""
    known = set(arcs)
    return [
        ring
        for length in range(2, min(longest, people) + 1)
        for ring in permutations(range(people), length)
        if ring[0] == min(ring) and known.issuperset(zip(ring, ring[1:] + ring[:1], strict=True))
    ]


def most_served(arcs: Iterable[tuple[int, int]], people: int, longest: int) -> int:
    """By trying for each person every ring that begins with them, or none."""
    rings = every_ring(arcs, people, longest)

    @cache
    def best(free: frozenset[int]) -> int:
        if not free:
            return 0
        first = min(free)
        served = [
            len(ring) + best(free.difference(ring))
            for ring in rings
            if ring[0] == first and free.issuperset(ring)
        ]
        return max([best(free - {first}), *served])

    return best(frozenset(range(people)))


def plain_let_down(arcs: Iterable[tuple[int, int]], ring: Path) -> int:
    """Others whom nothing still serves, over each who drops out."""
    known = set(arcs)
    lost = 0
    for gone in ring:
        rest = [other for other in ring if other != gone]
        numbered = {person: number for number, person in enumerate(rest)}
        inner = [(numbered[a], numbered[b]) for a, b in known if a in numbered and b in numbered]
        lost += len(rest) - most_served(inner, len(rest), 4)
    return lost
