"""What was promised, and whether it held in this run."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.matching import online

LARGE = (100_000, 1_000_000)
BYTES_PER_HELPER = 110
"""About a hundred: the rows, their versions, keys and grid."""
TIMES_POSTGIS = 30.0
BATCH_ENGINE, BATCH_WHOLE = "engine, full graph", "graph and engine"
TRUNCATED = ("OR-Tools, K = 30", "OR-Tools, K = 50")


@dataclass(frozen=True, slots=True)
class Bound:
    """One promise. `measured` must be at least, or at most, `promised`."""

    name: str
    promised: float
    measured: float
    at_least: bool
    judged: bool = True
    """False for a figure that stands beside the promise and was not promised itself."""
    why: str = ""
    """Why not."""

    @property
    def held(self) -> bool:
        """Whether it held."""
        return self.measured >= self.promised if self.at_least else self.measured <= self.promised

    @property
    def missed_by(self) -> str:
        """How far off, as a share of what was promised; empty when it held."""
        if self.held or not self.promised:
            return "" if self.held else f"{self.measured:g}"
        return f"{abs(self.measured - self.promised) / self.promised:.1%}"

    def as_json(self) -> dict[str, Any]:
        """For the result."""
        return {"name": self.name, "at_least" if self.at_least else "at_most": self.promised,
                "measured": round(self.measured, 4), "held": self.held, "missed_by": self.missed_by,
                "judged": self.judged} | ({"why": self.why} if self.why else {})  # fmt: skip


def missed(bounds: Iterable[Bound]) -> list[Bound]:
    """What was promised and did not hold."""
    return [bound for bound in bounds if bound.judged and not bound.held]


def of_region(found: dict[str, Any]) -> Iterator[Bound]:
    """The online bounds of one size."""
    ways, helpers = {name: each["p50_ms"] for name, each in found["ways"].items()}, found["helpers"]
    engine = ways.get(online.ENGINE, ways[online.ENGINE_NUMPY])
    label = f"at {helpers:,} helpers"
    for other, how in found["same_as"].items():
        if "same" in how:
            yield Bound(f"same list as {other}, {label}", 1.0, how["same"] / how["of"], True)
    if helpers in LARGE:
        yield Bound(f"bytes per helper {label}", BYTES_PER_HELPER, found["bytes_per_helper"], False)
        if online.EXACT in ways:
            yield Bound(
                f"times faster than the best exact PostGIS query {label}",
                TIMES_POSTGIS,
                ways[online.EXACT] / engine,
                True,
            )
            yield Bound(
                f"ms, not slower than unfiltered PostGIS KNN {label}", ways[online.KNN], engine, False
            )
            yield from _without_a_compiler(label, ways)
    if online.EXPLAINING in ways:
        finding, explaining = ways[online.AGAIN], ways[online.EXPLAINING]
        yield Bound(f"ms, explaining 20 within the time of finding them {label}", finding, explaining, False)
        by_name = ways[online.AS_DICTS]
        yield Bound(f"ms, the same with each term by its name {label}", finding, by_name, False, judged=False)


def _without_a_compiler(label: str, ways: dict[str, float]) -> Iterator[Bound]:
    """The same two for numpy alone: an aim. What is promised is promised of the engine as it is installed."""
    alone = ways[online.ENGINE_NUMPY]
    times = ways[online.EXACT] / alone
    yield Bound(
        f"numpy alone, times the best exact PostGIS query {label}", TIMES_POSTGIS, times, True, judged=False
    )
    yield Bound(
        f"ms, numpy alone beside unfiltered PostGIS KNN {label}", ways[online.KNN], alone, False, judged=False
    )


def of_batch(found: list[dict[str, Any]]) -> Iterator[Bound]:
    """Each instance of the assignment."""
    for one in found:
        took, coverage, high = one["milliseconds"], one["coverage"], one["high_priority"]
        for other in TRUNCATED:
            if other in took:
                name = f"ms, full graph within {other}, {one['instance']}"
                yield Bound(name, took[other], took[BATCH_ENGINE], False)
                if BATCH_WHOLE in took:
                    with_graph = f"ms, graph and engine beside {other} without its graph, {one['instance']}"
                    yield Bound(with_graph, took[other], took[BATCH_WHOLE], False, judged=False)
        yield Bound(
            f"coverage equal to its maximum, {one['instance']}", coverage["bound"], coverage["optimum"], True
        )
        yield Bound(
            f"high priority equal to its maximum, {one['instance']}", high["alone"], high["optimum"], True
        )
        if "checked" in one:
            name = f"the checker finds nothing wrong over every pair, {one['instance']}"
            yield Bound(name, 1.0, float(one["checked"] is None), True)


def of_rings(found: list[dict[str, Any]]) -> Iterator[Bound]:
    """Each graph of the rings: the share of the bound that is served, the time, and whether it is optimal."""
    for one in found:
        for promise in one.get("bounds", ()):
            yield Bound(**promise)


def growth(regions: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """How the median of each way grows: by way, by number of helpers."""
    table: dict[str, dict[str, float]] = {}
    for found in regions:
        for name, each in found["ways"].items():
            table.setdefault(name, {})[f"{found['helpers']:,}"] = each["p50_ms"]
    return table


def ratios(found: dict[str, Any]) -> dict[str, float]:
    """How many times the engine's median each other way takes."""
    ways = found["ways"]
    engine = ways.get(online.ENGINE, ways[online.ENGINE_NUMPY])["p50_ms"]
    return {name: round(each["p50_ms"] / engine, 2) for name, each in ways.items()}
