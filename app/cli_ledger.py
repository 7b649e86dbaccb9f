"""The commands for the books: check them, seal them, close a month. All work as the application."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.orm import Session

from app.cli_parts import Refused, opened
from app.config import Settings
from app.runtime import addresses
from rewards.types import Unit

ledger = typer.Typer(no_args_is_help=True, help="The books of Roosjes.")
console = Console(stderr=True)


class Form(StrEnum):
    """How a month is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


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
    from app.treasury import check as books, sealing
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
    from app.treasury import sealing
    from rewards import seals

    with _books() as session:
        made = seals.seal(session.connection())
    print(made.line)  # noqa: T201
    if to is not None:
        sealing.keep(made, to)
        console.print(f"Kept in {to}.", markup=False, highlight=False)


@ledger.command("month-end")
def month_end(
    municipality: Annotated[str, typer.Argument(help="Name or CBS code.")],
    month: Annotated[str, typer.Argument(help="As 2026-03.")],
    close: Annotated[bool, typer.Option("--close", help="Close it for good, in every unit.")] = False,
    form: Annotated[Form, typer.Option("--format", help="How it is printed.")] = Form.TABLE,
) -> None:
    """Print a municipality's month, and whether it reconciles; ends with 1 when it does not."""
    from app.places.region import find
    from app.roosjes import month_report
    from rewards import months

    first = _month(month)
    with _books() as session:
        place = find(session.connection(), municipality)
        units = months.units(session.connection(), place.id)
    if not units:
        raise Refused(f"{place.name} has no books yet.")
    if close:
        _close(place.id, units, first)
    with _books() as session:
        ends = [months.month_end(session.connection(), place.id, unit, first) for unit in units]
    if form is Form.TABLE:
        for one in ends:
            month_report.show(one, place.name, Console())
    else:
        print(month_report.as_csv(ends) if form is Form.CSV else month_report.as_json(ends))  # noqa: T201
    if not all(one.reconciles for one in ends):
        raise typer.Exit(1)


def _month(typed: str) -> date:
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", typed) is None or typed.startswith("0000"):
        raise Refused(f"{typed} is no month: write it as 2026-03.")
    return date.fromisoformat(f"{typed}-01")


def _close(municipality_id: int, units: list[Unit], month: date) -> None:
    """Each unit in a transaction of its own; those that were closed before stay as they are."""
    from rewards import SYSTEM, errors, months

    for unit in units:
        try:
            with _books() as session:
                months.close_month(
                    session.connection(),
                    actor=SYSTEM,
                    municipality_id=municipality_id,
                    unit=unit,
                    month=month,
                )
        except errors.MonthNotOver:
            raise Refused(f"{month:%Y-%m} is not over yet; nothing was closed.") from None
        except errors.MonthOutOfOrder as refusal:
            due = str(refusal.details["month"])[:7]
            raise Refused(f"{unit}: {month:%Y-%m} is not next; the month to close is {due}.") from None
        except errors.DoesNotReconcile:
            raise Refused(f"{unit}: {month:%Y-%m} does not reconcile, and stays open.") from None
