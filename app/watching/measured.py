"""What a monitor reads of the database: jobs, matches, books, mail, sessions. Counts only; nobody is in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, text

from app.config import Settings
from app.db import SET_SCOPE, Scope
from app.watching import kept, standing
from app.watching.figures import Figure, alone

_EVERYWHERE: Final = "SELECT id FROM municipality"
# unscoped: the worker's reach is every municipality
_COUNTED: Final = text(
    "SELECT (SELECT count(*) FROM help_request WHERE status = 'open'),"
    " (SELECT count(*) FROM help_request r WHERE status = 'open' AND EXISTS (SELECT FROM proposal p"
    "   WHERE p.help_request_id = r.id AND p.status IN ('proposed', 'willing', 'meeting'))),"
    " (SELECT count(*) FROM agreement WHERE status = 'active'),"
    " (SELECT count(*) FROM web_session WHERE ended_at IS NULL AND last_seen_at > ledger.now() - interval '1 hour'),"
    " pg_database_size(current_database())"
)
# unscoped: the worker's reach is every municipality
_PROPOSALS: Final = text("SELECT status, count(*) FROM proposal GROUP BY 1 ORDER BY 1")
_JOBS: Final = text(
    "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"
)
_LAG: Final = text(
    "SELECT application_name, extract(epoch FROM replay_lag) FROM pg_stat_replication"
    " WHERE state IS NOT NULL ORDER BY 1"
)


def measured(connection: Connection) -> Iterator[Figure]:
    """All figures of the database, in a transaction of its own."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = '5s'")
    everywhere = frozenset(connection.exec_driver_sql(_EVERYWHERE).scalars())
    connection.exec_driver_sql(SET_SCOPE, Scope(municipalities=everywhere).as_parameters())
    yield alone(
        "zve_schema_current", "gauge", "1 when the schema is the one that this program was written for.",
        standing.revision(connection) == standing.newest_revision(),
    )  # fmt: skip
    yield from _jobs(connection)
    yield from _help(connection)
    yield from _books(connection)
    yield from _replicas(connection)


def _jobs(connection: Connection) -> Iterator[Figure]:
    found = standing.queue(connection)
    by_queue: dict[tuple[tuple[str, str], ...], float | None] = {
        (("queue", queue), ("status", status)): count for queue, status, count in connection.execute(_JOBS)
    }
    yield Figure("zve_jobs", "gauge", "Jobs by queue and status; failed ones were given up.", by_queue)
    mail = sum(count or 0 for labels, count in by_queue.items() if ("queue", "mail") in labels)
    dead = by_queue.get((("queue", "mail"), ("status", "failed")), 0)
    yield alone("zve_mail_waiting", "gauge", "Mails that are still to go out.", mail - (dead or 0))
    yield alone("zve_mail_given_up", "gauge", "Mails that were never taken.", dead)
    yield alone("zve_jobs_waiting", "gauge", "Jobs that are due and not begun.", found.waiting)
    yield alone("zve_jobs_given_up", "gauge", "Jobs that were tried as often as they may be.", found.given_up)
    yield alone("zve_jobs_oldest_seconds", "gauge", "How long the oldest due job waits.", found.oldest_s)
    yield alone("zve_workers", "gauge", "Workers that said within a minute that they live.", found.workers)


def _help(connection: Connection) -> Iterator[Figure]:
    asked, covered, agreed, seen, size = connection.execute(_COUNTED).one()
    yield alone("zve_requests_open", "gauge", "Requests for help that are open.", asked)
    yield alone(
        "zve_requests_covered", "gauge", "Open requests for which somebody was found and asked.", covered
    )
    yield alone("zve_agreements_active", "gauge", "Agreements that run.", agreed)
    yield alone("zve_sessions_seen", "gauge", "Sessions that were used within the hour.", seen)
    yield alone("zve_database_bytes", "gauge", "Size of the database.", size)
    by_status: dict[tuple[tuple[str, str], ...], float | None] = {
        (("status", str(status)),): count for status, count in connection.execute(_PROPOSALS)
    }
    yield Figure("zve_proposals", "gauge", "Proposals by what came of them.", by_status)


def _books(connection: Connection) -> Iterator[Figure]:
    found = standing.books(connection)
    yield alone(
        "zve_ledger_not_right", "gauge", "1 when the nightly test of the books failed.", found.not_right
    )
    yield alone(
        "zve_ledger_seal_age_seconds", "gauge", "Seconds since the books were sealed and tested.", found.age_s
    )


def _replicas(connection: Connection) -> Iterator[Figure]:
    """Nothing where there is no replica, or where the role may not see how far it is (it needs pg_read_all_stats)."""
    lags: dict[tuple[tuple[str, str], ...], float | None] = {
        (("replica", name),): None if lag is None else float(lag) for name, lag in connection.execute(_LAG)
    }
    yield Figure("zve_replica_lag_seconds", "gauge", "How far a replica is behind.", lags)


def of_the_folder(settings: Settings) -> Iterator[Figure]:
    """What the data folder knows."""
    last = kept.last_backup(settings.data_dir)
    age = None if last is None else (datetime.now(UTC) - last.at).total_seconds()
    yield alone(
        "zve_backup_age_seconds", "gauge", "Seconds since the last backup made from this folder.", age
    )
    yield alone("zve_backup_bytes", "gauge", "Size of the last backup.", None if last is None else last.bytes)
