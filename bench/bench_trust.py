"""What safety costs, beside doing without: `python -m bench.bench_trust` (minutes; `--quick` or QUICK=1 for less).

Row-level security on lists and searches: the statements that the program itself sends, as the role that serves, on
a database and on a copy of it where no table has row-level security. A search goes through the function of the
owner's; a search of bare rows, written out where no policy stands, is told beside it and not judged: it reads less.
The checks in Python: CPU of pages with them and without, in one process. Ends with 1 when a bound was missed.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.measure import RESULTS, commit
from bench.trust import pages, rows
from bench.trust.world import World, a_world

POLICIES_MAX, CHECKS_MAX = 1.25, 1.05
SIZES = {True: (2_000, 5, 5, 3, 3), False: (50_000, 21, 8, 21, 12)}
"""Requests; rounds and repeats of statements; rounds and repeats of pages; for the quick form, and for the whole."""


def measure(world: World, folder: Path, quick: bool) -> dict[str, Any]:
    """All figures, and which bounds were missed."""
    _, rounds, times, page_rounds, page_times = SIZES[quick]
    asked = [*rows.lists(world), *rows.searches(world)]
    costs = [rows.measured(world, one, rounds, times) for one in asked]
    shares = pages.shares(world, folder, page_rounds, page_times)
    missed = [one.name for one in costs if one.ratio > POLICIES_MAX and not one.name.endswith(rows.BESIDE)]
    missed += [one.name for one in shares if max(one.ratio, 1 / (1 - one.inside)) > CHECKS_MAX]
    return {
        "requests": world.requests,
        "policies_max": POLICIES_MAX,
        "checks_max": CHECKS_MAX,
        "statements": [asdict(one) for one in costs],
        "pages": [asdict(one) for one in shares],
        "missed": missed,
    }


def told(figures: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [f"{figures['requests']} requests; row-level security at most {figures['policies_max']}"]
    lines += [
        f"{one['name']:48} {one['guarded_ms']:9.3f} ms {one['plain_ms']:9.3f} ms {one['ratio']:6.2f}"
        for one in figures["statements"]
    ]
    lines.append(f"CPU of pages; checks at most {figures['checks_max']}")
    lines += [
        f"{one['name']:48} {one['with_ms']:9.3f} ms {one['without_ms']:9.3f} ms {one['ratio']:6.2f}"
        f"  {one['inside']:6.2%} inside"
        for one in figures["pages"]
    ]
    return "\n".join([*lines, f"missed: {', '.join(figures['missed']) or 'nothing'}"])


def main(arguments: list[str]) -> int:
    """Measure, keep the figures, and tell them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("QUICK")))
    parser.add_argument("--into", type=Path, default=RESULTS / "trust.json")
    wanted = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="zve-bench-") as name,
        a_world(Path(name), SIZES[wanted.quick][0]) as world,
    ):
        figures = measure(world, Path(name), wanted.quick)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    result = {"commit": commit(), "at": at, "cores": os.cpu_count(), "quick": wanted.quick, **figures}
    wanted.into.parent.mkdir(exist_ok=True)
    wanted.into.write_text(json.dumps(result, indent=2) + "\n")
    print(told(figures))
    return int(bool(figures["missed"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
