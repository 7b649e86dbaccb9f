"""Many machines: two web processes and two workers through pgbouncer, a primary and its replica; each is hit.

    python -m tests.faults.machines [--clients N] [--seed N] [--into FILE]

Clients book through a balancer all the while, as in `make test-faults`, and write down what was acknowledged. After
each strike it is said how long nobody was answered; at the end the journals are compared with the books of the server
that is written to then.
"""

import argparse
import os
import random
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import psycopg
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app import postgres
from app.cluster import Cluster
from bench.measure import commit, free_port
from tests.app.matches.servers import Region
from tests.app.matches.test_standby import Standby
from tests.databases import ROOT, chosen_bin_dir
from tests.faults.checking import faults
from tests.faults.clients import Client
from tests.faults.play import booking
from tests.faults.world import fill
from tests.pooled import Pgbouncer, pgbouncer

START_S: Final = 240.0
RECOVER_S: Final = 120.0
CALM_S: Final = 2.0
FULL_MB: Final = 900
"""Of a disk of its own, where one may be made (as root)."""


class Replica(Standby):
    """On a machine that has much to do besides."""

    patience_s = int(START_S)


FAKETIME: Final = shutil.which("faketime")
AHEAD: Final = (FAKETIME or "", "--exclude-monotonic", "-f", "+1d")


class Process:
    """A program of ours, as `zorgvoorelkaar serve` or `worker` runs."""

    def __init__(self, name: str, command: str, folder: Path, environment: dict[str, str]) -> None:
        self.name, self.command, self.port = name, command, free_port()
        self.log = folder / f"{name}.log"
        self.environment = {
            **os.environ, **environment, "PORT": str(self.port), "PYTHONPATH": str(ROOT),
            "ZVE_DATA_DIR": str(folder),
        }  # fmt: skip
        self.start()

    def start(self, *, ahead: bool = False) -> None:
        """Also after it was killed; ``ahead`` on a machine whose clock is a day fast."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(AHEAD if ahead else ()),
                    sys.executable, "-c", "from app.cli import main; main()", self.command,
                ],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        self._tell(signal.SIGKILL)
        self.process.wait()

    def _tell(self, sign: int) -> None:
        """All of its group: whoever makes its clock fast stands in between."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, sign)

    def is_ready(self) -> bool:
        """Whether a balancer would send somebody there."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.port}/gereed", timeout=2).status_code == 200
        return False

    def stop(self) -> None:
        """Ask it to end, and see to it."""
        self._tell(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()


class Balancer:
    """Passes connections on to whoever takes them, in turn; one that takes none is left out for a moment."""

    def __init__(self, ports: list[int]) -> None:
        self._ports, self._turn = ports, 0
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._passed, args=(client,), daemon=True).start()

    def _passed(self, client: socket.socket) -> None:
        with client:
            self._turn += 1
            for step in range(len(self._ports)):
                port = self._ports[(self._turn + step) % len(self._ports)]
                with suppress(OSError):
                    with socket.create_connection(("127.0.0.1", port), timeout=2) as server:
                        _both_ways(client, server)
                    return

    def close(self) -> None:
        """Take nobody any more."""
        self._listening.close()


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    other.settimeout(None)
    with selectors.DefaultSelector() as waiting:
        waiting.register(one, selectors.EVENT_READ, other)
        waiting.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in waiting.select():
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if not data:
                    return
                key.data.sendall(data)


class Silent:
    """A mail server that takes connections and never says a word."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"smtp://127.0.0.1:{self._listening.getsockname()[1]}"
        self.held: list[socket.socket] = []
        threading.Thread(target=self._hold, daemon=True).start()

    def _hold(self) -> None:
        while True:
            try:
                self.held.append(self._listening.accept()[0])
            except OSError:
                return

    def close(self) -> None:
        """Let everybody go."""
        self._listening.close()
        for one in self.held:
            one.close()


@dataclass
class Machines:
    """All of it."""

    region: Region
    standby: Standby
    pooled: Pgbouncer
    web: list[Process]
    workers: list[Process]
    smtp: Silent
    address: Path
    clients: list[Client] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        """How much the clients have been told is done."""
        return sum(len(client.journal) for client in self.clients)

    def answered_again(self, since: int) -> bool:
        """Whether bookings go on, more than one."""
        return self.acknowledged >= since + 3


@dataclass(frozen=True, slots=True)
class Strike:
    """What is done to it, and what must be so after that."""

    name: str
    strike: Callable[[Machines], None]
    mend: Callable[[Machines], None]
    holds: str


def _kill_web(machines: Machines) -> None:
    machines.web[0].kill()


def _start_web(machines: Machines) -> None:
    machines.web[0].start()
    _until(machines.web[0].is_ready, "the web process")


def _kill_worker(machines: Machines) -> None:
    machines.workers[0].kill()


def _start_worker(machines: Machines) -> None:
    machines.workers[0].start()


def _kill_pooled(machines: Machines) -> None:
    machines.pooled.stop(signal.SIGKILL)


