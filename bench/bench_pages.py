"""What a page costs beside a bare one, in one run: `python -m bench.bench_pages` (minutes; QUICK=1 for less).

CPU of a list of requests against the same SQL and template without the program; queries at 1 and at 15 rows;
filling the demonstration; first and second start; memory; bytes of the first page; 64 clients on a pool of 10.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

from app import postgres, upkeep
from app.db import Database
from app.demo.filling import fill
from bench.measure import Process, cpu_ms_per_request, keep, process, side_by_side
from bench.serve import LIST_PATH

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 3 if QUICK else 9
REQUESTS = 60 if QUICK else 200
CLIENTS = 64
BOUNDS = {
    "list_cpu_ratio": 3.0, "second_start_s": 5.0, "memory_ratio": 3.0, "first_page_kb": 100.0, "demonstration_s": 30.0,
}  # fmt: skip
"""Memory is that of the process that serves (`serve`), beside which a worker runs; `run` has both in one."""
RUN = (sys.executable, "-c", "from app.cli import main; main()", "run")


def pages(environment: dict[str, str]) -> dict[str, Any]:
    """CPU, memory and many clients."""
    run = [sys.executable, "-m", "bench.serve"]
    with (
        process([*run, "ours"], environment, LIST_PATH) as ours,
        process([*run, "bare"], environment, LIST_PATH) as bare,
        process([*run, "hello"], environment, LIST_PATH) as hello,
    ):
        mine, theirs, ratio = side_by_side(
            lambda: cpu_ms_per_request(ours, LIST_PATH, REQUESTS),
            lambda: cpu_ms_per_request(bare, LIST_PATH, REQUESTS),
            ROUNDS,
        )
        cpu_ms_per_request(hello, LIST_PATH, 20)
        crowd = many_clients(ours)
        return {
            "list_cpu_ms": round(mine, 2),
            "bare_cpu_ms": round(theirs, 2),
            "list_cpu_ratio": round(ratio, 2),
            "memory_mb": round(ours.memory_mb(), 1),
            "bare_memory_mb": round(hello.memory_mb(), 1),
            "memory_ratio": round(ours.memory_mb() / hello.memory_mb(), 2),
            "first_page_kb": round(first_page_bytes(ours) / 1000, 1),
            **crowd,
        }


def many_clients(server: Process) -> dict[str, Any]:
    """64 clients at once on a pool of ten: every request is answered."""
    each = 5 if QUICK else 20

    def visit(number: int) -> list[tuple[int, float]]:
        answers = []
        home = httpx.HTTPTransport(local_address=f"127.0.1.{number + 1}")  # each has a pace of their own
        with httpx.Client(base_url=server.address, timeout=60, transport=home) as client:
            for _ in range(each):
                begin = time.perf_counter()
                answers.append((client.get(LIST_PATH).status_code, time.perf_counter() - begin))
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [answer for mine in pool.map(visit, range(CLIENTS)) for answer in mine]
    times = [seconds for _, seconds in answers]
    return {
        "clients": CLIENTS,
        "clients_requests": len(answers),
        "clients_failed": sum(status != 200 for status, _ in answers),
        "clients_p50_ms": round(median(times) * 1000),
        "clients_p99_ms": round(quantiles(times, n=100)[98] * 1000),
    }


def first_page_bytes(server: Process) -> int:
    """The home page with everything that it asks for, as a browser gets it over the wire: scripts and sheets packed."""
    with httpx.Client(base_url=server.address) as client:
        page = client.get("/")
        html = page.text
        found = {part.split('"')[0] for part in html.split('="')[1:] if part.startswith("/static/")}
        wanted = {path for path in found if path.rpartition("?")[0].endswith((".css", ".js", ".woff2", ".svg")) or
                  path.endswith((".css", ".js", ".woff2", ".svg"))}  # fmt: skip
        answers = [page, *(client.get(path) for path in sorted(wanted))]
        return sum(answer.num_bytes_downloaded for answer in answers)


def second_start_s(data_dir: Path) -> float:
    """From the command to the first answer, on a database that is there already."""
    times = []
    for _ in range(3):
        with process(RUN, {"ZVE_DATA_DIR": str(data_dir)}, "/") as server:
            times.append(server.started_s)
    return round(median(times), 2)


def first_start(data_dir: Path) -> dict[str, float]:
    """From the command to the first answer where there is nothing yet, and the memory of server and worker in one."""
    with process(RUN, {"ZVE_DATA_DIR": str(data_dir)}, "/") as server:
        return {"first_start_s": round(server.started_s, 1), "run_memory_mb": round(server.memory_mb(), 1)}


def main() -> None:
    """Measure everything on one demonstration region."""
    with tempfile.TemporaryDirectory(prefix="zve-bench-") as folder:
        data_dir = Path(folder) / "data"
        Path(folder).chmod(0o755)
        with postgres.start(data_dir) as server:
            upkeep.migrate(server.owner_url, postgres.APPLICATION)
            database = Database(server.application_url)
            begin = time.perf_counter()
            fill(database, server.owner_url)
            figures: dict[str, Any] = {"demonstration_s": round(time.perf_counter() - begin, 1)}
            database.close()
            environment = {"DATABASE_URL": server.application_url, "ZVE_DATA_DIR": str(data_dir)}
            figures |= pages(environment)
        figures["second_start_s"] = second_start_s(data_dir)
        figures |= first_start(Path(folder) / "new")
    for name, bound in BOUNDS.items():
        figures[f"{name}_bound"] = bound
    keep("pages", figures)
    missed = [name for name, bound in BOUNDS.items() if figures[name] > bound]
    if missed or figures["clients_failed"]:
        sys.exit(f"missed: {missed}, failed: {figures['clients_failed']}")


if __name__ == "__main__":
    main()
