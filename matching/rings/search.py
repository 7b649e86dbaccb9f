"""The search of `plain`, in C where the kernel was built: the same rings either way."""

from matching.rings import plain
from matching.rings.graph import Graph
from matching.rings.plan import Plan
from matching.rings.worth import Path


def search(graph: Graph, plan: Plan) -> list[Path]:
    """Disjoint rings of at most `plan.longest` people."""
    return plain.search(graph, plan)
