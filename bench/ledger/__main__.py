"""The ledger beside an ORM and plain psycopg, in one run: `make bench-ledger [QUICK=1]`.

Eight client processes, a durable embedded server on the same machine, all ways in turn, round after round. Prints
tables, and keeps every figure and ratio as bench/results/ledger.json.
"""

import argparse
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from bench import bench_chain
from bench.ledger import batches, bounds
from bench.ledger.books import Server, a_server
from bench.ledger.clients import CLIENTS, COLD, HOT, POT, SCENARIOS, Round, clients
from bench.ledger.contenders import CONTENDERS, ORM, OURS, OURS_PSYCOPG, PLAIN
from bench.ledger.printing import printed
from bench.matching.__main__ import machine
from bench.measure import RESULTS, commit

ORDER = (
    *((name, scenario) for name in CONTENDERS for scenario in (COLD, POT)),
    *((name, HOT) for name in CONTENDERS),
)
"""What is compared stands near in time: another program on the machine then slows both."""
Rounds = dict[tuple[str, str], list[Round]]


@dataclass(frozen=True, slots=True)
class Size:
    """How long it takes."""

    rounds: int
    seconds: float
    chain: int
    clients: int = CLIENTS


FULL, QUICK = Size(9, 3.0, 1_000_000), Size(1, 0.25, 2_000, 2)


def played(server: Server, size: Size) -> Rounds:
    """Every way in every scenario, in turn; first once for nothing, so that no table is empty."""
    found: Rounds = {}
    with clients(server, size.clients) as eight:
        for scenario in SCENARIOS:
            for name in CONTENDERS:
                eight.play(name, scenario, min(size.seconds, 1.0), f"warm {scenario} {name}")
        eight.anew()
        server.know_itself()
        for number in range(size.rounds):
            for name, scenario in ORDER:
                one = eight.play(name, scenario, size.seconds, f"{number} {scenario} {name}")
                found.setdefault((name, scenario), []).append(one)
    return found


def figures(rounds: list[Round]) -> dict[str, float]:
    """Medians of the rounds."""
    cuts = [one.percentiles_ms() for one in rounds]
    return {
        "per_second": round(median(one.per_second for one in rounds), 1),
        "server_cpu_us": round(median(one.cpu_us[0] for one in rounds)),
        "client_cpu_us": round(median(one.cpu_us[1] for one in rounds)),
        "p50_ms": round(median(cut[0] for cut in cuts), 2),
        "p99_ms": round(median(cut[1] for cut in cuts), 2),
        "transfers": sum(len(one.took_us) for one in rounds),
    }


def ratios(found: Rounds) -> dict[str, float]:
    """Medians of what neighbours in time came to."""

    def beside(one: tuple[str, str], other: tuple[str, str]) -> float:
        pairs = zip(found[one], found[other], strict=True)
        return round(median(a.per_second / b.per_second for a, b in pairs), 3)

    told = {
        f"{name} / {other}, {scenario}": beside((name, scenario), (other, scenario))
        for scenario in SCENARIOS
        for name in (OURS, OURS_PSYCOPG)
        for other in (ORM, PLAIN)
    }
    for name in CONTENDERS:
        told |= {f"{name}: {there} / {COLD}": beside((name, there), (name, COLD)) for there in (POT, HOT)}
        cuts = [one.percentiles_ms() for one in found[name, COLD]]
        told[f"{name}: p99 / p50, {COLD}"] = round(median(p99 / p50 for p50, p99 in cuts), 2)
    return told


def in_batches(server: Server, size: Size) -> dict[str, Any]:
    """Payments of a hundred at once."""
    ours, bare = batches.measured(server, size.rounds, size.seconds)
    share = median(a.per_second / b.per_second for a, b in zip(ours, bare, strict=True))
    return {
        "payments in a batch": batches.PAYEES,
        "clients": 1,
        "per_second": round(median(one.per_second for one in ours), 1),
        "server_cpu_us": round(median(one.server_cpu_us for one in ours)),
        "bare COPY per_second": round(median(one.per_second for one in bare), 1),
        "of a bare COPY": round(share, 3),
    }


def result_of(size: Size, quick: bool) -> dict[str, Any]:
    """Everything, in one run."""
    result: dict[str, Any] = {
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": quick,
        "machine": machine() | {"sqlalchemy": version("sqlalchemy")},
        "clients": f"{size.clients} processes", "rounds": size.rounds, "seconds": size.seconds,
    }  # fmt: skip
    with a_server() as server:
        found = played(server, size)
        result["ways"] = {
            scenario: {name: figures(found[name, scenario]) for name in CONTENDERS} for scenario in SCENARIOS
        }
        result["ratios"] = ratios(found)
        result["batches"] = in_batches(server, size)
        result["violations"] = server.violations()
    result["chain"] = bench_chain.on_a_server_of_its_own(size.chain)
    result["bounds"] = [bound.as_json() for bound in bounds.of(result)]
    result["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    return result


def main(words: list[str]) -> dict[str, Any]:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test: one short round, a short chain")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--chain", type=int)
    parser.add_argument("--into", type=Path, default=RESULTS / "ledger.json")
    arguments = parser.parse_args(words)
    usual = QUICK if arguments.quick else FULL
    size = Size(
        arguments.rounds or usual.rounds,
        arguments.seconds or usual.seconds,
        arguments.chain or usual.chain,
        usual.clients,
    )
    result = result_of(size, arguments.quick)
    arguments.into.parent.mkdir(exist_ok=True)
    arguments.into.write_text(json.dumps(result, indent=2) + "\n")
    printed(result, Console(width=150))
    return result


if __name__ == "__main__":
    main(sys.argv[1:])
