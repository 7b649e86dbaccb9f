"""What the commands share."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.config import Settings
from app.db import Database
from app.runtime import Addresses


class Refused(RuntimeError):
    """A sentence for whoever typed the command."""


@contextmanager
def opened(settings: Settings, where: Addresses) -> Iterator[Database]:
    """The pool of a command, checked for the right role and closed at its end."""
    database = Database(where.application, pool_size=settings.pool_size)
    try:
        database.refuse_strong_roles()
        yield database
    finally:
        database.close()
