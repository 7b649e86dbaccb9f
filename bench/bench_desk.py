"""What the desk costs in a region of a million people, beside the demonstration: `python -m bench.bench_desk`.

Two web processes of the program, one on each database of the same server; a makelaar opens each page of the desk in
both in turn. A page costs the CPU of its web process and of every process of PostgreSQL meanwhile. Before that the
figures of a year are counted, for that municipality and for the largest. Ends with 1 when a bound was missed.
`--quick` or QUICK=1 takes a small region and a few rounds; `--folder` measures in a region that was made before.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID

import httpx

from app.access.actor import system
from app.access.models import Way
from app.access.sign_in import Proof, open_session, person_for_email
from app.casework.models import Whose
from app.clock import today
from app.db import Database, scope_to
from app.demo.personas import PERSONAS
from app.moderation.conditions import Queue
from app.reports import facts, releases
from app.reports.periods import Period, halves_over, month_of, plus
from bench import region
from bench.measure import RESULTS, Process, commit, cpu_ms, cpu_ms_below, parent_of, process
from bench.region import Place, Region
from web.security import SESSION_COOKIE

RATIO_MAX: Final = 2.0
ROUNDS: Final = {True: 1, False: 7}
FIRST_S: Final = 600
"""A process that was just started reads every offer of the region before it can say who fits."""
SHOWN: Final = Proof(Way.PASSKEY, second=True)
MAKELAAR: Final = next(one.email for one in PERSONAS if one.slug == "makelaar")
REPORT_MAX_S: Final = 10
HALVES_OF_A_YEAR: Final = 2
OWN: Final = 1771
"""The municipality of the demonstration's own makelaar."""
LARGEST: Final = 772
"""The municipality with the most residents of the region, and so with the most work."""
PAGES: Final = (
    "/bureau/veiligheid", "/bureau/verwijzingen", "/bureau/omzien", "/bureau/maatjes", "/bureau/huishoudens",
    "/bureau/kernteam", "/bureau/controles", "/bureau/namens", "/bureau/activiteiten", "/bureau/verhalen",
    "/bureau/brieven", "/bureau/bemiddeling", "/bureau/verdelen", "/bureau/kringen", "/bureau/roosjesvragen",
    "/bureau/welzijnsbudget", "/bureau/organisaties", "/bureau/kaart", "/bureau/mensen",
    "/bureau/zoeken?zoek=boodschappen", "/bureau/zoeken?zoek=Ria", "/bureau/cijfers", "/bureau/verslag",
)  # fmt: skip
"""Besides the queues of the work list."""
FILES: Final = ("raad", "raad.pdf", "cijfers.csv", "cijfers.xlsx")
"""Of the newest half year that was told: for the council, as paper, and as tables."""
CASES: Final = ("open", "filled", "done")
"""A case of each status."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one page: milliseconds of CPU of both processes on each side, and the median of the ratios pair by pair."""

    page: str
    small_ms: float
    large_ms: float
    ratio: float
    small_database_ms: float
    large_database_ms: float


@dataclass(frozen=True, slots=True)
class Side:
    """One database as somebody of the desk meets it."""

    web: Process
    client: httpx.Client
    server: int
    """The process under which all others of PostgreSQL stand."""

    def cost(self, path: str) -> tuple[float, float]:
        """Milliseconds of CPU that one opening takes, of the web process and of PostgreSQL."""
        before = cpu_ms(self.web.pid), cpu_ms_below(self.server)
        self.client.get(path).raise_for_status()
        return cpu_ms(self.web.pid) - before[0], cpu_ms_below(self.server) - before[1]


def desk(places: Region, municipality_id: int, small: Side, large: Side, rounds: int) -> list[Cost]:
    """Every page of a municipality that answers to this person on both sides."""
    found = []
    queues = (f"/bureau?bak={queue}&wie={Whose.ALL}" for queue in Queue)
    for path in (*queues, *_cases(places, municipality_id), *PAGES, *_files(places, municipality_id)):
        if all(_warm(side, path) for side in (small, large)):
            found.append(_beside(path, small, large, rounds))
    return found


