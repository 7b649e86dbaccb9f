"""What the commands share. What takes time to load is loaded when it is used."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from app.config import Settings
    from app.db import Database
    from app.runtime import Addresses

log = logging.getLogger("zorgvoorelkaar.matches")


class Refused(RuntimeError):
    """A sentence for whoever typed the command."""


def say(sentence: str) -> None:
    """Beside what a command prints for another to read."""
    typer.echo(sentence, err=True)


def configured() -> "Settings":
    """What the environment asks for; raises Refused with a sentence for each setting that cannot be right."""
    from pydantic import ValidationError

    from app.config import Settings, faults

    try:
        return Settings()
    except ValidationError as error:
        raise Refused("\n".join(faults(error))) from None


def addresses(
    settings: "Settings", *, attach: bool = True, restoring: bool = False
) -> "AbstractContextManager[Addresses]":
    """The database for the length of a command, as `app.runtime` finds or starts it."""
    from app import runtime

    return runtime.addresses(settings, attach=attach, restoring=restoring)


def refuse_without_tables(connection: "Connection") -> None:
    """Raises Refused for a database that was never migrated."""
    from sqlalchemy import text

    if connection.execute(text("SELECT to_regclass('municipality') IS NULL")).scalar_one():
        raise Refused("This database has no tables yet. First run: zorgvoorelkaar migrate")


def refuse_old_schema(connection: "Connection") -> None:
    """Raises Refused for a schema of before this program; on a later one it works, so that updates need no pause."""
    from app.watching.standing import newest_revision, revision, serves

    found = revision(connection)
    if not serves(found):
        raise Refused(
            f"This database has schema {found}, and this program needs {newest_revision()}."
            " First run: zorgvoorelkaar migrate"
        )


@contextmanager
def opened(settings: "Settings", where: "Addresses") -> "Iterator[Database]":
    """The pool of a command, checked for the right role and closed at its end."""
    from app.db import Database

    database = Database(where.application, pool_size=settings.pool_size)
    try:
        database.refuse_old_server()
        database.refuse_strong_roles()
        with database.engine.connect() as connection:
            refuse_without_tables(connection)
            refuse_old_schema(connection)
        yield database
    finally:
        database.close()


@contextmanager
def one_transaction() -> "Iterator[Session]":
    """One transaction of a command, as the application."""
    settings = configured()
    with (
        addresses(settings) as where,
        opened(settings, where) as database,
        database.transaction() as session,
    ):
        yield session


@contextmanager
def everywhere() -> "Iterator[Session]":
    """A transaction that reaches every municipality."""
    from app.jobs.work import Work

    settings = configured()
    with (
        addresses(settings) as where,
        opened(settings, where) as database,
        Work(settings, database).transaction() as (session, _),
    ):
        yield session


def tell_of_the_engine() -> None:
    """Say once, as a process begins, that the compiled kernel is left out, and why; silent when it is used."""
    from matching.kernel.load import WITHOUT, opened as kernel_opened

    why = kernel_opened()[1]
    if why:
        log.warning("The kernel of the matching engine is not used: %s. %s", why, WITHOUT)
