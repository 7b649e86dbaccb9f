"""The assignment as whole numbers alone: what every solver gets, and what it answers.

One number holds the three aims. An edge of request r is worth `bonus[r] + quality`, with
`quality = score - lowest score >= 0` and `bonus = (tier + 1) * step`. Let N bound the places that any assignment
fills and Q be the highest quality; `step = N * Q + 1`.

Why that is right: the sets of places that can be filled at once are the sets linked to helpers by edge-disjoint
paths, the independent sets of a gammoid (Mason 1972; a transversal matroid where everybody has room for one). In a
matroid a basis of greatest weight, for any positive weights, has as many elements as any independent set, and for
every threshold at least as many elements above it as any independent set (Edmonds 1971, "Matroids and the greedy
algorithm"). So the greatest sum of `tier + 1` fills the most places in all, and in each tier and those above it, at
once. Sums of `tier + 1` are whole: an assignment that does worse in coverage or tiers loses at least one `step`,
which is more than the N * Q that quality can ever add.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.batch.graph import Graph, Numbers
from matching.batch.types import HIGHEST_TIER
from matching.errors import TooLarge

HIGHEST: Final = 2**63 - 1
SUMMED_AT_ONCE: Final = 8
"""A solver adds up no more weights than this in one step; certainly not before it compares."""


@dataclass(frozen=True, slots=True)
class Instance:
    """The graph of `matching.batch.graph`, or some of its edges, with their worth."""

    starts: Numbers
    """Of each request's edges, which stand by falling quality."""
    person: NDArray[np.int32]
    quality: NDArray[np.int32]
    """Per edge, 0 or more."""
    bonus: Numbers
    """Per request, more than 0 and never rising."""
    places: Numbers
    """Per request, at most its edges."""
    capacities: Numbers
    """Per person, at most their edges."""

    def worth(self) -> Numbers:
        """Per edge: what it adds to the objective."""
        worth: Numbers = np.repeat(self.bonus, np.diff(self.starts)) + self.quality
        return worth


@dataclass(frozen=True, slots=True)
class Solution:
    """A best choice of edges, and the prices that prove it."""

    chosen: NDArray[np.int64]
    """Edge numbers, ascending."""
    prices: Numbers
    """Per person, 0 or more, and 0 for who has room left: what one unit of their room is worth."""


class Solver(Protocol):
    """Finds the choice of greatest worth: at most `places` per request and `capacities` per person."""

    def __call__(self, instance: Instance, /) -> Solution:
        """Exact: the prices must prove it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What turns tiers and scores into one number."""

    step: int
    lowest: int
    """The lowest score of the graph."""


def scale_of(graph: Graph) -> Scale:
    """The smallest step that is certainly large enough. Raises TooLarge."""
    if not len(graph.score):
        return Scale(1, 0)
    lowest, highest = int(graph.score.min()), int(graph.score.max())
    room = np.minimum(graph.capacities, np.bincount(graph.person, minlength=len(graph.people)))
    asked = np.minimum(graph.places, np.diff(graph.starts))
    filled = min(int(room.sum()), int(asked.sum()))
    step = filled * (highest - lowest) + 1
    check_fits(step, filled, highest - lowest)
    return Scale(step, lowest)


def check_fits(step: int, filled: int, quality: int) -> None:
    """Raise TooLarge when sums of worth could leave 64 bits."""
    largest = ((HIGHEST_TIER + 1) * step + quality) * max(filled, SUMMED_AT_ONCE)
    if largest > HIGHEST:
        raise TooLarge(f"an assignment of {filled} places needs numbers up to {largest}, over 64 bits")


def instance_of(graph: Graph, scale: Scale) -> Instance:
    """All edges of the graph."""
    return Instance(
        starts=graph.starts,
        person=graph.person,
        quality=graph.score - np.int32(scale.lowest),
        bonus=(graph.tiers + 1) * scale.step,
        places=np.minimum(graph.places, np.diff(graph.starts)),
        capacities=np.minimum(graph.capacities, np.bincount(graph.person, minlength=len(graph.people))),
    )
