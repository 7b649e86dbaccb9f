"""One filled region for all tests of the demonstration; they only look, or roll back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

import app.models  # noqa: F401 - every table, before the first query
from app.db import Database as Program, Scope
from tests.databases import Filled, Server
from tests.sites import a_program


@dataclass(frozen=True)
class Region:
    """The demonstration, and the way in."""

    filled: Filled
    program: Program

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the owner sees."""
        with self.filled.database.owner.begin() as connection:
            return list(connection.execute(text(query), values).all())

    def one(self, query: str, **values: Any) -> Any:
        """The single value that the owner sees."""
        ((value,),) = self.rows(query, **values)
        return value


@pytest.fixture(scope="session")
def region(database_server: Server, worker: str) -> Iterator[Region]:
    """The demonstration region, filled once for all tests."""
    with database_server.demonstration(f"{worker}_region") as filled:
        program = a_program(filled.database.app_url, pool_size=4)
        yield Region(filled, program)
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
    with region.filled.database.owner.begin() as connection:
        yield connection
