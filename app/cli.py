"""The command ``zorgvoorelkaar``. Heavy imports stand where they are used: a start should take no time."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import cli_moving, logs, memory
from app.access.roles import TokenScope
from app.cli_audit import audit
from app.cli_backup import backup, backup_key, forget, restore
from app.cli_check import check, settings as show_settings
from app.cli_ledger import ledger
from app.cli_map import social_map
from app.cli_oidc import oidc
from app.cli_parts import Refused, addresses, configured, one_transaction, opened, say, tell_of_the_engine
from app.cli_setup import geo, push_key, region, user

if TYPE_CHECKING:
    from app.config import Settings
    from app.runtime import Addresses

command = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="ZorgvoorElkaar: ask for help, offer help.",
)
command.add_typer(audit, name="audit")
command.add_typer(geo, name="geo")
command.add_typer(ledger, name="ledger")
command.add_typer(social_map, name="map")
command.add_typer(oidc, name="oidc")
cli_moving.add_to(region)
command.add_typer(region, name="region")
command.add_typer(user, name="user")
command.command("backup")(backup)
command.command("backup-key")(backup_key)
command.command("check")(check)
command.command("forget")(forget)
command.command("push-key")(push_key)
command.command("restore")(restore)
command.command("settings")(show_settings)


@command.command()
def run() -> None:
    """Start everything: database, migrations, the demonstration in an empty database, the site."""
    from app import upkeep

    settings = configured()
    _refuse_a_port_in_use(settings)
    with addresses(settings, attach=False) as where:
        upkeep.migrate(where.owner_url, where.application_role)
        with upkeep.as_owner(where.owner_url) as connection:
            empty = upkeep.is_empty(connection)
        if empty:
            _fill(where)
        _serve(settings, where)


@command.command()
def serve() -> None:
    """Serve the site on a migrated database; never fills one."""
    settings = configured()
    _refuse_a_port_in_use(settings)
    with addresses(settings, attach=False) as where:
        _serve(settings, where)


@command.command()
def worker() -> None:
    """Run the jobs: mail, reminders, expiry, series. Several may run side by side."""
    from app.jobs import worker as jobs

    settings = configured()
    tell_of_the_engine()
    with addresses(settings) as where, opened(settings, where) as database:
        jobs.run(settings, database, where.direct)


@command.command()
def jobs(
    again: Annotated[bool, typer.Option("--again", help="Have them all tried once more.")] = False,
) -> None:
    """Name the jobs that were given up, the newest first, such as mails that were never sent."""
    from app.jobs import queue

    with one_transaction() as session:
        found = queue.given_up(session)
        for job in found:
            print(f"{job.at:%Y-%m-%d %H:%M %Z}  {job.task}  number {job.number}, {job.attempts} attempts")  # noqa: T201
        if again:
            say(f"Tried again: {queue.try_again(session)}.")
        elif not found:
            say("No job was given up.")


@command.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="A revision; the newest by default.")] = "head",
) -> None:
    """Bring the database to the newest schema, as its owner."""
    from app import upkeep

    with addresses(configured()) as where:
        upkeep.migrate(where.owner_url, where.application_role, revision)
    say("The database is up to date.")


@command.command()
def demo(seed: Annotated[int, typer.Option(help="The same seed makes the same region.")] = 1771) -> None:
    """Fill an empty database with the demonstration region, and mark it as such."""
    from app import upkeep

    with addresses(configured()) as where:
        upkeep.migrate(where.owner_url, where.application_role)
        _fill(where, seed)


@command.command()
def token(
    email: Annotated[str, typer.Argument(help="Whose token it is.")],
    days: Annotated[int, typer.Option(min=1, max=365)] = 30,
    scope: Annotated[
        TokenScope,
        typer.Option(help="Read what is theirs, change it too, or all that they may, with their roles."),
    ] = TokenScope.ALL,
) -> None:
    """Print a bearer token for the API, for a person who is known by this e-mail address; they hear of it."""
    from app.access import events
    from app.access.proof_models import Happened
    from app.access.sign_in import act_as, new_api_token, person_for_email

    with one_transaction() as session:
        person_id = person_for_email(session, email)
        if person_id is None:
            raise Refused(f"Nobody here has the e-mail address {email}.")
        act_as(session, person_id)
        print(new_api_token(session, person_id, "command line", days, scope))  # noqa: T201
        events.note(session, person_id, person_id, Happened.PROGRAM_ADDED, "command line")


@command.command()
def simulate(
    seeds: Annotated[int, typer.Option(min=2, max=100, help="How many regions are drawn.")] = 10,
    people: Annotated[int, typer.Option(min=100, max=20_000, help="Members of the platform.")] = 3_000,
    days: Annotated[int, typer.Option(min=7, max=730, help="Days of which the requests are counted.")] = 365,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many run side by side.")] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here too.")] = None,
) -> None:
    """Play a year of the region under several policies, and compare them; /regio/simulatie shows the last."""
    from rich.console import Console

    from app.simulation import printing, report as reports
    from app.simulation.play import play
    from app.simulation.world import Scale

    places = [configured().data_dir / reports.FILE_NAME, *([json_file] if json_file else [])]
    reports.refuse_places(places)
    tell_of_the_engine()
    with _bar("Simulation") as show:
        report = play(
            Scale(people, days), seeds, processes=processes,
            progress=lambda name, done, total: show(printing.TITLES[name], done, total),
        )  # fmt: skip
    printing.show(report, Console())
    for path in places:
        reports.keep(report, path)
        say(f"Kept in {path}.")


@command.command()
def distribute() -> None:
    """Share out the whole region now; print coverage and proof, and keep each municipality's part as a preview.

    Ends with 1 when the result is not proven to be the best.
    """
    from app.distribution import printed, service
    from app.jobs.work import Work

    settings = configured()
    tell_of_the_engine()
    with (
        addresses(settings) as where,
        opened(settings, where) as database,
        Work(settings, database).transaction() as (session, _),
    ):
        run = service.run(session)
        kept = service.make_nightly(session, run)
        for line in printed.lines(run):
            print(line)  # noqa: T201
    say(f"Kept previews for {len(kept)} municipalities.")
    if not run.assignment.certificate.proven:
        raise typer.Exit(1)


def _refuse_a_port_in_use(settings: "Settings") -> None:
    """Say so before the long work, not after it."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Refused(
                f"Port {settings.port} of {settings.host} cannot be used ({error.strerror})."
                " Stop the other program, or set PORT to another number."
            ) from None


