"""A worker whose mail goes to a folder, and what it had to do."""

import json
import mailbox
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from app.config import Settings
from app.db import Database as Program
from app.jobs import timetable
from app.jobs.work import Work
from tests.app.conftest import rows_of
from tests.databases import Database

POST = ("notices.mail", "notices.gather", "notices.send")
TASKS = {task.name: task.run for task in timetable.DEFERRED}
NEXT = (
    "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT min(id) FROM procrastinate_jobs"
    " WHERE status = 'todo' AND task_name = ANY(:names)) RETURNING id, task_name, args"
)


@pytest.fixture
def work(program: Program, tmp_path: Path) -> Work:
    """A worker; its settings can be exchanged."""
    return Work(Settings(data_dir=tmp_path, base_url="https://zve.example"), program)


@pytest.fixture
def done(work: Work, fresh_database: Database) -> Callable[[], None]:
    """Does all that waits on the queue of notices, also what would wait a few minutes."""

    def run() -> None:
        while found := rows_of(fresh_database, NEXT, names=list(POST)):
            ((_, name, args),) = found
            TASKS[name](work, **(json.loads(args) if isinstance(args, str) else args))

    return run


def mails(work: Work) -> list[EmailMessage]:
    """What lies in the folder."""
    if not work.settings.mailbox_dir.exists():
        return []
    box = mailbox.Maildir(work.settings.mailbox_dir, create=False)
    return [message_from_bytes(box.get_bytes(key), policy=default) for key in sorted(box.keys())]


def said(mail: EmailMessage, kind: str = "plain") -> str:
    """The text, or the HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
