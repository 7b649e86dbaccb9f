"""The whole program on a database of its own."""

import pytest
from fastapi import FastAPI

from app.db import Database
from tests.app.conftest import program, program_database, session, site, travel
from tests.databases import Database as Migrated
from tests.web.desks.cheques import Market, a_market
from tests.web.desks.helpers import Desk, a_desk

__all__ = ["program", "program_database", "session", "site", "travel"]


@pytest.fixture
def desk(fresh_database: Migrated, program: Database, site: FastAPI) -> Desk:
    """Marja, makelaar of Geldrop-Mierlo, signed in."""
    return a_desk(fresh_database, program, site)


@pytest.fixture
def market(fresh_database: Migrated, program: Database, site: FastAPI) -> Market:
    """A municipality that sells cheques."""
    return a_market(fresh_database, program, site)
