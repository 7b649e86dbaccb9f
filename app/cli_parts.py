"""What the commands share."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.config import Settings
from app.db import Database
from app.runtime import Addresses
from matching.kernel.load import WITHOUT, opened as kernel_opened

log = logging.getLogger("zorgvoorelkaar.matches")


class Refused(RuntimeError):
    """A sentence for whoever typed the command."""


def refuse_without_tables(connection: Connection) -> None:
    """Raises Refused for a database that was never migrated."""
    if connection.execute(text("SELECT to_regclass('municipality') IS NULL")).scalar_one():
        raise Refused("This database has no tables yet. First run: zorgvoorelkaar migrate")


@contextmanager
def opened(settings: Settings, where: Addresses) -> Iterator[Database]:
    """The pool of a command, checked for the right role and closed at its end."""
    database = Database(where.application, pool_size=settings.pool_size)
    try:
        database.refuse_strong_roles()
        with database.engine.connect() as connection:
            refuse_without_tables(connection)
        yield database
    finally:
        database.close()


def tell_of_the_engine() -> None:
    """Say once, as a process begins, that the compiled kernel is left out, and why; silent when it is used."""
    why = kernel_opened()[1]
    if why:
        log.warning("The kernel of the matching engine is not used: %s. %s", why, WITHOUT)
