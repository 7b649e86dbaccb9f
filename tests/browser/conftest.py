"""The program with its worker and mailbox, and its database as it reaches it, for what no page does yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.db import Database as Program
from tests.browser.acting import Stage
from tests.browser.circumstances import PHONE, Circumstance
from tests.databases import Database
from tests.live import live
from tests.sites import a_program


@pytest.fixture
def program(fresh_database: Database) -> Iterator[Program]:
    """A second way in beside the running program."""
    made = a_program(fresh_database.app_url, pool_size=2)
    yield made
    made.close()


@pytest.fixture
def stage(browser: Browser, fresh_database: Database, program: Program, tmp_path: Path) -> Iterator[Stage]:
    """The running program for one story; a module that sets it up otherwise has a stage of its own."""
    with live(fresh_database, tmp_path) as running:
        yield Stage(browser, running, program, fresh_database)


@pytest.fixture(scope="module")
def circumstance(request: pytest.FixtureRequest) -> Circumstance:
    """In which a test is tried, by `tests.browser.circumstances.tried`."""
    chosen: Circumstance = getattr(request, "param", PHONE)
    return chosen
