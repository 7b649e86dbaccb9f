"""The public face in a real browser: a story and a plan without JavaScript, the style page and a look with axe."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import text

from app.access.roles import Role
from app.db import Database as Program
from tests.app.factories import a_member_of_staff, a_person
from tests.browser.acting import Person, Stage
from tests.browser.looking import look
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.databases import Database
from tests.live import live

pytestmark = pytest.mark.browser
PAGES = ("/", "/stijl", "/verhalen", "/plannen", "/voor-vrijwilligers", "/voor-organisaties", "/cijfers")


@pytest.fixture
def stage(browser: Browser, fresh_database: Database, program: Program, tmp_path: Path) -> Iterator[Stage]:
    with fresh_database.owner.begin() as owner:
        owner.execute(text("UPDATE region SET demonstration = true"))
    with live(fresh_database, tmp_path) as running:
        yield Stage(browser, running, program, fresh_database)


def test_a_story_a_plan_and_a_look_from_a_phone_without_javascript(stage: Stage, axe_source: str) -> None:
    with stage.program.transaction() as session:
        marja = a_member_of_staff(stage.database, session)
        karin = a_member_of_staff(stage.database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
        ria = a_person(session, first_name="Ria")
    teller, desk, admin = Person(stage, ria), Person(stage, marja), Person(stage, karin)

    def axed(who: Person) -> None:
        look(stage.browser, who.page, axe_source)

    teller.visit("/verhalen/nieuw").press("Stuur mijn verhaal").reads("Zet hier een vinkje")
    axed(teller)
    teller.type("Titel", "Elke dinsdag naar de markt").type("Uw verhaal", "Wij lopen samen.")
    teller.page.get_by_label("Ja, dit mag op de site, met Ria, Geldrop erbij").check()
    teller.press("Stuur mijn verhaal").reads("Wij lezen het eerst")
    axed(teller)
    desk.visit("/bureau/verhalen").reads("1 wacht op u")
    axed(desk)
    desk.page.get_by_role("button", name="Zet het erop").click()
    teller.visit("/").follow("Elke dinsdag naar de markt").reads("Wij lopen samen.", "Haal mijn verhaal weg")
    axed(teller)
    desk.visit("/bureau/plannen/nieuw").type("Het plan in een paar woorden", "Eén plek")
    desk.type("Wat bent u van plan, en wat wilt u weten?", "Kunt u er komen?").press("Leg het voor")
    plan = desk.page.url.partition(stage.site.address)[2]
    teller.visit(plan).type("Uw reactie", "Ja, met de bus.").press("Stuur mijn reactie").reads(
        "Alleen u ziet dit nog"
    )
    axed(teller)
    admin.visit("/gemeente/huisstijl").type("Hoofdkleur", "#a52a0a").press("Probeer deze kleuren")
    admin.reads("lijkt op die van een fout")
    axed(admin)
    admin.type("Hoofdkleur", "#154273").press("Probeer deze kleuren").reads("stappen lichter")
    axed(admin)
    admin.press("Toon dit aan iedereen").reads("Nu te zien")
    teller.visit("/")
    assert re.search(r"/huisstijl/1771/[0-9a-f]{12}\.css", teller.page.content())
    axed(teller)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_on_the_public_pages_and_the_page_of_all_components(
    stage: Stage, axe_source: str, width: int, scheme: str
) -> None:
    context = stage.browser.new_context(
        base_url=stage.site.address, bypass_csp=True, color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 844},
    )  # fmt: skip
    page = context.new_page()
    page.add_init_script(axe_source)
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert looked_at(page, axe_source) == [], path
    context.close()
