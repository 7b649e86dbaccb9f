"""Asking and one's own questions in a real browser: without JavaScript, at 320 px, and under axe in both themes."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from app.access.sign_in import open_session
from app.db import Database as Program
from tests.app.factories import a_helper, a_person, a_request, a_willing_helper
from tests.browser.looking import violations_in_both_themes
from tests.browser.sizes import SIZES
from web.security import SESSION_COOKIE

pytestmark = pytest.mark.browser
NEXT = "main form .btn:not(.bare)"
Look = Callable[[Page], None]


@pytest.fixture
def address(site: FastAPI) -> Iterator[str]:
    """The whole program on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(site, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=5)


def a_page(browser: Browser, width: int, scheme: Any = "light", *, scripts: bool = True) -> Page:
    """A window; it starts without cookies."""
    size: Any = {"width": width, "height": 800}
    return browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts).new_page()


def ask(page: Page, address: str, look: Look) -> None:
    """From the first page to the number, with a mistake on the way."""
    page.goto(address)
    look(page)
    page.fill("#veld-tekst", "Samen naar de weekmarkt. Ik loop met een rollator.")
    page.click(NEXT)
    look(page)
    page.check("input[value=klus]")
    look(page)
    page.check("input[value=samen]")
    page.click(NEXT)
    page.check("input[value=dagdelen]")
    look(page)
    page.check("input[name=tijden][value='4']")
    page.click(NEXT)
    page.click(NEXT)
    look(page)
    page.fill("#veld-postcode", "5664hj")
    page.get_by_role("button", name="Vorige vraag").click()
    page.click(NEXT)
    assert page.input_value("#veld-postcode") == "5664hj"
    page.press("#veld-postcode", "Enter")  # goes on, though the way back stands above
    page.wait_for_url("**/versturen")
    look(page)
    page.fill("#veld-voornaam", "Ria")
    page.fill("#veld-telefoon", "06-12345678")
    page.click(NEXT)
    look(page)
    assert page.get_by_text("Uw vraag is binnen").first.is_visible()


def test_one_asks_without_javascript_on_a_small_phone(browser: Browser, address: str) -> None:
    page = a_page(browser, 320, scripts=False)

    def fits(page: Page) -> None:
        # no script of the page runs, but the browser itself can be asked
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url

    ask(page, address, fits)
    page.context.close()


def test_axe_finds_nothing_from_the_first_page_to_the_number(
    browser: Browser, address: str, axe_source: str
) -> None:
    page = a_page(browser, 390)
    page.add_init_script(axe_source)
    ask(page, address, accessible(axe_source))
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_on_ones_own_pages(
    browser: Browser, address: str, axe_source: str, program: Program, width: int, scheme: str
) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        row = a_request(session, ria)
        helper, _ = a_helper(session)
        proposal = a_willing_helper(session, ria, helper, row)
        token = open_session(session, ria.person_id)
    page, look = a_page(browser, width, scheme), accessible(axe_source)
    page.add_init_script(axe_source)
    cookie: Any = {
        "name": SESSION_COOKIE,
        "value": token,
        "url": address.replace("http:", "https:"),
        "secure": True,
    }
    page.context.add_cookies([cookie])
    own = f"/mijn/vragen/{row.id}"
    for path in ("/mijn", "/mijn/vragen", own, f"{own}/kies/{proposal.id}", f"{own}/liever-anders",
                 f"{own}/veranderen", f"{own}/stoppen", "/mijn/wedervraag", "/personas", "/postbus"):  # fmt: skip
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        look(page)
    page.context.clear_cookies()
    for path in ("/inloggen", "/aanmelden", "/inloggen/link?t=x", "/kies-gemeente"):
        page.goto(address + path)
        look(page)
    page.context.close()


def accessible(axe_source: str) -> Look:
    """Fails on anything that axe finds on the page, whichever theme one has."""

    def look(page: Page) -> None:
        page.wait_for_load_state("load")  # a click waits for the new page to begin, not for its end
        assert violations_in_both_themes(page, axe_source) == [], page.url

    return look
