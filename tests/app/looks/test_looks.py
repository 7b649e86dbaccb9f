"""A look is tried, shown, and taken back; another municipality keeps its own."""

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database as Program
from app.errors import Forbidden, NotFound, Stale
from app.looks import service
from app.looks.models import Look
from app.looks.schemas import LookChange
from app.places.models import Municipality
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, act, nobody
from tests.databases import Database


def colours(**typed: object) -> LookChange:
    return LookChange.model_validate(typed)


@pytest.fixture
def karin(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)


def test_a_look_is_seen_by_nobody_else_until_it_is_shown_and_can_be_taken_back(
    program: Program, karin: Actor
) -> None:
    with program.transaction() as session:
        admin = act(session, karin)
        first = service.publish(
            session, admin, GELDROP_MIERLO,
            service.change(session, admin, GELDROP_MIERLO, colours(hoofdkleur="#154273")).version,
        )  # fmt: skip
        second = service.change(session, admin, GELDROP_MIERLO, colours(hoofdkleur="#6b2c91"))
        keys = (first.id, second.id, first.key, second.version)
    with program.transaction() as session:
        nobody(session)
        assert session.scalars(select(Look.id)).all() == [keys[0]]
        assert "#154273" in service.shown_sheet(session, GELDROP_MIERLO, keys[2])
        with pytest.raises(NotFound):
            service.shown_sheet(session, HELMOND, keys[2])
    with program.transaction() as session:
        service.publish(session, act(session, karin), GELDROP_MIERLO, keys[3])
    with program.transaction() as session:
        service.go_back(session, act(session, karin), GELDROP_MIERLO, keys[0])
    with program.transaction() as session:
        nobody(session)
        worn = session.get_one(Municipality, GELDROP_MIERLO).look
        assert worn == keys[2]
        assert session.get_one(Municipality, HELMOND).look == ""
    with program.transaction() as session:
        shown = service.history(session, act(session, karin), GELDROP_MIERLO)
        assert [row.main for row in shown] == ["#154273", "#6b2c91", "#154273"]


def test_what_changed_since_it_was_looked_at_is_not_shown(program: Program, karin: Actor) -> None:
    with program.transaction() as session:
        admin = act(session, karin)
        row = service.change(session, admin, GELDROP_MIERLO, colours(hoofdkleur="#154273"))
        before = row.version
        service.change(session, admin, GELDROP_MIERLO, colours(hoofdkleur="#6b2c91", versie=before))

        with pytest.raises(Stale):
            service.publish(session, admin, GELDROP_MIERLO, before)


def test_only_the_municipality_s_own_administrator_changes_it(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session, first_name="Marja")
    with program.transaction() as session, pytest.raises(Forbidden):
        service.change(session, act(session, marja), GELDROP_MIERLO, colours(hoofdkleur="#154273"))
    with program.transaction() as session, pytest.raises(Forbidden):
        service.change(session, act(session, karin), HELMOND, colours(hoofdkleur="#154273"))