def _warm(side: Side, path: str) -> bool:
    """Whether this person has this page; what is read once for good has been read afterwards."""
    return all(side.client.get(path).status_code == 200 for _ in range(2))


def _beside(path: str, small: Side, large: Side, rounds: int) -> Cost:
    pairs = []
    for turn in range(rounds):
        both = {}
        for side in (small, large) if turn % 2 else (large, small):
            both[side is large] = side.cost(path)
        pairs.append((both[False], both[True]))
    return Cost(
        path,
        round(median(sum(one) for one, _ in pairs), 2),
        round(median(sum(other) for _, other in pairs), 2),
        round(median(sum(other) / sum(one) for one, other in pairs), 2),
        round(median(one[1] for one, _ in pairs), 2),
        round(median(other[1] for _, other in pairs), 2),
    )


def _cases(places: Region, municipality_id: int) -> list[str]:
    """Of each status one that the demonstration has, so that it is the same on both sides, with the most around it."""
    query = (
        "SELECT DISTINCT ON (r.status) r.id FROM help_request r LEFT JOIN proposal p ON p.help_request_id = r.id"
        " WHERE r.municipality_id = %s AND r.status = ANY (%s) GROUP BY r.id"
        " ORDER BY r.status, count(p.id) DESC, r.id"
    )
    with places.small.connect() as connection:
        return [
            f"/bureau/zaken/{row[0]}" for row in connection.execute(query, (municipality_id, list(CASES)))
        ]


def _files(places: Region, municipality_id: int) -> list[str]:
    query = "SELECT max(since) FROM report_release WHERE municipality_id = %s AND span = 'half'"
    with places.small.connect() as connection:
        row = connection.execute(query, (municipality_id,)).fetchone()
    if row is None or row[0] is None:
        return []
    return [f"/bureau/verslag/{row[0]:%Y-%m}/{name}" for name in FILES]


def _token(url: str, who: UUID | None) -> str:
    database = Database(url, pool_size=1)
    with database.transaction() as session:
        person = who or person_for_email(session, MAKELAAR)
        assert person is not None
        token = open_session(session, person, proof=SHOWN)
    database.close()
    return token


def _a_makelaar_of(places: Region, municipality_id: int) -> UUID:
    query = (
        "SELECT person_id FROM role_grant WHERE role = 'broker' AND municipality_id = %s ORDER BY 1 LIMIT 1"
    )
    with places.small.connect() as connection:
        row = connection.execute(query, (municipality_id,)).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def pages(places: Region, rounds: int) -> dict[str, list[Cost]]:
    """The desk of the demonstration's own municipality, and that of the region's largest."""
    run = [sys.executable, "-m", "bench.serve", "ours"]
    settings = [
        {"DATABASE_URL": place.application_url, "ZVE_DATA_DIR": str(places.folder)}
        for place in (places.small, places.large)
    ]
    with places.small.connect() as connection:
        server = parent_of(connection.info.backend_pid)
    with process(run, settings[0], "/") as one, process(run, settings[1], "/") as other:

        def side(web: Process, place: Place, who: UUID | None) -> Side:
            headers = {"cookie": f"{SESSION_COOKIE}={_token(place.application_url, who)}"}
            return Side(web, httpx.Client(base_url=web.address, headers=headers, timeout=FIRST_S), server)

        def both(municipality_id: int, who: UUID | None) -> list[Cost]:
            sides = side(one, places.small, who), side(other, places.large, who)
            try:
                return desk(places, municipality_id, *sides, rounds)
            finally:
                for each in sides:
                    each.client.close()

        return {
            "Geldrop-Mierlo": both(OWN, None),
            "the largest": both(LARGEST, _a_makelaar_of(places, LARGEST)),
        }


