"""A year of the pot at the first desk: gifts in, grants out, and one grant that waits for a second pair of eyes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import rewards
from app.access.sign_in import act_as
from app.clock import now
from app.db import Database
from app.demo.books import a_clock
from app.demo.desks import HOME
from app.demo.world import Resident, World
from app.pots import granting
from app.pots.schemas import Gift
from app.roosjes import giving, service as roosjes

MONTHS = 11
People = list[tuple[Resident, datetime | None]]
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
                _donate(database, people, at, 60 + 15 * ((month + number) % 5), month)
            _give(database, makelaar, people, at, 45 + 15 * (month % 4), month)
    _give(database, makelaar, people, moment, 720, 0)


def _people(world: World) -> People:
    """Of the first desk, not the personas nor the desk: who came first, with when they last gave or got."""
    last: dict[UUID, datetime] = {}
    for act in sorted(world.acts, key=lambda one: one.at):
        both = (act.occurrence.asker_id, act.occurrence.helper_id) if act.occurrence else ()
        last |= dict.fromkeys((*both, *(one.id for one in (act.by, act.other) if one is not None)), act.at)
    apart = world.apart
    here = [one for one in world.living_in(HOME) if one.id not in apart]
    here.sort(key=lambda one: (one.person.registered_at, one.id))
    return [(one, last.get(one.id)) for one in here]


def _next(
    session: Session, people: People, at: datetime, fits: Callable[[rewards.Balance], bool]
) -> Resident:
    """The next whose own bookings all lie before this moment, for a statement goes on from day to day, and who has
    the room: at some hours of the year somebody has just spent it."""
    for place, (one, last) in enumerate(people):
        if one.person.registered_at < at and (last is None or last < at):
            act_as(session, one.id)
            if fits(roosjes.account_of(session, one.person, HOME).balance):
                return people.pop(place)[0]
    raise LookupError(f"nobody at {at}")


def _donate(database: Database, people: People, at: datetime, minutes: int, month: int) -> None:
    with database.transaction() as session:
        giver = _next(session, people, at, lambda balance: balance.spendable >= minutes)
        giving.donate(session, act_as(session, giver.id), giving.Gift(minutes, f"demo:pot:{month}"))


def _give(
    database: Database, makelaar: UUID, people: People, at: datetime, minutes: int, number: int
) -> None:
    with database.transaction() as session:
        to = _next(session, people, at, lambda balance: balance.receivable >= minutes)
        gift = Gift.model_validate({"minuten": minutes, "reden": WHY[number % len(WHY)]})
        granting.give(session, act_as(session, makelaar), to.id, gift, uuid5(KEYS, str(number)))
