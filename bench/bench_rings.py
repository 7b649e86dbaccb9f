"""Exchange rings beside their upper bound: `python -m bench.bench_rings [--quick]`.

Everybody asks once or twice, and offers one to four kinds of help; drawn from a seed around towns as `bench_matching`
draws its world, of those who have time. Prints a table, and everything as one line of JSON; ends with 1 when a bound
is missed. Beside the bounds stand the same figures with the graph, and for people who ask once: measured, not promised.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, TypeVar

from rich.console import Console

from bench.bench_matching import BORDERS, World
from bench.matching.bounds import missed, of_rings
from bench.matching.printing import bounds_table
from matching.kernel.load import kernel
from matching.rings.bound import upper_bound
from matching.rings.find import rings_of
from matching.rings.graph import Graph, graph_of
from matching.rings.types import Member

Result = TypeVar("Result")
SHARE, SECONDS, BOUND_SECONDS = 0.94, 1.0, 0.2
JUDGED_REQUESTS: Final = 2
"""How often each asks in the graph of which the share was promised."""
ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many people, and how often each asks."""

    people: int
    requests: int
    longest: tuple[int, ...]

    @property
    def name(self) -> str:
        """For the table."""
        return f"{self.people:,} people, {self.requests} request{'s' if self.requests > 1 else ''} each"


QUICK: Final = (Drawn(1_000, 1, (2, 3, 4)), Drawn(10_000, 1, (4,)), Drawn(10_000, 2, (4,)))
FULL: Final = (
    Drawn(1_000, 1, (2, 3, 4)),
    Drawn(1_000, 2, (2, 3, 4)),
    Drawn(3_000, 2, (4,)),
    Drawn(10_000, 1, (2, 3, 4)),
    Drawn(10_000, 2, (2, 3, 4)),
    Drawn(30_000, 2, (4,)),
)


@dataclass(slots=True)
class Measured:
    """One graph, with one longest ring."""

    instance: str
    longest: int
    arcs: int
    served: int
    upper_bound: int
    optimal: bool
    rings: dict[str, int]
    chords: int
    graph_s: float
    bound_s: float
    rings_s: float
    """With the bound, without the graph."""
    bounds: list[dict[str, Any]] = field(default_factory=list)


def members_of(drawn: Drawn, seed: int = 1) -> list[Member]:
    """People who have time, each at home where their requests are."""
    world = World(drawn.people, seed)
    members = []
    for number in range(drawn.people):
        asked = world.draw.choice((0, 0, 1, 2))
        offer = replace(world.offer(number), paused=False, load_minutes=0, proposals_this_week=asked)
        requests = [
            replace(
                world.request(number),
                person_id=offer.person_id,
                cell=offer.cell,
                municipality_id=offer.municipality_id,
            )
            for _ in range(drawn.requests)
        ]
        members.append(Member(offer.person_id, requests, [offer]))
    return members


def timed(act: Callable[[], Result], rounds: int = 1) -> tuple[Result, float]:
    """What it answers, and the shortest of its times: another program may have had the core in the others."""
    shortest = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        result = act()
        shortest = min(shortest, time.perf_counter() - start)
    return result, shortest


def built(members: list[Member]) -> Graph:
    """With its rows of bits, which are part of the graph."""
    graph = graph_of(members, BORDERS)
    assert len(graph.given) == len(graph.got) == len(members)
    return graph


def measured(drawn: Drawn) -> Iterator[Measured]:
    """One graph, for each longest ring."""
    members = members_of(drawn)
    upper_bound(graph_of(members[:10], BORDERS))  # scipy is read once per process
    graph, graph_s = timed(lambda: built(members), ROUNDS)
    _, bound_s = timed(lambda: upper_bound(graph), ROUNDS)
    for longest in drawn.longest:
        rounds = ROUNDS if longest == max(drawn.longest) else 1
        rings, rings_s = timed(lambda longest=longest: rings_of(graph, longest), rounds)  # type: ignore[misc]
        lengths = Counter(len(ring.arcs) for ring in rings.rings)
        found = Measured(
            drawn.name, longest, len(graph.fits.givers), rings.served, rings.upper_bound, rings.optimal,
            {str(length): lengths[length] for length in sorted(lengths)},
            sum(ring.chords > 0 for ring in rings.rings), graph_s, bound_s, rings_s,
        )  # fmt: skip
        found.bounds = list(promised(drawn, found))
        yield found


def promised(drawn: Drawn, found: Measured) -> Iterator[dict[str, Any]]:
    """What was promised of this graph, if anything."""
    if (drawn.people, found.longest) == (1_000, 3):
        yield promise(f"proven optimal, {drawn.name}, up to 3", True, found.optimal)
    if (drawn.people, found.longest) == (10_000, 4):
        judged = drawn.requests == JUDGED_REQUESTS
        share, whole_s = round(found.served / found.upper_bound, 4), found.graph_s + found.rings_s
        yield promise(f"share of the upper bound, {drawn.name}, up to 4", SHARE, share, judged=judged)
        yield at_most(f"s, rings without the graph, {drawn.name}", SECONDS, found.rings_s, judged=judged)
        yield at_most(f"s, rings with the graph, {drawn.name}", SECONDS, whole_s, judged=False)
        yield at_most(f"s, upper bound, {drawn.name}", BOUND_SECONDS, found.bound_s, judged=judged)


def promise(
    name: str, bound: float, value: float, *, at_least: bool = True, judged: bool = True
) -> dict[str, Any]:
    """As `bench.matching` judges it, or only prints it beside the others."""
    return {"name": name, "promised": bound, "measured": value, "at_least": at_least, "judged": judged}


def at_most(name: str, bound: float, value: float, *, judged: bool) -> dict[str, Any]:
    """A promise of a time."""
    return promise(name, bound, value, at_least=False, judged=judged)


def line(found: Measured) -> str:
    """For people."""
    share = found.served / found.upper_bound if found.upper_bound else 1.0
    how = "optimal" if found.optimal else f"{share:6.1%} of the bound"
    lengths = ", ".join(f"{count} of {length}" for length, count in found.rings.items())
    whole_s = found.graph_s + found.rings_s
    times = (
        f"graph {found.graph_s:.2f} s, bound {found.bound_s:.3f} s, rings {found.rings_s:.2f} s, "
        f"graph and rings {whole_s:.2f} s"
    )
    return (
        f"{found.instance}, up to {found.longest}: {found.served:,} served, bound {found.upper_bound:,} ({how}); "
        f"{lengths}; {found.chords} with a chord; {found.arcs:,} arcs; {times}"
    )


def main(words: list[str]) -> int:
    """Print lines, what was promised and then everything as one line of JSON. How many bounds were missed."""
    print("rings in C" if kernel() else "rings in Python")
    every = []
    for drawn in QUICK if "--quick" in words else FULL:
        for found in measured(drawn):
            print(line(found), flush=True)
            every.append(asdict(found))
    bounds = list(of_rings(every))
    Console(width=160).print(bounds_table([bound.as_json() for bound in bounds]))
    print(json.dumps(every))
    return len(missed(bounds))


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
