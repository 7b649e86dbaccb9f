"""A copy of the database that may be a little behind: pages that say nothing of whoever asks are read there.

Only where it was seen lately that it keeps up; otherwise, and for whatever is written, there is the primary.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.runtime import driver

BEHIND_S_MAX: Final = 30.0
"""Workers say every ten seconds that they live; the copy must know of one that did so this short a while ago."""
LOOKED_S: Final = 2.0
AWAY_S: Final = 10.0
BEHIND: Final = text(
    "SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers"
)
F = TypeVar("F", bound=Callable[..., Any])
log = logging.getLogger("zorgvoorelkaar.replica")


def may_lag(endpoint: F) -> F:
    """Mark a route that only reads, what everybody may know: for a visitor it may be read from a copy.

    Not one that is counted (`app.pacing`): what is counted stands in tables that no copy has.
    """
    endpoint.__dict__["may_lag"] = True
    return endpoint


def lags(endpoint: object) -> bool:
    """Whether a route was marked so."""
    return bool(getattr(endpoint, "may_lag", False))


class Replica(Database):
    """The copy. What must be written after a request goes to the primary."""

    def __init__(self, url: str, primary: Database, *, pool_size: int) -> None:
        super().__init__(url, pool_size=pool_size)
        self.primary = primary
        self._look = threading.Lock()
        self._good, self._until = False, 0.0

    def keeps_up(self) -> bool:
        """Whether it was there, and not far behind, when somebody last looked; nobody waits for another's look."""
        if time.monotonic() >= self._until and self._look.acquire(blocking=False):
            try:
                self._good = self._looked()
                self._until = time.monotonic() + (LOOKED_S if self._good else AWAY_S)
            finally:
                self._look.release()
        return self._good

    def _looked(self) -> bool:
        try:
            with self.engine.connect() as connection:
                behind_s = connection.execute(BEHIND).scalar_one()
        except SQLAlchemyError as error:
            log.warning("the replica is not asked: it does not answer", exc_info=error)
            return False
        if behind_s is None or behind_s > BEHIND_S_MAX:
            log.warning("the replica is not asked: it is behind, or no worker lives")
            return False
        return True

    def _run_afterwards(self, session: Session) -> None:
        self.primary._run_afterwards(session)


def replica_of(settings: Settings, primary: Database) -> Replica | None:
    """The one of the settings, if there is one."""
    if not settings.database_replica_url:
        return None
    return Replica(driver(settings.database_replica_url), primary, pool_size=settings.pool_size)
