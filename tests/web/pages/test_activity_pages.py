"""Samen doen on its pages: a browser without JavaScript finds something, comes, brings somebody, and signs off."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access.actor import Actor
from app.activities import joining, service
from app.activities.models import Activity
from app.clock import today
from app.db import Database as Program
from tests.app.activities.making import a_new_activity, hosted_by_desk, joining as to_join, times
from tests.app.factories import EINDHOVEN, a_member_of_staff, a_person, act
from tests.databases import Database
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]


@pytest.fixture
def marja(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


@pytest.fixture
def ria(program: Program) -> Actor:
    with program.transaction() as session:
        return a_person(session)


def made(program: Program, marja: Actor, **changes: object) -> Activity:
    with program.transaction() as session:
        return hosted_by_desk(session, marja, **changes)


def test_a_visitor_finds_what_there_is_and_is_asked_who_they_are_before_they_come(
    visit: Browsers, program: Program, marja: Actor
) -> None:
    activity = made(program, marja)
    visitor = visit().get("/activiteiten")

    assert visitor.says("1 activiteit")
    assert visitor.says("Eettafel in De Weijer")
    assert visitor.says("Nog 2 plaatsen")
    assert visitor.says("€ 7,50")
    shown = visitor.get(f"/activiteiten/{activity.id}")
    assert shown.says("Met een rolstoel te bereiken")
    assert f"/inloggen?next=/activiteiten/{activity.id}" in shown.page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("zoek=eettafel", 1),
        ("zoek=weijer", 1),
        ("zoek=zwemmen", 0),
        ("soort=eten", 1),
        ("soort=cursus", 0),
        ("soort=onzin", 1),
        ("buurt=5664", 1),
        ("buurt=5667", 0),
        ("toegang=rolstoel&toegang=toilet", 1),
        ("toegang=ringleiding", 0),
        ("toegang=onzin", 1),
        ("dag=onzin", 1),
        ("dag=0001-01-01", 1),
        ("dag=9999-12-31", 1),
        ("dag=2020-01-01", 0),
        ("gemeente=alle", 1),
        ("gemeente=772", 0),
        ("pagina=7", 1),
        ("pagina=%00", 1),
    ],
)
def test_the_list_is_searched_by_kind_place_day_and_access(
    visit: Browsers, program: Program, marja: Actor, query: str, count: int
) -> None:
    made(program, marja)

    page = visit().get(f"/activiteiten?{query}")

    assert page.status == 200
    assert page.says("1 activiteit" if count else "Hier is nu niets te doen")


def test_the_list_of_a_day_has_what_is_on_that_day(visit: Browsers, program: Program, marja: Actor) -> None:
    made(program, marja, days=3)
    with program.transaction() as session:
        day = today(session) + timedelta(days=3)

    assert visit().get(f"/activiteiten?dag={day}").says("1 activiteit")
    assert visit().get(f"/activiteiten?dag={day + timedelta(days=1)}").says("Niets gevonden")


def test_somebody_comes_with_another_twice_is_once_and_signs_off_again(
    visit: Browsers, program: Program, marja: Actor, ria: Actor
) -> None:
    activity = made(program, marja)
    with program.transaction() as session:
        (date,) = times(session, act(session, ria), activity)
    browser = visit().sign_in(program, ria).get(f"/activiteiten/{activity.id}")

    for _ in range(2):
        browser.post(f"/activiteiten/{activity.id}/aanmelden", keer=str(date.id), mee="1")
    assert browser.says("U komt, met nog iemand")
    assert browser.rows("SELECT taken FROM activity_date")[0].taken == 2
    assert browser.get("/mijn/activiteiten").says("Eettafel in De Weijer")
    browser.get(f"/activiteiten/{activity.id}")
    for _ in range(2):
        browser.post(f"/activiteiten/{activity.id}/afmelden", keer=str(date.id))
    assert browser.says("U bent afgemeld")
    assert browser.rows("SELECT taken FROM activity_date")[0].taken == 0


def test_who_is_too_late_waits_and_reads_so(
    visit: Browsers, program: Program, marja: Actor, ria: Actor
) -> None:
    activity = made(program, marja, plaatsen=1)
    with program.transaction() as session:
        joop = a_person(session, first_name="Joop")
        joining.join(session, joop, activity.id, to_join())
    browser = visit().sign_in(program, ria).get(f"/activiteiten/{activity.id}")
    assert browser.says("Vol")

    browser.post(f"/activiteiten/{activity.id}/aanmelden", keer="alle")

    assert browser.says("U staat op de wachtlijst")


def test_a_resident_hosts_the_desk_looks_and_everybody_sees_it(
    visit: Browsers, program: Program, marja: Actor, ria: Actor
) -> None:
    with program.transaction() as session:
        day = (today(session) + timedelta(days=5)).isoformat()
    typed = {
        "soort": "koffie", "titel": "Koffie bij Ria", "datum": day, "tijd": "10:00", "minuten": "90",
        "hoeVaak": "eenmalig", "adres": "Molenstraat 5", "postcode": "5664 HJ", "thuis": "ja", "plaatsen": "6",
        "meebrengen": "1", "kosten": "2,50", "toegang": ["toilet", "rustig"], "gastheer": "ik",
    }  # fmt: skip
    browser = visit().sign_in(program, ria).get("/activiteiten/nieuw")
    wrong = browser.post("/activiteiten/nieuw", **{**typed, "plaatsen": "", "kosten": "veel"})
    assert wrong.status == 422
    assert "Koffie bij Ria" in wrong.page
    assert wrong.says("Vul een bedrag in, bijvoorbeeld 7,50. Gratis is 0.")

    (key,) = re.findall(r'name="formulier" value="([^"]+)"', browser.page)
    browser.post("/activiteiten/nieuw", **typed, formulier=key)
    assert browser.says("Nog niet te zien voor anderen")
    assert browser.says("Molenstraat 5")
    browser.post("/activiteiten/nieuw", **typed, formulier=key)
    assert len(browser.rows("SELECT FROM activity")) == 1
    assert visit().get("/activiteiten").says("Hier is nu niets te doen")
    desk = visit().sign_in(program, marja).get("/bureau/activiteiten")
    assert desk.says("1 wacht op u")
    (path,) = re.findall(r'action="(/bureau/activiteiten/[0-9a-f-]+/goed[^"]*)"', desk.page)
    desk.post(path)
    visitor = visit().get("/activiteiten")
    assert visitor.says("Koffie bij Ria")
    assert visitor.says("bij iemand thuis in Mierlo") or visitor.says("bij iemand thuis in Geldrop")
    assert "Molenstraat" not in visitor.page


def test_the_desk_says_no_with_a_reason_and_an_empty_one_comes_back(
    visit: Browsers, program: Program, marja: Actor, ria: Actor
) -> None:
    with program.transaction() as session:
        activity = service.make(session, act(session, ria), a_new_activity(session))
    desk = visit().sign_in(program, marja).get("/bureau/activiteiten")
    path = f"/bureau/activiteiten/{activity.id}/niet-zo"
    assert desk.post(path, reden="").status == 422
    assert desk.says("Schrijf waarom het zo niet kan")

    desk.post(path, reden="Vraag eerst de zaal.")

    assert visit().sign_in(program, ria).get(f"/activiteiten/{activity.id}").says("Vraag eerst de zaal.")


def test_the_host_sees_who_comes_changes_it_and_calls_it_off(
    visit: Browsers, program: Program, marja: Actor, ria: Actor
) -> None:
    activity = made(program, marja, days=1, hoeVaak="wekelijks", until_days=8)
    with program.transaction() as session:
        joining.join(session, act(session, ria), activity.id, to_join())
    desk = visit().sign_in(program, marja).get(f"/activiteiten/{activity.id}/deelnemers")
    assert desk.says("Ria")
    desk.get(f"/activiteiten/{activity.id}/wijzigen")
    version = re.findall(r'name="versie" value="(\d+)"', desk.page)[0]
    typed = {"soort": "eten", "titel": "Eettafel", "adres": "Markt 2", "postcode": "5664 HJ", "plaatsen": "1",
             "meebrengen": "1", "kosten": "0", "versie": version}  # fmt: skip
    desk.post(f"/activiteiten/{activity.id}/wijzigen", **typed)
    assert desk.says("Markt 2")
    desk.get(f"/activiteiten/{activity.id}/afzeggen")
    assert desk.post(f"/activiteiten/{activity.id}/afzeggen", bericht="").status == 422
    for _ in range(2):
        desk.post(f"/activiteiten/{activity.id}/afzeggen", bericht="De kok is ziek.")
    assert desk.says("De kok is ziek.")
    assert len(desk.rows("SELECT FROM notice WHERE kind = 'activity-stopped'")) == 1
    assert visit().sign_in(program, ria).get(f"/activiteiten/{activity.id}/deelnemers").status == 403


def test_the_file_for_ones_agenda_is_an_icalendar(visit: Browsers, program: Program, marja: Actor) -> None:
    activity = made(program, marja, toelichting="Samen eten; drie gangen, met soep.\nKom gerust alleen.")

    answer = visit().client.get(f"/activiteiten/{activity.id}/agenda.ics")
    unfolded = answer.text.replace("\r\n ", "")

    assert answer.headers["content-type"].startswith("text/calendar")
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    assert unfolded.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert "DESCRIPTION:Samen eten\\; drie gangen\\, met soep.\\nKom gerust alleen.\r\n" in unfolded
    assert re.search(r"DTSTART:\d{8}T\d{6}Z\r\nDTEND:\d{8}T\d{6}Z\r\n", unfolded)
    assert unfolded.count("BEGIN:VEVENT") == 1
    assert "\n" not in answer.text.replace("\r\n", "")


@pytest.mark.parametrize("path", ["/activiteiten", "/bureau/activiteiten", "/mijn/activiteiten"])
def test_a_list_takes_as_many_queries_for_fifteen_as_for_one(
    visit: Browsers, program: Program, marja: Actor, path: str
) -> None:
    def one_more(number: int) -> None:
        made(program, marja, titel=f"Eettafel {number}")
        with program.transaction() as session:
            host = a_person(session, first_name="Ans")
            service.make(session, host, a_new_activity(session, thuis=True))

    one_more(1)
    browser = visit().sign_in(program, marja)
    browser.get(path)
    with count_queries(program.engine) as one:
        browser.get(path)
    for number in range(2, 16):
        one_more(number)
    with count_queries(program.engine) as fifteen:
        browser.get(path)

    assert (browser.status, fifteen.count) == (200, one.count)


def test_a_makelaar_of_elsewhere_has_no_page_about_it(
    fresh_database: Database, visit: Browsers, program: Program, ria: Actor
) -> None:
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
        activity = service.make(session, act(session, ria), a_new_activity(session))
    browser = visit().sign_in(program, karin)

    assert browser.get(f"/activiteiten/{activity.id}").status == 404
    assert browser.get("/bureau/activiteiten").says("0 wachten op u")