def _start_pooled(machines: Machines) -> None:
    machines.pooled.start()


def _silence(machines: Machines) -> None:
    machines.pooled.process.send_signal(signal.SIGSTOP)
    time.sleep(5)


def _speech(machines: Machines) -> None:
    machines.pooled.process.send_signal(signal.SIGCONT)


def _kill_replica(machines: Machines) -> None:
    process = machines.standby.server.process
    assert process is not None
    process.send_signal(signal.SIGQUIT)
    process.wait()


def _start_replica(machines: Machines) -> None:
    standby = machines.standby
    standby.server.process = standby.cluster.launch(standby.server.socket, durable=True)
    standby.waits_until(lambda: standby.asks("SELECT true"))


def _fill_disk(machines: Machines) -> None:
    """To the last byte, by somebody else's file; bookings are refused, and none of them halfway."""
    folder = machines.region.folder
    with (folder / "ballast").open("wb") as ballast, suppress(OSError):
        while True:
            ballast.write(b"\0" * 65536)
            ballast.flush()
    _until(lambda: _is_full(machines), "the disk is not full")


def _is_full(machines: Machines) -> bool:
    try:
        with machines.standby.first_asked() as first:
            first.execute("CREATE TABLE much AS SELECT repeat('x', 1000) FROM generate_series(1, 20000)")
            first.execute("DROP TABLE much")
    except psycopg.errors.DiskFull:
        return True
    except psycopg.OperationalError:
        return True  # its log has no room either, and it stopped
    return False


def _empty_disk(machines: Machines) -> None:
    (machines.region.folder / "ballast").unlink()
    process = machines.region.server.process
    if process is not None and process.poll() is not None:  # it stops when its log has no room: as it should
        machines.region.server.stop()
        machines.region.started()


def _kill_primary(machines: Machines) -> None:
    """What was acknowledged has reached the replica, for the primary waited for it."""
    machines.standby.catches_up()
    with machines.standby.first_asked() as first:
        first.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        first.execute("SELECT pg_reload_conf()")
    time.sleep(CALM_S)
    machines.region.killed()


def _promote(machines: Machines) -> None:
    machines.standby.takes_over()
    machines.address.unlink()
    machines.address.symlink_to(machines.standby.server.socket)
    for process in machines.workers:
        if process.process.poll() is not None:  # as systemd does
            process.start()


def _start_ahead(machines: Machines) -> None:
    machines.web[0].kill()
    machines.web[0].start(ahead=True)
    _until(machines.web[0].is_ready, "the web process with a fast clock")
    time.sleep(CALM_S)


def _restart_each(machines: Machines) -> None:
    """As an update does: one after the other, asked to end."""
    for process in machines.web:
        process.stop()
        process.start()
        _until(process.is_ready, process.name)
    for process in machines.workers:
        process.stop()
        process.start()


def _nothing(machines: Machines) -> None:
    del machines


STRIKES: Final = (
    Strike("mail server that hangs", _nothing, _nothing, "pages do not wait for it"),
    Strike("web process, kill -9", _kill_web, _start_web, "the other answers"),
    Strike("worker, kill -9", _kill_worker, _start_worker, "the other works on"),
    Strike("pgbouncer, kill -9", _kill_pooled, _start_pooled, "503 until it is back"),
    Strike("network cut for 5 s", _silence, _speech, "waiting, then as before"),
    Strike("replica, stopped at once", _kill_replica, _start_replica, "everything from the primary"),
    Strike("clock of a web process a day fast", _start_ahead, _nothing, "only the database's clock counts"),
    Strike("disk of the primary full", _fill_disk, _empty_disk, "refused, nothing halfway"),
    Strike("primary, kill -9, and promotion", _kill_primary, _promote, "the replica takes over"),
    Strike("rolling restart of all four", _restart_each, _nothing, "nobody waits"),
)


