"""The kernel reads what numpy wrote."""

import ctypes
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from matching.columns import packed
from matching.kernel import sources
from matching.kernel.load import kernel, without_kernel
from matching.kernel.search import Layout
from matching.rows import OFFERS, REQUESTS, ROW_BYTES, Schema
from matching.types import Offer, Request
from tests.matching.worlds import several, wild_offers, wild_requests
from tools.build_kernel import compile_into, find_compiler

compiled_here = pytest.mark.skipif(find_compiler() is None, reason="there is no C compiler here")


@compiled_here
def test_where_there_is_a_compiler_there_is_a_kernel() -> None:
    assert kernel() is not None
    with without_kernel():
        assert kernel() is None


def offset_of(schema: Schema[Any], name: str) -> int:
    """Where a field begins."""
    assert schema.dtype.fields is not None
    return schema.dtype.fields[name][1]


@pytest.mark.parametrize("schema", [OFFERS, REQUESTS])
def test_a_row_is_laid_out_the_same_for_numpy_and_for_bytes(schema: Schema[Any]) -> None:
    assert schema.dtype.itemsize == schema.packing.size == ROW_BYTES
    sizes = [schema.dtype[name].itemsize for name in schema.dtype.names or ()]
    offsets = [offset_of(schema, name) for name in schema.dtype.names or ()]
    assert offsets == [sum(sizes[:at]) for at in range(len(sizes))]
    assert all(offset % size == 0 for offset, size in zip(offsets, sizes, strict=True))


@given(several(wild_offers, 5), several(wild_requests, 5))
def test_a_row_comes_back_from_its_bytes(offered: list[Offer], asked: list[Request]) -> None:
    assert [OFFERS.unpack(OFFERS.pack(row), row.excluded) for row in offered] == offered
    assert [REQUESTS.unpack(REQUESTS.pack(row), row.excluded) for row in asked] == asked
    assert packed(REQUESTS, asked)["minutes"].tolist() == [row.minutes for row in asked]


@compiled_here
def test_the_kernel_lays_its_rows_and_its_index_out_as_python_does(tmp_path: Path) -> None:
    names = [*(OFFERS.dtype.names or ()), "days_waiting", "skills_wished", "urgency", "vulnerable"]
    own = {"radius_km": "km"}
    places = [f"offsetof(zve_row, {own.get(name, name)})" for name in names]
    index = Layout
    places += [f"offsetof(zve_index, {name})" for name, *_ in index._fields_]
    source = tmp_path / "layout.c"
    listed = ", ".join(["sizeof(zve_index)", *places])
    source.write_text(
        f'#include <stddef.h>\n#include "{sources.FOLDER / "rows.h"}"\n'
        f'__attribute__((visibility("default"))) const long layout[] = {{{listed}}};\n'
    )
    compiler = find_compiler()
    assert compiler is not None
    assert compile_into(compiler, [source], tmp_path / "layout.so").returncode == 0
    found = list(
        (ctypes.c_long * (1 + len(places))).in_dll(ctypes.CDLL(str(tmp_path / "layout.so")), "layout")
    )
    of_rows = [offset_of(OFFERS if name in (OFFERS.dtype.names or ()) else REQUESTS, name) for name in names]
    assert found == [
        ctypes.sizeof(index),
        *of_rows,
        *(getattr(index, name).offset for name, *_ in index._fields_),
    ]
