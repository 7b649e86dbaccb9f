"""A year of the pot at the first desk: gifts in, grants out, and one grant that waits for a second pair of eyes."""

from datetime import datetime, timedelta
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
            at = moment - timedelta(days=30 * month)
            clock.to(at)
            for number in range(2):
                _donate(database, _next(people, at), 60 + 15 * ((month + number) % 5), month)
            _give(database, makelaar, _next(people, at), 45 + 15 * (month % 4), month)
    _give(database, makelaar, _next(people, moment), 720, 0)


def _people(world: World) -> list[tuple[Resident, datetime | None]]:
    """Of the first desk, not the personas nor the desk: who came first, with when they last gave or got."""
    last: dict[UUID, datetime] = {}
    for act in sorted(world.acts, key=lambda one: one.at):
        both = (act.occurrence.asker_id, act.occurrence.helper_id) if act.occurrence else ()
        last |= dict.fromkeys((*both, *(one.id for one in (act.by, act.other) if one is not None)), act.at)
    apart = world.apart
    here = [one for one in world.living_in(HOME) if one.id not in apart]
    here.sort(key=lambda one: (one.person.registered_at, one.id))
    return [(one, last.get(one.id)) for one in here]


def _next(people: list[tuple[Resident, datetime | None]], at: datetime) -> UUID:
    """The next whose own bookings all lie before this moment: a statement goes on from day to day."""
    place = next(
        place
        for place, (one, last) in enumerate(people)
        if one.person.registered_at < at and (last is None or last < at)
    )
    return people.pop(place)[0].id


def _donate(database: Database, giver: UUID, minutes: int, month: int) -> None:
    with database.transaction() as session:
        giving.donate(session, act_as(session, giver), giving.Gift(minutes, f"demo:pot:{month}"))


def _give(database: Database, makelaar: UUID, to: UUID, minutes: int, number: int) -> None:
    with database.transaction() as session:
        gift = Gift.model_validate({"minuten": minutes, "reden": WHY[number % len(WHY)]})
        granting.give(session, act_as(session, makelaar), to, gift, uuid5(KEYS, str(number)))
