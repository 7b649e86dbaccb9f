"""The assignment of a region, beside OR-Tools and scipy: `python -m bench.bench_assignment [instance ...]`.

Drawn from a seed around towns, as `bench_matching` draws its world, with rules that bite less, so that nearly all
could be helped if only the right people were sent (coverage by greed and at best as in docs/adr/0017). All solvers
get the same weights. OR-Tools gets the best K edges of each request, as one does to keep a solver's graph small; this
engine the full graph. Without arguments: 1k x 1k, 10k x 10k and scarce 5k x 10k; 100k x 100k takes minutes.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np

from bench.bench_matching import BORDERS, World
from matching.batch.assign import certify
from matching.batch.compiled import best_solver
from matching.batch.graph import Graph, build
from matching.batch.greedy import best_score_first, by_priority, by_waiting, each_in_turn
from matching.batch.instance import Instance, instance_of, scale_of
from matching.batch.types import Region
from matching.types import Offer, Request

Result = TypeVar("Result")
TRUNCATED: Final = (30, 50)
HIGH_PRIORITY: Final = 8
"""The tiers counted as high: about a fifth of the requests."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An instance's numbers."""

    helpers: int
    asked: int
    likely_slot: float = 0.2
    room: tuple[int, ...] = (1,)
    oracles: bool = True
    """Small enough to wait for OR-Tools and scipy."""


INSTANCES: Final = {
    "1k x 1k": Drawn(1_000, 1_000),
    "10k x 10k": Drawn(10_000, 10_000),
    "scarce 5k x 10k": Drawn(5_000, 10_000, likely_slot=0.15, room=(1, 1, 2)),
    "100k x 100k": Drawn(100_000, 100_000, oracles=False),
}
USUAL: Final = ("1k x 1k", "10k x 10k", "scarce 5k x 10k")


class Willing(World):
    """The same towns and tastes, with fewer ways not to fit."""

    def __init__(self, drawn: Drawn, seed: int) -> None:
        super().__init__(max(drawn.helpers, drawn.asked), seed)
        self.likely_slot = drawn.likely_slot

    def offer(self, number: int) -> Offer:
        """One person's offer."""
        return replace(
            super().offer(number),
            slots=self.mask(28, self.likely_slot),
            cross_border=self.draw.random() < 0.97,
            paused=False,
            proposals_this_week=0,
            load_minutes=0,
        )

    def request(self, number: int) -> Request:
        """One person's request."""
        drawn = super().request(number)
        skills, checks = self.mask(10, 0.01), self.mask(8, 0.01)
        return replace(drawn, skills=skills, checks=checks, vulnerable=self.draw.random() < 0.2)


def region_of(drawn: Drawn, seed: int = 1) -> Region:
    """Draw it."""
    world = Willing(drawn, seed)
    offers = [world.offer(number) for number in range(drawn.helpers)]
    requests = [world.request(number) for number in range(drawn.asked)]
    room = {offer.person_id: world.draw.choice(drawn.room) for offer in offers}
    return Region(requests=requests, offers=offers, borders=BORDERS, capacities=room)


@dataclass(slots=True)
class Measured:
    """One instance; times in milliseconds."""

    instance: str
    edges: int
    coverage: dict[str, int]
    """By score, first come, priority, OR-Tools on truncated graphs; the optimum and its bound."""
    high_priority: dict[str, int]
    """Served of the high tiers: first come, the optimum, and what those alone could get."""
    milliseconds: dict[str, float]
    certificate: str
    ratios: dict[str, float] = field(default_factory=dict)
    """How many times as long as this engine, which has the full graph."""


def measure(name: str, seed: int = 1) -> Measured:
    """Everything of one instance, side by side."""
    drawn, took = INSTANCES[name], {}
    region = region_of(drawn, seed)
    graph, took["graph"] = timed(lambda: build(region))
    scale = scale_of(graph)
    instance = instance_of(graph, scale)
    solution, took["engine, full graph"] = timed(lambda: best_solver()(instance))
    certificate, took["proof over every edge"] = timed(lambda: certify(graph, scale, solution))
    assert certificate.proven, certificate
    coverage = {
        "score": len(best_score_first(graph)),
        "first come": len(each_in_turn(graph, by_waiting(graph))),
        "priority": len(each_in_turn(graph, by_priority(graph))),
    }
    if drawn.oracles:
        for kept in (*TRUNCATED, len(graph.people)):
            label = f"OR-Tools, K = {kept}" if kept in TRUNCATED else "OR-Tools, full graph"
            (worth, coverage[label]), took[label] = timed(partial(or_tools, truncated(instance, kept)))
            assert worth <= certificate.objective, label
        assert worth == certificate.objective, "OR-Tools disagrees on the full graph"
        if drawn.room == (1,):
            worth, took["scipy, full graph"] = timed(lambda: scipy_sparse(instance))
            assert worth == certificate.objective, "scipy disagrees on the full graph"
    coverage |= {"optimum": certificate.coverage, "bound": certificate.coverage_bound}
    found = Measured(
        name, certificate.edges, coverage, high_priority(graph, solution.chosen), took, str(certificate)
    )
    own = took["engine, full graph"]
    found.ratios = {label: round(ms / own, 1) for label, ms in took.items() if label[:2] in ("OR", "sc")}
    return found


