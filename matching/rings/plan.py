"""What a search is given besides the graph, the same for both of its forms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.rings.graph import Graph, Numbers

EXPLORE_PER_PERSON, POLISH_PER_PERSON = 12, 4
LEAST_EXPLORE, LEAST_POLISH = 120_000, 40_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What bounds a search: steps, never time."""

    longest: int
    seed: int
    explore: int
    """Steps that may lose a little on the way."""
    polish: int
    """Steps that only improve."""

    @classmethod
    def of(cls, people: int, longest: int, seed: int) -> "Plan":
        """What fits in a second at 10,000 people; a small region takes its tenth of a second and gains by it."""
        explore = max(EXPLORE_PER_PERSON * people, LEAST_EXPLORE)
        polish = max(POLISH_PER_PERSON * people, LEAST_POLISH)
        return cls(longest, seed, explore, polish)


class Neighbours:
    """Whom each gives to and gets from, as runs in one array, and who comes first."""

    def __init__(self, graph: Graph) -> None:
        fits, people = graph.fits, len(graph)
        self.given_starts: NDArray[np.int64] = graph.starts
        self.given: Numbers = np.ascontiguousarray(fits.receivers, dtype=np.int32)
        counts = np.bincount(fits.receivers, minlength=people)
        self.got_starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.got: Numbers = fits.givers[np.argsort(fits.receivers, kind="stable")].astype(np.int32)
        arcs = np.minimum(np.diff(graph.starts), counts)
        self.first: Numbers = np.argsort(arcs, kind="stable").astype(np.int32)
        """All people, those with few arcs on their poorer side first."""

    def receivers(self, giver: int) -> Numbers:
        """Whom one gives to, ascending."""
        return self.given[self.given_starts[giver] : self.given_starts[giver + 1]]

    def givers(self, receiver: int) -> Numbers:
        """Whom one gets from, ascending."""
        return self.got[self.got_starts[receiver] : self.got_starts[receiver + 1]]

    def both_ways(self, person: int) -> bool:
        """Whether a ring through this person is conceivable."""
        return len(self.receivers(person)) > 0 and len(self.givers(person)) > 0
