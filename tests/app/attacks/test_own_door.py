"""Somebody of a desk at the database's own door: rows that they may write open nothing that others keep."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import Database as Program
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_person, act
from tests.databases import Database


def refused(session: Session, statement: str, **values: object) -> bool:
    """Whether the database does not do it."""
    try:
        with session.begin_nested():
            session.execute(text(statement), values)
    except DBAPIError:
        return True
    return False


@pytest.mark.parametrize("kind", ["lives", "helps", "works"])
def test_a_desk_ties_nobody_of_elsewhere_to_itself_to_read_how_to_reach_them(
    fresh_database: Database, program: Program, kind: str
) -> None:
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
        ria = a_person(session, telefoon="06 12345678")

    with program.transaction() as session:
        act(session, karin)
        tie = "INSERT INTO membership (person_id, municipality_id, kind) VALUES (:who, :here, :kind)"
        assert refused(session, tie, who=ria.person_id, here=EINDHOVEN, kind=kind)
        turned = "UPDATE membership SET person_id = :who WHERE municipality_id = :here"
        assert refused(session, turned, who=ria.person_id, here=EINDHOVEN)
        reached = text("SELECT phone FROM contact WHERE person_id = :who")
        assert session.execute(reached, {"who": ria.person_id}).all() == []
