"""Taking down a question and changing one, in a real browser: nothing for axe to find, nothing outside the screen."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.access.sign_in import open_session
from app.db import Database
from tests.app.factories import SHOWN, a_member_of_staff, a_person, a_request
from tests.browser.sizes import SIZES
from tests.databases import Database as Migrated
from tests.web.pages.test_in_a_browser import a_page, accessible, address
from web.security import SESSION_COOKIE

pytestmark = pytest.mark.browser
__all__ = ["address"]


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_where_a_question_is_taken_down_and_changed(
    browser: Browser, address: str, axe_source: str, fresh_database: Migrated, program: Database,
    width: int, scheme: str,
) -> None:  # fmt: skip
    with program.transaction() as session:
        row = a_request(session, a_person(session), aantalHelpers=2, talen=17)
        marja = a_member_of_staff(fresh_database, session)
        token = open_session(session, marja.person_id, proof=SHOWN)
    page, look = a_page(browser, width, scheme), accessible(axe_source)
    page.context.add_cookies([cookie(address, token)])

    def fits(page: Page) -> None:
        look(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url

    page.goto(f"{address}/bureau/nieuwe-vraag")
    fits(page)
    assert not page.is_visible("#veld-soort")  # the short form stays short
    page.click("summary:has-text('Meer wensen')")
    fits(page)
    page.fill("#veld-voornaam", "Harrie")
    page.fill("#veld-postcode", "5664HJ")
    page.check("input[name=toestemming][value=phone]")
    page.select_option("#veld-categorie", "samen-op-pad")
    page.fill("#veld-titel", "Samen naar de markt")
    page.select_option("#veld-soort", "zonder")
    page.select_option("#veld-aantalHelpers", "2")
    page.click("button[value=lees]")
    fits(page)
    page.goto(f"{address}/bureau/zaken/{row.id}")
    fits(page)
    page.click("text=Verander de vraag")
    fits(page)
    page.check("input[name=soort][value=zonder]")
    page.click("button:has-text('Bewaar')")
    assert page.url == f"{address}/bureau/zaken/{row.id}"
    assert page.get_by_text("Marja veranderde de vraag").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("width", [1200, 1280, 1440, 1920])
def test_the_whole_menu_of_a_broker_stands_on_one_line(
    browser: Browser, address: str, fresh_database: Migrated, program: Database, width: int
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        token = open_session(session, marja.person_id, proof=SHOWN)
    page = a_page(browser, width, "light")
    page.context.add_cookies([cookie(address, token)])
    page.goto(f"{address}/bureau")

    tops = page.locator(".bar > nav li").evaluate_all("items => items.map(item => item.offsetTop)")

    assert len(tops) > 9
    assert len(set(tops)) == 1


def cookie(address: str, token: str) -> Any:
    secure = address.replace("http:", "https:")
    return {"name": SESSION_COOKIE, "value": token, "url": secure, "secure": True}
