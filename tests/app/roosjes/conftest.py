"""A worker on the test's own database, and clients of the API."""

from pathlib import Path

import pytest

from app.config import Settings
from app.db import Database as Program
from app.jobs.work import Work
from tests.app.api.conftest import api_for
from tests.web.pages.conftest import visit


@pytest.fixture
def work(program: Program, tmp_path: Path) -> Work:
    """What the jobs have at hand."""
    return Work(Settings(data_dir=tmp_path), program)


__all__ = ["api_for", "visit", "work"]
