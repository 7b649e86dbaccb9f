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
from matching.rings.worth import Path, Worth

MOST_RINGS: Final = 8_000
"""Beyond, the integer programme may take minutes."""
MOST_NODES: Final = 2_000
"""Of the search tree: a limit that, unlike a clock, gives the same answer everywhere."""
OPTIMAL: Final = 0


def best_rings(graph: Graph, longest: int) -> list[Path] | None:
    """Rings that serve as many people as any; None when there are too many to choose from, or no proof was found."""
    rings = list(islice(all_rings(graph, longest), MOST_RINGS + 1))
    if len(rings) > MOST_RINGS:
        return None
    if not rings:
        return []
    people = np.array([len(ring) for ring in rings], dtype=float)
    most = _chosen(graph, rings, people)
    if most is None:
        return None
    worth = Worth(graph)
    points = np.array([worth.of(ring) for ring in rings], dtype=float)
    better = _chosen(graph, rings, points, people, round(people[most].sum()))
    return [rings[number] for number in (most if better is None else better)]


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


def _chosen(
    graph: Graph, rings: list[Path], worth: Array, people: Array | None = None, served: int = 0
) -> Any:
    """Numbers of disjoint rings of the highest total worth that serve `served` people; None without a proof."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array

    lengths = [len(ring) for ring in rings]
    places = (np.concatenate(rings), np.repeat(np.arange(len(rings)), lengths))
    once = csc_array((np.ones(len(places[0])), places), shape=(len(graph), len(rings)))
    constraints = [LinearConstraint(once, -np.inf, 1)]
    if people is not None:
        constraints.append(LinearConstraint(people[None, :], served, served))
    found = milp(
        -worth, integrality=np.ones(len(rings)), bounds=Bounds(0, 1), constraints=constraints,
        options={"mip_rel_gap": 0, "node_limit": MOST_NODES},
    )  # fmt: skip
    return np.flatnonzero(found.x > 0.5) if found.status == OPTIMAL else None
