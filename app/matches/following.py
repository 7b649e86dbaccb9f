"""How the match index of a process keeps up with the database: on a connection of its own, that writes nothing.

On the connection of a request it would read what that request may yet roll back, and every other request of the
process would be answered with it.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, TextClause, text
from sqlalchemy.exc import DBAPIError

from app.clock import AMSTERDAM
from app.db import apart

STREAMED = 2_000
"""Rows of the first reading that are in memory at one time."""

# The server's start and the table's number tell one database from another under the same address: a mark is worth
# nothing on a server that was restored, or that took over from the one that gave it.
_NEWS = (
    "SELECT pg_postmaster_start_time(), 'match_change'::regclass::oid, ledger.now(), next_mark::text, entity::text, id"
    " FROM match_changes(coalesce(%s::xid8, pg_snapshot_xmin(pg_current_snapshot())))"
)
"""As the driver takes it: this is asked before every query, and building it cost as much as answering it."""
_TURNED = text("SELECT id FROM match_turned(CAST(:since AS timestamptz), CAST(:until AS timestamptz))")
# Who is kept apart from whom comes beside the facts, so that neither function has to know the other.
_APART = (
    "SELECT f.*, a.excluded, coalesce(a.suspended, false) AS suspended FROM {facts}(CAST(:ids AS uuid[])) f"
    " LEFT JOIN match_apart(CAST(:ids AS uuid[])) a ON a.person_id = f.person_id"
)
OFFERS = text(_APART.format(facts="match_offers"))
REQUESTS = text(_APART.format(facts="match_requests"))
CHECKS = text("SELECT checks FROM match_requests(ARRAY[CAST(:id AS uuid)])")
_SHARING = text("SELECT municipality_id, partner_id FROM sharing")

Facts = Iterator[Row[Any]]


@dataclass(frozen=True, slots=True)
class News:
    """What was committed since a mark, and where one stands now."""

    server: tuple[datetime, int]
    """When it started, and the number that the log has on it."""
    mark: int
    """The oldest transaction that was still open: from here one reads again."""
    at: datetime
    offers: frozenset[UUID]
    requests: frozenset[UUID]
    everything: bool
    """Who shares with whom has changed, or the log no longer holds all changes since the mark."""

    @property
    def day(self) -> date:
        """The date on a Dutch wall calendar."""
        return self.at.astimezone(AMSTERDAM).date()

    def follows(self, earlier: "News") -> bool:
        """Whether what was known then and the changes since make up what is true now."""
        return (
            not self.everything
            and self.server == earlier.server
            and self.mark >= earlier.mark
            and self.day == earlier.day
            and self.at >= earlier.at
        )


class Source:
    """The database as the index reads it. Not for two threads at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = apart(engine.url)
        self._held: Connection | None = None

    def news(self, mark: int) -> News:
        """What was committed since the mark. A connection that died is made anew, once."""
        if self._held is not None and not self._held.invalidated:
            try:
                return _news(self._held, mark)
            except DBAPIError as error:
                self.close()
                if not error.connection_invalidated:
                    raise
        self._held = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return _news(self._held, mark)

    def turned(self, since: datetime, until: datetime) -> frozenset[UUID]:
        """Offers of which something changed by time alone."""
        rows = self._connection.execute(_TURNED, {"since": since, "until": until})
        return frozenset(rows.scalars())

    def offers(self, ids: frozenset[UUID]) -> Facts:
        """Offers as they stand now; one that is gone is left out."""
        return iter(self._connection.execute(OFFERS, {"ids": list(ids)}))

    def requests(self, ids: frozenset[UUID]) -> Facts:
        """Requests as they stand now; one that is gone is left out."""
        return iter(self._connection.execute(REQUESTS, {"ids": list(ids)}))

    @contextlib.contextmanager
    def snapshot(self) -> Iterator["Snapshot"]:
        """All there is at one moment. What was not read to its end when this is over is closed."""
        with self._engine.connect() as connection, contextlib.ExitStack() as opened:
            yield Snapshot(
                connection.execution_options(isolation_level="REPEATABLE READ", yield_per=STREAMED), opened
            )

    @property
    def _connection(self) -> Connection:
        assert self._held is not None  # news come first
        return self._held

    def close(self) -> None:
        """Give the connection back."""
        held, self._held = self._held, None
        if held is not None:
            with contextlib.suppress(DBAPIError):
                held.close()


class Snapshot:
    """One reading of everything, in one transaction."""

    def __init__(self, connection: Connection, opened: contextlib.ExitStack) -> None:
        self._connection, self._opened = connection, opened
        self.news = _news(connection, None)

    def sharing(self) -> list[tuple[int, int]]:
        """Which municipality shares with which."""
        return [(row[0], row[1]) for row in self._connection.execute(_SHARING)]

    def offers(self) -> Facts:
        """All offers that may be open, streamed."""
        return self._streamed(OFFERS)

    def requests(self) -> Facts:
        """All requests that may be open, streamed."""
        return self._streamed(REQUESTS)

    def _streamed(self, statement: TextClause) -> Facts:
        return iter(self._opened.enter_context(self._connection.execute(statement, {"ids": None})))


def _news(connection: Connection, mark: int | None) -> News:
    rows = connection.exec_driver_sql(_NEWS, (None if mark is None else str(mark),)).all()
    started_at, table, at, next_mark, _, _ = rows[0]
    offers, requests, everything = set(), set(), False
    for _, _, _, _, entity, key in rows:
        if entity == "o":
            offers.add(key)
        elif entity == "r":
            requests.add(key)
        elif entity is not None:  # one row always comes, for the mark
            everything = True
    return News((started_at, table), int(next_mark), at, frozenset(offers), frozenset(requests), everything)
