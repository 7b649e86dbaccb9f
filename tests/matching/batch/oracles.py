"""Other ways to the same number: exhaustive search, OR-Tools and scipy. None shares code with the engine's solver."""

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import pytest

from matching.batch.instance import Instance


def rows_of(instance: Instance) -> list[list[tuple[int, int]]]:
    """Per request its (person, worth)."""
    worth = instance.worth().tolist()
    person, starts = instance.person.tolist(), instance.starts.tolist()
    return [
        [(person[edge], worth[edge]) for edge in range(starts[row], starts[row + 1])]
        for row in range(len(starts) - 1)
    ]


def by_exhaustion(instance: Instance) -> int:
    """The greatest worth of all choices there are."""
    capacities = instance.capacities.tolist()
    options = [
        [chosen for size in range(places + 1) for chosen in combinations(row, size)]
        for row, places in zip(rows_of(instance), instance.places.tolist(), strict=True)
    ]
    return max(
        sum(worth for row in choice for _, worth in row)
        for choice in product(*options)
        if _within(choice, capacities)
    )


def _within(choice: Sequence[Sequence[tuple[int, int]]], capacities: list[int]) -> bool:
    left = list(capacities)
    for row in choice:
        for person, _ in row:
            left[person] -= 1
    return min(left, default=0) >= 0


def by_or_tools(instance: Instance) -> int:
    """The greatest worth, as a minimum-cost flow."""
    min_cost_flow = pytest.importorskip("ortools.graph.python.min_cost_flow")
    rows, people = len(instance.bonus), len(instance.capacities)
    asked, sink = np.repeat(np.arange(rows), np.diff(instance.starts)), rows + people
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        asked, rows + instance.person, np.ones(len(asked), dtype=np.int64), -instance.worth()
    )
    for firsts, room in ((np.arange(rows), instance.places), (rows + np.arange(people), instance.capacities)):
        flow.add_arcs_with_capacity_and_unit_cost(
            firsts, np.full(len(firsts), sink), room, np.zeros(len(firsts), dtype=np.int64)
        )
    flow.set_nodes_supplies(np.arange(rows), instance.places)
    flow.set_node_supply(sink, -int(instance.places.sum()))
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def by_scipy(instance: Instance) -> int:
    """The greatest worth by a dense assignment; only for one place per request and room for one per person."""
    from scipy.optimize import linear_sum_assignment

    worth = np.zeros((len(instance.bonus), len(instance.capacities)), dtype=np.int64)
    for number, row in enumerate(rows_of(instance)):
        for person, value in row:
            worth[number, person] = value
    chosen = linear_sum_assignment(worth, maximize=True)
    return int(worth[chosen].sum())
