"""Wissen at the desk, for somebody who phones: the privacy officer finds them, tells what goes, and it goes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as
from app.db import Database as Program
from tests.app.factories import (
    GELDROP_MIERLO,
    HELMOND,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_agreement,
)
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
HERE = "/bureau/wissen"


@pytest.fixture
def ria(program: Program) -> Actor:
    with program.transaction() as session:
        return a_person(session, achternaam="Verspeek", telefoon="0612987654")


@pytest.fixture
def fatima(program: Program, fresh_database: Database) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session, role=Role.PRIVACY_OFFICER, first_name="Fatima")


def test_who_phones_is_found_and_forgotten_and_hears_a_number(
    visit: Browsers, program: Program, ria: Actor, fatima: Actor
) -> None:
    with program.transaction() as session:
        a_request(session, act_as(session, ria.person_id), toelichting="Bel Verspeek")
    desk = visit().sign_in(program, fatima).get(HERE)
    assert "Verspeek" not in desk.page
    desk.get(f"{HERE}?zoek=0612987654")
    assert desk.says("Ria Verspeek")
    path = f"{HERE}/{ria.person_id}"
    desk.get(path)
    assert desk.says("1 vraag stopt.")
    desk.post(path, zeker="ja")
    assert (desk.status, desk.says("Zet een vinkje als u zeker weet wie het vraagt.")) == (422, True)
    assert desk.rows("SELECT count(*) FROM erasure")[0][0] == 0

    desk.post(path, zelf="ja", zeker="ja")

    (row,) = desk.rows("SELECT reference, way FROM erasure")
    assert row.way == "bureau"
    assert desk.says(f"Het bewijs is {row.reference}.")
    assert desk.says("op verzoek, door de gemeente")  # in the log of what was erased
    (contact,) = desk.rows("SELECT phone, last_name FROM contact WHERE person_id = :id", id=ria.person_id)
    assert (contact.phone, contact.last_name) == ("", "")
    assert desk.rows("SELECT count(*) FROM help_request WHERE body LIKE '%Verspeek%'")[0][0] == 0
    (entry,) = desk.rows("SELECT actor_id FROM audit_entry WHERE act = 'erasure'")
    assert entry.actor_id == fatima.person_id
    assert desk.get(path).status == 404
    assert desk.get(f"{HERE}?zoek=Verspeek").says("Niemand gevonden.")


def test_what_has_to_be_settled_before_stops_the_desk_too(
    visit: Browsers, program: Program, ria: Actor, fatima: Actor, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        an_agreement(session, act_as(session, ria.person_id), helper)
    travel(timedelta(days=8))
    path = f"{HERE}/{ria.person_id}"
    desk = visit().sign_in(program, fatima).get(path)
    assert desk.says("Iemand moet nog zeggen of de hulp van")

    desk.post(path, zelf="ja", zeker="ja")

    assert (desk.status, desk.says("Er staat nog iets open.")) == (422, True)
    assert desk.rows("SELECT status FROM agreement")[0].status == "active"
    assert desk.rows("SELECT count(*) FROM erasure")[0][0] == 0


def test_the_act_asks_for_a_proof_of_just_now_and_looking_is_in_the_log(
    visit: Browsers, program: Program, ria: Actor, fatima: Actor, travel: Callable[[timedelta], None]
) -> None:
    path = f"{HERE}/{ria.person_id}"
    desk = visit().sign_in(program, fatima).get(path)
    looked = "SELECT count(*) FROM audit_entry WHERE act = 'person' AND subject_id = :id AND actor_id = :by"
    assert desk.rows(looked, id=ria.person_id, by=fatima.person_id)[0][0] == 1
    travel(timedelta(minutes=11))

    assert desk.get(path).post(path, zelf="ja", zeker="ja").status == 401
    assert desk.rows("SELECT count(*) FROM erasure")[0][0] == 0


def test_nobody_else_of_the_desk_and_of_no_other_municipality_has_somebody_forgotten(
    visit: Browsers, program: Program, ria: Actor, fatima: Actor, fresh_database: Database
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        wim = a_person(session, first_name="Wim", postcode="5611 AA")
    hers = visit().sign_in(program, marja).get("/bureau")
    assert hers.post(f"{HERE}/{ria.person_id}", zelf="ja", zeker="ja").status == 404
    desk = visit().sign_in(program, fatima).get(HERE)
    assert desk.post(f"{HERE}/{wim.person_id}", zelf="ja", zeker="ja").status == 404
    assert desk.get(f"{HERE}/{wim.person_id}").status == 404
    assert desk.get(f"{HERE}?zoek=Wim").says("Niemand gevonden.")
    assert desk.rows("SELECT count(*) FROM erasure")[0][0] == 0


def test_nobody_but_the_privacy_officer_of_the_place_forgets_somebody_else(
    program: Program, fresh_database: Database, ria: Actor
) -> None:
    with program.transaction() as session:
        others = [
            a_member_of_staff(fresh_database, session, role=role, municipality_id=place)
            for role, place in (
                (Role.BROKER, GELDROP_MIERLO),
                (Role.SAFETY_OFFICER, GELDROP_MIERLO),
                (Role.MUNICIPALITY_ADMINISTRATOR, GELDROP_MIERLO),
                (Role.PRIVACY_OFFICER, HELMOND),
            )
        ]
    for who in others:
        with program.transaction() as session:
            act(session, who)
            call = text("SELECT forget_person(:id, 'bureau', 'W-1')")
            with pytest.raises(DBAPIError, match="nobody may have this person"), session.begin_nested():
                session.execute(call, {"id": ria.person_id})
