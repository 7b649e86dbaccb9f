"""The same seed tells the same story, and another seed another one."""

from app.db import Database as Program
from app.demo.filling import SEED, imagine
from app.demo.world import World
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.people.models import Person


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
