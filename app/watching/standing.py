"""What the database says of itself, read by the application role: schema, worker, jobs, seal."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.jobs.queue import SILENT_S

MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"


@cache
def newest_revision() -> str:
    """The revision of the schema that this program was written for."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None
    return head


def revision(connection: Connection) -> str | None:
    """The revision of the schema that is there; None where nothing was ever migrated."""
    if connection.execute(text("SELECT to_regclass('public.alembic_version') IS NULL")).scalar_one():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def serves(found: str | None) -> bool:
    """Whether this program works on a schema: its own, or a later one, which takes nothing away from the one before.

    So the database is migrated first, and the processes go over one by one.
    """
    newest = newest_revision()
    return found is not None and (found == newest or (found > newest and not knows(found)))


@dataclass(frozen=True, slots=True)
class Queue:
    """The jobs: how many wait that are due and since when, how many were given up, and whether anybody works."""

    waiting: int
    oldest_s: float
    given_up: int
    workers: int


_QUEUE = text(
    "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()),"
    " (SELECT coalesce(extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at))), 0) FROM procrastinate_jobs j"
    "  JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
    "  WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()),"
    " (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),"
    " (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :silent))"
)


def queue(connection: Connection) -> Queue:
    """How it stands with the jobs."""
    row = connection.execute(_QUEUE, {"silent": SILENT_S}).one()
    return Queue(row[0], max(0.0, float(row[1])), row[2], row[3])


LATE_S: Final = 15 * 60
"""A job that is due for longer than this keeps somebody waiting who was promised something."""


def mail_is_late(session: Session) -> bool:
    """Whether what should have gone out by itself waits for too long."""
    return queue(session.connection()).oldest_s > LATE_S


@dataclass(frozen=True, slots=True)
class Books:
    """The last seal of the ledger, and whether the job that tests the books stands as given up."""

    sealed_at: datetime | None
    age_s: float | None
    not_right: bool


_BOOKS = text(
    "SELECT s.sealed_at, extract(epoch FROM ledger.now() - s.sealed_at),"
    " EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'failed' AND task_name = 'nights.seal')"
    " FROM (SELECT max(sealed_at) AS sealed_at FROM ledger.seals()) s"
)


def books(connection: Connection) -> Books:
    """When the books were last sealed and tested."""
    row = connection.execute(_BOOKS).one()
    return Books(row[0], None if row[1] is None else float(row[1]), row[2])


def unguarded(connection: Connection) -> list[str]:
    """Tables with rows of a municipality on which row-level security is not forced."""
    query = text(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'municipality_id'"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped"
        " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND c.relname <> ALL (:open) ORDER BY 1"
    )
    return list(connection.execute(query, {"open": list(OPEN)}).scalars())


OPEN: Final = ("neighbourhood", "neighbourhood_span", "border", "match_change", "pace")
"""Tables that name a municipality and hold facts that everybody may read, or no more than keys and counts."""
EXTENSIONS: Final = ("btree_gist", "citext", "pg_trgm", "unaccent")


def missing_extensions(connection: Connection) -> list[str]:
    """Extensions that the schema stands on and that are not there."""
    there = set(connection.execute(text("SELECT extname FROM pg_extension")).scalars())
    return [name for name in EXTENSIONS if name not in there]


def knows(revision_of_another: str) -> bool:
    """Whether this program's migrations lead on from a revision."""
    return any(
        path.name.startswith(f"{revision_of_another}_") for path in (MIGRATIONS / "versions").glob("*.py")
    )
