"""Being forgotten for who asks it by letter, telephone or at the counter, and the log of it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database as Program
from app.people import service as people
from app.people.service import PersonChange
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person, a_request, act
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]


@pytest.fixture
def ria(program: Program) -> Actor:
    with program.transaction() as session:
        actor = a_person(session, email="ria@voorbeeld.nl")
        people.change(session, actor, PersonChange.model_validate({
            "voornaam": "Ria", "achternaam": "Verspeek", "postcode": "5664 HJ", "huisnummer": "137",
            "telefoon": "0612987654",
        }))  # fmt: skip
        a_request(session, actor)
    return actor


def staff(database: Database, program: Program, role: Role, municipality_id: int = GELDROP_MIERLO) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(
            database, session, role=role, first_name=role.value, municipality_id=municipality_id
        )


@pytest.mark.parametrize("typed", ["ria@voorbeeld.nl", "06 12987654", "5664hj 137"])
def test_who_asks_by_telephone_is_found_and_forgotten_and_the_log_says_so(
    visit: Browsers, program: Program, fresh_database: Database, ria: Actor, typed: str
) -> None:
    officer = staff(fresh_database, program, Role.PRIVACY_OFFICER)
    desk = visit().sign_in(program, officer).get(f"/bureau/wissen?zoek={typed.replace(' ', '+')}")
    here = f"/bureau/wissen/{ria.person_id}"
    assert f'{here}"' in desk.page
    assert desk.get(here).says("1 vraag stopt.")

    desk.post(here, zeker="ja")
    assert (desk.status, desk.says("Kijk eerst wie het vraagt.")) == (422, True)
    desk.post(here, zeker="ja", gezien="ja")

    (row,) = desk.rows("SELECT reference, way FROM erasure")
    assert row.way == "bureau"
    assert desk.says(f"Bewijs voor de bewoner: {row.reference}.")
    assert desk.says("op verzoek, door de gemeente")
    assert desk.rows("SELECT email FROM contact WHERE person_id = :id", id=ria.person_id)[0].email is None
    assert [one.status for one in desk.rows("SELECT status FROM help_request")] == ["withdrawn"]
    written = "SELECT actor_id FROM audit_entry WHERE act = 'erasure' AND subject_id = :id"
    assert [one.actor_id for one in desk.rows(written, id=ria.person_id)] == [officer.person_id]
    assert desk.get(here).status == 404
    assert desk.get("/bureau/wissen?zoek=ria@voorbeeld.nl").says("Wij vinden niemand.")


def test_who_was_shut_out_can_be_forgotten_too(
    visit: Browsers, program: Program, fresh_database: Database, ria: Actor
) -> None:
    officer = staff(fresh_database, program, Role.PRIVACY_OFFICER)
    desk = visit().sign_in(program, officer)
    desk.rows("UPDATE person SET disabled_at = ledger.now() WHERE id = :id RETURNING 1", id=ria.person_id)

    here = f"/bureau/wissen/{ria.person_id}"
    desk.get(here).post(here, zeker="ja", gezien="ja")

    assert len(desk.rows("SELECT FROM erasure")) == 1


def test_nobody_else_forgets_anybody(
    visit: Browsers, program: Program, fresh_database: Database, ria: Actor
) -> None:
    others = [staff(fresh_database, program, role) for role in (
        Role.BROKER, Role.SAFETY_OFFICER, Role.MUNICIPALITY_ADMINISTRATOR)]  # fmt: skip
    elsewhere = staff(fresh_database, program, Role.PRIVACY_OFFICER, municipality_id=HELMOND)
    for who in (*others, elsewhere):
        browser = visit().sign_in(program, who)
        assert browser.get(f"/bureau/wissen/{ria.person_id}").status == 404
        with program.transaction() as session:
            act(session, who)
            call = text("SELECT forget_person(:id, 'bureau', 'W-1')")
            with pytest.raises(DBAPIError, match="nobody may have this person"), session.begin_nested():
                session.execute(call, {"id": ria.person_id})
    assert (
        visit()
        .sign_in(program, elsewhere)
        .get("/bureau/wissen?zoek=ria@voorbeeld.nl")
        .says("Wij vinden niemand.")
    )
