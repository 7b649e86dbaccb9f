"""The best disjoint rings, proven: every ring is a column, everybody is in one at most (the cycle formulation).

Roth, Sönmez and Ünver ("Efficient kidney exchange", 2007) state it; HiGHS solves it. Two programmes: first as many
people as can be, then, with that many, the rings that are worth most.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import numpy as np

from matching.columns import Array
from matching.rings.bits import ascending, sets_of
from matching.rings.graph import Graph
from matching.rings.worth import Path, worth

MOST_RINGS: Final = {2: 20_000, 3: 10_000, 4: 600}
"""By longest: beyond, the integer programme may take minutes."""
MOST_WEIGHED: Final = 3_000
"""Beyond, the second programme is left out: as many people are served, by rings that might be firmer."""
NODES_FOR_PEOPLE, NODES_FOR_WORTH = 500, 10
"""Limits of the search tree, which unlike a clock give the same answer everywhere."""


def best_rings(graph: Graph, longest: int) -> list[Path] | None:
    """Rings that serve as many people as any; None when there are too many to choose from, or no proof was found."""
    rings = list(islice(all_rings(graph, longest), MOST_RINGS[longest] + 1))
    if len(rings) > MOST_RINGS[longest]:
        return None
    if not rings:
        return []
    choice = Choice(graph, rings)
    chosen = choice.of_most_people()
    if chosen is not None and len(rings) <= MOST_WEIGHED:
        chosen = choice.of_most_worth(chosen)
    return None if chosen is None else [rings[number] for number in chosen]


class Choice:
    """Which of all rings to take."""

    def __init__(self, graph: Graph, rings: list[Path]) -> None:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csc_array

        self.people = np.array([len(ring) for ring in rings], dtype=np.float64)
        self.points = np.array([worth(graph, ring) for ring in rings], dtype=np.float64)
        places = (np.concatenate(rings), np.repeat(np.arange(len(rings)), [len(ring) for ring in rings]))
        table = csc_array((np.ones(len(places[0])), places), shape=(len(graph), len(rings)))
        self.once = LinearConstraint(table, -np.inf, 1)

    def of_most_people(self) -> Array | None:
        """Numbers of disjoint rings that serve as many as any; None without a proof."""
        found = self._solved(self.people, [self.once], NODES_FOR_PEOPLE)
        return _ones(found.x) if found.success else None

    def of_most_worth(self, chosen: Array) -> Array:
        """Of those that serve as many people, the best found; proven when few nodes suffice."""
        from scipy.optimize import LinearConstraint

        served = self.people[chosen].sum()
        constraints = [self.once, LinearConstraint(self.people[None, :], served, np.inf)]
        found = self._solved(self.points, constraints, NODES_FOR_WORTH)
        better = found.x is not None and self.points[_ones(found.x)].sum() > self.points[chosen].sum()
        return _ones(found.x) if better else chosen

    def _solved(self, worth_of: Array, constraints: list[Any], nodes: int) -> Any:
        from scipy.optimize import Bounds, milp

        options = {"mip_rel_gap": 0, "node_limit": nodes}
        whole = np.ones(len(worth_of))
        return milp(
            -worth_of, integrality=whole, bounds=Bounds(0, 1), constraints=constraints, options=options
        )


def _ones(solution: Array) -> Array:
    return np.flatnonzero(solution > 0.5)


def all_rings(graph: Graph, longest: int) -> Iterator[Path]:
    """Each ring of at most so many people once, its lowest number first."""
    given, got = sets_of(graph.given), sets_of(graph.got)
    for first in range(len(graph)):
        above = -1 << (first + 1)
        yield from _paths((first,), given, got[first] & above, longest, above)


def _paths(path: Path, given: list[int], closing: int, longest: int, above: int) -> Iterator[Path]:
    """Rings that begin with this path, of people in `above` but for the first."""
    onwards = given[path[-1]] & above
    for person in path[1:]:
        onwards &= ~(1 << person)
    if len(path) == longest - 1:
        onwards &= closing
    for person in ascending(onwards):
        if closing >> person & 1:
            yield *path, person
        if len(path) < longest - 1:
            yield from _paths((*path, person), given, closing, longest, above)
