"""The treasurer in a real browser, without JavaScript: closes a month, takes its files, nets with the neighbour."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.access.roles import Role
from app.db import Database as Program
from app.treasury import invoicing
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, act
from tests.app.treasury.bills import handed_in
from tests.app.treasury.books import FIRST, two_months
from tests.browser.acting import Person, Stage
from tests.browser.looking import become
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.databases import Database
from tests.live import live
from tests.rewards.factories import A, B
from tests.targets import too_small
from tools.find_system import has_pdf_libraries
from web import dutch

pytestmark = pytest.mark.browser
NAME = dutch.month(FIRST)


@pytest.fixture
def stage(browser: Browser, fresh_database: Database, program: Program, tmp_path: Path) -> Iterator[Stage]:
    two_months(fresh_database)
    with live(fresh_database, tmp_path) as running:
        yield Stage(browser, running, program, fresh_database)


@pytest.fixture
def sides(stage: Stage) -> tuple[Person, Person]:
    """Hans of Geldrop-Mierlo and Petra of Helmond."""
    with stage.program.transaction() as session:
        found = [
            a_member_of_staff(
                stage.database, session, role=Role.TREASURER, municipality_id=place, first_name=name
            )
            for place, name in ((A, "Hans"), (B, "Petra"))
        ]
    hans, petra = (Person(stage, one) for one in found)
    return hans, petra


def test_a_treasurer_closes_a_month_and_takes_the_four_files(
    sides: tuple[Person, Person], tmp_path: Path
) -> None:
    hans, _ = sides
    hans.visit("/bureau/cijfers").page.get_by_role("link", name="Roosjes").first.click()
    hans.page.get_by_role("link", name="Maand", exact=True).click()
    hans.reads(f"{NAME.capitalize()} klopt en kan dicht").follow(f"Sluit {NAME} af")
    hans.reads("Dit kan maar één keer. Het gaat niet meer terug.").press(f"Ja, sluit {NAME} af")
    hans.reads(f"{NAME.capitalize()} is afgesloten.", "Door Hans.")

    starts = {"CSV": b"\xef\xbb\xbf", "Excel": b"PK", "JSON": b"{"}
    if has_pdf_libraries():
        starts["PDF"] = b"%PDF-"
    for name, start in starts.items():
        with hans.page.expect_download() as waiting:
            hans.page.get_by_role("link", name=f"als {name}", exact=False).first.click()
        file = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(file)
        assert file.read_bytes().startswith(start)


def test_two_treasurers_net_what_stood_open(sides: tuple[Person, Person], stage: Stage) -> None:
    hans, petra = sides
    hans.visit("/bureau/maand").page.get_by_role("link", name="Buren", exact=True).click()
    hans.page.locator("main").get_by_role("button", name="Stel voor").click()
    hans.follow("Helmond").reads("2 uur verrekenen met Helmond?").press("Ja, verreken")
    hans.reads("Nu wacht het op Helmond.")
    petra.visit("/bureau/buren").reads("wacht op ons").follow("Geldrop-Mierlo").press("Ja, verreken")
    petra.reads("2 uur is verrekend met Geldrop-Mierlo")

    query = "SELECT posted FROM ledger.account WHERE kind = 'clearing' AND posted <> 0"
    assert rows_of(stage.database, query) == []


def test_the_region_lays_ready_what_is_to_be_cleared_and_sees_that_both_did(
    sides: tuple[Person, Person], stage: Stage
) -> None:
    hans, petra = sides
    with stage.program.transaction() as session:
        frank = Person(
            stage,
            a_member_of_staff(
                stage.database,
                session,
                role=Role.REGION_ADMINISTRATOR,
                municipality_id=None,
                first_name="Frank",
            ),
        )

    frank.visit("/regio/verrekenen").reads("Tussen gemeenten staat", "nog geen voorstel")
    frank.page.locator("main").get_by_role("button", name="Stel alle gemeenten voor").click()
    frank.reads("Beide gemeenten zeggen zelf ja.", "wacht op Geldrop-Mierlo en Helmond")
    hans.visit("/bureau/buren").follow("Helmond").press("Ja, verreken")
    frank.visit("/regio/verrekenen").reads("wacht op Helmond")
    petra.visit("/bureau/buren").follow("Geldrop-Mierlo").press("Ja, verreken")

    frank.visit("/regio/verrekenen").reads("Tussen gemeenten staat niets open", "Pas verrekend")
    assert frank.page.get_by_role("button", name="Stel alle gemeenten voor").count() == 0


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_nothing_sticks_out_and_every_target_is_large(
    sides: tuple[Person, Person], stage: Stage, axe_source: str, width: int, scheme: str
) -> None:
    hans, _ = sides
    hans.visit("/bureau/buren").page.locator("main").get_by_role("button", name="Stel voor").click()
    hans.visit("/bureau/zegels").press("Maak het zegel van vandaag").visit("/bureau/buren").follow("Helmond")
    provider = handed_in(stage.database, go_on=False).here
    with stage.program.transaction() as session:
        one = invoicing.owe(session, act(session, hans.actor), A, provider.id, 2, "one")
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.add_init_script(axe_source)
    for path in (
        "/bureau/maand", f"/bureau/maand/{FIRST:%Y-%m}/afsluiten", "/bureau/buren", hans.page.url, "/bureau/zegels",
        "/bureau/facturen", f"/bureau/facturen/{one.id}",
    ):  # fmt: skip
        become(page, hans.context)
        page.goto(path)
        assert looked_at(page, axe_source) == [], (path, width, scheme)
        assert too_small(page) == [], (path, width)
    context.close()
