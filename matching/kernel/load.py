"""The compiled kernel, opened once per process; or None, and then numpy and scipy do the work.

Callers declare the argument types of their own functions, beside the call. ctypes lets go of Python's lock
during a call, so that other threads run meanwhile: whoever calls must hold whatever keeps its arrays as they
are until the call returns.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from matching.kernel.sources import LIBRARY, digest

WITHOUT: Final = "The matching engine runs on numpy instead: the same answers, a little later."

_wanted = True


def kernel() -> ctypes.CDLL | None:
    """The library, if it was built from the sources that stand beside it."""
    return opened()[0] if _wanted else None


@lru_cache(maxsize=1)
def opened() -> tuple[ctypes.CDLL | None, str]:
    """The library, and why there is none ("" if there is one)."""
    if not LIBRARY.exists():
        return None, "it was not built"
    # Looked up in the file: once opened, a library stays under its name until the process ends.
    if digest().encode() not in LIBRARY.read_bytes():
        return None, "it was built from other sources"
    try:
        return ctypes.CDLL(str(LIBRARY)), ""
    except OSError as error:
        return None, str(error)


@contextmanager
def without_kernel() -> Iterator[None]:
    """Everything within, in every thread, runs on numpy and scipy: for tests and measurements."""
    global _wanted
    before, _wanted = _wanted, False
    try:
        yield
    finally:
        _wanted = before
