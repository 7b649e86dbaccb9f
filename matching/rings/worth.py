"""What one ring is worth, beside the people whom it serves: that it holds, and how well they fit.

A ring breaks when one drops out. How many that lets down is counted over each drop-out: the others of the ring
whom no ring among the remaining could still serve. And each person beyond two is one more yes to wait for.
Dickerson, Procaccia and Sandholm ("Failure-aware kidney exchange", 2013) discount by the chance of failure; here
every drop-out is as likely as another.
"""

from itertools import permutations
from typing import Final

from matching.rings.graph import Graph

FRAGILE_POINTS: Final = 1_000
"""One person less let down, or one yes less to wait for, is worth this many points: about what an arc can score."""

SHORTEST: Final = 2

Path = tuple[int, ...]
"""Numbers of members in giving order; the last gives to the first."""


def arcs_of(ring: Path) -> list[tuple[int, int]]:
    """Giver and receiver of each arc."""
    return list(zip(ring, ring[1:] + ring[:1], strict=True))


def worth(graph: Graph, ring: Path) -> int:
    """Points: the scores of the arcs, less what its fragility costs."""
    numbers = [graph.number(giver, receiver) for giver, receiver in arcs_of(ring)]
    fragile = let_down(graph, ring) + len(ring) - SHORTEST
    return int(graph.fits.scores[numbers].sum()) - FRAGILE_POINTS * fragile


def let_down(graph: Graph, ring: Path) -> int:
    """Others left without, summed over the drop-outs of each."""
    rests = [tuple(other for other in ring if other != gone) for gone in ring]
    return sum(len(rest) - _still_served(graph, rest) for rest in rests)


def chords(graph: Graph, ring: Path) -> int:
    """Arcs between its people that the ring does not use."""
    return sum(graph.gives(giver, receiver) for giver, receiver in permutations(ring, 2)) - len(ring)


def _still_served(graph: Graph, rest: Path) -> int:
    """Of at most three people, how many the longest ring among them serves."""
    for length in range(len(rest), 1, -1):
        if any(_closes(graph, ring) for ring in permutations(rest, length)):
            return length
    return 0


def _closes(graph: Graph, ring: Path) -> bool:
    return all(graph.gives(giver, receiver) for giver, receiver in arcs_of(ring))
