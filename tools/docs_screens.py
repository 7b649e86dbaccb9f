"""Take the pictures of the README anew: `python -m tools.docs_screens [address]`.

Without the address of a running demonstration it starts one of its own, and stops it again.
"""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tools.demonstration import demonstration
from tools.palette import reduced
from tools.screens import HEIGHT, WIDTHS, become, launched
from tools.unlinked import VISITOR, asking

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "screens"
PHONE, WIDE = WIDTHS
ASKING: Final = {2: "asking-2"}


@dataclass(frozen=True, slots=True)
class Picture:
    """The first screen of a page; ``link`` is followed from ``path``, for a page whose address holds an id."""

    name: str
    persona: str
    path: str
    width: int
    theme: str = "light"
    link: str = ""


UNDER_COMING: Final = "section:has(h2:text('Wat er komt')) a >> nth=0"
PICTURES: Final = (
    Picture("home-phone", VISITOR, "/", PHONE),
    Picture("home-wide", VISITOR, "/", WIDE),
    Picture("status-phone", "bewoner", "/mijn/vragen", PHONE, link="main .card a >> nth=0"),
    Picture("status-wide", "bewoner", "/mijn/vragen", WIDE, link="main .card a >> nth=0"),
    Picture("agreement-phone", "bewoner", "/mijn/afspraken", PHONE, "dark", link=UNDER_COMING),
    Picture("ring-phone", "bewoner", "/mijn/kringen", PHONE, link="main a[href^='/mijn/kringen/'] >> nth=0"),
    Picture("roosjes-phone", "bewoner", "/mijn/roosjes", PHONE),
    Picture("nearby-wide", "vrijwilliger", "/helpen", WIDE),
    Picture("worklist-light", "makelaar", "/bureau", WIDE),
    Picture("case", "makelaar", "/bureau", WIDE, "dark", link="[data-row] >> nth=0"),
    Picture("figures", VISITOR, "/cijfers", WIDE),
)


def main() -> None:
    """Every picture, each as somebody who has just signed in."""
    with ExitStack() as running, sync_playwright() as playwright:
        address = sys.argv[1] if sys.argv[1:] else running.enter_context(demonstration()).address
        browser = launched(playwright)
        for picture in PICTURES:
            page = _window(browser, picture.persona, address)
            page.goto(picture.path)
            if picture.link:
                page.goto((page.get_attribute(picture.link, "href") or "").partition("#")[0])
            _keep(page, picture.name, picture.width, picture.theme)
            page.context.close()
        _keep_asking(_window(browser, VISITOR, address))
        browser.close()


def _keep_asking(page: Page) -> None:
    for step, _ in enumerate(asking(page), 2):
        if step in ASKING:
            _keep(page, ASKING[step], PHONE, "light")


def _window(browser: Browser, persona: str, address: str) -> Page:
    context = browser.new_context(
        base_url=address, locale="nl-NL", viewport=ViewportSize(width=PHONE, height=HEIGHT)
    )
    become(context, persona, address)
    return context.new_page()


def _keep(page: Page, name: str, width: int, theme: str) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=HEIGHT))
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    # the site's own pages may not load a picture from within: a blank one reduces its colours
    blank = page.context.new_page()
    file = FOLDER / f"{name}.png"
    file.write_bytes(reduced(blank, page.screenshot()))
    blank.close()
    print(f"{file.name}: {file.stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    main()
