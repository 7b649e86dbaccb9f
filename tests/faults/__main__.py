"""`make test-faults`: kill more than a hundred times, at every point, and say what was found.

    python -m tests.faults [--kills N] [--seed N] [--into FILE]

With the same seed the same points come in the same order, after the same number of arrivals, and each client
wants the same things in the same order; what else happens at that moment is the machine's to decide.
"""

import argparse
import os
import random
import sys
from pathlib import Path

from bench.measure import commit
from tests.faults.clients import Act
from tests.faults.play import Report, Size, play
from tests.faults.points import ALL

KILLS, CLIENTS, EACH = 7 * len(ALL), 16, 12


def told(report: Report, clients: int) -> list[str]:
    """The result, line by line."""
    return [
        f"commit {commit()}, seed {report.seed}, {os.cpu_count()} cores, {clients} clients, {report.seconds:,.0f} s",
        "",
        f"{'kills':>6}  failpoint",
        *(f"{report.kills[point]:6}  {point[0]}, {point[1]}" for point in ALL),
        f"{report.kills.total():6}  in all; not reached: {sum(not report.kills[point] for point in ALL)}",
        "",
        f"{'acknowledged':>12}  act",
        *(f"{report.acknowledged[act]:12,}  {act}" for act in Act),
        f"{report.acknowledged.total():12,}  in all; {report.refused:,} refused",
        f"{report.again:12,}  sent again under the same key, since nobody answered",
        f"{report.done_before:12,}  of these had been done already, and got the first answer",
        "",
        "Acknowledged and lost, done twice, booked and never acknowledged, invariants broken: "
        + (f"{len(report.found)}" if report.found else "none."),
        *report.found[:50],
    ]


def main() -> int:
    """Play, print, keep; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument(
        "--seed", type=int, default=int(os.environ.get("ZVE_FAULTS_SEED") or random.randrange(10**9))
    )
    parser.add_argument("--into", type=Path)
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)  # noqa: T201
    report = play(
        ALL, arguments.kills, arguments.seed, Size(arguments.clients, EACH),
        say=lambda line: print(line, flush=True),  # noqa: T201
    )  # fmt: skip
    lines = told(report, arguments.clients)
    print("\n".join(lines))  # noqa: T201
    if arguments.into:
        arguments.into.write_text("\n".join(lines) + "\n")
    return 1 if report.found or set(report.kills) != set(ALL) else 0


if __name__ == "__main__":
    sys.exit(main())
