"""What every task has at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.actor import Actor, system
from app.checks.kvk import Kvk
from app.config import Settings
from app.db import Database, scope_to
from app.places.models import Municipality
from app.places.pdok import PDOK


@dataclass(frozen=True, slots=True)
class Work:
    """Settings, database and the ways out; without a geocoder or a key of the KvK nothing is asked there."""

    settings: Settings
    database: Database
    geocoder: PDOK | None = None
    kvk: Kvk | None = None

    @contextmanager
    def transaction(self) -> Iterator[tuple[Session, Actor]]:
        """A transaction that reaches every municipality that takes part."""
        with self.database.transaction() as session:
            actor = system(frozenset(session.scalars(select(Municipality.id))))
            scope_to(session, actor.scope)
            yield session, actor
