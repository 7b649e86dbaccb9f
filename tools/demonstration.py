"""A demonstration of one's own: another port and another data folder than the one that may be running already."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

START_S: Final = 600
STOP_S: Final = 60
PROGRAM: Final = Path(sys.executable).with_name("zorgvoorelkaar")


class DidNotStart(RuntimeError):
    """The program ended, or said nothing for ten minutes; its last words are the message."""


class Demonstration(NamedTuple):
    """Where it answers, and the folder with its data."""

    address: str
    data: Path


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """A freshly filled demonstration; it and its data are gone at the end of the block."""
    with TemporaryDirectory(prefix="zve-demonstration-") as folder:
        port, data = _free_port(), Path(folder, "data")
        words = Path(folder, "words")
        with words.open("wb") as out:
            program = subprocess.Popen([PROGRAM, "run"], env=_environment(data, port), stdout=out, stderr=out)
        try:
            _until_it_answers(program, port, words)
            yield Demonstration(f"http://localhost:{port}", data)
        finally:
            _stop(program)


def _environment(data: Path, port: int) -> dict[str, str]:
    """What the shell has, without the settings of another installation."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ZVE_", "DATABASE_"))}
    return {**ours, "ZVE_DATA_DIR": str(data), "PORT": str(port)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_it_answers(program: subprocess.Popen[bytes], port: int, words: Path) -> None:
    end = time.monotonic() + START_S
    while program.poll() is None and time.monotonic() < end:
        if _answers(port):
            return
        time.sleep(0.5)
    raise DidNotStart(words.read_text(errors="replace")[-2000:])


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=10):
            return True
    except HTTPError:
        return True
    except (URLError, TimeoutError, ConnectionError):
        return False


def _stop(program: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does; the database in the data folder goes with it."""
    if program.poll() is None:
        program.send_signal(signal.SIGINT)
    try:
        program.wait(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
