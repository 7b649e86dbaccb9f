"""What `zorgvoorelkaar check` looks at: each a line that is ok, or a remedy in one sentence."""

import os
import shutil
import smtplib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.config import THIS_MACHINE, Settings, unknown
from app.db import OLDEST, apart
from app.notifications import smtp
from app.replica import BEHIND, BEHIND_S_MAX
from app.runtime import Addresses, driver
from app.watching import kept, standing

DISK_FREE_MIN: Final = 1_000_000_000
CLOCK_S_MAX: Final = 5.0
SEALED_S_MAX: Final = 26 * 3600
BACKUP_S_MAX: Final = 26 * 3600


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``remedy`` is empty where nothing need be done."""

    name: str
    said: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is as it should be."""
        return not self.remedy


def findings(settings: Settings, where: Addresses | None, why: str = "") -> Iterator[Finding]:
    """All of them, in order. Without a database to look at, ``why`` says what keeps it away."""
    yield from of_settings(settings, os.environ)
    if where is None:
        yield Finding("database", "cannot be reached", why)
    else:
        yield from of_database(where)
    yield from copy_that_is_read(settings)
    yield mail(settings)
    yield disk(settings.data_dir)
    yield from copies(settings)
    yield backup(settings)
    yield kernel()


def of_settings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Those that can be right and are not, or that nobody reads."""
    strange = unknown(environment)
    yield Finding(
        "settings", f"{len(strange)} unknown" if strange else "known and valid",
        f"Nothing reads {', '.join(strange)}: see docs/configuration.md." if strange else "",
    )  # fmt: skip
    parts = urlsplit(settings.address)
    safe = parts.scheme == "https" or parts.hostname in THIS_MACHINE
    yield Finding(
        "address", settings.address,
        "" if safe else "Set ZVE_BASE_URL to the https address: without TLS nobody can sign in.",
    )  # fmt: skip


def of_database(where: Addresses) -> Iterator[Finding]:
    """Server, roles, schema, guards, clock, jobs and books, as the application role meets them."""
    engine = apart(where.application)
    try:
        with engine.connect() as connection:
            yield from _connected(connection)
    except DBAPIError as error:
        yield Finding("database", "cannot be reached", _first_line(error))
    yield owner(where)


def _connected(connection: Connection) -> Iterator[Finding]:
    yield server(connection)
    yield role(connection)
    schema_there = schema(connection)
    yield schema_there
    yield clock(connection)
    if not schema_there.ok:
        return
    yield guards(connection)
    yield extensions(connection)
    yield from jobs(connection)
    yield books(connection)
    yield webhooks(connection)


def _first_line(error: DBAPIError) -> str:
    line = str(error.orig).strip().splitlines()
    return f"The server says: {line[0]}." if line else "The server says nothing."


def server(connection: Connection) -> Finding:
    """Which PostgreSQL this is."""
    version = connection.dialect.server_version_info or (0,)
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    said = f"PostgreSQL {'.'.join(map(str, version))}, {encoding}"
    if int(version[0]) < OLDEST:
        return Finding("database", said, f"ZorgvoorElkaar needs PostgreSQL {OLDEST} or newer.")
    if encoding != "UTF8":
        return Finding("database", said, "Make the database anew with ENCODING 'UTF8', and restore into it.")
    return Finding("database", said)


def role(connection: Connection) -> Finding:
    """Whether row-level security holds for whoever serves."""
    name, strong = connection.execute(
        text(
            "SELECT current_user, rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relowner = r.oid AND n.nspname IN ('public', 'ledger'))"
            " FROM pg_roles r WHERE rolname = current_user"
        )
    ).one()
    remedy = "Let DATABASE_URL log in as the application role: it owns nothing and is no superuser."
    return Finding("role", f"serves as {name}", remedy if strong else "")


def owner(where: Addresses) -> Finding:
    """Whether migrations and backups can be made from here."""
    if where.owner is None:
        return Finding("owner", "not given here: migrate and back up where DATABASE_OWNER_URL is set")
    try:
        with apart(where.owner).connect() as connection:
            name = connection.execute(text("SELECT current_user")).scalar_one()
    except DBAPIError as error:
        return Finding("owner", "cannot be reached", _first_line(error))
    return Finding("owner", f"migrates as {name}")


def schema(connection: Connection) -> Finding:
    """Whether the schema is the one that this program was written for."""
    try:
        there, newest = standing.revision(connection), standing.newest_revision()
    except DBAPIError:
        connection.rollback()
        return Finding("schema", "of before this version", "Run: zorgvoorelkaar migrate")
    if there == newest:
        return Finding("schema", there)
    return Finding("schema", f"{there or 'none'}, not {newest}", "Run: zorgvoorelkaar migrate")


def clock(connection: Connection) -> Finding:
    """Whether this machine and the database agree on the time."""
    before = time.time()
    theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    ours = (before + time.time()) / 2
    differ_s = abs(theirs.timestamp() - ours)
    remedy = "Set both clocks by a time server (chrony, systemd-timesyncd)."
    return Finding("clock", f"{differ_s:.1f} s from the database", remedy if differ_s > CLOCK_S_MAX else "")


def guards(connection: Connection) -> Finding:
    """Row-level security on every table that has rows of a municipality."""
    found = standing.unguarded(connection)
    if not found:
        return Finding("row-level security", "forced on every table of a municipality")
    remedy = f"Somebody took it off {', '.join(found)}: ALTER TABLE ... FORCE ROW LEVEL SECURITY."
    return Finding("row-level security", f"missing on {len(found)} tables", remedy)


def extensions(connection: Connection) -> Finding:
    """What the schema stands on."""
    missing = standing.missing_extensions(connection)
    remedy = f"As the owner: CREATE EXTENSION {missing[0]};" if missing else ""
    return Finding("extensions", f"without {', '.join(missing)}" if missing else "all there", remedy)


def jobs(connection: Connection) -> Iterator[Finding]:
    """Whether somebody works, and what waits or was given up."""
    queue = standing.queue(connection)
    yield Finding(
        "worker", f"{queue.workers} at work",
        "" if queue.workers else "Start one: zorgvoorelkaar worker",
    )  # fmt: skip
    late = queue.oldest_s > standing.LATE_S
    yield Finding(
        "jobs waiting", f"{queue.waiting}, the oldest for {queue.oldest_s:.0f} s",
        "Start a second worker, or see in its log what holds the first one up." if late else "",
    )  # fmt: skip
    yield Finding(
        "jobs given up", str(queue.given_up),
        "See which with `zorgvoorelkaar jobs`, and try them once more with --again." if queue.given_up else "",
    )  # fmt: skip


def books(connection: Connection) -> Finding:
    """The night's seal, with which the books are tested."""
    found = standing.books(connection)
    if found.not_right:
        return Finding("ledger", "the nightly test failed", "See what is wrong: zorgvoorelkaar ledger check")
    if found.sealed_at is None or found.age_s is None:
        return Finding("ledger", "not sealed yet: the first seal comes tonight")
    said = f"sealed {found.sealed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    remedy = "The worker's nights.seal did not run: see that a worker runs at night."
    return Finding("ledger", said, remedy if found.age_s > SEALED_S_MAX else "")


