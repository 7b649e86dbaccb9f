"""Three neighbours who each need what the next one does: Ria helps Kees, Kees helps Ans, Ans helps Ria."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.access.sign_in import act_as
from app.config import Settings
from app.db import Database
from app.jobs import tasks
from app.jobs.work import Work
from app.rings import answer
from app.rings.models import Ring
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request, an_offer
from tests.databases import Database as Migrated

WALK, ERRANDS, MEALS = "samen-op-pad", "boodschappen-en-ophalen", "samen-eten-of-koken"


@dataclass
class Circle:
    """The three, and the jobs of this database."""

    program: Database
    database: Migrated
    work: Work
    ria: Actor
    kees: Actor
    ans: Actor
    requests: dict[str, UUID] = field(default_factory=dict)
    offers: dict[str, UUID] = field(default_factory=dict)

    @property
    def members(self) -> list[Actor]:
        """In giving order."""
        return [self.ria, self.kees, self.ans]

    def find(self) -> list[UUID]:
        """What the night does; the rings that there are then, the newest last."""
        tasks.find_rings(self.work)
        return [row[0] for row in rows_of(self.database, "SELECT id FROM ring ORDER BY created_at, id")]

    def says_yes(self, actor: Actor, ring: UUID) -> None:
        """One member's yes, committed."""
        with self.program.transaction() as session:
            answer.yes(session, act_as(session, actor.person_id), ring)

    def says_no(self, actor: Actor, ring: UUID) -> None:
        """One member's no, committed."""
        with self.program.transaction() as session:
            answer.no(session, act_as(session, actor.person_id), ring)

    def all_say_yes(self, ring: UUID) -> None:
        """Everybody, one after the other; no job has run yet."""
        for member in self.members:
            self.says_yes(member, ring)

    def state(self, ring: UUID) -> tuple[str, str]:
        """Status and reason, as the owner sees them."""
        (row,) = rows_of(self.database, "SELECT status, reason FROM ring WHERE id = :id", id=ring)
        return tuple(row)

    def count(self, query: str) -> int:
        """One number, as the owner sees it."""
        return int(rows_of(self.database, query)[0][0])

    def waiting_jobs(self, name: str) -> int:
        """How often a job stands in the queue."""
        query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name"
        return int(rows_of(self.database, query, name=name)[0][0])

    def ring(self, key: UUID) -> Ring:
        """The row, for its own sake."""
        with self.work.transaction() as (session, _):
            return session.get_one(Ring, key)


@pytest.fixture
def circle(program: Database, fresh_database: Migrated, tmp_path: Path) -> Circle:
    """Committed, with nobody else there."""
    asks = {"Ria": (MEALS, "Een warme maaltijd"), "Kees": (WALK, "Een eindje lopen"),
            "Ans": (ERRANDS, "De zware boodschappen")}  # fmt: skip
    does = {"Ria": WALK, "Kees": ERRANDS, "Ans": MEALS}
    requests, offers, actors = {}, {}, {}
    with program.transaction() as session:
        for name, (category, title) in asks.items():
            actor = a_person(session, first_name=name)
            requests[name] = a_request(session, actor, categorie=category, titel=title).id
            offers[name] = an_offer(session, actor, categorieen=[does[name]], titel=f"Dit doet {name}").id
            actors[name.lower()] = actor
    work = Work(Settings(data_dir=tmp_path), program)
    return Circle(program, fresh_database, work, **actors, requests=requests, offers=offers)
