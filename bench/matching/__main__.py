"""The engine beside PostGIS, numpy, geopy, OR-Tools and scipy, in one run: `make bench-matching [QUICK=1]`.

Prints tables, and keeps every figure and ratio as bench/results/matching.json, or matching-quick.json of a quick run.
Ends with 1 when a bound is missed, or when a measurement or an oracle fails; PostGIS, OR-Tools and scipy may be
missing, which is said.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from app.cluster import CannotStart
from bench.matching import bounds, others, postgis
from bench.matching.log import log_of_a_region
from bench.matching.online import Region
from bench.matching.printing import missed_of, printed
from bench.matching.worlds import People
from bench.measure import RESULTS, commit
from matching.kernel.load import opened

FULL, QUICK = (1_000, 10_000, 100_000, 1_000_000), (1_000, 10_000, 100_000)
QUERIES, QUERIES_QUICK = 1_000, 200
QUICK_SECONDS: Final = 300
OTHERS: Final[dict[str, tuple[str, Callable[[Any], Iterator[bounds.Bound]], tuple[str, ...]]]] = {
    "batch": ("bench_assignment", bounds.of_batch, ()),
    "rings": ("bench_rings", bounds.of_rings, ("--quick",)),
}
"""By name: the program, who judges it, and how it is told to be quick."""


def measured(
    sizes: tuple[int, ...], queries: int, not_measured: list[str], failed: list[str]
) -> Iterator[dict[str, Any]]:
    """The regions, one after the other."""
    with ExitStack() as stack:
        log = anchor = None
        try:
            log = stack.enter_context(log_of_a_region())
        except CannotStart as error:
            failed.append(f"The log read is not measured: {error}")
        programs = postgis.bin_dir()
        if programs is None:
            not_measured.append(postgis.MISSING)
        else:
            anchor = stack.enter_context(postgis.connected(programs))
        for size in sizes:
            found = Region(People.drawn(size, queries), log, anchor).measured()
            found["ratios"] = bounds.ratios(found)
            if anchor is not None:
                found["anchor"] = anchor.versions
            yield found


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    processors = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    return {
        "cores": os.cpu_count(),
        "processor": processors[0].partition(":")[2].strip() if processors else platform.machine(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "kernel": opened()[1] or "compiled",
        **{name: version(name) for name in ("numpy", "scipy", "geopy", "psycopg")},
    }


def result_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """Everything, in one run."""
    not_measured: list[str] = []
    failed: list[str] = []
    sizes = tuple(arguments.sizes) or (QUICK if arguments.quick else FULL)
    begun = time.monotonic()
    result: dict[str, Any] = {
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": arguments.quick,
        "machine": machine(),
    }
    queries = arguments.queries or (QUERIES_QUICK if arguments.quick else QUERIES)
    result["regions"] = list(measured(sizes, queries, not_measured, failed))
    promises = [bound for found in result["regions"] for bound in bounds.of_region(found)]
    for name, (module, judged, quickly) in ({} if arguments.online else OTHERS).items():
        try:
            result[name] = others.run(module, quickly if arguments.quick else ())
            promises += judged(result[name])
            not_measured += [said for one in result[name] for said in one.get("not_measured", ())]
        except others.Failed as error:
            failed.append(f"Failed: the {name}. {error}")
    seconds = round(time.monotonic() - begun)
    if arguments.quick:
        promises.append(bounds.Bound("s, quick run", QUICK_SECONDS, seconds, at_least=False))
    return result | {
        "bounds": [bound.as_json() for bound in promises],
        "not_measured": not_measured,
        "failed": failed,
        "seconds": seconds,
    }


def arguments_of(words: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, help="helpers; default 1,000 to 1,000,000")
    parser.add_argument("--quick", action="store_true", help="up to 100,000 helpers and fewer questions")
    parser.add_argument("--online", action="store_true", help="without the batch and the rings")
    parser.add_argument("--queries", type=int, help="questions for each size")
    parser.add_argument(
        "--into", type=Path, help="default matching.json, or matching-quick.json, of the results"
    )
    return parser.parse_args(words)


def main(words: list[str]) -> dict[str, Any]:
    """Measure, print, keep."""
    arguments = arguments_of(words)
    result = result_of(arguments)
    into = arguments.into or RESULTS / ("matching-quick.json" if arguments.quick else "matching.json")
    into.parent.mkdir(exist_ok=True)
    into.write_text(json.dumps(result, indent=2) + "\n")
    printed(result, Console(width=160))
    return result


if __name__ == "__main__":
    sys.exit(min(missed_of(main(sys.argv[1:])), 1))