def _until(true: Callable[[], bool], what: str, within_s: float = START_S) -> float:
    """How long it took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > within_s:
            raise TimeoutError(what)
        time.sleep(0.05)
    return time.monotonic() - began


@contextmanager
def machines(folder: Path, clients: int, seed: int) -> Iterator[Machines]:
    """Started, filled and balanced; all ended afterwards."""
    with ExitStack() as stack:
        disk = _a_disk(folder / "disk", stack)
        region = Region.__new__(Region)
        region.folder = disk / "data"
        region.server = postgres.start(region.folder, bin_dir=chosen_bin_dir())
        stack.callback(lambda: region.server.stop())
        pairs = fill(region.server.application_url, region.server.owner_url, clients, 3)
        standby = Replica(region, folder / "second")
        stack.callback(standby.server.stop)
        address = folder / "address"
        address.symlink_to(region.server.socket)
        account = Cluster(region.folder / "postgres", Path()).account
        role, database = postgres.APPLICATION, postgres.DATABASE
        pooled = stack.enter_context(pgbouncer(folder / "pooled", address, role, account, servers=12))
        smtp = Silent()
        stack.callback(smtp.close)
        own = folder / "own"
        own.mkdir()
        there = f"postgresql+psycopg://{role}@/{database}?host="
        environment = {
            "DATABASE_URL": pooled.url(database, role), "DATABASE_DIRECT_URL": f"{there}{address}",
            "DATABASE_REPLICA_URL": f"{there}{standby.server.socket}", "ZVE_SMTP_URL": smtp.url,
            "ZVE_SECRET": "een geheim voor beide", "ZVE_POOL_SIZE": "5", "ZVE_LOG": "json",
        }  # fmt: skip
        made: list[Process] = []
        for name, command in (
            ("web1", "serve"),
            ("web2", "serve"),
            ("worker1", "worker"),
            ("worker2", "worker"),
        ):
            made.append(Process(name, command, own, environment))
            stack.callback(made[-1].stop)
        balancer = Balancer([process.port for process in made[:2]])
        stack.callback(balancer.close)
        for process in made[:2]:
            _until(process.is_ready, f"{process.name}: {process.log.read_text()[-2000:]}")
        clients_made = [
            Client(number, pair, balancer.address, random.Random(f"{seed}-{number}"))
            for number, pair in enumerate(pairs)
        ]
        yield Machines(region, standby, pooled, made[:2], made[2:], smtp, address, clients_made)


def _a_disk(folder: Path, stack: ExitStack) -> Path:
    """A small one of its own where that may be made; else a folder, and the disk is not filled."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={FULL_MB}m,mode=755", "none", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        stack.callback(subprocess.run, ["umount", "--lazy", str(folder)], check=False)
        (folder / "own").touch()
    return folder


def play(clients: int, seed: int, say: Callable[[str], None]) -> tuple[list[str], list[str]]:
    """The lines of the table, and what was found."""
    lines, found = [f"{'nobody answered':>16}  {'bookings':>9}  strike, and what holds"], []
    with tempfile.TemporaryDirectory(prefix="zve-machines-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with machines(folder, clients, seed) as all_of_it:
            with booking(all_of_it.clients):
                _until(lambda: all_of_it.answered_again(0), "the first bookings", RECOVER_S)
                for strike in STRIKES:
                    if missing := _missing(strike, folder):
                        lines.append(f"{'not tried':>16}  {'':>9}  {strike.name}: {missing}")
                        continue
                    lines.append(_struck(all_of_it, strike))
                    say(lines[-1])
            found += _compared(all_of_it)
    return lines, found


def _missing(strike: Strike, folder: Path) -> str:
    """What a strike needs and this machine has not."""
    if strike.strike is _fill_disk and not (folder / "disk" / "own").exists():
        return "only root may make a disk of its own"
    if strike.strike is _start_ahead and FAKETIME is None:
        return "apt install faketime"
    return ""


def _struck(all_of_it: Machines, strike: Strike) -> str:
    before, began = all_of_it.acknowledged, time.monotonic()
    longest, last, seen = 0.0, began, before
    over = threading.Event()

    def watch() -> None:
        nonlocal longest, last, seen
        while not over.is_set():
            now_seen = all_of_it.acknowledged
            if now_seen != seen:
                seen, last = now_seen, time.monotonic()
            longest = max(longest, time.monotonic() - last)
            time.sleep(0.02)

    watching = threading.Thread(target=watch)
    watching.start()
    strike.strike(all_of_it)
    time.sleep(CALM_S)
    strike.mend(all_of_it)
    mended = all_of_it.acknowledged
    _until(lambda: all_of_it.answered_again(mended), strike.name, RECOVER_S)
    over.set()
    watching.join()
    return f"{longest:14.1f} s  {all_of_it.acknowledged - before:>9,}  {strike.name}: {strike.holds}"


def _compared(all_of_it: Machines) -> list[str]:
    found = [f"client {client.number}: {error!r}" for client in all_of_it.clients for error in client.failed]
    engine = create_engine(all_of_it.standby.server.owner_url, poolclass=NullPool)
    with engine.begin() as owner:
        return [*found, *faults(owner, all_of_it.clients)]


def main() -> int:
    """Play, print, keep; 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--into", type=Path)
    arguments = parser.parse_args()
    began = time.monotonic()
    table, found = play(arguments.clients, arguments.seed, lambda line: print(line, flush=True))  # noqa: T201
    took = f"{arguments.clients} clients, {time.monotonic() - began:,.0f} s"
    lines = [
        f"commit {commit()}, seed {arguments.seed}, {os.cpu_count()} cores, {took}",
        "two web processes and two workers through pgbouncer in transaction mode, a primary and a replica",
        "",
        *table,
        "",
        "Acknowledged and lost, done twice, booked and never acknowledged, invariants broken: "
        + (f"{len(found)}" if found else "none."),
        *found[:50],
    ]
    print("\n".join(lines))  # noqa: T201
    if arguments.into:
        arguments.into.write_text("\n".join(lines) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
