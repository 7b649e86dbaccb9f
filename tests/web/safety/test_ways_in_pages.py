"""Toegang at the desk, as a browser without JavaScript does it."""

from collections.abc import Callable

from app.access.roles import Role
from app.db import Database as Program
from tests.app.factories import a_member_of_staff, a_person
from tests.databases import Database
from tests.web.pages.helpers import Visit

RIA = "ria@voorbeeld.nl"


def test_a_stolen_way_in_is_shut_and_opened_and_the_resident_reads_why(
    visit: Callable[[], Visit], program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria = a_person(session, email=RIA)
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    thief, desk = visit().sign_in(program, ria), visit().sign_in(program, marja)
    assert thief.get("/mijn").path == "/mijn"
    here = f"/bureau/mensen/{ria.person_id}"
    assert f'{here}/toegang"' in desk.get(here).page

    assert desk.get(f"{here}/toegang").says("Ingelogd op 1 plek.")
    desk.post(f"{here}/toegang/dicht", reden="kort")
    assert (desk.status, desk.says("Maak dit langer: ten minste 10 tekens.")) == (422, True)
    desk.post(f"{here}/toegang/dicht", reden="Een ander leest in haar mailbox")
    assert desk.says("De toegang is dicht.")

    assert thief.get("/mijn").path.startswith("/inloggen")
    thief.post("/inloggen", email=RIA)
    thief.get("/inloggen").post("/inloggen/link", t=thief.mailed_link(RIA))
    assert thief.status == 410

    desk.get(f"{here}/toegang").post(f"{here}/toegang/open", reden="Zij heeft een nieuwe mailbox")
    assert desk.says("De toegang is weer open.")
    own = visit().sign_in(program, ria)
    assert own.get("/mijn/inloggen").says("Marja zette uw toegang dicht.")
    assert own.get("/mijn/gegevens/inzage").says("Waarom: Een ander leest in haar mailbox")

    desk.get(f"{here}/toegang").post(f"{here}/toegang/uitloggen")
    assert desk.says("Overal uitgelogd.")
    assert own.get("/mijn").path.startswith("/inloggen")


def test_the_page_is_for_makelaars_and_safety_officers(
    visit: Callable[[], Visit], program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        ria = a_person(session, email=RIA)
    for role, status in ((Role.SAFETY_OFFICER, 200), (Role.TREASURER, 404), (Role.PRIVACY_OFFICER, 404)):
        with program.transaction() as session:
            who = a_member_of_staff(fresh_database, session, role=role, first_name=role.value)
        found = visit().sign_in(program, who).get(f"/bureau/mensen/{ria.person_id}/toegang").status
        assert found == status
