"""``zorgvoorelkaar backup``, ``backup-key`` and ``restore``."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_parts import Refused, addresses, configured, say

if TYPE_CHECKING:
    from app.backups.manifest import Manifest
    from app.backups.rehearsing import Rehearsal
    from app.config import Settings
    from app.runtime import Addresses

Key = Annotated[Path | None, typer.Option("--key", help="The file that `backup-key` made.")]


def backup_key(
    file: Annotated[Path, typer.Argument(help="A new file for the key that opens backups.")],
) -> None:
    """Make a key for backups, and print its public half for ZVE_BACKUP_TO. Keep the file away from this machine."""
    from app.backups import streams

    print(streams.new_key(file))  # noqa: T201
    say(
        f"{file} opens every backup that is made for this key. Keep it elsewhere, twice; here it need not be."
    )


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="A new file; by default its name is the moment, in this folder.")
    ] = None,
    rehearse: Annotated[
        bool,
        typer.Option("--rehearse", help="Put it back in a database beside, and say what a fire would cost."),
    ] = False,
    key: Key = None,
) -> None:
    """Make an encrypted backup of the database and the data folder, while everything runs on."""
    from app.backups import making

    if rehearse and key is None:
        raise Refused("A rehearsal opens the backup: name its key with --key.")
    settings = configured()
    path = file or Path(f"zve-{datetime.now(UTC):%Y%m%d-%H%M%S}.age")
    with addresses(settings) as where:
        began = time.monotonic()
        with _bytes("Backup") as told:
            made = making.make(settings, where.owner_url, where.application_role, path, told)
        _tell(made, path, time.monotonic() - began)
        if rehearse and key is not None:
            _rehearse(path, key, where)


def _tell(made: "Manifest", path: Path, seconds: float) -> None:
    say(
        f"{path}: {path.stat().st_size:,} bytes of {made.taken_at}, {sum(made.rows.values()):,} rows in"
        f" {len(made.rows)} tables, in {seconds:.1f} s."
    )
    if made.elsewhere:
        say(f"Not in it, keep these yourself: {', '.join(made.elsewhere)}.")


def _rehearse(path: Path, key: Path, where: "Addresses") -> None:
    from app.backups import rehearsing, streams

    identities = streams.keys(key)
    with _bytes("Rehearsal", path.stat().st_size) as told:
        done = rehearsing.rehearse(path, identities, where.owner_url, path.resolve().parent, told)
    _tell_rehearsal(done)
    if not done.ok:
        raise typer.Exit(1)


def _tell_rehearsal(done: "Rehearsal") -> None:
    for line in [*done.differs, *done.faults][:20]:
        print(line)  # noqa: T201
    state = "as it was, and the books are right" if done.ok else "NOT as it was"
    print(f"Put back in {done.seconds:.1f} s: {state}.")  # noqa: T201
    changed = sum(abs(count) for count in done.lost.values())
    print(  # noqa: T201
        f"Lost in a fire now: what happened in the {done.age_s:.0f} s since {done.manifest.taken_at},"
        f" {changed} rows in {len(done.lost)} tables by their number."
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    key: Key = None,
    forgotten: Annotated[
        list[Path] | None,
        typer.Option("--forgotten", help="Copies of the audit: who was forgotten since is forgotten again."),
    ] = None,
) -> None:
    """Put a backup back on an empty host, and test it; refuses where there is anything."""
    from app.audit import outside
    from app.audit.write import Act
    from app.backups import putting_back, streams

    if key is None:
        raise Refused("Name the key of this backup with --key: the file that `backup-key` made.")
    settings = configured()
    identities = streams.keys(key)
    outside.subjects(
        forgotten or (), Act.ERASURE.value
    )  # a copy that cannot be read is said before anything is done
    began = time.monotonic()
    size = file.stat().st_size if file.is_file() else None
    with _bytes("Looking it through", size) as told:
        made = putting_back.look_through(file, identities, told)
    with (
        putting_back.empty_folder(settings.data_dir),
        addresses(settings, attach=False, restoring=True) as where,
    ):
        with _bytes("Putting it back", size) as told:
            done = putting_back.put_back(file, identities, settings, where, told)
        _refuse_other(done.differs, settings)
        waiting = _check(settings, where, made, forgotten)
    say(f"Back to {made.taken_at} in {time.monotonic() - began:.1f} s: {sum(made.rows.values()):,} rows.")
    if made.elsewhere:
        say(f"Give these again, they were not in the backup: {', '.join(made.elsewhere)}.")
    if waiting:
        raise Refused(waiting)


def _refuse_other(differs: list[str], settings: "Settings") -> None:
    for line in differs[:20]:
        print(line)  # noqa: T201
    if differs:
        left = "drop this database and begin anew" if settings.database_url else "nothing was left behind"
        raise Refused(f"What came back is not what was kept: {left}.")


def _check(settings: "Settings", where: "Addresses", made: "Manifest", forgotten: list[Path] | None) -> str:
    """Test the books and forget again; a sentence about what somebody must look at, or nothing."""
    from app.backups import checking

    faults = checking.faults_of(settings, where, made)
    for fault in faults[:20]:
        print(fault)  # noqa: T201
    if faults:
        return f"The books are NOT right: {len(faults)} faults. See them with: zorgvoorelkaar ledger check"
    say("The books are right.")
    if not forgotten:
        say(
            "Who was forgotten after this backup is here again: run `zorgvoorelkaar forget` with the copies of the"
            " audit before anybody looks."
        )
        return ""
    return _forget_again(settings, where, forgotten)


def _forget_again(settings: "Settings", where: "Addresses", copies: list[Path]) -> str:
    """Forget everybody of whom the copies say so; a sentence naming whom a person must look at, or nothing."""
    from app.privacy import again

    done = again.forget(settings, where, copies)
    say(f"Forgotten again: {done.forgotten}. Gone already: {done.gone}.")
    if not done.refused:
        return ""
    return (
        "These could not be forgotten, and are shut out until somebody settles what stands open: "
        + ", ".join(f"{person} ({why})" for person, why in done.refused)
    )


def forget(
    copies: Annotated[
        list[Path], typer.Argument(help="Copies of the audit (ZVE_AUDIT_SINK), .gz too, of after the backup.")
    ],
) -> None:
    """After a backup is put back: forget again who was forgotten since. Safe to run twice."""
    settings = configured()
    with addresses(settings) as where:
        waiting = _forget_again(settings, where, copies)
    if waiting:
        raise Refused(waiting)


@contextmanager
def _bytes(title: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar that is told how many bytes more went through."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=total)
        yield lambda count: progress.advance(task, count)
