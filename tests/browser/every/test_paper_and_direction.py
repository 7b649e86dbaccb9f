"""Every page on paper, and read from right to left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.app.matrix.asking import Asking
from tests.browser.every.judging import WIDER, Eyes
from tests.browser.every.pages import Sheet, every_nth
from tools.logical import physical, sheets

pytestmark = pytest.mark.browser
PRINTED = """() => {
  const faults = [], shown = one => one.checkVisibility() && one.getBoundingClientRect().height > 1;
  for (const one of document.querySelectorAll('nav, button, .btn, .skip, .choices, [role=search]'))
    if (shown(one)) faults.push(`shows ${one.outerHTML.slice(0, 90)}`);
  const page = getComputedStyle(document.body).backgroundColor;
  if (page !== 'rgb(255, 255, 255)') faults.push(`page ${page}`);
  for (const one of document.querySelectorAll('h1, main p, main li, main td, main dd')) {
    const colour = getComputedStyle(one).color;
    if (shown(one) && colour !== 'rgb(0, 0, 0)') { faults.push(`${colour}: ${one.outerHTML.slice(0, 90)}`); break; }
  }
  if (!shown(document.querySelector('h1'))) faults.push('no heading');
  return faults;
}"""
MOST_SHEETS = 12


@pytest.fixture(scope="module")
def eyes(browser: Browser, asking: Asking, address: str) -> Iterator[Eyes]:
    made = Eyes(browser, asking, address, "", viewport={"width": 390, "height": 844}, color_scheme="dark")
    yield made
    made.context.close()


def test_every_page_prints_black_on_white_without_what_only_a_screen_needs(
    eyes: Eyes, every: list[Sheet]
) -> None:
    wrong = {}
    for number, sheet in enumerate(every_nth(every, 4)):
        eyes.open(sheet.who, sheet.path)
        eyes.page.emulate_media(media="print")
        found = eyes.page.evaluate(PRINTED)
        if number % 5 == 0:
            paper = eyes.page.pdf(format="A4")
            pages = (
                paper.count(b"/Type /Page\n") or paper.count(b"/Type/Page/") or paper.count(b"/Type /Page ")
            )
            found += [] if paper.startswith(b"%PDF") and pages <= MOST_SHEETS else [f"{pages} sheets"]
        eyes.page.emulate_media(media="screen")
        if found:
            wrong[sheet.name] = found
    assert wrong == {}


def test_no_sheet_of_the_screen_says_left_or_right() -> None:
    assert {path.name: found for path in sheets() if (found := physical(path.read_text()))} == {}


def test_read_from_right_to_left_nothing_scrolls_sideways(eyes: Eyes, every: list[Sheet]) -> None:
    wrong = {}
    eyes.page.set_viewport_size({"width": 320, "height": 844})
    for sheet in every_nth(every, 4, turn=2):
        eyes.open(sheet.who, sheet.path)
        eyes.page.evaluate("document.documentElement.dir = 'rtl'")
        if found := eyes.page.evaluate(WIDER):
            wrong[sheet.name] = found
    assert wrong == {}
