"""The compiled solver: `matching.kernel` where it was built."""

import ctypes
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.batch.instance import Instance, Solution, Solver
from matching.batch.paths import solve_in_python
from matching.kernel.load import kernel


def best_solver() -> Solver:
    """The kernel's, or without a kernel Python's: the same answer and prices."""
    return solve_in_python if kernel() is None else solve_in_c


def solve_in_c(instance: Instance) -> Solution:
    """A `Solver`. Raises MemoryError."""
    library = kernel()
    assert library is not None, "the kernel was not built"
    chosen = np.zeros(len(instance.person), dtype=np.uint8)
    prices = np.zeros(len(instance.capacities), dtype=np.int64)
    arrays = (
        _whole(instance.starts, np.int64),
        _whole(instance.person, np.int32),
        _whole(instance.quality, np.int32),
        _whole(instance.bonus, np.int64),
        _whole(instance.places, np.int64),
        _whole(instance.capacities, np.int64),
    )
    pointers = [array.ctypes.data for array in (*arrays, chosen, prices)]
    if _entry(library)(len(instance.bonus), len(prices), *pointers):
        raise MemoryError("no room for the assignment")
    return Solution(np.flatnonzero(chosen), prices)


def _whole(values: NDArray[np.signedinteger], dtype: type[np.signedinteger]) -> NDArray[np.signedinteger]:
    return np.ascontiguousarray(values, dtype=dtype)


@lru_cache(maxsize=1)
def _entry(library: ctypes.CDLL) -> "ctypes._NamedFuncPointer":
    entry = library.zve_assign
    entry.argtypes = [ctypes.c_int32, ctypes.c_int32, *[ctypes.c_void_p] * 8]
    entry.restype = ctypes.c_int
    return entry
