"""The kernel is built before its answers are compared with those of numpy."""

import pytest

from matching.kernel.load import opened
from tools.build_kernel import main


@pytest.fixture(scope="session", autouse=True)
def _built_kernel() -> None:
    """Of the sources as they stand; where there is no compiler, all tests look at numpy only."""
    assert main() == 0
    opened.cache_clear()
