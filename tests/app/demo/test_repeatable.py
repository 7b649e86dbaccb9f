"""The same seed tells the same story, and another seed another one."""

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import inspect

from app.db import Database as Program
from app.demo import filling, plans, safety
from app.demo.filling import SEED, imagine
from app.demo.world import World
from app.help_requests.models import HelpRequest
from app.states import StateEvent
from tests.app.conftest import rows_of
from tests.app.demo.conftest import Region
from tests.databases import Database, Server
from tests.sites import a_program

LEAP_DAY = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)
LONG = bool(os.environ.get("ZVE_TEST_LONG"))


def story(world: World) -> dict[str, list[Any]]:
    """Every row with everything in it: names, texts, states, dates, agreements; and all that will be booked."""
    rows: dict[str, list[Any]] = {}
    for model, made in world.rows.items():
        columns = [column.key for column in inspect(model).column_attrs]
        rows[model.__tablename__] = [[row.__dict__.get(column) for column in columns] for row in made]
    return rows | {"acts": [(act.at, act.kind, act.minutes) for act in world.acts]}


def outcome(database: Database) -> dict[str, list[Any]]:
    """What a filled region came to: states, balances, and how many agreements each has, whatever the hour."""
    asked = {
        "states": "SELECT 'asked', status, count(*) FROM help_request GROUP BY 2"
        " UNION ALL SELECT 'offered', status, count(*) FROM help_offer GROUP BY 2"
        " UNION ALL SELECT 'proposed', status, count(*) FROM proposal GROUP BY 2"
        " UNION ALL SELECT 'agreed', status || kind, count(*) FROM agreement GROUP BY 2"
        " UNION ALL SELECT 'happened', status || kind, count(*) FROM occurrence GROUP BY 2"
        " UNION ALL SELECT 'welfare', status, count(*) FROM welfare_plan GROUP BY 2"
        " UNION ALL SELECT 'reported', status, count(*) FROM safety_report GROUP BY 2 ORDER BY 1, 2",
        "balances": "SELECT kind, unit, municipality_id, posted, held_out, count(*) FROM ledger.account"
        " GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        "agreements": "SELECT asker_id, helper_id, count(*) FROM agreement GROUP BY 1, 2 ORDER BY 1, 2",
    }
    return {name: rows_of(database, query) for name, query in asked.items()}


def quietly(stage: str, done: int, total: int) -> None:
    """No progress bar."""


def told_at(program: Program, moment: datetime, seed: int = SEED) -> World:
    """Everything made up as if it were that moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "now", lambda _session: moment)
        return imagine(program, seed, quietly)


@pytest.fixture(scope="module")
def on_a_leap_day(program_database: Program) -> World:
    """Made up once, for who looks at it and for who holds another beside it."""
    return told_at(program_database, LEAP_DAY)


def test_the_same_seed_tells_the_same_story(program_database: Program, on_a_leap_day: World) -> None:
    first = story(on_a_leap_day)
    assert story(told_at(program_database, LEAP_DAY)) == first
    assert story(told_at(program_database, LEAP_DAY, SEED + 1)) != first


@pytest.mark.skipif(not LONG, reason="it fills a second region")
def test_the_same_seed_comes_to_the_same_balances(region: Region, database_server: Server) -> None:
    with database_server.copy("second_region") as second:
        program = a_program(second.app_url, pool_size=4)
        filling.fill(program, second.owner_url)
        program.close()
        assert outcome(second) == outcome(region.filled.database)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 3, 27, 23, 4, tzinfo=UTC),
        datetime(2027, 10, 31, 22, 58, tzinfo=UTC),
        LEAP_DAY,
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
    program_database: Program, on_a_leap_day: World, moment: datetime
) -> None:
    world = on_a_leap_day if moment == LEAP_DAY else told_at(program_database, moment)

    assert len(world.all(HelpRequest)) == plans.REQUESTS
    assert max(event.at for event in world.all(StateEvent)) <= moment
    assert max(act.at for act in world.acts) <= moment
    assert len({one for row in safety.pairs(world) for one in (row.asker_id, row.helper_id)}) == 6
