"""What the installation itself forgets: after a backup is put back whoever was forgotten since, by the copies of the
audit outside; and who moved to another installation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from app import upkeep
from app.audit import outside
from app.audit.write import Act
from app.config import Settings
from app.db import Database
from app.errors import DomainError
from app.privacy import erase
from app.runtime import Addresses


@dataclass(slots=True)
class Again:
    """How many were forgotten again, how many were gone or never here, and who could not be, with the reason."""

    forgotten: int = 0
    gone: int = 0
    refused: list[tuple[UUID, str]] = field(default_factory=list)


def forget(settings: Settings, where: Addresses, copies: Sequence[Path]) -> Again:
    """Forget everybody whose erasure stands in the copies. Safe to run again. Raises SinkAway.

    Whoever has something open that a person must settle is shut out and paused meanwhile.
    """
    return forget_each(settings, where, outside.subjects(copies, Act.ERASURE.value))


def forget_each(settings: Settings, where: Addresses, people: Iterable[UUID]) -> Again:
    """Each of them, as the installation itself. Safe to run again."""
    done = Again()
    database = Database(where.application, pool_size=2)
    try:
        for person_id in people:
            _one(settings, where, database, person_id, done)
    finally:
        database.close()
    return done


def _one(settings: Settings, where: Addresses, database: Database, person_id: UUID, done: Again) -> None:
    with upkeep.as_owner(where.owner_url) as owner:
        # roles came back with the backup too: nobody works at a desk who was forgotten since
        owner.execute(text("SELECT take_roles(:person)"), {"person": person_id})
        here: bool = owner.execute(text("SELECT here_again(:person)"), {"person": person_id}).scalar_one()
    if not here:
        done.gone += 1
        return
    try:
        with database.transaction() as session:
            erase.erase_again(session, settings, person_id)
    except DomainError as refusal:
        with upkeep.as_owner(where.owner_url) as owner:
            owner.execute(text("SELECT keep_out(:person)"), {"person": person_id})
        done.refused.append((person_id, refusal.code))
    else:
        done.forgotten += 1
