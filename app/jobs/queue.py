"""Putting work on the queue, in the same transaction as the change that causes it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(CAST(:queue AS varchar), CAST(:task AS varchar), 0, NULL::text,"
    " CAST(:queueing_lock AS text), CAST(:args AS jsonb), now() + make_interval(secs => CAST(:wait_s AS integer)))"
    "]::procrastinate_job_to_defer_v1[])"
)


def defer(
    session: Session, task: str, *, queue: str = "default", lock: str | None = None, **args: Any
) -> None:
    """Have a worker run ``task`` once this transaction commits; never when it does not.

    With ``lock``, nothing is added while an equal job is waiting.
    """
    defer_for(session, None, task, queue=queue, lock=lock, **args)


def defer_for(
    session: Session, wait_s: int | None, task: str, *,
    queue: str = "default", lock: str | None = None, **args: Any,
) -> None:  # fmt: skip
    """The same, to be run after so many seconds."""
    values = {"queue": queue, "task": task, "queueing_lock": lock, "wait_s": wait_s, "args": json.dumps(args)}
    if lock is None:
        session.execute(_DEFER, values)
        return
    try:
        with session.begin_nested():  # an equal job waiting would abort the caller's transaction
            session.execute(_DEFER, values)
    except IntegrityError:
        return


_GIVE_BACK = text(
    "SELECT count(procrastinate_retry_job_v1(j.id, now(), NULL, NULL, NULL)) FROM procrastinate_jobs j"
    " WHERE j.status = 'doing' AND NOT EXISTS (SELECT FROM procrastinate_workers w WHERE w.id = j.worker_id"
    " AND w.last_heartbeat > now() - make_interval(secs => :silent_s))"
)
SILENT_S = 60
"""A worker tells every ten seconds that it lives; one that does not is taken for dead."""


def give_back(session: Session) -> int:
    """Put what a worker had in hand when it was killed back on the queue; how many jobs that were."""
    return int(session.execute(_GIVE_BACK, {"silent_s": SILENT_S}).scalar_one())


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A job that was tried as often as it may be; nothing of whom it was about."""

    number: int
    task: str
    attempts: int
    at: datetime


_GIVEN_UP = text(
    "SELECT j.id, j.task_name, j.attempts, max(e.at) FROM procrastinate_jobs j"
    " JOIN procrastinate_events e ON e.job_id = j.id WHERE j.status = 'failed'"
    " GROUP BY j.id ORDER BY j.id DESC LIMIT :most"
)


def given_up(session: Session, most: int = 100) -> list[GivenUp]:
    """Jobs that failed for good, the newest first: mails that were never sent among them."""
    return [GivenUp(*row) for row in session.execute(_GIVEN_UP, {"most": most})]


def try_again(session: Session) -> int:
    """Have all that was given up done once more; how many jobs that are."""
    query = "SELECT count(procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)) FROM procrastinate_jobs"
    return int(session.execute(text(f"{query} WHERE status = 'failed'")).scalar_one())
