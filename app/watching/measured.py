"""What a monitor reads of the database: jobs, matches, books, mail, sessions. Counts only; nobody is in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, text

from app.config import Settings
from app.watching import kept, standing
from app.watching.figures import Figure, alone

_COUNTED: Final = text("SELECT name, label, value FROM running_figures()")
_JOBS: Final = text(
    "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"
)
_LAG: Final = text(
    "SELECT application_name, extract(epoch FROM replay_lag) FROM pg_stat_replication"
    " WHERE state IS NOT NULL ORDER BY 1"
)


_WEBHOOKS: Final = text("SELECT webhooks, resting, waiting, oldest_s, dead FROM webhook_figures()")
WEBHOOKS: Final = (
    ("zve_webhooks", "Addresses of municipalities' own systems that are told of what happens."),
    ("zve_webhooks_resting", "Those that failed so often that nothing is sent there for now."),
    ("zve_webhook_messages_waiting", "Messages to them that are still to arrive."),
    ("zve_webhook_messages_oldest_seconds", "How long the oldest of these waits."),
    ("zve_webhook_messages_dead", "Messages that were given up, and that somebody may send again."),
)
COUNTS: Final = (
    ("zve_requests_open", "open", "Requests for help that are open."),
    ("zve_requests_covered", "covered", "Open requests for which somebody was found and asked."),
    ("zve_agreements_active", "agreements", "Agreements that run."),
    ("zve_sessions_seen", "sessions", "Sessions that were used within the hour."),
)


def measured(connection: Connection) -> Iterator[Figure]:
    """All figures of the database, in a transaction of its own."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = '5s'")
    yield alone(
        "zve_schema_current", "gauge", "1 when the schema is the one that this program was written for.",
        standing.revision(connection) == standing.newest_revision(),
    )  # fmt: skip
    yield from _jobs(connection)
    yield from _help(connection)
    yield from _books(connection)
    yield from _webhooks(connection)
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
    counted = {(name, label): value for name, label, value in connection.execute(_COUNTED)}
    for name, key, meaning in COUNTS:
        yield alone(name, "gauge", meaning, counted.get((key, "")))
    size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    yield alone("zve_database_bytes", "gauge", "Size of the database.", size)
    by_status: dict[tuple[tuple[str, str], ...], float | None] = {
        (("status", label),): value for (name, label), value in sorted(counted.items()) if name == "proposals"
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


def _webhooks(connection: Connection) -> Iterator[Figure]:
    found = connection.execute(_WEBHOOKS).one()
    for (name, meaning), value in zip(WEBHOOKS, found, strict=True):
        yield alone(name, "gauge", meaning, value)


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
