"""What proves an assignment the best: prices, over every edge of the full graph, and a cover.

For any prices of 0 or more, nobody can do better than the sum of what all room costs and what is left to every
request of its best `places` edges, priced (weak duality of the assignment's linear program; Egervary 1931). For any
set of people, no assignment fills more places than their room, and per request its places or its edges to others,
whichever is less (Koenig 1931).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.batch.graph import Graph, Numbers
from matching.batch.instance import Instance, Solution


def dual_objective(instance: Instance, prices: Numbers) -> int:
    """No choice of edges is worth more than this."""
    left = instance.worth() - prices[instance.person]
    return int((instance.capacities * prices).sum()) + _best_sums(instance, np.maximum(left, 0))


def objective(instance: Instance, solution: Solution) -> int:
    """What the chosen edges are worth."""
    return int(instance.worth()[solution.chosen].sum())


def _best_sums(instance: Instance, left: Numbers) -> int:
    """Over all requests the sum of their `places` highest values."""
    lengths = np.diff(instance.starts)
    one = np.flatnonzero((instance.places == 1) & (lengths > 0))
    total = (
        int(
            np.maximum.reduceat(left, instance.starts[:-1][lengths > 0])[
                (instance.places == 1)[lengths > 0]
            ].sum()
        )
        if len(one)
        else 0
    )
    for row in np.flatnonzero((instance.places > 1) & (lengths > 0)).tolist():
        values = np.sort(left[instance.starts[row] : instance.starts[row + 1]])
        total += int(values[-int(instance.places[row]) :].sum())
    return total


def cover(graph: Graph, chosen: Numbers) -> NDArray[np.bool_]:
    """Per person whether alternating paths lead to them from a place left empty: then nobody there has room."""
    row_of = graph.rows
    filled = np.bincount(row_of[chosen], minlength=len(graph.requests))
    taken = np.zeros(len(graph.person), dtype=np.bool_)
    taken[chosen] = True
    holders = chosen[np.argsort(graph.person[chosen], kind="stable")]
    firsts = np.searchsorted(graph.person[holders], np.arange(len(graph.people) + 1)).astype(np.int64)
    reached, asked = np.zeros(len(graph.people), dtype=np.bool_), filled < graph.places
    rows = np.flatnonzero(asked)
    while len(rows):
        edges = _runs(graph.starts, rows)
        found = np.unique(graph.person[edges[~taken[edges]]])
        found = found[~reached[found]]
        reached[found] = True
        rows = np.unique(row_of[holders[_runs(firsts, found)]])
        rows = rows[~asked[rows]]
        asked[rows] = True
    return reached


def coverage_bound(graph: Graph, covering: NDArray[np.bool_]) -> int:
    """No assignment fills more places than this."""
    outside = np.bincount(graph.rows[~covering[graph.person]], minlength=len(graph.requests))
    return int(graph.capacities[covering].sum() + np.minimum(outside, graph.places).sum())


def _runs(starts: Numbers, rows: NDArray[np.integer[Any]]) -> Numbers:
    """The positions of all edges of the rows, run after run."""
    lengths = starts[rows + 1] - starts[rows]
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    runs: Numbers = np.arange(total) + np.repeat(starts[rows] - (ends - lengths), lengths)
    return runs
