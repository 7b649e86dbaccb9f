"""Sessions on the worker's database that leave nothing behind, and a program on a database of its own."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session

import app.models  # noqa: F401 - every table, before the first query
from app.config import Settings
from app.db import Database as Program, Scope
from tests.databases import Database
from tests.sites import a_program, a_site


@pytest.fixture(scope="session")
def program_database(database: Database) -> Iterator[Program]:
    """The worker's database as the application reaches it."""
    made = a_program(database.app_url, pool_size=4)
    yield made
    made.close()


@pytest.fixture
def session(program_database: Program) -> Iterator[Session]:
    """A session as the application role, rolled back at the end. Act with ``act_as`` or the factories."""
    opened = program_database.sessions(info={"scope": Scope()})
    yield opened
    opened.rollback()
    opened.close()


@pytest.fixture
def program(fresh_database: Database) -> Iterator[Program]:
    """A database of the test's own, as the application reaches it; what is committed stays for this test."""
    made = a_program(fresh_database.app_url, pool_size=10)
    yield made
    made.close()


@pytest.fixture
def site(program: Program, tmp_path: Path) -> FastAPI:
    """The whole program on that database."""
    return a_site(Settings(data_dir=tmp_path), program)


@pytest.fixture
def travel(fresh_database: Database) -> Callable[[timedelta], None]:
    """Moves the clock of the test's own database."""

    def by(time: timedelta) -> None:
        with fresh_database.owner.begin() as connection:
            connection.execute(text("SELECT ledger.shift(:by)"), {"by": time})

    return by


def rows_of(database: Database, query: str, **values: Any) -> list[Any]:
    """What the owner sees, for tests that look behind the scenes."""
    with database.owner.begin() as connection:
        return list(connection.execute(text(query), values).all())
