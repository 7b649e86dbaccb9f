"""The ledger beside an ORM and plain psycopg, in one run: `make bench-ledger [QUICK=1]`.

Eight client processes, a durable embedded server on the same machine, all ways in turn, in many short rounds: every
ratio is the median of what neighbours in time came to, so that another program on the machine slows both. Prints
tables, keeps every figure and ratio as bench/results/ledger.json, and ends with 1 when a bound is missed.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from bench.ledger import batches, bounds, chain
from bench.ledger.books import Server, a_server
from bench.ledger.clients import CLIENTS, COLD, HOT, POT, SCENARIOS, Clients, Round, clients
from bench.ledger.contenders import CAREFUL, CONTENDERS, ORM, OURS, OURS_PSYCOPG, PLAIN
from bench.ledger.printing import printed
from bench.matching.__main__ import machine
from bench.matching.printing import missed_of
from bench.measure import RESULTS, commit

JUDGED = ((OURS, POT), *((name, COLD) for name in CONTENDERS))
"""What the bounds compare, side by side in every round."""
BESIDE = tuple(
    (name, scenario) for name in CONTENDERS for scenario in (POT, HOT) if (name, scenario) not in JUDGED
)
"""What is told as well, once in so many rounds, right after the same way on cold accounts."""
ONCE_IN = 3
PER_SECOND, CPU = attrgetter("per_second"), attrgetter("cpu_each_us")
Rounds = dict[tuple[str, str], list[Round]]


@dataclass(frozen=True, slots=True)
class Size:
    """How long it takes."""

    rounds: int
    seconds: float
    chain: int
    clients: int = CLIENTS


FULL, QUICK = Size(21, 1.0, 1_000_000), Size(1, 0.25, 2_000, 2)


def played(server: Server, size: Size) -> Rounds:
    """Every way in every scenario, in turn; first for nothing, so that no table is empty and no plan is new."""
    found: Rounds = {}
    with clients(server, size.clients) as eight:
        _warm(eight, min(size.seconds, 1.0), "first")
        eight.anew()
        server.know_itself()
        _warm(eight, 0.2, "again")
        for number in range(size.rounds):
            for name, scenario in order_of(number):
                one = eight.play(name, scenario, size.seconds, f"{number} {scenario} {name}")
                found.setdefault((name, scenario), []).append(one)
    return found


def _warm(eight: Clients, seconds: float, name: str) -> None:
    for way, scenario in (*JUDGED, *BESIDE):
        eight.play(way, scenario, seconds, f"{name} {scenario} {way}")


def order_of(number: int) -> list[tuple[str, str]]:
    """What is played in a round: forwards and backwards in turn, so that nothing always comes first."""
    played = [*JUDGED, *(BESIDE if number % ONCE_IN == 0 else ())]
    return played[::-1] if number % 2 else played


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
    """Medians of what neighbours in time came to: of transfers a second, and of the CPU that each took."""

    def beside(one: tuple[str, str], other: tuple[str, str], figure: Callable[[Round], float]) -> float:
        mine, theirs = found[one], found[other]
        every = max(len(mine), len(theirs))
        if len(mine) != len(theirs):  # one of them was played once in so many rounds
            mine, theirs = (
                rounds[::ONCE_IN] if len(rounds) == every else rounds for rounds in (mine, theirs)
            )
        return round(median(figure(a) / figure(b) for a, b in zip(mine, theirs, strict=True)), 3)

    told = {
        f"{name} / {other}, {scenario}": beside((name, scenario), (other, scenario), PER_SECOND)
        for scenario in SCENARIOS
        for name in (OURS, OURS_PSYCOPG)
        for other in (ORM, CAREFUL, PLAIN)
    }
    for name in (OURS, OURS_PSYCOPG):
        told |= {
            f"CPU: {other} / {name}, {COLD}": beside((other, COLD), (name, COLD), CPU)
            for other in (ORM, CAREFUL, PLAIN)
        }
    for name in CONTENDERS:
        told |= {
            f"{name}: {there} / {COLD}": beside((name, there), (name, COLD), PER_SECOND)
            for there in (POT, HOT)
        }
        for scenario in SCENARIOS:
            cuts = [one.percentiles_ms() for one in found[name, scenario]]
            told[f"{name}: p99 / p50, {scenario}"] = round(median(p99 / p50 for p50, p99 in cuts), 2)
    return told


def in_batches(server: Server, size: Size) -> dict[str, Any]:
    """Payments of a hundred at once."""
    ours, bare = batches.measured(server, (size.rounds + 1) // 2, size.seconds)
    share = median(a.per_second / b.per_second for a, b in zip(ours, bare, strict=True))
    return {
        "payments in a batch": batches.PAYEES,
        "clients": 1,
        "per_second": round(median(one.per_second for one in ours), 1),
        "server_cpu_us": round(median(one.server_cpu_us for one in ours)),
        "bare COPY into": batches.COPIED_INTO,
        "bare COPY per_second": round(median(one.per_second for one in bare), 1),
        "bare COPY server_cpu_us": round(median(one.server_cpu_us for one in bare)),
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
    result["chain"] = chain.on_a_server_of_its_own(size.chain)
    result["bounds"] = [bound.as_json() for bound in bounds.of(result, judged=not quick)]
    result["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    return result


def main(words: list[str]) -> dict[str, Any]:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke test: one short round, a short chain")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--chain", type=int)
    parser.add_argument("--into", type=Path, help="default ledger.json, or ledger-quick.json, of the results")
    arguments = parser.parse_args(words)
    usual = QUICK if arguments.quick else FULL
    size = Size(
        arguments.rounds or usual.rounds,
        arguments.seconds or usual.seconds,
        arguments.chain or usual.chain,
        usual.clients,
    )
    result = result_of(size, arguments.quick)
    into = arguments.into or RESULTS / ("ledger-quick.json" if arguments.quick else "ledger.json")
    into.parent.mkdir(exist_ok=True)
    into.write_text(json.dumps(result, indent=2) + "\n")
    printed(result, Console(width=150))
    return result


if __name__ == "__main__":
    sys.exit(min(missed_of(main(sys.argv[1:])), 1))
