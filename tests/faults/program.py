"""The web worker as it is, with stops around its commits: `python -m tests.faults.program`.

One line on standard input sets a stop (`name number`: at the so-manieth time from now); a line on standard output
says that it was reached, and the request waits there until it is killed, or told `go`. When the input ends, so
does the process.
"""

import os
import sys
import threading
from typing import Any

import uvicorn
from sqlalchemy import event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.db import Database
from app.main import create_app
from tests.faults.points import Point

BOOKS = "hit FROM ledger."
"""Part of every statement that books."""


class Stops:
    """At most one stop at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._go = threading.Event()
        self._wanted: tuple[str, int] = ("", 0)

    def listen(self) -> None:
        """Take orders until the input ends."""
        for line in sys.stdin:
            name, _, number = line.strip().rpartition(" ")
            if not name:
                self._go.set()
                continue
            with self._lock:
                self._go.clear()
                self._wanted = (name, int(number))
        os._exit(0)

    def wanted(self, point: Point) -> bool:
        """Count one arrival; true for the one that must stop."""
        with self._lock:
            name, left = self._wanted
            if name != point.name:
                return False
            self._wanted = (name, left - 1) if left > 1 else ("", 0)
            return left == 1

    def wait(self, point: Point) -> None:
        """Say so, and wait."""
        os.write(1, f"{point.name}\n".encode())
        self._go.wait()

    def reach(self, point: Point) -> None:
        """Stop here if this is the place and the time."""
        if self.wanted(point):
            self.wait(point)


def put_around(database: Database, stops: Stops) -> None:
    """Around each commit of a transaction in which something was booked."""
    dialect = database.engine.dialect
    commit = dialect.do_commit

    def after_execute(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if BOOKS in statement:
            connection.connection.info["booked"] = True
            stops.reach(Point.BOOKED)

    def do_commit(connection: Any) -> None:
        if not connection.info.pop("booked", False):
            commit(connection)
            return
        stops.reach(Point.BEFORE_COMMIT)
        if stops.wanted(Point.COMMIT_SENT):
            raw = connection.driver_connection.pgconn
            raw.send_query(b"COMMIT")
            raw.flush()
            stops.wait(Point.COMMIT_SENT)
        commit(connection)
        stops.reach(Point.COMMITTED)

    event.listen(database.engine, "after_cursor_execute", after_execute)
    event.listen(
        database.engine, "rollback", lambda connection: connection.connection.info.pop("booked", None)
    )
    dialect.do_commit = do_commit  # type: ignore[method-assign]


class Answered:
    """Stops when the answer to what was sent has left."""

    def __init__(self, app: ASGIApp, stops: Stops) -> None:
        self.app = app
        self.stops = stops

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the program itself, and then the stop."""
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self.app(scope, receive, noted)
        if scope["type"] == "http" and scope["method"] == "POST" and 200 <= status < 300:
            self.stops.reach(Point.ANSWERED)  # the whole process waits: it is about to be killed


def main() -> None:
    """Serve until killed."""
    settings, stops = Settings(), Stops()
    assert settings.database_url
    database = Database(settings.database_url, pool_size=settings.pool_size)
    put_around(database, stops)
    app = create_app(settings, database)
    threading.Thread(target=stops.listen, daemon=True).start()
    uvicorn.run(Answered(app, stops), host="127.0.0.1", port=settings.port, log_level="error")


if __name__ == "__main__":
    main()
