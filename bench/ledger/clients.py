"""Eight client processes that book as fast as they can, all at once, for as long as they are told."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from statistics import quantiles

from bench.ledger.books import Server
from bench.ledger.contenders import Contender, opened_as
from bench.ledger.places import Places

CLIENTS = 8
COLD, HOT, POT = "cold accounts", "one hot account", "pot in 16 shards"
SCENARIOS = (COLD, HOT, POT)
HEAD_START_S = 0.05
ANEW = "close all connections"


@dataclass(frozen=True, slots=True)
class Task:
    """What all clients do at the same time."""

    contender: str
    scenario: str
    seconds: float
    seed: str
    begins_at: float
    """By time.monotonic(), which all processes of a machine share."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one client did."""

    took_us: list[int]
    cpu_s: float


@dataclass
class Round:
    """What all clients did in one go."""

    seconds: float
    client_cpu_s: float
    server_cpu_s: float
    took_us: list[int] = field(repr=False)

    @property
    def per_second(self) -> float:
        """Transfers committed a second."""
        return len(self.took_us) / self.seconds

    @property
    def cpu_us(self) -> tuple[float, float]:
        """Per transfer: of the server, of the clients."""
        many = len(self.took_us) / 1e6
        return self.server_cpu_s / many, self.client_cpu_s / many

    @property
    def cpu_each_us(self) -> float:
        """Per transfer, of both."""
        return sum(self.cpu_us)

    def percentiles_ms(self) -> tuple[float, float]:
        """The median and the 99th of a hundred."""
        cuts = quantiles(self.took_us, n=100)
        return cuts[49] / 1000, cuts[98] / 1000


def _client(places: Places, pipe: Pipe) -> None:
    """Runs in a process of its own until the pipe says None."""
    opened: dict[str, Contender] = {}
    while (task := pipe.recv()) is not None:
        if task == ANEW:
            while opened:
                opened.popitem()[1].close()
            pipe.send(None)
            continue
        if task.contender not in opened:
            opened[task.contender] = opened_as(task.contender, places)
        pipe.send(_book(opened[task.contender], task))
    for contender in opened.values():
        contender.close()


def _book(contender: Contender, task: Task) -> Done:
    chance, book, took = random.Random(task.seed), contender.book, []
    act = contender.give if task.scenario == POT else contender.transfer
    time.sleep(max(0.0, task.begins_at - time.monotonic()))
    cpu, end, number = time.process_time(), task.begins_at + task.seconds, 0
    while (begin := time.monotonic()) < end:
        debit, credit = chance.sample(book.cold, 2)
        if task.scenario != COLD:
            credit = book.hot if task.scenario == HOT else chance.choice(book.shards)
        number += 1
        act(debit, credit, f"{task.seed}-{number}")
        took.append(round((time.monotonic() - begin) * 1e6))
    return Done(took, time.process_time() - cpu)


@dataclass
class Clients:
    """Processes that wait for a task."""

    server: Server
    pipes: list[Pipe]

    def play(self, contender: str, scenario: str, seconds: float, name: str) -> Round:
        """One round: all clients begin together, and each ends after the transfer that it is in."""
        for pipe in self.pipes:  # so that no connection is made while it counts
            pipe.send(Task(contender, scenario, 0.0, "", 0.0))
        for pipe in self.pipes:
            pipe.recv()
        before, begins_at = self.server.cpu_s(), time.monotonic() + HEAD_START_S
        for number, pipe in enumerate(self.pipes):
            pipe.send(Task(contender, scenario, seconds, f"{name}-{number}", begins_at))
        done: list[Done] = [pipe.recv() for pipe in self.pipes]
        took = time.monotonic() - begins_at
        cpu = self.server.cpu_s() - before
        return Round(took, sum(one.cpu_s for one in done), cpu, [us for one in done for us in one.took_us])

    def anew(self) -> None:
        """Let go of all connections, with the plans that they made while the tables were empty."""
        for pipe in self.pipes:
            pipe.send(ANEW)
        for pipe in self.pipes:
            pipe.recv()


@contextmanager
def clients(server: Server, many: int = CLIENTS) -> Iterator[Clients]:
    """Start them, and end them."""
    context = multiprocessing.get_context("spawn")
    ends = [context.Pipe() for _ in range(many)]
    started = [
        context.Process(target=_client, args=(server.places, theirs), daemon=True) for _, theirs in ends
    ]
    for process in started:
        process.start()
    try:
        yield Clients(server, [mine for mine, _ in ends])
    finally:
        for mine, _ in ends:
            mine.send(None)
        for process in started:
            process.join(10)
            if process.is_alive():
                process.kill()
