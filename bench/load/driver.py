"""Asks over connections that stay open, as fast as they are answered or at a pace, and notes how long each took.

A client library takes as long for a request as the bare program for its answer, on the same cores: this one takes a
twentieth.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Final
from urllib.parse import urlsplit

from bench.load.mix import Act, Asked

CONNECTIONS: Final = 8
PACED_CONNECTIONS: Final = 32
DRAWN: Final = 20_000


@dataclass
class Played:
    """What was answered in one go."""

    seconds: float
    took_ms: list[float] = field(repr=False)
    by_act: dict[Act, list[float]] = field(repr=False)
    failed: list[str]
    driver_cpu_s: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.took_ms) / self.seconds

    @property
    def p50_ms(self) -> float:
        """The middle one."""
        return percentile(self.took_ms, 50)

    @property
    def p99_ms(self) -> float:
        """Of a hundred the slowest but one."""
        return percentile(self.took_ms, 99)


def percentile(took_ms: Sequence[float], which: int) -> float:
    """Of at least two."""
    return quantiles(took_ms, n=100)[which - 1]


class Line:
    """A connection to one process; opened anew when it was closed."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname, parts.port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, wire: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer.

        A server closes a line on which nothing was said for some seconds: then the same is asked once more on a new
        one, which books nothing twice.
        """
        was_open = self._writer is not None
        try:
            return await self._asked(wire)
        except (ConnectionError, asyncio.IncompleteReadError) as closed:
            if not was_open or (isinstance(closed, asyncio.IncompleteReadError) and closed.partial):
                raise
            await self.close()
            return await self._asked(wire)

    async def _asked(self, wire: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._writer.write(wire)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await self._reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            await self.close()
        return int(head[0].split(" ")[1]), headers, body

    async def close(self) -> None:
        """Let go."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


class _Game:
    """What the lines of one go share."""

    def __init__(self, addresses: Sequence[str], lines: int) -> None:
        self.lines = [Line(addresses[number % len(addresses)]) for number in range(lines)]
        self.by_act: dict[Act, list[float]] = {}
        self.failed: list[str] = []

    async def one(self, line: Line, asked: Asked, since: float) -> None:
        """Ask, and note how long it took since then."""
        try:
            status, _, body = await line.ask(asked.wire)
        except (OSError, asyncio.IncompleteReadError) as error:
            await line.close()
            self.failed.append(f"{asked.act}: {error!r}")
            return
        self.by_act.setdefault(asked.act, []).append((time.perf_counter() - since) * 1000)
        if status not in (200, 201):
            self.failed.append(f"{asked.act}: {status} {body[:200]!r}")

    async def close(self) -> None:
        """Let go of all lines."""
        for line in self.lines:
            await line.close()


async def _flat_out(addresses: Sequence[str], mix: Iterator[Asked], seconds: float) -> Played:
    game = _Game(addresses, CONNECTIONS)
    waiting = iter(list(itertools.islice(mix, DRAWN)))
    begin, cpu = time.perf_counter(), time.process_time()

    async def work(line: Line) -> None:
        while (now := time.perf_counter()) - begin < seconds:
            await game.one(line, next(waiting), now)

    await asyncio.gather(*(work(line) for line in game.lines))
    return await _ended(game, begin, cpu)


async def _paced(addresses: Sequence[str], mix: Iterator[Asked], seconds: float, per_second: float) -> Played:
    """At even moments, whether the one before was answered or not: who waits for a line waits in the figures too."""
    game = _Game(addresses, PACED_CONNECTIONS)
    free: asyncio.Queue[Line] = asyncio.Queue()
    for line in game.lines:
        free.put_nowait(line)
    begin, cpu = time.perf_counter(), time.process_time()

    async def send(asked: Asked, at: float) -> None:
        line = await free.get()
        try:
            await game.one(line, asked, at)
        finally:
            free.put_nowait(line)

    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * per_second)):
            at = begin + number / per_second
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            group.create_task(send(next(mix), at))
    return await _ended(game, begin, cpu)


async def _ended(game: _Game, begin: float, cpu: float) -> Played:
    seconds, cpu_s = time.perf_counter() - begin, time.process_time() - cpu
    await game.close()
    took = [ms for each in game.by_act.values() for ms in each]
    return Played(seconds, took, game.by_act, game.failed, cpu_s)


def flat_out(addresses: Sequence[str], mix: Iterator[Asked], seconds: float) -> Played:
    """As fast as they answer, over a few connections."""
    return asyncio.run(_flat_out(addresses, mix, seconds))


def paced(addresses: Sequence[str], mix: Iterator[Asked], seconds: float, per_second: float) -> Played:
    """So many a second; times count from when each was due."""
    return asyncio.run(_paced(addresses, mix, seconds, per_second))


def asked_each(address: str, asked: Sequence[Asked]) -> None:
    """One after the other, before anything is measured. Raises for one that fails."""

    async def ask() -> None:
        line = Line(address)
        for one in asked:
            status, _, body = await line.ask(one.wire)
            if status not in (200, 201):
                raise RuntimeError(f"{one.act}: {status} {body[:200]!r}")
        await line.close()

    asyncio.run(ask())
