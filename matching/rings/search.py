"""The search of `plain`, in C where the kernel was built: the same rings either way."""

import ctypes
from functools import lru_cache

import numpy as np

from matching.kernel.load import kernel
from matching.rings import plain
from matching.rings.graph import Graph
from matching.rings.plan import Neighbours, Plan
from matching.rings.types import LONGEST
from matching.rings.worth import Path


class _Task(ctypes.Structure):
    """`ring_task` of matching/kernel/rings.h."""

    _fields_ = (
        *((name, ctypes.c_int32) for name in ("people", "words", "longest")),
        *((name, ctypes.c_int64) for name in ("explore", "polish")),
        ("seed", ctypes.c_uint64),
        *((name, ctypes.c_void_p) for name in ("given", "got", "given_starts", "got_starts")),
        *((name, ctypes.c_void_p) for name in ("receivers", "givers", "scores", "first")),
    )


def search(graph: Graph, plan: Plan) -> list[Path]:
    """Disjoint rings of at most `plan.longest` people; the same for the same graph and plan. Raises MemoryError."""
    library = kernel()
    return plain.search(graph, plan) if library is None else _search_in_c(library, graph, plan)


def _search_in_c(library: ctypes.CDLL, graph: Graph, plan: Plan) -> list[Path]:
    near = Neighbours(graph)
    words = np.ascontiguousarray(graph.given), np.ascontiguousarray(graph.got)
    runs = near.given_starts, near.got_starts
    scores = np.ascontiguousarray(graph.fits.scores, dtype=np.int32)
    arrays = (*words, *runs, near.given, near.got, scores, near.first)
    found = np.zeros((len(graph) // 2 + 1, LONGEST + 1), dtype=np.int32)
    bounds = plan.longest, plan.explore, plan.polish, plan.seed & 0xFFFF_FFFF_FFFF_FFFF
    task = _Task(len(graph), words[0].shape[1], *bounds, *(array.ctypes.data for array in arrays))
    count = _entry(library)(ctypes.byref(task), found.ctypes.data)
    if count < 0:
        raise MemoryError("no room for the rings")
    return [tuple(people[:length]) for length, *people in found[:count].tolist()]


@lru_cache(maxsize=1)
def _entry(library: ctypes.CDLL) -> "ctypes._NamedFuncPointer":
    entry = library.zve_rings
    entry.argtypes = [ctypes.POINTER(_Task), ctypes.c_void_p]
    entry.restype = ctypes.c_int32
    return entry
