"""Asking another's server something that a page can do without."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from app.outgoing import Unreached

T = TypeVar("T")


class NoAnswer(Exception):
    """The other side was down, slow, wrong or still resting; the reason is in the message."""


@dataclass(slots=True)
class Guard:
    """Waits so long for an answer and no longer, whatever the other side does.

    A time-out on a socket is not enough: looking up a name has none, and bytes that drip in one by one never
    trip it. So each call runs in a thread of its own, which is left behind when its time is up; ``at_once``
    bounds how many there are. After ``failures`` in a row nobody asks, so that nobody waits, for ``rest_s``.
    """

    timeout_s: float
    at_once: int = 4
    failures: int = 3
    rest_s: float = 60.0
    _failed: int = field(default=0, init=False)
    _rests_until: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _places: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = threading.Semaphore(self.at_once)

    def call(self, ask: Callable[[], T]) -> T:
        """What ``ask`` returns, within ``timeout_s``; raises NoAnswer and nothing else."""
        if time.monotonic() < self._rests_until:
            raise NoAnswer("resting")
        if not self._places.acquire(blocking=False):
            raise NoAnswer("busy")
        try:
            answer = self._started(ask).result(self.timeout_s)
        except Exception as error:
            self._note(failed=True)
            # Of others' errors the name only: their messages may quote the address that was asked for.
            raise NoAnswer(str(error) if isinstance(error, Unreached) else type(error).__name__) from None
        self._note(failed=False)
        return answer

    def _started(self, ask: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()

        def work() -> None:
            try:
                future.set_result(ask())
            except Exception as error:
                future.set_exception(error)
            finally:
                self._places.release()

        try:
            threading.Thread(target=work, name="outside", daemon=True).start()
        except RuntimeError:
            self._places.release()
            raise
        return future

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            self._failed = self._failed + 1 if failed else 0
            if self._failed >= self.failures:
                self._failed = 0
                self._rests_until = time.monotonic() + self.rest_s
