"""In the copy that a municipality left behind, everybody who moved is forgotten by a command."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.config import Settings
from app.moving import parting
from app.moving.refusals import CannotMove
from app.runtime import Addresses
from tests.app.commands import run
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_helper, a_person, a_request
from tests.databases import Database
from tests.sites import a_program


def test_who_moved_is_forgotten_here_and_nobody_else(fresh_database: Database, tmp_path: Path) -> None:
    program = a_program(fresh_database.app_url, pool_size=2)
    with program.transaction() as session:
        ria = a_person(session, first_name="Wilhelmina")
        asked = a_request(session, ria).id
        helper, _ = a_helper(session)
        neighbour = a_person(session, first_name="Geertruida", postcode="5708 AB")
    program.close()
    where = Addresses(fresh_database.app_url, fresh_database.owner_url, fresh_database.app_url)
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(CannotMove, match="Did not move from here"):
        parting.forget(settings, where, [GELDROP_MIERLO, HELMOND])
    with fresh_database.owner.begin() as owner:
        moved = (
            "UPDATE municipality SET joined = false, moved_to = 'https://nieuw.voorbeeld.nl' WHERE id = :id"
        )
        owner.execute(text(moved), {"id": GELDROP_MIERLO})

    first = parting.forget(settings, where, [GELDROP_MIERLO])
    second = parting.forget(settings, where, [GELDROP_MIERLO])

    assert (first.forgotten, first.refused) == (2, [])
    assert (second.forgotten, second.refused) == (0, [])
    with fresh_database.owner.begin() as owner:
        names = {row.id: row.first_name for row in owner.execute(text("SELECT id, first_name FROM person"))}
        title = owner.execute(text("SELECT title FROM help_request WHERE id = :id"), {"id": asked}).scalar()
    assert {names[ria.person_id], names[helper.person_id]} == {"Iemand"}
    assert names[neighbour.person_id] == "Geertruida"
    assert title == "[gewist]"


def test_it_is_done_only_where_somebody_says_that_it_is_for_good() -> None:
    done = run({}, "region", "forget-moved", "Geldrop-Mierlo")

    assert done.returncode == 1
    assert "say --for-good" in done.stderr
