"""The database as the application reaches it, for what no page does yet."""

from collections.abc import Iterator

import pytest

from app.db import Database as Program
from tests.browser.circumstances import PHONE, Circumstance
from tests.databases import Database
from tests.sites import a_program


@pytest.fixture
def program(fresh_database: Database) -> Iterator[Program]:
    """A second way in beside the running program."""
    made = a_program(fresh_database.app_url, pool_size=2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def circumstance(request: pytest.FixtureRequest) -> Circumstance:
    """In which a test is tried, by `tests.browser.circumstances.tried`."""
    chosen: Circumstance = getattr(request, "param", PHONE)
    return chosen
