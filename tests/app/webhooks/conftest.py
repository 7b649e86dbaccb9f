"""A municipality's own system on this machine, that checks signatures as its maker would and answers as it is told."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.db import Database as Program
from app.jobs import timetable
from app.jobs.work import Work
from tests.app.conftest import rows_of
from tests.databases import Database

TASKS = {task.name: task.run for task in timetable.DEFERRED}
DUE = (
    "DELETE FROM procrastinate_jobs WHERE id = (SELECT min(id) FROM procrastinate_jobs"
    " WHERE status = 'todo' AND task_name = 'webhooks.send'"
    " AND (:late OR coalesce(scheduled_at, now()) <= now())) RETURNING args"
)


@dataclass
class Receiver:
    """What came, with the headers of the specification."""

    origin: str = ""
    status: int = 204
    retry_after: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As https://www.standardwebhooks.com says, in other words than ours."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in headers["webhook-signature"].split(" ")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """At an address of this machine."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            if found.retry_after:
                self.send_header("retry-after", found.retry_after)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.origin = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def work(program: Program, tmp_path: Path, receiver: Receiver) -> Work:
    """A worker of an installation that lets webhooks go to that system."""
    return Work(Settings(data_dir=tmp_path, webhooks_to=receiver.origin), program)


Sending = Callable[..., int]


@pytest.fixture
def sent(work: Work, fresh_database: Database) -> Sending:
    """Does what is due, or with ``late`` also what waits for its time; how many jobs that were."""

    def run(*, late: bool = False, most: int = 50) -> int:
        for count in range(most):
            found = rows_of(fresh_database, DUE, late=late)
            if not found:
                return count
            ((args,),) = found
            TASKS["webhooks.send"](work, **(json.loads(args) if isinstance(args, str) else args))
        return most

    return run
