"""``zorgvoorelkaar region export`` and ``region import``: a municipality moves to another installation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_parts import Refused, addresses, configured, refuse_without_tables, say

if TYPE_CHECKING:
    from app.config import Settings
    from app.moving.leaving import Leaving
    from app.moving.manifest import Manifest
    from app.runtime import Addresses

File = Annotated[Path, typer.Argument(help="The file of the move.")]
Municipalities = Annotated[list[str], typer.Argument(help="Names or CBS codes, one or more, then the file.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what goes, what stays and what is in the way.")
]


def add_to(region: typer.Typer) -> None:
    """The commands of a move stand with those of the region."""
    region.command("part")(part)
    region.command("export")(export)
    region.command("reopen")(reopen)
    region.command("import")(import_)
    region.command("forget-moved")(forget_moved)


def part(
    municipalities: Annotated[list[str], typer.Argument(help="Names or CBS codes, one or more.")],
) -> None:
    """Before a move: end what crosses the border with municipalities that stay, and let nothing new cross it."""
    from app.moving import parting

    settings = configured()
    with addresses(settings) as where:
        ids = _found(where, municipalities)
        done = parting.part(settings, where, list(ids))
    for line in done.lines:
        print(line)  # noqa: T201
    say(
        "What has begun goes on until both said how it went. When nothing is in the way any more: region export."
    )


def export(
    municipalities: Municipalities,
    moves_to: Annotated[str, typer.Option("--moves-to", help="Address over there; people are told.")] = "",
    for_key: Annotated[
        str, typer.Option("--for", help="Public key of who receives it; ZVE_BACKUP_TO by default.")
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Close municipalities here, and write all that is theirs to an encrypted file for another installation."""
    from app.moving import leaving

    settings = configured()
    *names, last = municipalities
    file = Path(last)
    if dry_run:
        names, file = municipalities, Path()
    if not names:
        raise Refused("Name the municipalities first, then the file.")
    recipients = for_key or settings.backup_to
    if not dry_run and not (moves_to.startswith(("https://", "http://")) and recipients):
        raise Refused(
            "Say where they go with --moves-to ADDRESS, and for whom the file is with --for PUBLIC-KEY."
        )
    with addresses(settings) as where:
        ids = _found(where, names)
        with leaving.opened(where.owner_url) as connection, _bar("Looking") as told:
            _report(found := leaving.look(connection, ids, told))
        if dry_run:
            return
        if found.in_the_way:
            raise Refused(
                "In the way: " + "; ".join(found.in_the_way) + ". First: zorgvoorelkaar region part."
            )
        made = _leave(settings, where, ids, file, moves_to, recipients)
    say(
        f"{made.total:,} rows of {', '.join(made.municipalities.values())} are in {file}; here they are closed."
    )
    say(
        "Over there: zorgvoorelkaar region import FILE --key KEY. To undo it here: zorgvoorelkaar region reopen."
    )


def _leave(
    settings: "Settings", where: "Addresses", ids: dict[int, str], file: Path, moves_to: str, recipients: str
) -> "Manifest":
    from app.moving import leaving, parting

    with parting.closed(settings, where, list(ids), moves_to), leaving.opened(where.owner_url) as connection:
        with _bar("Packing") as told:
            found = leaving.look(connection, ids, told)
        with _bar("Writing") as told:
            return leaving.write(connection, found, file, recipients, settings.address, told)


def reopen(
    municipalities: Annotated[list[str], typer.Argument(help="Names or CBS codes, one or more.")],
) -> None:
    """Take back a move that did not come to its end over there: they take part here again."""
    from app.moving import parting

    with addresses(configured()) as where:
        ids = _found(where, municipalities)
        parting.reopen(where, list(ids))
    say(f"Taking part again: {', '.join(ids.values())}.")


def forget_moved(
    municipalities: Annotated[list[str], typer.Argument(help="Names or CBS codes, one or more.")],
    for_good: Annotated[bool, typer.Option("--for-good", help="It cannot be undone: say so.")] = False,
) -> None:
    """Forget, in the copy that was left here, everybody of municipalities that moved. Safe to run twice."""
    from app.moving import parting

    if not for_good:
        raise Refused(
            "What is forgotten here does not come back: look over there first, then say --for-good."
        )
    settings = configured()
    with addresses(settings) as where:
        done = parting.forget(settings, where, list(_found(where, municipalities)))
    say(f"Forgotten: {done.forgotten}. Gone already: {done.gone}.")
    if done.refused:
        raise Refused(
            f"Something stands open for {len(done.refused)} people: they are shut out, and go with the terms."
        )


def import_(
    file: File,
    key: Annotated[Path | None, typer.Option("--key", help="The file that `backup-key` made.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Take in municipalities from the file of their move: all of it, with the books right, or nothing."""
    from app.backups import streams
    from app.moving import arriving

    if key is None:
        raise Refused("Name the key of this file with --key: the one that `backup-key` made.")
    settings, identities = configured(), streams.keys(key)
    with addresses(settings) as where, arriving.opened(where.owner_url) as connection:
        with _bar("Reading") as told:
            laid = arriving.lay_out(connection, file, identities, told)
        made = laid.manifest
        called = ", ".join(made.municipalities.values())
        print(f"{called} of {made.origin or '?'}, {made.taken_at}: {made.total} rows.")  # noqa: T201
        for line in laid.conflicts:
            print(f"conflict: {line}")  # noqa: T201
        if laid.conflicts:
            raise Refused(f"Nothing was taken in: {len(laid.conflicts)} conflicts.")
        with _bar("Putting in") as told:
            arriving.put_in(connection, laid, told)
        arriving.refuse_wrong_books(connection)
        if dry_run:
            connection.rollback()
            say("It would fit, and the books would be right. Nothing was taken in.")
            return
    say(f"Taken in: {made.total:,} rows, each as it was, and the books are right.")
    say(
        "Next: sharing, staff who live elsewhere, webhooks, sign-in through providers. See operations: moving house."
    )


def _found(where: "Addresses", typed: list[str]) -> dict[int, str]:
    from app import upkeep
    from app.places.region import find

    with upkeep.as_owner(where.owner_url) as connection:
        refuse_without_tables(connection)
        rows = [find(connection, one) for one in typed]
    return {row.id: row.name for row in rows}


def _report(found: "Leaving") -> None:
    people = found.packed.rows["public.person"] - found.packed.strangers
    lines = [
        f"{', '.join(found.municipalities.values())}: {people} people, {sum(found.packed.rows.values())} rows.",
        *found.lines,
        *(
            f"{ours} and {theirs} part with {minutes} minutes between them; it goes along, and can be cancelled before."
            for ours, theirs, minutes in found.standing
        ),
        *(f"in the way: {line}" for line in found.in_the_way),
    ]
    for line in lines:
        print(line)  # noqa: T201


@contextmanager
def _bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar, told what is being done, how much of it is done, and of how much."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None)
        yield lambda what, done, total: progress.update(
            task, description=f"{title}: {what}", completed=done, total=total
        )
