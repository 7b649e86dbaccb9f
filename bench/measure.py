"""What the measurements share: a server process, its CPU and memory, and a result with the commit it measured."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from app import cluster

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
START_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Process:
    """A server under measurement."""

    pid: int
    address: str
    started_s: float

    def cpu_s(self) -> float:
        """Seconds of CPU that the process used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * PAGE_BYTES / 1e6


def cpu_ms(pid: int) -> float:
    """Milliseconds of CPU so far of a process with all its threads, to the microsecond; 0 for one that ended."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6
    except OSError:
        return 0.0


def cpu_ms_below(pid: int) -> float:
    """The same of a process and those that it started; those of them that ended count to the tick."""
    ended = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[13:15]
    return cpu_ms(pid) + sum(map(cpu_ms, _children_of(pid))) + sum(map(int, ended)) / TICKS * 1000


def parent_of(pid: int) -> int:
    """Who started it."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _children_of(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if parent_of(int(path.parent.name)) == pid:
                found.append(int(path.parent.name))
    return found


def database_cpu_s(data_dir: Path) -> float:
    """Seconds of CPU of all processes of the server on this folder so far, also of those that ended."""
    path = data_dir / "postgres"
    total = 0
    for pid in cluster.processes(cluster.Cluster(path, Path()).mark, str(path)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            first = b"-D" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        total += sum(map(int, (*fields[11:13], *(fields[13:15] if first else ()))))
    return total / TICKS


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(arguments: Sequence[str], environment: dict[str, str], path: str = "/") -> Iterator[Process]:
    """Start a server, wait for its first answer, and end it afterwards."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    begin = time.perf_counter()
    child = subprocess.Popen(arguments, env={**os.environ, **environment, "PORT": str(port)}, cwd=ROOT)
    try:
        while True:
            try:
                httpx.get(address + path, timeout=10)
                break
            except httpx.TransportError:
                if child.poll() is not None or time.perf_counter() - begin > START_TIMEOUT_S:
                    raise
                time.sleep(0.02)
        yield Process(child.pid, address, time.perf_counter() - begin)
    finally:
        child.terminate()
        child.wait(timeout=40)


def cpu_ms_per_request(server: Process, path: str, requests: int) -> float:
    """CPU of the server for one request, over many."""
    with httpx.Client(base_url=server.address) as client:
        for _ in range(5):
            client.get(path).raise_for_status()
        before = server.cpu_s()
        for _ in range(requests):
            client.get(path)
        return (server.cpu_s() - before) / requests * 1000


def side_by_side(one: Any, other: Any, rounds: int) -> tuple[float, float, float]:
    """Medians of two measurements taken in turn, and the median of their ratios pair by pair."""
    pairs = [(one(), other()) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)


def commit() -> str:
    """The commit that is measured, with a plus when files other than results were changed since."""
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.strip()
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/results"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout.strip()
    return found + ("+" if changed else "")


def keep(name: str, figures: dict[str, Any]) -> None:
    """Print the figures, and keep them beside the commit that they measured."""
    result = {"commit": commit(), "at": datetime.now(UTC).isoformat(timespec="seconds"),
              "python": sys.version.split()[0], "cores": os.cpu_count(), **figures}  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))