def report(places: Region, municipality_id: int) -> tuple[float, float]:
    """Seconds, and those of CPU of this process and of PostgreSQL, in which a year of a municipality is counted and
    made fit to be told: what the worker does of it once, while who waits for the report is shown how far it is."""
    database = Database(places.large.application_url, pool_size=1)
    with places.large.connect() as connection:
        server = parent_of(connection.info.backend_pid)
    with database.transaction() as session:
        actor = system(frozenset(releases.joined(session)))
        scope_to(session, actor.scope)
        halves = halves_over(plus(month_of(today(session)), -12), today(session))[-2:]
        assert len(halves) == HALVES_OF_A_YEAR
        begin, before = time.perf_counter(), cpu_ms(os.getpid()) + cpu_ms_below(server)
        for half in halves:
            months = [Period(month, plus(month, 1)) for month in half.months]
            told = {
                month.since: releases.month_figures(found)
                for month, found in facts.of_months(session, actor, municipality_id, months)
            }
            releases.half_figures(facts.of(session, actor, municipality_id, half), told)
        spent = cpu_ms(os.getpid()) + cpu_ms_below(server) - before
        seconds = time.perf_counter() - begin
    database.close()
    return round(seconds, 2), round(spent / 1000, 2)


def measure(places: Region, quick: bool) -> dict[str, Any]:
    """All figures, and which bounds were missed."""
    reports = {name: report(places, key) for name, key in (("Geldrop-Mierlo", OWN), ("the largest", LARGEST))}
    costs = pages(places, ROUNDS[quick])
    missed = [f"{desk}: {one.page}" for desk, rows in costs.items() for one in rows if one.ratio > RATIO_MAX]
    missed += [f"{name}: report" for name, (seconds, _) in reports.items() if seconds > REPORT_MAX_S]
    return {
        "report_s": {name: seconds for name, (seconds, _) in reports.items()},
        "report_cpu_s": {name: spent for name, (_, spent) in reports.items()},
        "report_max_s": REPORT_MAX_S,
        "made_s": places.made_s,
        "region": places.counts,
        "ratio_max": RATIO_MAX,
        "pages": {name: [asdict(one) for one in rows] for name, rows in costs.items()},
        "missed": missed,
    }


def told(figures: dict[str, Any]) -> str:
    """The figures as a table."""
    lines = [f"{name} {count}" for name, count in figures["region"].items()]
    lines += [
        f"report of a year, {name}: {seconds} s, {figures['report_cpu_s'][name]} s of CPU"
        for name, seconds in figures["report_s"].items()
    ]
    lines.append(
        f"CPU of web process and PostgreSQL (of PostgreSQL alone); at most {figures['ratio_max']} times"
    )
    for name, rows in figures["pages"].items():
        lines.append(name)
        lines += [
            f"{one['page']:52} {one['small_ms']:8.1f} ({one['small_database_ms']:6.1f}) ms"
            f" {one['large_ms']:8.1f} ({one['large_database_ms']:6.1f}) ms {one['ratio']:6.2f}"
            for one in rows
        ]
    return "\n".join([*lines, f"missed: {', '.join(figures['missed']) or 'nothing'}"])


def main(arguments: Sequence[str]) -> int:
    """As asked on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("QUICK")))
    parser.add_argument("--into", type=Path, default=RESULTS / "desk.json")
    parser.add_argument("--folder", type=Path, help="where a region was made before, or is made and kept")
    wanted = parser.parse_args(arguments)
    size = region.QUICK if wanted.quick else region.FULL
    with tempfile.TemporaryDirectory(prefix="zve-bench-") as name:
        folder = wanted.folder or Path(name)
        folder.mkdir(exist_ok=True)
        with region.a_region(folder, size) as places:
            return tell(places, wanted.into, quick=wanted.quick)


def tell(places: Region, into: Path, *, quick: bool) -> int:
    """Measure, keep the figures, and tell them; 1 when a bound was missed."""
    figures = measure(places, quick)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    result = {"commit": commit(), "at": at, "cores": os.cpu_count(), "quick": quick, **figures}
    into.parent.mkdir(exist_ok=True)
    into.write_text(json.dumps(result, indent=2) + "\n")
    print(told(figures))
    return int(bool(figures["missed"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
