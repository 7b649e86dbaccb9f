"""Kill, again and again, while clients book; then compare."""

import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests.faults.checking import faults
from tests.faults.clients import Act, Client
from tests.faults.points import Failpoint
from tests.faults.processes import Installation, a_database_server, a_worker
from tests.faults.world import fill

SETTLE_DOWN_S = 0.5
ARRIVALS_MAX = 5


@dataclass
class Report:
    """What was done, and what was found."""

    seed: int
    kills: Counter[Failpoint] = field(default_factory=Counter)
    acknowledged: Counter[Act] = field(default_factory=Counter)
    refused: int = 0
    again: int = 0
    """Requests that were sent more than once, since nobody answered."""
    done_before: int = 0
    """Of those, the ones that had been done when they were sent again."""
    seconds: float = 0.0
    found: list[str] = field(default_factory=list)


def schedule(
    points: Sequence[Failpoint], kills: int, chance: random.Random
) -> Iterator[tuple[Failpoint, int]]:
    """So many kills, each point as often as any other, in an order and after a number of arrivals by chance."""
    left: list[Failpoint] = []
    for _ in range(kills):
        if not left:
            left = chance.sample(points, len(points))
        yield left.pop(), chance.randint(1, ARRIVALS_MAX)


@contextmanager
def booking(clients: list[Client]) -> Iterator[None]:
    """All clients at work; at the end each finishes what it began."""
    stop = threading.Event()
    threads = [threading.Thread(target=client.run, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@dataclass(frozen=True, slots=True)
class Size:
    """How many clients, and how many times and proposals each of them has."""

    clients: int
    each: int


def play(
    points: Sequence[Failpoint],
    kills: int,
    seed: int,
    size: Size,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """On a server, a worker and a folder of its own, all gone afterwards."""
    report, chance = Report(seed), random.Random(seed)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="zve-faults-") as name:
        folder = Path(name)
        with a_database_server(folder / "data") as server:
            pairs = fill(server.application_url, server.owner_url, size.clients, size.each)
            (folder / "web").mkdir()
            with a_worker(server, folder / "web") as worker:
                clients = [
                    Client(number, pair, worker.address, random.Random(f"{seed}-{number}"))
                    for number, pair in enumerate(pairs)
                ]
                installation = Installation(server, worker)
                with booking(clients):
                    for (target, point), number in schedule(points, kills, chance):
                        installation.strike(target, point, number)
                        report.kills[target, point] += 1
                        say(f"{report.kills.total():4}  {target}, {point}")
                    time.sleep(SETTLE_DOWN_S)
            _compare(server.owner_url, clients, report)
    report.seconds = time.monotonic() - begin
    return report


def _compare(owner_url: str, clients: list[Client], report: Report) -> None:
    for client in clients:
        report.found += [f"client {client.number}: {error!r}" for error in client.failed]
        for line in client.journal:
            report.acknowledged[line.order.act] += line.done
            report.refused += not line.done
            report.again += line.attempts > 1
            report.done_before += line.hit
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as owner:
        report.found += faults(owner, clients)
