"""The rest of the country may be loaded beside the demonstration region."""

from collections.abc import Callable
from typing import Any

from app.db import Database as Program
from app.demo.filling import imagine
from tests.app.conftest import rows_of


def test_nobody_of_the_demonstration_lives_outside_its_region(new_database: Callable[[], Any]) -> None:
    with new_database() as database:
        rows_of(
            database,
            "INSERT INTO municipality (id, name, province, latitude, longitude, residents, percentage_65_plus, joined,"
            " mediation, broker_title, broker_name, phone, opening_hours, request_days, promise_days, version)"
            " VALUES (363, 'Amsterdam', 'Noord-Holland', 52.37, 4.9, 900000, 13, false, 2, '', '', '', '', 60, 3, 1)"
            " RETURNING id",
        )
        rows_of(
            database,
            "INSERT INTO neighbourhood (pc4, place, municipality_id, latitude, longitude, cell, residents,"
            " percentage_65_plus, percentage_75_plus) SELECT 1011, 'Amsterdam', 363, 52.37, 4.9, cell, 900000, 13, 6"
            " FROM neighbourhood LIMIT 1 RETURNING pc4",
        )
        program = Program(database.app_url, pool_size=2)
        world = imagine(program, 1771, lambda *_: None)
        program.close()

    assert 1011 not in {resident.home.pc4 for resident in world.residents.values()}
