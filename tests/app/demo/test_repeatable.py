"""The same seed tells the same story, and another seed another one."""

from datetime import UTC, datetime

import pytest

from app.db import Database as Program
from app.demo import filling, lately, safety
from app.demo.filling import SEED, imagine
from app.demo.world import World
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.people.models import Person
from app.states import StateEvent


def story(world: World) -> list[tuple[str, ...]]:
    """Names, texts and states."""
    people = [(p.first_name, world.residents[p.id].contact.last_name) for p in world.all(Person)]
    requests = [(r.title, r.body, str(r.status)) for r in world.all(HelpRequest)]
    return [*people, *requests, *((o.title, o.body, str(o.status)) for o in world.all(HelpOffer))]


def quietly(stage: str, done: int, total: int) -> None:
    """No progress bar."""


def test_the_same_seed_tells_the_same_story(program_database: Program) -> None:
    first = story(imagine(program_database, SEED, quietly))
    assert story(imagine(program_database, SEED, quietly)) == first
    assert story(imagine(program_database, SEED + 1, quietly)) != first


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 3, 27, 23, 4, tzinfo=UTC),
        datetime(2027, 10, 31, 22, 58, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
        datetime(2026, 11, 22, 23, 10, tzinfo=UTC),
    ],
    ids=[
        "just past midnight before the clock changes",
        "late on the day it changes back",
        "a leap day",
        "a night after days on which everybody had something to do",
    ],
)
def test_the_story_can_be_told_at_any_hour(
    program_database: Program, monkeypatch: pytest.MonkeyPatch, moment: datetime
) -> None:
    monkeypatch.setattr(filling, "now", lambda _session: moment)

    world = imagine(program_database, SEED, quietly)

    assert len(world.all(HelpRequest)) == 400 + lately.REQUESTS
    assert max(event.at for event in world.all(StateEvent)) <= moment
    assert max(act.at for act in world.acts) <= moment
    assert len({one for row in safety.pairs(world) for one in (row.asker_id, row.helper_id)}) == 6
