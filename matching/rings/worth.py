"""What one ring is worth, beside the people whom it serves: that it holds, and how well they fit.

A ring breaks when one drops out. How many that lets down is counted over each drop-out: the others of the ring
whom no ring among the remaining could still serve. Dickerson, Procaccia and Sandholm ("Failure-aware kidney
exchange", 2013) discount by the chance of failure; here every drop-out is as likely as another.
"""

from itertools import permutations
from typing import Final

from matching.rings.graph import Graph

LET_DOWN_POINTS: Final = 1_000
"""One person less let down is worth this many points of score: the terms of one arc stay below it."""

Path = tuple[int, ...]
"""Numbers of members in giving order; the last gives to the first."""


class Worth:
    """Looks at rings of one graph."""

    def __init__(self, graph: Graph) -> None:
        fits, self._people = graph.fits, len(graph)
        keys = fits.givers.astype("int64") * self._people + fits.receivers
        self._scores: dict[int, int] = dict(zip(keys.tolist(), fits.scores.tolist(), strict=True))

    def gives(self, giver: int, receiver: int) -> bool:
        """Whether there is an arc."""
        return giver * self._people + receiver in self._scores

    def of(self, ring: Path) -> int:
        """Points: the scores of the arcs, less what its fragility costs."""
        arcs = zip(ring, ring[1:] + ring[:1], strict=True)
        score = sum(self._scores[giver * self._people + receiver] for giver, receiver in arcs)
        return score - LET_DOWN_POINTS * self.let_down(ring)

    def let_down(self, ring: Path) -> int:
        """Others left without, summed over the drop-outs of each."""
        rests = [tuple(other for other in ring if other != gone) for gone in ring]
        return sum(len(rest) - self._still_served(rest) for rest in rests)

    def _still_served(self, rest: Path) -> int:
        """Of at most three people, how many the longest ring among them serves."""
        for length in range(len(rest), 1, -1):
            if any(self._closes(ring) for ring in permutations(rest, length)):
                return length
        return 0

    def _closes(self, ring: Path) -> bool:
        return all(self.gives(*arc) for arc in zip(ring, ring[1:] + ring[:1], strict=True))

    def chords(self, ring: Path) -> int:
        """Arcs between its people that the ring does not use."""
        return sum(self.gives(*arc) for arc in permutations(ring, 2)) - len(ring)
