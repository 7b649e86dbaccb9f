"""The program and the bare one in turn: flat out, at one pace, and with two web processes."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from bench.load.driver import Played, flat_out, paced, percentile
from bench.load.mix import Act, World, drawn
from bench.load.places import Place, opened_accounts
from bench.load.same import compared
from bench.measure import Process

OURS, BARE, TWO = "the program", "the bare program", "the program, two web processes"
WARM_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Size:
    """How long it takes."""

    rounds: int
    seconds: float
    each: int
    """So many answers of a kind are compared."""
    pace: float
    """Requests a second where times are compared."""
    paced_s: float
    processes: int = 2
    """With one, nothing is said of two."""


@dataclass
class Way:
    """Who is asked, and what was measured."""

    processes: Sequence[Process]
    place: Place
    rounds: list[Played] = field(default_factory=list)
    web_cpu_ms: list[float] = field(default_factory=list)
    database_cpu_ms: list[float] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        """Of its processes."""
        return [one.address for one in self.processes]

    def play(self, world: World, seed: str, seconds: float) -> None:
        """One round flat out."""
        web, database = self._web_s(), self.place.cpu_s()
        played = flat_out(self.addresses, drawn(world, seed), seconds)
        self.rounds.append(played)
        many = len(played.took_ms) / 1000
        self.web_cpu_ms.append((self._web_s() - web) / many)
        self.database_cpu_ms.append((self.place.cpu_s() - database) / many)

    def _web_s(self) -> float:
        return sum(one.cpu_s() for one in self.processes)

    def figures(self) -> dict[str, float]:
        """Medians of the rounds."""
        web, database = median(self.web_cpu_ms), median(self.database_cpu_ms)
        found = {
            "per_second": round(median(one.per_second for one in self.rounds), 1),
            "per_core": round(1000 / web, 1),
            "web_cpu_ms": round(web, 2),
            "p50_ms": round(median(one.p50_ms for one in self.rounds), 1),
            "p99_ms": round(median(one.p99_ms for one in self.rounds), 1),
        }
        if database:
            found |= {
                "per_core_with_database": round(1000 / (web + database), 1),
                "database_cpu_ms": round(database, 2),
            }
        return found


def beside(place: Place, size: Size, failed: list[str]) -> dict[str, Any]:
    """Everything that both are measured by."""
    world = place.world()
    with ExitStack() as stack:
        web = [stack.enter_context(place.serving()) for _ in range(size.processes)]
        first = web[0]
        bare = stack.enter_context(place.serving_bare())
        opened_accounts(first.address, world)
        same = compared(first.address, bare.address, world, size.each, "same")
        ways = {OURS: Way([first], place), BARE: Way([bare], place)}
        if len(web) > 1:
            ways[TWO] = Way(web, place)
        for name, way in ways.items():
            flat_out(way.addresses, drawn(world, f"warm {name}".replace(" ", "-")), min(WARM_S, size.seconds))
        for number in range(size.rounds):
            for name in list(ways) if number % 2 else reversed(list(ways)):
                ways[name].play(world, f"{number}-{name}".replace(" ", "-"), size.seconds)
        at_pace = {
            name: paced(ways[name].addresses, drawn(world, f"paced-{name}".replace(" ", "-")), size.paced_s, size.pace)
            for name in (OURS, BARE)
        }  # fmt: skip
        # the last of ours: what Python and the templates compile is there from the first start on
        start_s = {"ours": round(web[-1].started_s, 2), "bare": round(bare.started_s, 2)}
    played = [*(one for way in ways.values() for one in way.rounds), *at_pace.values()]
    failed += [said for one in played for said in one.failed]
    return {
        "same answers": same,
        "flat out": {name: way.figures() for name, way in ways.items()},
        "pace": size.pace,
        "paced": {name: figures_of(one) for name, one in at_pace.items()},
        "by kind": {name: kinds_of(one) for name, one in at_pace.items()},
        "ratios": _ratios(ways) | {"p99 at one pace": _times(at_pace[OURS], at_pace[BARE])},
        "start_s": start_s,
        "driver_cpu_ms": round(median(one.driver_cpu_s / len(one.took_ms) for one in ways[BARE].rounds) * 1000, 3),
    }  # fmt: skip


def figures_of(played: Played) -> dict[str, float]:
    """At one pace."""
    told = {"per_second": played.per_second, "p50_ms": played.p50_ms, "p99_ms": played.p99_ms}
    return {name: round(figure, 1) for name, figure in told.items()}


def kinds_of(played: Played) -> dict[str, list[float]]:
    """The median and the 99th of each kind; of a kind that was asked once there is no such thing."""
    return {
        str(act): [round(percentile(played.by_act[act], which), 1) for which in (50, 99)]
        for act in Act
        if len(played.by_act.get(act, ())) > 1
    }


def _times(one: Played, other: Played) -> float:
    return round(one.p99_ms / other.p99_ms, 2)


def _ratios(ways: dict[str, Way]) -> dict[str, float]:
    """Medians of what neighbours in time came to."""

    def of(one: str, other: str) -> float:
        pairs = zip(ways[one].rounds, ways[other].rounds, strict=True)
        return round(median(a.per_second / b.per_second for a, b in pairs), 3)

    web = zip(ways[OURS].web_cpu_ms, ways[BARE].web_cpu_ms, strict=True)
    return {
        "throughput": of(OURS, BARE),
        "requests per core of the web process": round(median(b / a for a, b in web), 3),
        **({"two processes": of(TWO, OURS)} if TWO in ways else {}),
    }
