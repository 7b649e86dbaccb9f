"""Putting work on the queue, in the same transaction as the change that causes it."""

import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(CAST(:queue AS varchar), CAST(:task AS varchar), 0, NULL::text,"
    " CAST(:queueing_lock AS text), CAST(:args AS jsonb), NULL::timestamptz)]::procrastinate_job_to_defer_v1[])"
)


def defer(
    session: Session, task: str, *, queue: str = "default", lock: str | None = None, **args: Any
) -> None:
    """Have a worker run ``task`` once this transaction commits; never when it does not.

    With ``lock``, nothing is added while an equal job is waiting.
    """
    values = {"queue": queue, "task": task, "queueing_lock": lock, "args": json.dumps(args)}
    if lock is None:
        session.execute(_DEFER, values)
        return
    try:
        with session.begin_nested():  # an equal job waiting would abort the caller's transaction
            session.execute(_DEFER, values)
    except IntegrityError:
        return
