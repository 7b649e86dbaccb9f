"""What was promised of pages under load, and whether it held in this run."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from bench.matching.bounds import Bound

OF_BARE: Final = 0.33
MEMORY: Final = 1.10
FLAT: Final = 1.5
"""As many times as long may the slowest of a hundred take where a hundred times as many people live."""
START_S: Final = 5.0
ONE_MACHINE: Final = "both, the database and who asks share this machine's cores"


def of(result: dict[str, Any], *, judged: bool) -> Iterator[Bound]:
    """All of them."""
    for bound in _promised(result):
        yield replace(bound, judged=judged and bound.judged)


def _promised(result: dict[str, Any]) -> Iterator[Bound]:
    yield Bound("requests that failed", 0, len(result["failed"]), False)
    if "ratios" in result:
        yield from _of_beside(result)
    if "large" in result:
        told = f"p99 with {result['large']['people']:,} people, times the demonstration's"
        yield Bound(told, FLAT, result["large"]["p99 ratio"], False)
    if "memory" in result:
        memory = result["memory"]
        yield Bound(
            f"memory after {memory['minutes']:g} minutes beside the first", MEMORY, memory["ratio"], False
        )


def _of_beside(result: dict[str, Any]) -> Iterator[Bound]:
    same, ratios = result["same answers"].values(), result["ratios"]
    share = sum(one["same"] for one in same) / sum(one["of"] for one in same)
    yield Bound("answers the same as the bare program", 1.0, share, True)
    yield Bound("throughput beside the bare program", OF_BARE, ratios["throughput"], True)
    told = "p99 at one pace, times the bare program's"
    yield Bound(told, 1 / OF_BARE, ratios["p99 at one pace"], False, judged=False)
    if "two processes" in ratios:
        told = "throughput of two web processes beside one"
        yield Bound(told, 1.0, ratios["two processes"], True, judged=False, why=ONE_MACHINE)
    yield Bound("s, second start to first answer", START_S, result["start_s"]["ours"], False)