def webhooks(connection: Connection) -> Finding:
    """How it goes with the systems of municipalities that are told of what happens."""
    query = text("SELECT webhooks, resting, waiting, dead FROM webhook_figures()")
    there, resting, waiting, dead = connection.execute(query).one()
    remedy = "The municipality's administrator sees why at /gemeente/webhooks, and has them sent again."
    said = f"{there} addresses, {resting} of them resting, {waiting} messages waiting, {dead} given up"
    return Finding("webhooks", said, remedy if dead else "")


def copy_that_is_read(settings: Settings) -> Iterator[Finding]:
    """The replica, where one is named."""
    if settings.database_replica_url:
        engine = apart(driver(settings.database_replica_url))
        remedy = "Pages are read from the primary meanwhile: see that the replica runs, and follows it."
        try:
            with engine.connect() as connection:
                behind_s = connection.execute(BEHIND).scalar_one()
        except DBAPIError as error:
            yield Finding("replica", "does not answer", f"{_first_line(error)} {remedy}")
            return
        late = behind_s is None or behind_s > BEHIND_S_MAX
        said = "knows of no worker" if behind_s is None else f"knows of a worker {behind_s:.0f} s ago"
        yield Finding("replica", said, remedy if late else "")


def mail(settings: Settings) -> Finding:
    """Whether the server would take a mail, without sending one."""
    if not settings.smtp_url:
        return Finding("mail", f"goes to the folder {settings.mailbox_dir}, to nobody else")
    host = urlsplit(settings.smtp_url).hostname
    try:
        smtp.greet(settings)
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            "mail",
            f"{host} refuses",
            f"Mend ZVE_SMTP_URL or its server ({type(error).__name__}: {_short(error)}).",
        )
    return Finding("mail", f"{host} takes mail")


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def disk(folder: Path) -> Finding:
    """Room under the data folder."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    remedy = f"Make room on the disk of {folder}: less than {DISK_FREE_MIN // 10**9} GB is free."
    return Finding("disk", f"{free / 1e9:.0f} GB free", remedy if free < DISK_FREE_MIN else "")


def copies(settings: Settings) -> Iterator[Finding]:
    """The files outside the database that are added to."""
    named = {"ZVE_SEAL_FILE": settings.seal_file, "ZVE_AUDIT_SINK": settings.audit_sink}
    for name, path in named.items():
        if not path or path.startswith("syslog:"):
            continue
        writable = Path(path).is_file() and os.access(path, os.W_OK)
        remedy = f"Make {path} once, empty, as the user of the worker; or is its disk away?"
        yield Finding(name, "there and writable" if writable else "not there", "" if writable else remedy)


def backup(settings: Settings) -> Finding:
    """Whether a backup was made in the last day, as far as this data folder knows."""
    if not settings.backup_to:
        return Finding(
            "backup", "none is made here",
            "" if not settings.database_url else "Set ZVE_BACKUP_TO, and run `zorgvoorelkaar backup` each night.",
        )  # fmt: skip
    last = kept.last_backup(settings.data_dir)
    if last is None:
        return Finding("backup", "none yet", "Run: zorgvoorelkaar backup FILE")
    age = datetime.now(UTC) - last.at
    said = f"made {last.at:%Y-%m-%d %H:%M} UTC, {last.bytes / 1e6:.1f} MB"
    remedy = "The nightly backup did not run: see its timer."
    return Finding("backup", said, remedy if age.total_seconds() > BACKUP_S_MAX else "")


def kernel() -> Finding:
    """Whether the compiled part of the engine is used."""
    from matching.kernel.load import opened

    why = opened()[1]
    return Finding("engine", f"numpy, without the kernel: {why}" if why else "with the compiled kernel")
