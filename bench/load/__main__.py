"""Pages, matches and bookings under load, beside a bare program: `make bench-load [QUICK=1] [MINUTES=60]`.

A region's mix (80 % reading, 15 % matching, 5 % booking) is asked of the program and of FastAPI, psycopg and Jinja2
alone, in turn, on one database; first both must answer the same. Then of a region of a million people, and for an
hour of one process. Prints tables, keeps every figure as bench/results/load.json and the tables as load.txt, and ends
with 1 when a bound is missed. Only the loopback is used, and all that was started ends with it.
"""

import argparse
import json
import os
import sys
from collections.abc import Container
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from bench import region
from bench.load import bounds, large
from bench.load.beside import Size, beside
from bench.load.driver import CONNECTIONS
from bench.load.memory import watched
from bench.load.places import Place, demonstration
from bench.load.printing import printed
from bench.matching.__main__ import machine
from bench.matching.printing import missed_of
from bench.measure import RESULTS, commit

FULL: Final = Size(rounds=12, seconds=5.0, each=100, pace=30.0, paced_s=60.0)
QUICK: Final = Size(rounds=1, seconds=1.0, each=5, pace=30.0, paced_s=2.0)
LARGE_ROUNDS, LARGE_S = 10, 20.0
MINUTES, MINUTES_QUICK = 60.0, 0.05
BESIDE, LARGE, MEMORY = PARTS = ("beside", "large", "memory")


def measured(
    place: Place, size: Size, minutes: float, parts: Container[str], *, quick: bool
) -> dict[str, Any]:
    """The parts on one place; and of the large region, which is made where its part is asked for."""
    failed: list[str] = []
    result: dict[str, Any] = {
        "commit": commit(), "at": datetime.now(UTC).isoformat(timespec="seconds"), "quick": quick,
        "machine": machine(), "connections": CONNECTIONS, "rounds": size.rounds, "seconds": size.seconds,
        "not_measured": [f"Not measured in this run: {part}." for part in PARTS if part not in parts],
        "failed": failed,
    }  # fmt: skip
    if BESIDE in parts:
        result |= beside(place, size, failed)
    if LARGE in parts:
        with large.both(region.FULL) as places:
            result["large"] = large.compared(places, LARGE_ROUNDS, LARGE_S, failed)
    if MEMORY in parts:
        result["memory"] = watched(place, minutes, failed)
    result["violations"] = place.violations()
    result["bounds"] = [bound.as_json() for bound in bounds.of(result, judged=not quick)]
    result["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    return result


def arguments_of(words: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test, without the large region")
    parser.add_argument("--parts", nargs="+", choices=PARTS, help="all by default")
    parser.add_argument("--minutes", type=float, help="how long memory is watched; an hour by default")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--into", type=Path, help="default load.json, or load-quick.json, of the results")
    return parser.parse_args(words)


def kept(result: dict[str, Any], into: Path) -> None:
    """As figures and as tables, and on the screen."""
    into.parent.mkdir(exist_ok=True)
    into.write_text(json.dumps(result, indent=2) + "\n")
    console = Console(width=130, record=True)
    printed(result, console)
    into.with_suffix(".txt").write_text(console.export_text())


def main(words: list[str]) -> dict[str, Any]:
    """Measure, print, keep."""
    arguments = arguments_of(words)
    usual = QUICK if arguments.quick else FULL
    size = Size(arguments.rounds or usual.rounds, usual.seconds, usual.each, usual.pace, usual.paced_s)
    minutes = arguments.minutes or (MINUTES_QUICK if arguments.quick else MINUTES)
    parts = arguments.parts or ((BESIDE, MEMORY) if arguments.quick else PARTS)
    with demonstration() as place:
        result = measured(place, size, minutes, parts, quick=arguments.quick)
    kept(result, arguments.into or RESULTS / ("load-quick.json" if arguments.quick else "load.json"))
    return result


if __name__ == "__main__":
    sys.exit(1 if missed_of(main(sys.argv[1:])) else 0)
