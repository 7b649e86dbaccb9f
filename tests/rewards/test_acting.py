"""Who acts for another without deciding for them reads nothing of the books: the policies of the application."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from tests.databases import Server
from tests.rewards.factories import MAKELAAR, see
from tests.rewards.test_sight import ME, PROVIDER, World, filled

OWN = {"account": ME, "allowance": ME, "invoice": None, "pending": MAKELAAR}
"""Whose rows they are; an invoice is read by who works for the organisation."""


@dataclass(frozen=True)
class Books:
    """A database with all of the application, and rows in every table of the ledger."""

    world: World

    def seen(self, table: str, representation: UUID | None) -> int:
        """How many rows their owner sees, under a representation or without."""
        with self.world.application.connect() as connection:
            see(connection, pseudonym=OWN[table])
            _set(connection, "app.organisations", f"{{{PROVIDER}}}")
            _set(connection, "app.representation", str(representation or ""))
            number: int = connection.exec_driver_sql(f"SELECT count(*) FROM ledger.{table}").scalar_one()
        return number


def _set(connection: Connection, name: str, value: str) -> None:
    connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (name, value))


@pytest.fixture(scope="module")
def books(database_server: Server, worker: str) -> Iterator[Books]:
    with database_server.copy(f"acting_{worker}") as database:
        for world in filled(database):
            yield Books(world)


@pytest.mark.parametrize("table", OWN, ids=[f"{table}.acting" for table in OWN])
def test_what_one_reads_of_ones_own_is_not_read_in_anothers_name(books: Books, table: str) -> None:
    assert books.seen(table, None) > 0
    assert books.seen(table, uuid4()) == 0
