"""The web worker as it is, with stops around its commits.

An order sets a stop (a name, and at the so-manieth time from now); a word back says that it was reached, and the
request waits there until it is killed, or told to go on. When nobody is left to give orders, the process ends.
"""

import os
import threading
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.db import Database
from app.main import create_app
from tests.faults.points import Point

BOOKS = (" AS booked", "hit FROM ledger.")
"""One of these is part of every statement that books."""


class Stops:
    """At most one stop at a time."""

    def __init__(self, orders: Pipe) -> None:
        self._orders = orders
        self._lock = threading.Lock()
        self._go = threading.Event()
        self._wanted: tuple[str, int] = ("", 0)

    def listen(self) -> None:
        """Take orders until there is nobody to give them."""
        while True:
            try:
                wanted = self._orders.recv()
            except EOFError:
                os._exit(0)
            if not wanted[0]:
                self._go.set()
                continue
            with self._lock:
                self._go.clear()
                self._wanted = wanted

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
        self._orders.send(point.name)
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
        if any(part in statement for part in BOOKS):
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
    dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]


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


def serve(orders: Pipe, environment: dict[str, str], log: Path) -> None:
    """Until killed; runs in a process of its own."""
    with log.open("a") as written:
        os.dup2(written.fileno(), 2)
    os.environ.update(environment)
    settings, stops = Settings(), Stops(orders)
    assert settings.database_url
    database = Database(settings.database_url, pool_size=settings.pool_size)
    put_around(database, stops)
    app = create_app(settings, database)
    threading.Thread(target=stops.listen, daemon=True).start()
    uvicorn.run(Answered(app, stops), host="127.0.0.1", port=settings.port, log_level="error")
