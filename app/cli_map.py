"""``zorgvoorelkaar map``: the social map from and to files, as CSV or HSDS 3."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import Refused, everywhere, say

social_map = typer.Typer(no_args_is_help=True, help="The social map: organisations and what they have.")


@social_map.command("import")
def load(
    file: Annotated[Path, typer.Argument(help="A .csv file, or .json in HSDS 3.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Try all of it, and keep nothing.")] = False,
    otherwise: Annotated[
        str, typer.Option(help="Category (its slug) of a service in HSDS that names none of ours.")
    ] = "",
) -> None:
    """Bring organisations and provisions in; every line is told. One wrong line, and nothing is loaded."""
    from app.social_map import files

    read = files.parsed(file, otherwise)
    with everywhere() as session:
        report = files.load(session, read, dry_run=dry_run)
    for note in report.notes:
        say(str(note))
    if report.faults:
        for fault in report.faults:
            say(str(fault))
        raise Refused(f"Nothing was loaded: {len(report.faults)} faults.")
    for at, happened, name in report.done:
        print(f"{at}: {happened}: {name}")  # noqa: T201
    counts = ", ".join(f"{report.count(what)} {what}" for what in (files.NEW, files.CHANGED, files.SAME))
    say(f"{'Tried, and nothing kept' if dry_run else 'Loaded'}: {counts}.")


@social_map.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: .csv, or .json for HSDS 3.")],
    municipality: Annotated[int | None, typer.Option(help="CBS code; all without it.")] = None,
) -> None:
    """Write organisations and provisions to a file that the import reads back."""
    from app.places import service as places
    from app.social_map import files

    with everywhere() as session:
        joined = {row.id for row in places.joined(session)}
        if municipality is not None and municipality not in joined:
            raise Refused(f"No municipality {municipality} takes part here.")
        text, count = files.written(session, file, joined if municipality is None else {municipality})
    file.write_text(text, encoding="utf-8", newline="")
    say(f"Wrote {count} provisions to {file}.")
