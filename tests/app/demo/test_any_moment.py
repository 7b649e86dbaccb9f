"""The region can be filled whenever somebody starts: it is told backwards from that moment, and differs with it."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database as Program
from app.demo import filling, pots
from app.demo.filling import fill
from app.demo.personas import PERSONAS
from app.demo.world import Resident
from app.people.models import Person
from app.roosjes import giving
from tests.app.factories import a_person
from tests.databases import Database

LATER = (0.5, 7.3, 31, 103, 200, 500, 1000, 1200, 3000, 5000, 8000, 10_000)
"""Hours from now on, in a long run."""


class Neighbour:
    """Of a resident, what the pot looks at."""

    def __init__(self, person: Person) -> None:
        self.person, self.id = person, person.id


def test_who_has_just_spent_what_they_had_is_not_asked_for_more(session: Session) -> None:
    people: list[tuple[Resident, None]] = []
    for name in ("Arm", "Rijk"):
        actor = a_person(session, first_name=name)
        person = session.get_one(Person, actor.person_id)
        people.append((Neighbour(person), None))  # type: ignore[arg-type]  # as much of one as is looked at
        if name == "Arm":
            giving.donate(session, actor, giving.Gift(700, "all"))
    at = people[1][0].person.registered_at + timedelta(days=1)

    chosen = pots._next(session, list(people), at, lambda balance: balance.spendable >= 60)

    assert chosen is people[1][0]


def test_all_people_of_the_page_are_there_on_any_day(
    program_database: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which pairs of buddies there are differs with the day, and with them who guides them."""
    for hours in LATER if os.environ.get("ZVE_TEST_LONG") else LATER[:2]:
        monkeypatch.setattr(filling, "now", lambda session, by=hours: now(session) + timedelta(hours=by))
        world = filling.imagine(program_database, filling.SEED, lambda *_: None)
        assert set(world.personas) == {persona.slug for persona in PERSONAS}


@pytest.mark.parametrize("hours", LATER if os.environ.get("ZVE_TEST_LONG") else ())
def test_the_region_is_filled_at_any_moment(
    fresh_database: Database, travel: Callable[[timedelta], None], hours: float
) -> None:
    travel(timedelta(hours=hours))
    program = Program(fresh_database.app_url)
    try:
        summary = fill(program, fresh_database.owner_url)
    finally:
        program.close()

    assert summary.people == 3000
    assert summary.bookings > 0
