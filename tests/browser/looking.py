"""Looking at a page that is open: nothing for axe, no sideways scroll, nothing too small for a thumb."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary
from zlib import crc32

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.targets import too_small

PHONE = ViewportSize(width=390, height=844)
OF_ONE_ANSWER = re.compile(
    r'(?:name="(?:csrf|sleutel|key|challenge)" value|nonce|data-ends)="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}|\d'
)
"""What is different in every answer, and nothing that axe, a ruler or a thumb meets."""
THROUGH_AXE = 1 if os.environ.get("ZVE_TEST_LONG") else 3
"""In a quick run one address in three; `every/test_every_page.py` takes the routes by turns."""
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
AXE = """axe.run(document, {resultTypes: ['violations']}).then(found =>
  found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html.slice(0, 160)])))"""

AXE_OF_COLOURS = AXE.replace("']}", "'], runOnly: {type: 'rule', values: ['color-contrast']}}", 1)


def violations(page: Page, axe: str) -> list[Any]:
    """What axe finds on a page: the rule, and where. A window that was given axe at its start reads it much faster."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[Any] = page.evaluate(AXE)
    return found


def violations_in_both_themes(page: Page, axe: str) -> list[Any]:
    """The same, and what it finds of colours in the theme that the page does not stand in: the rest is no other."""
    found = violations(page, axe)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    # nothing moves: what changes its colour has none of its two while it does
    page.emulate_media(color_scheme="light" if dark else "dark", reduced_motion="reduce")
    found += [["the other theme", *fault] for fault in page.evaluate(AXE_OF_COLOURS)]
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="no-preference")
    return found


@dataclass
class Window:
    """In which the looks of a browser happen: a new one each time is a process that has yet to read axe."""

    page: Page
    seen: set[tuple[int, str]] = field(default_factory=set)
    """By width, what was looked at before: the same page again is the same page."""


WINDOWS: WeakKeyDictionary[Browser, Window] = WeakKeyDictionary()


def _window(browser: Browser, axe: str) -> Window:
    if browser not in WINDOWS:
        # nothing moves: what changes its colour has none of its two while it does
        page = browser.new_context(bypass_csp=True, reduced_motion="reduce").new_page()
        page.add_init_script(axe)
        WINDOWS[browser] = Window(page)
    return WINDOWS[browser]


def become(page: Page, other: BrowserContext) -> None:
    """A window in which one looks from here on as whoever the other browser belongs to."""
    page.context.clear_cookies()
    page.context.add_cookies(other.cookies())  # type: ignore[arg-type]


@contextmanager
def as_it_stands(window: Window, page: Page, viewport: ViewportSize) -> Iterator[Page]:
    """The very page that stands there, in a browser with JavaScript in which axe may run."""
    seen = window.page
    whole, here = page.content(), page.url.partition("#")[0]

    def this(url: str) -> bool:
        return url == here

    become(seen, page.context)
    seen.set_viewport_size(viewport)
    # the answer itself, also of a form: what was sent is not sent twice. It comes from the address that it has,
    # for sheets and letters are given to pages of our own host only.
    seen.route(this, lambda asked: asked.fulfill(body=whole, content_type="text/html"))
    try:
        seen.goto(here)
        seen.evaluate("document.fonts.ready.then(() => true)")
        yield seen
        seen.evaluate("localStorage.clear(), sessionStorage.clear()")
    finally:
        seen.unroute(this)
        seen.goto("about:blank")


def look(
    browser: Browser, page: Page, axe: str, *, viewport: ViewportSize = PHONE, thumb: bool = True
) -> None:
    """Nothing is wrong with the page that stands there; in a window of this size."""
    window = _window(browser, axe)
    key = viewport["width"], OF_ONE_ANSWER.sub("", page.content())
    if key in window.seen:
        return
    with as_it_stands(window, page, viewport) as seen:
        assert seen.evaluate("getComputedStyle(document.body).display") == "flex", "the sheet was not there"
        if crc32(KEY.sub("", urlsplit(page.url).path).encode()) % THROUGH_AXE == 0:
            assert violations(seen, axe) == [], page.url
        assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        if thumb:
            assert too_small(seen) == [], page.url
    window.seen.add(key)
