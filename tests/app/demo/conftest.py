"""One filled region for all tests of the demonstration; they only look, or roll back."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

import app.models  # noqa: F401 - every table, before the first query
from app import demo
from app.db import Database as Program, Scope
from tests.databases import Database
from tests.sites import a_program


@dataclass(frozen=True)
class Region:
    """The filled database, what was said of it while filling, and how long that took."""

    database: Database
    program: Program
    summary: demo.Summary
    seconds: float
    stages: tuple[str, ...]

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the owner sees."""
        engine = create_engine(self.database.owner_url, poolclass=NullPool)
        with engine.begin() as connection:
            return list(connection.execute(text(query), values).all())

    def one(self, query: str, **values: Any) -> Any:
        """The single value that the owner sees."""
        ((value,),) = self.rows(query, **values)
        return value


@pytest.fixture(scope="session")
def region(new_database: Callable[[], Any]) -> Iterator[Region]:
    """A demonstration region, filled once for all tests here."""
    stages: dict[str, int] = {}
    with new_database() as database:
        program = a_program(database.app_url, pool_size=4)
        began = time.perf_counter()
        summary = demo.fill(
            program,
            database.owner_url,
            progress=lambda stage, done, total: stages.update({stage: total - done}),
        )
        seconds = time.perf_counter() - began
        assert not any(stages.values()), "every stage was told to its end"
        yield Region(database, program, summary, seconds, tuple(stages))
        program.close()


@pytest.fixture
def looking(region: Region) -> Iterator[Session]:
    """A session of the application on that region, rolled back at the end."""
    session = region.program.sessions(info={"scope": Scope()})
    yield session
    session.rollback()
    session.close()


@pytest.fixture
def owner(region: Region) -> Iterator[Connection]:
    """A connection of the owner on that region."""
    engine = create_engine(region.database.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
