"""A year of the pot at the first desk: gifts in, grants out, and one grant that waits for a second pair of eyes."""

from datetime import timedelta
from uuid import UUID, uuid5

from app.access.sign_in import act_as
from app.clock import now
from app.db import Database
from app.demo.books import a_clock
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.pots import granting
from app.pots.schemas import Gift
from app.roosjes import giving

MONTHS = 11
KEYS = UUID("018f5c1e-7d3a-7b60-9c52-6a2f6e0d1772")
WHY = ("Na een operatie", "Nieuw in het dorp, kent nog niemand", "Vraagt vaak en kan nu niets terugdoen",
       "Voor de verhuizing", "Mantelzorger, even adem")  # fmt: skip


def year(database: Database, owner_url: str, world: World) -> None:
    """Every month two give and one gets; the last question waits. Booked in shifted time."""
    makelaar = world.personas["makelaar"].id
    with database.transaction() as session:
        moment = now(session)
    people = _people(world)
    with a_clock(owner_url, moment) as clock:
        for month in range(MONTHS, 0, -1):
            clock.to(moment - timedelta(days=30 * month))
            for number, giver in enumerate(people[2 * month : 2 * month + 2]):
                _donate(database, giver.id, 60 + 15 * ((month + number) % 5), month)
            _give(database, makelaar, people[month % 6 + len(people) // 2].id, 45 + 15 * (month % 4), month)
    _give(database, makelaar, people[len(people) // 2 + 7].id, 720, 0)


def _people(world: World) -> list[Resident]:
    """Of the first desk, who came first; not the personas nor the desk."""
    apart = world.apart
    here = [one for one in world.living_in(HOME) if one.id not in apart]
    return sorted(here, key=lambda one: (one.person.registered_at, one.id))


def _donate(database: Database, giver: UUID, minutes: int, month: int) -> None:
    with database.transaction() as session:
        giving.donate(session, act_as(session, giver), giving.Gift(minutes, f"demo:pot:{month}"))


def _give(database: Database, makelaar: UUID, to: UUID, minutes: int, number: int) -> None:
    with database.transaction() as session:
        gift = Gift.model_validate({"minuten": minutes, "reden": WHY[number % len(WHY)]})
        granting.give(session, act_as(session, makelaar), to, gift, uuid5(KEYS, str(number)))
