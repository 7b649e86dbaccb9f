"""The assignment of a region, beside OR-Tools and scipy: `python -m bench.bench_assignment [instance ...]`.

Drawn from a seed around towns, as `bench_matching` draws its world, with rules that bite less, so that nearly all
could be helped if only the right people were sent (coverage by greed and at best as in docs/adr/0017). All solvers
get the same weights. OR-Tools gets the best K edges of each request, as one does to keep a solver's graph small; this
engine the full graph. Each time is the best of three rounds in which all take turns; beside the engine's stands the
same with building the graph, which all need. Without arguments: 1k x 1k, 10k x 10k and scarce 5k x 10k; 100k x 100k
takes minutes.
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
from matching.batch.assign import assign, certify
from matching.batch.check import why_wrong
from matching.batch.compiled import best_solver
from matching.batch.graph import Graph, build
from matching.batch.greedy import best_score_first, by_priority, by_waiting, each_in_turn
from matching.batch.instance import Instance, instance_of, scale_of
from matching.batch.types import Region
from matching.types import Offer, Request

Result = TypeVar("Result")
TRUNCATED: Final = (30, 50)
ROUNDS: Final = 3
GRAPH, ENGINE, WHOLE = "graph", "engine, full graph", "graph and engine"
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
    checked: str | None = None
    """What the checker that shares no code with the engine found wrong over every pair; None when all holds."""
    not_measured: list[str] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)
    """How many times as long as this engine, which has the full graph."""


class Disagreement(RuntimeError):
    """An oracle found another optimum, or the proof fell short: no figure of the run is worth anything."""


def measure(name: str, seed: int = 1) -> Measured:
    """Everything of one instance, side by side, in turn; raises Disagreement."""
    drawn = INSTANCES[name]
    region, solve = region_of(drawn, seed), best_solver()
    graph = build(region)
    scale = scale_of(graph)
    instance = instance_of(graph, scale)
    solution = solve(instance)
    certificate = certify(graph, scale, solution)
    _must(certificate.proven, str(certificate))
    ways: dict[str, Callable[[], Any]] = {
        GRAPH: lambda: build(region),
        ENGINE: lambda: solve(instance),
        "proof over every edge": lambda: certify(graph, scale, solution),
    }
    oracles, missing = oracles_of(drawn, instance) if drawn.oracles else ({}, [])
    answers, took = in_turn(ways | oracles)
    coverage = {
        "score": len(best_score_first(graph)),
        "first come": len(each_in_turn(graph, by_waiting(graph))),
        "priority": len(each_in_turn(graph, by_priority(graph))),
    }
    for label in oracles:
        worth, served = answers[label]
        coverage[label] = served
        agrees = worth <= certificate.objective if "K =" in label else worth == certificate.objective
        _must(agrees, f"{label} disagrees: {worth}, and the engine says {certificate.objective}")
    coverage |= {"optimum": certificate.coverage, "bound": certificate.coverage_bound}
    took[WHOLE] = round(took[GRAPH] + took[ENGINE], 2)
    return Measured(
        instance=name,
        edges=certificate.edges,
        coverage=coverage,
        high_priority=high_priority(graph, solution.chosen),
        milliseconds=took,
        certificate=str(certificate),
        checked=why_wrong(region, assign(region)) if drawn.oracles else "too large for the checker",
        not_measured=[f"Not measured on {name}: {solver}, which is not installed." for solver in missing],
        ratios={label: round(took[label] / took[ENGINE], 1) for label in (*oracles, WHOLE)},
    )


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Disagreement(otherwise)


def oracles_of(
    drawn: Drawn, instance: Instance
) -> tuple[dict[str, Callable[[], tuple[int, int]]], list[str]]:
    """What others do with the same weights, read in before any clock runs; and who is not installed."""
    ways: dict[str, Callable[[], tuple[int, int]]] = {}
    missing = []
    try:
        from ortools.graph.python import min_cost_flow  # noqa: F401 - read before the clock
    except ImportError:
        missing.append("OR-Tools")
    else:
        for kept in TRUNCATED:
            ways[f"OR-Tools, K = {kept}"] = partial(or_tools, truncated(instance, kept))
        ways["OR-Tools, full graph"] = partial(or_tools, instance)
    try:
        from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # noqa: F401 - as above
    except ImportError:
        missing.append("scipy")
    else:
        if drawn.room == (1,):
            ways["scipy, full graph"] = partial(scipy_sparse, instance)
    return ways, missing


def in_turn(ways: dict[str, Callable[[], Any]]) -> tuple[dict[str, Any], dict[str, float]]:
    """What each answers, and its best milliseconds of three rounds in which all take turns."""
    answers: dict[str, Any] = {}
    took = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for label, act in ways.items():
            answers[label], milliseconds = timed(act)
            took[label] = min(took[label], milliseconds)
    return answers, took


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
    return {
        "first come": int((each_in_turn(graph, by_waiting(graph)) < edges).sum()),
        "optimum": int((chosen < edges).sum()),
        "alone": len(best_solver()(alone).chosen),
    }


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


def scipy_sparse(instance: Instance) -> tuple[int, int]:
    """Worth and coverage of the optimum by scipy's Jonker and Volgenant, each request with an escape of its own."""
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
    return int(rows * top - full[chosen].sum()), int((chosen[1] < people).sum())


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
    yield f"  the checker, over every pair of rows: {found.checked or 'nothing wrong'}"
    yield from (f"  {said}" for said in found.not_measured)


def main(names: list[str]) -> None:
    """Print tables, then everything as one line of JSON."""
    measured = [measure(name) for name in names or USUAL]
    for found in measured:
        print("\n".join(lines(found)))
    print(json.dumps([asdict(found) for found in measured]))


if __name__ == "__main__":
    main(sys.argv[1:])