def _fill(where: "Addresses", seed: int = 1771) -> None:
    from app.db import Database
    from app.demo.filling import NotEmpty, fill

    database = Database(where.application)
    with _bar("Demonstration region") as show:
        try:
            summary = fill(database, where.owner_url, seed=seed, progress=show)
        except NotEmpty as refusal:
            raise Refused(
                "This database has people in it already: the demonstration needs an empty one."
            ) from refusal
    database.close()
    say(str(summary))
    _show_measured()


def _show_measured() -> None:
    """The page about the simulation reads the one that is kept with the project, until one is played here."""
    from app.simulation import report as reports

    try:
        if reports.show_measured(configured().data_dir, reports.MEASURED):
            say("The region's administrator can read the simulation that is kept with the project.")
    except (reports.Unreadable, reports.NotKept) as fault:
        say(f"The simulation that is kept with the project is not shown: {fault!r}")


@contextmanager
def _bar(title: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar, told what is being done, how much of it is done, and of how much."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None)
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)


def _serve(settings: "Settings", where: "Addresses") -> None:
    import uvicorn

    from app.listening import Bounded
    from app.main import create_app

    with opened(settings, where) as database:
        app = create_app(settings, database, jobs_url=where.direct)
        tell_of_the_engine()
        say(f"ZorgvoorElkaar: {settings.address}")
        memory.settle()
        uvicorn.run(
            app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=30,
            server_header=False, access_log=False, log_config=None, http=Bounded,
            # limits count by address: behind a proxy that must be the visitor's, and nobody else may claim one
            proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=settings.trusted_proxies or None,
        )  # fmt: skip


def main() -> None:
    """Run the command; what is in the way is said in a sentence, without a trace."""
    logs.set_up(
        as_json=os.environ.get("ZVE_LOG") == "json"
    )  # before the settings are read, which may be refused
    memory.set_up()
    try:
        command()
    except Exception as error:
        if not isinstance(error, _refusals()):
            raise
        say(str(error))
        sys.exit(1)


def _refusals() -> tuple[type[Exception], ...]:
    """What is a sentence for whoever typed."""
    from app.audit.outside import SinkAway
    from app.backups.refusals import BackupRefused
    from app.cluster import CannotStart
    from app.db import TooOld, TooStrong
    from app.places.region import NotPossible
    from app.runtime import NotConfigured
    from app.simulation import report as reports
    from app.treasury import sealing

    return (
        BackupRefused,
        CannotStart,
        NotConfigured,
        NotPossible,
        Refused,
        SinkAway,
        TooOld,
        TooStrong,
        reports.NotKept,
        sealing.NotKept,
    )
