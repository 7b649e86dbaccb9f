"""The whole program, as a browser without JavaScript meets it."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.app.conftest import program, program_database, session, site, travel
from tests.databases import Database
from tests.web.pages.helpers import Visit

__all__ = ["program", "program_database", "session", "site", "travel"]


@pytest.fixture
def visit(site: FastAPI, fresh_database: Database) -> Callable[[], Visit]:
    """Makes a visitor with a browser of their own, without cookies."""
    return lambda: Visit(site, fresh_database)
