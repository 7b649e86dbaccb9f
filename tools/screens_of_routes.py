"""Photograph every page that the router knows, and lay them side by side on sheets to look at.

    python -m tools.screens_of_routes folder [--only /mijn] [--language en] [--mended]

The pages are those of `tests/browser/every`: of a village in which there is one row of every kind, each page as
somebody who may see it. `tools.screens` walks through a demonstration instead, where there is much of everything.
"""

import argparse
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.app.matrix.asking import Asking
from tests.app.matrix.village import a_village
from tests.browser.every.judging import Eyes
from tests.browser.every.pages import Sheet, sheets, to_be_mended
from tests.browser.every.serving import served
from tests.databases import a_server
from tests.sites import a_program
from tools.screens import HEIGHT, THEMES, WIDTHS, launched
from web.i18n import COOKIE

UNFIT: Final = re.compile(r"[^a-z0-9]+")
ON_A_SHEET: Final = 12
SHEET: Final = (
    "<body style='display:grid;grid-template-columns:repeat(6,1fr);gap:8px;margin:8px;background:#888;"
    "font:13px sans-serif;align-items:start'>"
)
TALLEST: Final = 2400


def main() -> None:
    """Every page, on a phone and on a wide screen, light and dark; then twelve on a sheet."""
    wanted = _arguments()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as running:
        asking, address = running.enter_context(a_village_served())
        # before there is a browser, whose loop would be in the way of that of the village
        found = to_be_mended(asking) if wanted.mended else sheets(asking, wanted.only)
        chosen = [sheet for sheet in found if sheet.path.startswith(wanted.only)]
        browser = launched(running.enter_context(sync_playwright()))
        eyes = Eyes(browser, asking, address, "", reduced_motion="reduce")
        for number, sheet in enumerate(chosen):
            photograph(eyes, sheet, wanted, number)
            print(f"{number} {sheet.name}", flush=True)
        for width in WIDTHS:
            for theme in THEMES:
                lay_out(browser, wanted.folder, f"{width}-{theme}")
        browser.close()


@contextmanager
def a_village_served() -> Iterator[tuple[Asking, str]]:
    """Everybody, one row of every kind, and where they are to be seen."""
    with a_server() as server, server.copy("screens") as database, TemporaryDirectory() as folder:
        program = a_program(database.app_url, pool_size=6)
        asking = Asking(a_village(database, program, Path(folder)))
        with served(asking.village.site) as address:
            yield asking, address
        asking.loop.close()
        program.close()


def photograph(eyes: Eyes, sheet: Sheet, wanted: argparse.Namespace, number: int) -> None:
    """One page in every width and theme."""
    eyes.who = ""
    eyes.become(sheet.who, **({COOKIE: wanted.language} if wanted.language != "nl" else {}))
    if wanted.mended:
        eyes.show(sheet.path, sheet.html)
    else:
        eyes.page.goto(sheet.path)
    words = UNFIT.sub("-", sheet.name.lower()).strip("-")
    for width in WIDTHS:
        eyes.page.set_viewport_size(ViewportSize(width=width, height=HEIGHT))
        for theme in THEMES:
            eyes.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            tall = min(TALLEST, eyes.page.evaluate("document.documentElement.scrollHeight"))
            clip = {"x": 0, "y": 0, "width": width, "height": tall}
            file = wanted.folder / f"{width}-{theme}-{number:03d}-{words}.png"
            eyes.page.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]


def lay_out(browser: Browser, folder: Path, kind: str) -> None:
    """Small, side by side, with their names."""
    files = sorted(folder.glob(f"{kind}-*.png"))
    page = browser.new_page(viewport=ViewportSize(width=1800, height=1200))
    for begin in range(0, len(files), ON_A_SHEET):
        part = files[begin : begin + ON_A_SHEET]
        page.set_content(SHEET + "".join(_figure(file) for file in part))
        page.screenshot(path=folder / f"sheet-{kind}-{begin // ON_A_SHEET:02d}.png", full_page=True)
    page.close()


def _figure(file: Path) -> str:
    data = b64encode(file.read_bytes()).decode()
    name = file.stem.split("-", 2)[2]
    return f"<div>{name}<br><img style='width:100%' src='data:image/png;base64,{data}'></div>"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--only", default="/", help="pages whose address begins so")
    parser.add_argument("--language", default="nl")
    parser.add_argument("--mended", action="store_true", help="instead every form that must be mended")
    return parser.parse_args()


if __name__ == "__main__":
    main()
