"""A database that holds the ledger alone, so that its tests run without the application's migrations."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine

from rewards.schema import install_statements
from tests.databases import Database, Server
from tests.rewards.factories import A, B, C, see


@pytest.fixture(scope="session")
def ledger_database(database_server: Server, worker: str) -> Iterator[Database]:
    """The ledger, installed as a migration installs it."""
    with database_server.empty(f"ledger_{worker}") as database:
        install(database)
        yield database


def install(database: Database) -> None:
    """The ledger, in a database that has none."""
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        for script in install_statements(database.application_role):
            connection.exec_driver_sql(script)
    engine.dispose()


@pytest.fixture(scope="session")
def installed(database_server: Server, worker: str) -> Iterator[Database]:
    """Installed to be copied, which takes a tenth of the time: nobody connects to it."""
    with database_server.empty(f"installed_{worker}") as database:
        install(database)
        yield database


@pytest.fixture
def apart(database_server: Server, worker: str, installed: Database) -> Iterator[Database]:
    """A ledger of its own, for tests that commit what others would meet: seals, closed months, another time."""
    with database_server.copied(installed, f"apart_{worker}") as database:
        yield database


@pytest.fixture(scope="session")
def owner_engine(ledger_database: Database) -> Iterator[Engine]:
    """Connects as the role that owns the ledger."""
    engine = create_engine(ledger_database.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def engine(ledger_database: Database) -> Iterator[Engine]:
    """Connects as the application."""
    engine = create_engine(ledger_database.app_url, poolclass=NullPool)  # what races open does not stay open
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A transaction of the application that sees all three municipalities, rolled back at the end."""
    with engine.connect() as connection:
        see(connection, A, B, C)
        yield connection
        connection.rollback()


@pytest.fixture
def owner(owner_engine: Engine) -> Iterator[Connection]:
    """A transaction of the owner, rolled back at the end."""
    with owner_engine.connect() as connection:
        yield connection
        connection.rollback()
