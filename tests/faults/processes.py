"""The two that are killed, each by the numbers of its own processes, and started again on what they left behind."""

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app import cluster, postgres
from bench.measure import free_port
from tests.databases import chosen_bin_dir
from tests.faults.points import Point, Target
from tests.faults.program import serve

REACHED_S = 60.0
START_S = 90.0


class DatabaseServer:
    """The embedded server, durable, on a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = self._started()
        self.owner_url, self.application_url = self.server.owner_url, self.server.application_url

    def _started(self) -> postgres.Server:
        return postgres.start(self.folder, bin_dir=chosen_bin_dir())

    @property
    def cluster(self) -> cluster.Cluster:
        """Its files."""
        return cluster.Cluster(self.folder / "postgres", chosen_bin_dir() or postgres.wheel_bin_dir())

    def kill(self) -> None:
        """The postmaster first, so that it starts nothing anew, then each of its processes."""
        assert self.server.process is not None
        files = self.cluster
        _kill(self.server.process.pid)
        for pid in list(cluster.processes(files.mark, str(files.path))):
            _kill(pid)
        self.server.process.wait()

    def start_again(self) -> None:
        """On the same files; the log is replayed."""
        self.server.stop()
        self.server = self._started()

    def kill_in_checkpoint(self, after_s: float) -> None:
        """While somebody asked for one."""
        url = make_url(self.server.superuser_url).set(drivername="postgresql")

        def ask() -> None:
            try:
                with psycopg.connect(
                    url.render_as_string(hide_password=False), autocommit=True
                ) as connection:
                    connection.execute("CHECKPOINT")
            except psycopg.OperationalError:
                return  # the server was killed meanwhile, as it should be

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(after_s)
        self.kill()
        asking.join()

    def kill_in_recovery(self) -> None:
        """Once more, as soon as it says that it replays its log."""
        self.kill()
        self.server.stop()
        files = self.cluster
        files.wait_for_predecessor()
        process = files.launch(self.server.socket, durable=True)
        deadline = time.monotonic() + START_S
        while "automatic recovery" not in files.log.read_text(errors="replace"):
            assert process.poll() is None, files.last_words()
            assert time.monotonic() < deadline, files.last_words()
            time.sleep(0.001)
        self.server.process = process
        self.kill()


class Worker:
    """The program, on a port that stays the same; each is born of a process that has read the code already."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {"DATABASE_URL": database_url, "ZVE_DATA_DIR": str(folder), "PORT": str(self.port)}
        self.log = folder / "worker.log"
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.faults.program"])
        self.start_again()

    def start_again(self) -> None:
        """On the same port; returns when somebody listens there."""
        self.orders, theirs = self._context.Pipe()
        self.process = self._context.Process(target=serve, args=(theirs, self.environment, self.log))
        self.process.start()
        theirs.close()
        deadline = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process.is_alive(), self.last_words()
                assert time.monotonic() < deadline, self.last_words()
                time.sleep(0.01)

    def last_words(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text()[-2000:] if self.log.exists() else "it wrote nothing"

    def set_stop(self, point: Point, number: int) -> None:
        """At the so-manieth time from now."""
        self.orders.send((point.name, number))

    def wait_until_reached(self, point: Point) -> None:
        """Raises when nobody comes by in time."""
        assert self.orders.poll(REACHED_S), f"nobody came by: {point}; {self.last_words()}"
        assert self.orders.recv() == point.name

    def go_on(self) -> None:
        """Let go of who waits at the stop."""
        self.orders.send(("", 0))

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        assert self.process.pid is not None
        _kill(self.process.pid)
        self.process.join()
        self.orders.close()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it went with its postmaster


class Installation:
    """Both, and how either is killed."""

    def __init__(self, server: DatabaseServer, worker: Worker) -> None:
        self.server = server
        self.worker = worker

    def strike(self, target: Target, point: Point, number: int) -> None:
        """Wait until the point is reached for the so-manieth time, kill, and start again."""
        if point is Point.CHECKPOINT:
            self.server.kill_in_checkpoint(number / 200)
        elif point is Point.RECOVERY:
            self.server.kill_in_recovery()
        else:
            self.worker.set_stop(point, number)
            self.worker.wait_until_reached(point)
            if target is not Target.WORKER:
                self.server.kill()
            if target is not Target.SERVER:
                self.worker.kill()
        if target is not Target.WORKER:
            self.server.start_again()
        if target is Target.SERVER:
            self.worker.go_on()
        else:
            self.worker.start_again()


@contextmanager
def a_database_server(folder: Path) -> Iterator[DatabaseServer]:
    """Stopped at the end, whatever happened."""
    server = DatabaseServer(folder)
    try:
        yield server
    finally:
        server.server.stop()


@contextmanager
def a_worker(server: DatabaseServer, folder: Path) -> Iterator[Worker]:
    """Killed at the end: that is how it is used to go."""
    worker = Worker(server.application_url, folder)
    try:
        yield worker
    finally:
        if worker.process.is_alive():
            worker.kill()
