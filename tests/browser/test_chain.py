"""The chain in a real browser: a practice without JavaScript, the core team, an organisation, and a telephone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.db import Database as Program
from app.referrals import links
from app.secrets import installation_secret
from tests.app.factories import a_person
from tests.app.referrals.making import Chain
from tests.browser.acting import Person, Stage
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.databases import Database
from tests.live import live

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(browser: Browser, fresh_database: Database, program: Program, tmp_path: Path) -> Iterator[Stage]:
    with live(fresh_database, tmp_path) as running:
        yield Stage(browser, running, program, fresh_database)


@pytest.fixture
def chain(fresh_database: Database, program: Program) -> Chain:
    return Chain(fresh_database, program)


def test_a_practice_refers_and_hears_what_came_of_it(stage: Stage, chain: Chain) -> None:
    with stage.program.transaction() as session:
        anja = a_person(session, first_name="Anja")
    practice = Person(stage, anja, viewport={"width": 390, "height": 844})
    practice.context.clear_cookies()
    token = links.token_of(installation_secret(stage.site.settings), chain.link)
    practice.visit(f"/verwijs/{token}").reads("Praktijk De Linde verwijst")
    typed = {
        "Voornaam": "Greet", "Telefoon van de bewoner": "06 22334455", "Postcode": "5664 HJ",
        "In eigen woorden": "Ik zie weinig mensen.", "Uw naam en functie": "Anja, POH",
    }  # fmt: skip
    for label, value in typed.items():
        practice.type(label, value)
    practice.page.get_by_label("Het liefst").select_option("mensen")
    practice.press("Verwijs").reads("Er is nog één ding", "Zonder ja bewaren wij niets")
    practice.page.get_by_label("De bewoner vindt goed dat u dit stuurt").check()
    practice.page.get_by_label("De verwijzer mag horen hoe het gaat").check()
    practice.press("Verwijs").reads("De verwijzing is binnen", "Wij zoeken wie het oppakt")
    told = practice.page.url
    desk, els = Person(stage, chain.marja, javascript=True), Person(stage, chain.els)
    desk.visit("/bureau/kernteam").reads("Eén bewoner heeft nog niemand", "Ik zie weinig mensen.")
    desk.page.get_by_label("Of organisatie").first.select_option(label="Samen Thuis")
    desk.page.get_by_role("button", name="Deel uit").first.click()
    desk.reads("Iedereen heeft iemand")
    els.visit("/organisatie/verwijzingen").follow("Greet").press("Ja, wij pakken het op")
    els.page.get_by_label("Ik belde en sprak de bewoner").check()
    els.press("Schrijf op").press("Er is iets begonnen")
    els.type("Wat Anja", "Greet zingt bij het koor.").press("Vertel het")
    practice.page.goto(told)
    practice.reads("Er is iets begonnen.", "Greet zingt bij het koor.", "Samen Thuis")


def test_on_the_telephone_one_screen_is_read_back_and_done(stage: Stage, chain: Chain) -> None:
    with stage.program.transaction() as session:
        ria = a_person(session)
    desk = Person(stage, chain.marja, viewport={"width": 1280, "height": 900})
    desk.visit(f"/bureau/mensen/{ria.person_id}").follow("Aan de lijn").reads("Wat wil Ria regelen?")
    desk.press("Lees het voor").reads("Er is niets gekozen")
    desk.page.get_by_text("Biedt iets nieuws aan").click()
    desk.type("Wat, in een paar woorden?", "Voorlezen").page.get_by_label(
        "Waar gaat het over?"
    ).select_option("samen-op-pad")
    desk.page.get_by_label("Nooit meer iets vragen").check()
    desk.press("Lees het voor").reads("U biedt aan: Voorlezen", "Klopt dat, en mag ik het zo voor u doen?")
    desk.press("Ria zei ja, doe het").reads("Geregeld met Ria", "U biedt aan: Voorlezen")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_on_the_pages_of_the_chain(
    stage: Stage, chain: Chain, axe_source: str, width: int, scheme: str
) -> None:
    key = chain.from_hospital(magTerugvertellen=True)
    desk = Person(stage, chain.marja, javascript=True, viewport={"width": width, "height": 900})
    desk.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    faults = {}
    for path in ("/bureau/verwijzingen", f"/bureau/verwijzingen/{key}", "/bureau/verwijzers", "/bureau/kernteam",
                 "/bureau/omzien", "/zorg-om-iemand"):  # fmt: skip
        faults[path] = looked_at(desk.visit(path).page, axe_source)

    assert {path: found for path, found in faults.items() if found} == {}