def high_priority(graph: Graph, chosen: np.ndarray[Any, Any]) -> dict[str, int]:
    """How many places of the high tiers are filled; the last by solving for those tiers alone."""
    last = int(np.searchsorted(-graph.tiers, -HIGH_PRIORITY, side="right"))
    edges = int(graph.starts[last])
    instance = instance_of(graph, scale_of(graph))
    alone = Instance(
        starts=instance.starts[: last + 1],
        person=instance.person[:edges],
        quality=instance.quality[:edges],
        bonus=instance.bonus[:last],
        places=instance.places[:last],
        capacities=np.minimum(
            graph.capacities, np.bincount(instance.person[:edges], minlength=len(graph.people))
        ),
    )
    served = {
        "first come": int((each_in_turn(graph, by_waiting(graph)) < edges).sum()),
        "optimum": int((chosen < edges).sum()),
        "alone": len(best_solver()(alone).chosen),
    }
    assert served["optimum"] == served["alone"], served
    return served


def timed(act: Callable[[], Result]) -> tuple[Result, float]:
    """What it answers, and its milliseconds."""
    start = time.perf_counter()
    result = act()
    return result, round((time.perf_counter() - start) * 1000, 2)


def truncated(instance: Instance, kept: int) -> Instance:
    """The best edges of each request."""
    starts, lengths = instance.starts, np.diff(instance.starts)
    mask = np.arange(len(instance.person)) - np.repeat(starts[:-1], lengths) < kept
    shorter = np.concatenate([[0], np.cumsum(np.minimum(lengths, kept))]).astype(np.int64)
    return replace(instance, starts=shorter, person=instance.person[mask], quality=instance.quality[mask])


def or_tools(instance: Instance) -> tuple[int, int]:
    """Worth and coverage of the optimum, by minimum-cost flow."""
    from ortools.graph.python import min_cost_flow

    rows, people = len(instance.bonus), len(instance.capacities)
    asked, sink = np.repeat(np.arange(rows), np.diff(instance.starts)), rows + people
    flow = min_cost_flow.SimpleMinCostFlow()
    ones = np.ones(len(asked), dtype=np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(asked, rows + instance.person, ones, -instance.worth())
    for firsts, room in ((np.arange(rows), instance.places), (rows + np.arange(people), instance.capacities)):
        sinks, free = np.full(len(firsts), sink), np.zeros(len(firsts), dtype=np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(firsts, sinks, room, free)
    flow.set_nodes_supplies(np.arange(rows), instance.places)
    flow.set_node_supply(sink, -int(instance.places.sum()))
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost()), int(flow.flows(arcs).sum())


def scipy_sparse(instance: Instance) -> int:
    """Worth of the optimum by scipy's Jonker and Volgenant, each request with an escape of its own."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, people = len(instance.bonus), len(instance.capacities)
    asked, worth = np.repeat(np.arange(rows), np.diff(instance.starts)), instance.worth()
    # A weight of 0 would be no edge; costs below 2**53 are exact.
    top = int(worth.max()) + 1
    costs = np.concatenate([top - worth, np.full(rows, top)]).astype(np.float64)
    columns = np.concatenate([instance.person, people + np.arange(rows)])
    where = (np.concatenate([asked, np.arange(rows)]), columns)
    chosen = min_weight_full_bipartite_matching(csr_array((costs, where), shape=(rows, people + rows)))
    full = csr_array((costs, where), shape=(rows, people + rows))
    return int(rows * top - full[chosen].sum())


def lines(found: Measured) -> Iterator[str]:
    """As a table, for people."""
    yield f"{found.instance}: {found.edges:,} edges"
    for label, ms in found.milliseconds.items():
        ratio = f"  {found.ratios[label]:5.1f} x" if label in found.ratios else ""
        yield f"  {label:<24}{ms:12,.1f} ms{ratio}"
    yield "  coverage: " + ", ".join(f"{label} {count:,}" for label, count in found.coverage.items())
    yield "  high priority: " + ", ".join(
        f"{label} {count:,}" for label, count in found.high_priority.items()
    )
    yield "  " + found.certificate


def main(names: list[str]) -> None:
    """Print tables, then everything as one line of JSON."""
    measured = [measure(name) for name in names or USUAL]
    for found in measured:
        print("\n".join(lines(found)))
    print(json.dumps([asdict(found) for found in measured]))


if __name__ == "__main__":
    main(sys.argv[1:])
