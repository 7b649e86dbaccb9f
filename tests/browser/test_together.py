"""Samen doen and the social map in a real browser: without JavaScript, on a phone, with axe."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.access.actor import Actor
from app.activities import joining
from app.activities.models import Activity
from app.clock import today
from app.db import Database as Program
from app.social_map import keeping
from app.social_map.schemas import NewProvision
from tests.app.activities.making import an_organisation, hosted_by_desk, joining as to_join
from tests.app.factories import a_member_of_staff, a_person, act
from tests.browser.acting import Person, Stage
from tests.browser.circumstances import PHONE, Circumstance, tried
from tests.browser.looking import become
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.databases import Database
from tests.live import live

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(
    browser: Browser,
    circumstance: Circumstance,
    fresh_database: Database,
    program: Program,
    tmp_path: Path,
) -> Iterator[Stage]:
    with live(fresh_database, tmp_path) as running:
        yield Stage(browser, running, program, fresh_database, circumstance)


@pytest.fixture
def marja(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


@pytest.fixture
def meal(program: Program, marja: Actor) -> Activity:
    with program.transaction() as session:
        return hosted_by_desk(session, marja, days=1, hoeVaak="wekelijks", until_days=8, plaatsen=1)


def somebody(stage: Stage, name: str) -> Person:
    with stage.program.transaction() as session:
        actor = a_person(session, first_name=name)
    return Person(stage, actor)


@tried(PHONE)
def test_one_comes_one_waits_and_the_place_moves_on(stage: Stage, meal: Activity) -> None:
    ria, joop = somebody(stage, "Ria"), somebody(stage, "Joop")
    for who in (ria, joop):
        who.visit("/activiteiten").follow("Eettafel in De Weijer")
        who.page.get_by_label("Ik kom alle keren").check()
        who.press("Ik kom")
    ria.reads("U staat erbij", "U komt")
    joop.reads("U staat op de wachtlijst")

    ria.page.get_by_role("button", name="Meld mij af").first.click()

    joop.visit("/mijn/activiteiten").reads("U komt")
    joop.visit("/mijn/berichten").reads("Er is een plaats voor u")


@tried(PHONE)
def test_a_resident_hosts_coffee_and_calls_it_off(stage: Stage, marja: Actor) -> None:
    ans, ria, desk = somebody(stage, "Ans"), somebody(stage, "Ria"), Person(stage, marja)
    with stage.program.transaction() as session:
        day = (today(session) + timedelta(days=4)).isoformat()
    ans.visit("/activiteiten/nieuw")
    ans.page.get_by_label("Koffie en inloop").check()
    for label, value in {"Hoe heet het?": "Koffie bij Ans", "Op welke dag": day, "Hoe laat": "10:00",
                         "Straat en huisnummer": "Molenstraat 5", "Postcode": "5664 HJ"}.items():  # fmt: skip
        ans.type(label, value)
    ans.page.get_by_label("Dit is bij mij thuis").check()
    ans.press("Zet het erop").reads("Nog niet te zien voor anderen", "Molenstraat 5")
    desk.visit("/bureau/activiteiten").reads("1 wacht op u", "Koffie bij Ans")
    desk.page.get_by_role("button", name="Zet het erop").first.click()
    ria.visit("/activiteiten").follow("Koffie bij Ans").reads("bij iemand thuis").does_not_read("Molenstraat")
    ria.press("Ik kom").reads("U komt", "Molenstraat 5")
    ans.visit("/mijn/activiteiten").follow("Koffie bij Ans").follow("Wie er komt").reads("Ria")
    ans.visit("/mijn/activiteiten").follow("Koffie bij Ans").follow("Afzeggen, met een bericht")
    ans.type("Uw bericht", "Ik ben ziek.").press("Zeg af en vertel het").reads("Dit gaat niet meer door.")
    ria.visit("/mijn/berichten").reads("Een activiteit gaat niet door")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_on_the_pages_of_doing_together(
    stage: Stage, marja: Actor, meal: Activity, axe_source: str, width: int, scheme: str
) -> None:
    flag = an_organisation(stage.database, name="Taalhuis De Letterbrug")
    typed = {"naam": "Formulierenhulp", "toelichting": "Samen uw post bekijken.", "postcode": "5664 HJ",
             "categorieen": ["post-formulieren-en-toeslagen"], "organisatie": flag}  # fmt: skip
    with stage.program.transaction() as session:
        kept = keeping.add(session, act(session, marja), NewProvision.model_validate(typed))
    with stage.program.transaction() as session:
        resident = a_person(session)
        joining.join(session, resident, meal.id, to_join())
    ria, desk = Person(stage, resident), Person(stage, marja)
    pages = [
        (ria, "/activiteiten"), (ria, "/activiteiten?zoek=zeppelin"), (ria, f"/activiteiten/{meal.id}"),
        (ria, "/activiteiten/nieuw"), (ria, "/mijn/activiteiten"), (ria, "/in-de-buurt"),
        (ria, "/in-de-buurt?zoek=zeppelin"), (ria, f"/in-de-buurt/{kept.id}"),
        (ria, f"/in-de-buurt/organisaties/{flag}"), (desk, f"/activiteiten/{meal.id}/deelnemers"),
        (desk, f"/activiteiten/{meal.id}/wijzigen"), (desk, f"/activiteiten/{meal.id}/afzeggen"),
        (desk, "/bureau/activiteiten"), (desk, "/voorzieningen"), (desk, f"/voorzieningen/{kept.id}"),
        (desk, "/voorzieningen/nieuw"), (desk, "/voorzieningen/organisaties/nieuw"),
        (desk, "/voorzieningen/bestand/inlezen"),
    ]  # fmt: skip
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.add_init_script(axe_source)
    for person, path in pages:
        become(page, person.context)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        assert looked_at(page, axe_source) == [], (path, width, scheme)
    context.close()
