"""The commands for the books: check them, seal them, close a month. All work as the application."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.orm import Session

from app.cli_parts import opened
from app.config import Settings
from app.runtime import addresses

ledger = typer.Typer(no_args_is_help=True, help="The books of Roosjes.")
console = Console(stderr=True)


@contextmanager
def _books() -> Iterator[Session]:
    """A transaction that reaches every municipality."""
    from app.jobs.tasks import Work

    settings = Settings()
    with (
        addresses(settings) as where,
        opened(settings, where) as database,
        Work(settings, database).transaction() as (session, _),
    ):
        yield session


@ledger.command("check")
def check(
    seals: Annotated[
        Path | None, typer.Option(help="Lines of seals that were kept outside, to compare with.")
    ] = None,
) -> None:
    """Test every invariant of the books; ends with 1 when one is broken."""
    from app.roosjes import check as books, sealing
    from rewards.seals import verify

    kept = None if seals is None else sealing.kept(seals)
    with _books() as session:
        faults = books.faults(session)
        if kept is not None:
            faults += [f"seals: {fault}" for fault in verify(session.connection(), kept)]
    for fault in faults:
        console.print(fault, markup=False)
    if faults:
        raise typer.Exit(1)
    console.print("The books are right.")


@ledger.command("seal")
def seal(
    to: Annotated[Path | None, typer.Option(help="A file, to which the line is added.")] = None,
) -> None:
    """Seal the books of today, and print the seal as one line that can be kept outside."""
    from app.roosjes import sealing
    from rewards import seals

    with _books() as session:
        made = seals.seal(session.connection())
    print(made.line)  # noqa: T201
    if to is not None:
        sealing.keep(made, to)
        console.print(f"Kept in {to}.", markup=False, highlight=False)
