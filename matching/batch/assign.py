"""The best assignment of a whole region, with its proof."""

from collections.abc import Iterator

import numpy as np

from matching.batch.compiled import best_solver
from matching.batch.graph import Graph, Numbers, build
from matching.batch.greedy import by_waiting, each_in_turn
from matching.batch.instance import Scale, Solution, Solver, instance_of, scale_of
from matching.batch.proof import cover, coverage_bound, dual_objective, objective
from matching.batch.types import Assigned, Assignment, Certificate, Region, Unserved, Without
from matching.cells import metres_between
from matching.errors import Unsolved


def assign(region: Region, *, seed: int = 0, solver: Solver | None = None) -> Assignment:
    """Most places filled, then the higher tiers, then quality; proven over the full graph.

    The same for the same rows and seed, in whatever order the rows come and whichever of the engine's own solvers
    does it; a `solver` from outside may choose another of equally good assignments. Raises BadRow, TooLarge, or
    Unsolved when a solver's prices do not prove its answer.
    """
    graph = build(region, seed)
    scale = scale_of(graph)
    solution = (solver or best_solver())(instance_of(graph, scale))
    certificate = certify(graph, scale, solution)
    if not certificate.proven:
        raise Unsolved(str(certificate))
    return Assignment(
        assigned=tuple(_assigned(graph, solution.chosen)),
        unserved=tuple(_unserved(graph, solution)),
        certificate=certificate,
        first_come=len(each_in_turn(graph, by_waiting(graph))),
    )


def certify(graph: Graph, scale: Scale, solution: Solution) -> Certificate:
    """Both objectives over every edge of the graph, and a cover, which prove the solution or do not."""
    instance = instance_of(graph, scale)
    covering = cover(graph, solution.chosen)
    priced = np.flatnonzero(solution.prices)
    return Certificate(
        objective=objective(instance, solution),
        dual_objective=dual_objective(instance, solution.prices),
        coverage=len(solution.chosen),
        coverage_bound=coverage_bound(graph, covering),
        edges=len(graph.person),
        rounds=1,
        step=scale.step,
        lowest=scale.lowest,
        prices={graph.people[each]: int(solution.prices[each]) for each in priced.tolist()},
        cover=frozenset(graph.people[each] for each in np.flatnonzero(covering).tolist()),
    )


def _assigned(graph: Graph, chosen: Numbers) -> Iterator[Assigned]:
    rows = np.searchsorted(graph.starts, chosen, side="right") - 1
    columns = (rows, graph.offer[chosen], graph.person[chosen], graph.score[chosen])
    for row, offer, person, score in zip(*(column.tolist() for column in columns), strict=True):
        request, helper = graph.requests[row], graph.offers[offer]
        metres = metres_between(request.cell, helper.cell)
        yield Assigned(request.id, helper.id, graph.people[person], score, metres)


def _unserved(graph: Graph, solution: Solution) -> Iterator[Unserved]:
    rows = np.searchsorted(graph.starts, solution.chosen, side="right") - 1
    left = graph.places - np.bincount(rows, minlength=len(graph.requests))
    chosen = set(solution.chosen.tolist())
    for row in np.flatnonzero(left).tolist():
        first, last = int(graph.starts[row]), int(graph.starts[row + 1])
        others = [edge for edge in range(first, last) if edge not in chosen]
        prices = solution.prices[graph.person[others]].tolist()
        yield Unserved(
            request_id=graph.requests[row].id,
            places=int(left[row]),
            why=Without.NEEDED_ELSEWHERE if others else Without.NOBODY_FITS,
            fitting=last - first,
            price=min(prices, default=0),
        )
