"""The shell in a real browser: accessible in every state and theme, no sideways scroll, nothing refused."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from app.access.actor import Actor
from tests.browser.looking import violations, violations_in_both_themes
from tests.targets import too_small
from tests.web.preview import create_preview

pytestmark = pytest.mark.browser
PATHS = ("/", "/helpen", "/hulpvragen/nieuw", "/status-vraag", "/mijn/roosjes", "/bureau", "/bureau/zaak",
         "/bureau/cijfers", "/leeg", "/zo-werkt-het", "/privacy", "/toegankelijkheid", "/contact",
         "/fout/404", "/fout/500")  # fmt: skip


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The preview on a port of its own."""
    app = create_preview(Actor(person=uuid4(), first_name="Ria"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=5)


def a_page(browser: Browser, width: int, scheme: Any = "light", *, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
    )
    return context.new_page()


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_in_either_theme(
    browser: Browser, address: str, axe_source: str, width: int
) -> None:
    page = a_page(browser, width)
    page.add_init_script(axe_source)
    found = {}
    for path in PATHS:
        page.goto(address + path)
        if faults := violations_in_both_themes(page, axe_source):
            found[path] = faults
    page.context.close()
    assert found == {}


def test_nothing_scrolls_sideways_and_targets_are_large_on_a_small_phone(
    browser: Browser, address: str
) -> None:
    page = a_page(browser, 320)
    for path in PATHS:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert too_small(page) == [], path
    page.context.close()


def test_letters_twice_as_large_on_a_phone_cover_nothing(browser: Browser, address: str) -> None:
    page = a_page(browser, 195)  # as many letters on a line as 390 px has at 200 %
    apart = """() => {
      const box = one => document.querySelector(one).getBoundingClientRect();
      const name = box('.top .brand span'), tools = box('.top .tools');
      return name.bottom <= tools.top + 1 || name.right <= tools.left + 1;
    }"""
    for path in [path for path in PATHS if "bureau" not in path]:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        assert page.evaluate(apart), path
    page.context.close()


def test_the_policy_refuses_nothing_of_ours(browser: Browser, address: str) -> None:
    page = a_page(browser, 1440)
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: set[str] = set()
    page.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
    for path in PATHS:
        page.goto(address + path)
    page.context.close()
    assert complaints == []
    assert asked == {address}


def test_what_must_be_mended_gets_the_focus_and_the_text_stays(
    browser: Browser, address: str, axe_source: str
) -> None:
    page = a_page(browser, 390)
    page.goto(f"{address}/hulpvragen/nieuw")
    page.fill("#veld-titel", "Samen wandelen")
    page.click("text=Verder")
    page.wait_for_selector(".note.bad")
    assert "bad" in page.evaluate("document.activeElement.className")
    assert page.input_value("#veld-titel") == "Samen wandelen"
    assert violations(page, axe_source) == []
    page.click("text=Vul uw postcode in >> nth=0")
    assert page.evaluate("document.activeElement.id") == "veld-postcode"
    page.context.close()


def test_without_scripts_the_menu_opens_and_a_form_posts(browser: Browser, address: str) -> None:
    page = a_page(browser, 390, scripts=False)
    page.goto(f"{address}/")
    page.click("details.menu summary")
    page.click("details.menu >> text=Ik wil helpen")
    assert page.url == f"{address}/helpen"
    page.goto(f"{address}/hulpvragen/nieuw")
    page.click("text=Verder")
    assert page.locator(".note.bad").count() == 1
    page.context.close()


def test_the_first_tab_leads_to_the_content(browser: Browser, address: str) -> None:
    page = a_page(browser, 1440)
    page.goto(f"{address}/privacy")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    page.context.close()


def test_ones_own_choice_of_colours_wins_from_the_device(browser: Browser, address: str) -> None:
    page = a_page(browser, 1440, "dark")
    page.goto(f"{address}/privacy")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("button:has-text('Licht')")
    page.wait_for_url(f"{address}/privacy")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)" != dark
    page.context.close()


def test_letters_are_large(browser: Browser, address: str) -> None:
    page = a_page(browser, 390)
    small = """() => [...document.querySelectorAll('main *, footer *, header *')].filter(one =>
      [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()) &&
      one.getBoundingClientRect().height && !one.closest('svg') &&
      parseFloat(getComputedStyle(one).fontSize) < 16).map(one => one.outerHTML.slice(0, 80))"""
    for path in PATHS:
        page.goto(address + path)
        assert page.evaluate(small) == [], path
    page.goto(f"{address}/privacy")
    assert page.evaluate("getComputedStyle(document.querySelector('main p')).fontSize") >= "18px"
    page.context.close()


def test_a_second_tap_does_not_send_twice(browser: Browser, address: str) -> None:
    page = a_page(browser, 390)
    page.goto(f"{address}/hulpvragen/nieuw")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("() => { const b = document.querySelector('main form button'); b.click(); b.click(); }")
    page.wait_for_selector(".note.bad")
    assert len(sent) == 1
    page.context.close()
