"""How many could at most be helped by rings: the same question without a longest ring.

Disjoint rings of any length are a perfect assignment of givers to receivers in which whoever is in no ring
gives to themself: an assignment problem, solved exactly (Jonker and Volgenant, 1987, in SciPy's sparse form).
"""

import numpy as np

from matching.rings.graph import Graph

GIVES, ALONE = 1.0, 2.0
"""Costs: what is a weight of zero to us would be a missing arc to SciPy."""


def upper_bound(graph: Graph) -> int:
    """No set of disjoint rings, of whatever length, serves more people."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    if not len(graph):
        return 0
    people = np.arange(len(graph), dtype=np.int32)
    rows = np.concatenate([graph.fits.givers, people])
    columns = np.concatenate([graph.fits.receivers, people])
    costs = np.concatenate([np.full(len(graph.fits.givers), GIVES), np.full(len(graph), ALONE)])
    table = csr_array((costs, (rows, columns)), shape=(len(graph), len(graph)))
    givers, receivers = min_weight_full_bipartite_matching(table)
    return int(np.count_nonzero(givers != receivers))
