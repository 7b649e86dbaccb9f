"""Take a screenshot of every page of a demonstration, as each persona, on a phone and on a wide screen, light and dark.

    make screens [SCREENS=folder]
    python -m tools.screens folder [--address http://localhost:8000] [--only vrijwilliger] [--language en] [--small]

Without an address it starts a demonstration of its own, with a provider to sign in through, and stops both
afterwards. A page is found by following links from the persona's first pages; of pages that differ only in a number or
an id one is enough. Pages that no link leads to come from `tools.unlinked`. The files are called
PERSONA-ADDRESS-WIDTH-THEME.png.
"""

import argparse
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    Response,
    ViewportSize,
    sync_playwright,
)

from tools.demonstration import demonstration
from tools.find_system import NAMES
from tools.unlinked import VISITOR, Tale, tales, with_a_provider

PERSONAS: Final = (
    VISITOR,
    "bewoner",
    "vrijwilliger",
    "makelaar",
    "beheerder",
    "regiobeheerder",
    "penningmeester",
    "verkoper",
    "aanbieder",
    "veiligheid",
    "privacy",
    "organisatie",
)
STARTS: Final = (
    "/",
    "/mijn",
    "/bureau",
    "/gemeente",
    "/regio",
    "/hulpvragen",
    "/hulpaanbod",
    "/hulpvragen/nieuw",
    "/bestaat-niet",
)
WIDTHS: Final = (390, 1280)
SMALL_WIDTH: Final = 320
THEMES: Final = ("light", "dark")
HEIGHT: Final = 844
MOST_PAGES: Final = 150
# What tells two pages of the same kind apart: an id, a number, and whatever stands behind the question mark.
PARTICULAR: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d[\w.:-]*")
NO_PAGE: Final = re.compile(r"^/(static|api)/|\.(csv|xlsx|ics|json|pdf|txt|png|svg|webmanifest)$|^/uitloggen")
UNFIT_FOR_A_NAME: Final = re.compile(r"[^a-z0-9]+")
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def main() -> None:
    """Walk and photograph; prints one line a page, with a complaint where a page scrolls sideways or fails."""
    wanted = _arguments()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as running, sync_playwright() as playwright:
        told = tales(None)
        if wanted.address is None:
            print("Starting a demonstration ...", flush=True)
            wanted.address, data = running.enter_context(demonstration())
            told = tales(running.enter_context(with_a_provider(wanted.address, data)))
        browser = launched(playwright)
        for persona in wanted.only or PERSONAS:
            photograph(browser, wanted, persona, told.get(persona, []))
        browser.close()


def photograph(browser: Browser, wanted: argparse.Namespace, persona: str, told: list[Tale]) -> None:
    """All pages of one persona, in every width and theme."""
    context = browser.new_context(base_url=wanted.address, locale="nl-NL")
    become(context, persona, wanted.address, wanted.language)
    page = context.new_page()
    for address in chain(_walk(page), *(tale(page) for tale in told)):
        for width in (SMALL_WIDTH,) if wanted.small else WIDTHS:
            page.set_viewport_size(ViewportSize(width=width, height=HEIGHT))
            for theme in wanted.theme:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                file = wanted.folder / _file(persona, address, width, theme)
                page.screenshot(path=file, full_page=not wanted.first_screen)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"{persona} {address}: scrolls sideways at {width}")
        print(f"{persona} {address}", flush=True)
    context.close()


def kind(address: str) -> str:
    """What pages like this one share: the path without its ids and numbers."""
    return PARTICULAR.sub("een", urlsplit(address).path)


def _walk(page: Page) -> Iterator[str]:
    """The addresses of pages, one of each kind, while the page stands there."""
    waiting, seen = list(STARTS), {kind(start) for start in STARTS}
    for _ in range(MOST_PAGES):
        if not waiting:
            return
        address = waiting.pop(0)
        response = _opened(page, address)
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        if response.status >= 500:
            print(f"{address}: {response.status}")
        landed = kind(page.url)
        if landed == kind(address) or landed not in seen:
            seen.add(landed)
            yield address
        for found in _links(page):
            if kind(found) not in seen:
                seen.add(kind(found))
                waiting.append(found)


def _opened(page: Page, address: str) -> Response | None:
    """The answer; None for what is downloaded instead of shown, which no address tells beforehand."""
    try:
        return page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise


def _links(page: Page) -> list[str]:
    """Addresses on this host that the page leads to, without what is downloaded or signs out."""
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    here = urlsplit(page.url)
    found = [urlsplit(urljoin(page.url, href)) for href in hrefs]
    ours = [url for url in found if url.netloc == here.netloc and not NO_PAGE.search(url.path)]
    return [url.path + (f"?{url.query}" if url.query else "") for url in ours]


def become(context: BrowserContext, persona: str, address: str, language: str = "nl") -> None:
    """Sign in with the one press that a demonstration has for it, in the wanted language."""
    if language != "nl":
        secure = address.replace("http:", "https:")
        context.add_cookies([{"name": "__Host-taal", "value": language, "url": secure, "secure": True}])
    if persona != VISITOR:
        page = context.new_page()
        page.goto("/personas")
        page.click(f"form[action='/personas/{persona}'] button")
        page.close()


def _file(persona: str, address: str, width: int, theme: str) -> str:
    words = UNFIT_FOR_A_NAME.sub("-", kind(address).lower()).strip("-") or "home"
    return f"{persona}-{words}-{width}-{theme}.png"


def launched(playwright: Playwright) -> Browser:
    """This machine's Chromium; ends the program with a sentence where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit("There is no Chromium: apt-get install chromium.")
    return playwright.chromium.launch(executable_path=found, args=list(FLAGS))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--address", help="of a running demonstration; without it one is started and stopped")
    parser.add_argument(
        "--only", action="append", choices=PERSONAS, help="this persona; may be given more often"
    )
    parser.add_argument("--language", default="nl")
    parser.add_argument("--first-screen", action="store_true", help="what one sees without scrolling")
    parser.add_argument("--theme", nargs="+", choices=THEMES, default=list(THEMES))
    parser.add_argument(
        "--small", action="store_true", help=f"{SMALL_WIDTH} px wide instead, for sideways scroll"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
