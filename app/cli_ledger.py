"""The commands for the books: check them, seal them, close a month. All work as the application."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from app.cli_parts import Refused, everywhere, say

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.treasury.months import Books
    from rewards.types import Unit

TABLE_WIDTH = 140
ledger = typer.Typer(no_args_is_help=True, help="The books of Roosjes.")


class Form(StrEnum):
    """How a month is printed."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"


@ledger.command("check")
def check(
    seals: Annotated[
        Path | None, typer.Option(help="Lines of seals that were kept outside, to compare with.")
    ] = None,
) -> None:
    """Test every invariant of the books; ends with 1 when one is broken."""
    from rich.console import Console

    from app.treasury import check as books, printed, sealing
    from rewards.seals import verify

    kept = None if seals is None else sealing.kept(seals)
    with everywhere() as session:
        faults = books.faults(session)
        if kept is not None:
            faults += [f"seals: {fault}" for fault in verify(session.connection(), kept)]
    printed.show_faults(faults, Console(stderr=True))
    if faults:
        raise typer.Exit(1)


@ledger.command("seal")
def seal(
    to: Annotated[Path | None, typer.Option(help="A file, to which the line is added.")] = None,
) -> None:
    """Seal the books of today, and print the seal as one line that can be kept outside."""
    from app.treasury import sealing
    from rewards import seals

    with everywhere() as session:
        made = seals.seal(session.connection())
    print(made.line)  # noqa: T201
    if to is not None:
        sealing.keep(made, to)
        say(f"Kept in {to}.")


@ledger.command("month-end")
def month_end(
    municipality: Annotated[str, typer.Argument(help="Name or CBS code.")],
    month: Annotated[str, typer.Argument(help="As 2026-03.")],
    close: Annotated[bool, typer.Option("--close", help="Close it for good, in every unit.")] = False,
    form: Annotated[Form, typer.Option("--format", help="How it is printed.")] = Form.TABLE,
    output: Annotated[Path | None, typer.Option("--output", help="A file instead of the terminal.")] = None,
) -> None:
    """Print a municipality's month, and whether it reconciles; ends with 1 when it does not."""
    if output is None and form in (Form.XLSX, Form.PDF):
        raise Refused(f"A {form} is for a file: name it with --output.")
    from app.errors import NotFound
    from app.places.region import find
    from app.treasury import months as all_months
    from rewards import months

    first = _month(month)
    with everywhere() as session:
        place = find(session.connection(), municipality)
        units = months.units(session.connection(), place.id)
    if not units:
        raise Refused(f"{place.name} has no books yet.")
    if close:
        _close(place.id, units, first)
    with everywhere() as session:
        try:
            books = all_months.of(session, place.id, first)
        except NotFound:
            raise Refused(f"{place.name} has no books of {month}.") from None
        if form is Form.TABLE:
            _show(books, output)
        else:
            _write(session.connection(), books, form, output)
        reconciles = books.reconciles
    if not reconciles:
        raise typer.Exit(1)


def _show(books: "Books", output: Path | None) -> None:
    from rich.console import Console

    from app.treasury import printed

    if output is None:
        printed.show(books, Console())
        return
    with _opened(output) as file, TextIOWrapper(file, encoding="utf-8") as text:
        printed.show(books, Console(file=text, width=TABLE_WIDTH))


def _write(connection: "Connection", books: "Books", form: Form, output: Path | None) -> None:
    """To the file, or to standard output."""
    from app.treasury import exports

    pieces = exports.pieces(connection, books, form.value, _paper)
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    with _opened(output) as file:
        for piece in pieces:
            file.write(piece)
    say(f"Written to {output}.")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror or error}.") from None


def _paper(books: "Books") -> bytes:
    from app.errors import Unavailable
    from app.main import month_on_paper

    try:
        return month_on_paper(books)
    except Unavailable as refusal:
        raise Refused("A PDF needs Pango, which this computer has not. Take another --format.") from refusal


def _month(typed: str) -> date:
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", typed) is None or typed.startswith("0000"):
        raise Refused(f"{typed} is no month: write it as 2026-03.")
    return date.fromisoformat(f"{typed}-01")


def _close(municipality_id: int, units: "list[Unit]", month: date) -> None:
    """Each unit in a transaction of its own; those that were closed before stay as they are."""
    from rewards import SYSTEM, errors, months

    for unit in units:
        try:
            with everywhere() as session:
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
