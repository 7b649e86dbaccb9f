"""A cheque's life in a real browser: sold, scanned, handed in and paid out; Roosjes on paper; without JavaScript."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from app.config import Settings
from app.db import Database as Program
from tests.browser.acting import Person, Stage
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.databases import Database
from tests.sites import a_site
from tests.targets import too_small
from tests.web.desks.cheques import Market, a_market

pytestmark = pytest.mark.browser


@pytest.fixture
def market(fresh_database: Database, program: Program, tmp_path: Path) -> Market:
    return a_market(fresh_database, program, a_site(Settings(data_dir=tmp_path / "beside"), program))


def test_a_cheque_is_sold_scanned_handed_in_and_paid_out(stage: Stage, market: Market) -> None:
    toos, coby, bram = (
        Person(stage, one.actor) for one in (market.seller, market.provider, market.treasurer)
    )
    toos.visit("/bureau/cheques").reads("Dienstencheques in Geldrop-Mierlo", "Bibliotheek Geldrop")
    toos.page.get_by_label("Hoeveel cheques?").fill("2")
    toos.press("Ik heb het geld. Verkoop").reads("2 cheques verkocht voor", "De codes ziet u maar één keer.")
    code = re.sub(r"\s", "", toos.page.locator(".pp-code").first.inner_text())
    assert len(code) == 27

    coby.visit(f"/cheque/{code}").reads("Hij is pas ingeleverd als u op de knop drukt.")
    coby.press("Lever deze cheque in").reads("De cheque is ingeleverd.", "1 cheque is nog op geen factuur")
    coby.page.get_by_label("Code op de cheque").fill(code.lower())
    coby.press("Lever in").reads("Deze code kan hier niet worden ingeleverd.")

    stage.travel(timedelta(days=32))
    bram.sign_in()
    bram.visit("/bureau/cheques/uitbetalen").reads("1 cheque staat open")
    bram.page.get_by_role(
        "button", name="Maak een factuur"
    ).click()  # it says for whom, for who only hears it
    bram.reads("De factuur is gemaakt.", "Op een open factuur: 1 cheque.")
    coby.sign_in()
    coby.visit("/cheques").reads("0 cheques zijn nog op geen factuur", "Facturen voor uw cheques")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_page_about_cheques_is_right_at_each_size(
    stage: Stage, market: Market, axe_source: str, width: int, scheme: Any
) -> None:
    codes = market.sell(2)
    market.hand_in(codes[0])
    pages = (
        (market.seller, ["/bureau/cheques"]),
        (market.treasurer, ["/bureau/cheques/verkooppunten", "/bureau/cheques/uitbetalen"]),
        (market.provider, ["/cheques", f"/cheque/{codes[1]}"]),
        (market.resident, ["/mijn/roosjes/papier", f"/papier/{codes[1]}"]),
    )
    for desk, paths in pages:
        page = _sized(Person(stage, desk.actor), stage, width, scheme)
        for path in paths:
            page.goto(path)
            assert looked_at(page, axe_source) == [], (path, width, scheme)
            assert too_small(page) == [] or "bureau" in path, (path, width)
    page.goto("/mijn/roosjes/papier")
    page.get_by_label("Hoeveel is elk papier waard?").select_option("60")
    with page.expect_navigation():
        page.get_by_role("button", name="Maak de papieren").click()
    assert looked_at(page, axe_source) == [], (width, scheme)


def _sized(person: Person, stage: Stage, width: int, scheme: Any) -> Page:
    """The same person at a screen of this size; scripts run, so that axe can."""
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        storage_state=person.context.storage_state(),
    )
    return context.new_page()
