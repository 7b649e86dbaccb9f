"""Talks of buddies on their pages, moving an activity, and the address of one's agenda, in a plain browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.clock import today
from app.db import Database as Program
from tests.app.activities.making import hosted_by_desk
from tests.app.couplings.test_talks import Buddies
from tests.databases import Database
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]


@pytest.fixture
def buddies(fresh_database: Database, program: Program) -> Buddies:
    return Buddies(fresh_database, program)


def in_days(program: Program, days: int) -> str:
    with program.transaction() as session:
        return (today(session) + timedelta(days=days)).isoformat()


def test_a_talk_is_planned_prepared_and_written_down(visit: Browsers, buddies: Buddies) -> None:
    key, _ = buddies.first()
    desk = visit().sign_in(buddies.program, buddies.marja).get("/bureau")
    assert "/bureau/maatjes" in desk.page
    assert desk.get("/bureau/maatjes").says("Het eerste gesprek: Ria, Tonnie")
    desk.get(f"/bureau/maatjes/{key}")
    nothing = desk.post(f"/bureau/maatjes/{key}/plannen", versie="1", datum="", tijd="14:00", hoe="bureau")
    assert nothing.status == 422
    assert 'value="14:00"' in nothing.page
    day = in_days(buddies.program, 5)
    desk.post(f"/bureau/maatjes/{key}/plannen", versie="1", datum=day, tijd="14:00", hoe="bureau")
    assert desk.status == 200

    ria = visit().sign_in(buddies.program, buddies.ria)
    assert ria.get(f"/mijn/afspraken/{buddies.agreement_id}").says("Het eerste gesprek")
    ria.get(f"/mijn/begeleiding/{key}")
    assert ria.says("Wilt u verder met Tonnie?")
    assert ria.post(f"/mijn/begeleiding/{key}", gezicht="blij").status == 422
    ria.post(
        f"/mijn/begeleiding/{key}", gezicht="blij", verder="verder", woorden="Ik hoor graag van vroeger."
    )
    assert ria.says("Dank u wel. Dit lezen alleen wij.")
    assert (
        not visit()
        .sign_in(buddies.program, buddies.tonnie)
        .get(f"/mijn/begeleiding/{key}")
        .says("van vroeger")
    )

    assert desk.get(f"/bureau/maatjes/{key}").says("Ik hoor graag van vroeger.")
    desk.post(f"/bureau/maatjes/{key}/gehouden", versie="2", uitkomst="verder", notitie="Ging goed.")
    assert desk.says("Is geweest")
    assert not desk.get("/bureau/maatjes").says("Ria, Tonnie")
    stale = desk.post(f"/bureau/maatjes/{key}/gehouden", versie="2", uitkomst="verder")
    assert stale.status == 409


def test_the_list_takes_as_many_queries_for_all_talks_as_for_one(visit: Browsers, buddies: Buddies) -> None:
    desk = visit().sign_in(buddies.program, buddies.marja).get("/bureau/maatjes")
    with count_queries(buddies.program.engine) as one:
        desk.get("/bureau/maatjes")
    desk.rows("UPDATE coupling_talk SET due_on = current_date RETURNING id")
    with count_queries(buddies.program.engine) as three:
        desk.get("/bureau/maatjes")

    assert desk.page.count("Ria, Tonnie") >= 3
    assert len(three.statements) == len(one.statements)


def test_an_activity_is_moved_on_its_page(visit: Browsers, buddies: Buddies) -> None:
    with buddies.program.transaction() as session:
        made = hosted_by_desk(session, buddies.marja)
    desk = visit().sign_in(buddies.program, buddies.marja).get(f"/activiteiten/{made.id}/verzetten")
    key = desk.rows("SELECT id FROM activity_date")[0].id

    past = desk.post(f"/activiteiten/{made.id}/verzetten", keer=key, datum="2020-01-01", tijd="19:00")
    assert past.status == 422
    assert past.says("Kies een tijd die nog komt.")
    desk.post(f"/activiteiten/{made.id}/verzetten", keer=key, datum=in_days(buddies.program, 9), tijd="19:00")
    assert desk.says("19.00 uur")


def test_the_address_of_ones_agenda_is_told_once_and_stopped_at_once(
    visit: Browsers, buddies: Buddies
) -> None:
    ria = visit().sign_in(buddies.program, buddies.ria).get("/mijn/agenda")
    assert ria.says("Zet mijn afspraken in mijn agenda")
    ria.get("/mijn/agenda/adres").post("/mijn/agenda/adres")
    found = re.search(r"/agenda/(zve_[\w-]+)\.ics", ria.page)
    assert found
    assert "webcal://" in ria.page
    feed = ria.client.get(f"/agenda/{found[1]}.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Tonnie helpt u" in feed.text

    assert found[1] not in ria.get("/mijn/agenda").page
    assert not ria.get("/mijn/inloggen").says("zve_")
    assert ria.get("/mijn/agenda").post("/mijn/agenda/stoppen").says("Het adres werkt niet meer.")
    assert ria.client.get(f"/agenda/{found[1]}.ics").status_code == 404
