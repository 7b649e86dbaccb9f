"""Every page of the router: what it says, and in a real browser how it looks, prints and reads from the right.

Nothing for axe in either theme, no sideways scroll, letters and targets large enough, the telephone on it, nobody asked
but us. A short run takes each route of the site once and every third of a desk, and every sixth of them through axe;
``ZVE_TEST_LONG=1`` all, as everybody who may. All in one file, for the village takes a minute to build, and each page
is opened once for all that is asked of it; the words come first, for a browser has a loop of its own.
"""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from tests.app.conftest import rows_of
from tests.app.matrix.asking import Asking
from tests.browser.every.judging import WIDER, Eyes
from tests.browser.every.pages import LONG, Sheet, Text, every_nth, main_of, read
from tests.plain_dutch import dutch_in, flesch_douma, jargon_in, mean_length, sentences_of
from tools.logical import physical, sheets
from web.assets import STATIC_DIR
from web.i18n import COOKIE

pytestmark = pytest.mark.browser
LEAVES_OUT = ("category", "category_synonym", "alembic_version", "notice_kind")
"""What is the program's own in the database, which it says in the language of the page."""
LEAST = 6
"""Sentences, before a mean says anything."""
THROUGH_AXE = 1 if LONG else 6
COUNTED = 5 if LONG else 12
"""Of so many pages one is laid out on sheets."""
MOST_SHEETS = 12
HEAVIEST_BYTES = 120_000
GLUED = re.compile(r"[a-zà-ÿ)”][.!?][A-ZÀ-Ý][a-zà-ÿ]")
"""A template that ends one sentence and begins the next on a line of its own leaves no space between them."""
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


@pytest.fixture(scope="module")
def typed(asking: Asking) -> re.Pattern[str]:
    """All that stands in the database as words: what people, municipalities and registers call things."""
    columns = rows_of(
        asking.village.database,
        "SELECT quote_ident(table_name), quote_ident(column_name) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
        " AND table_name <> ALL (:out)",
        out=list(LEAVES_OUT),
    )
    words = {
        value
        for table, column in columns
        for (value,) in rows_of(
            asking.village.database,
            f"SELECT DISTINCT left({column}, 2000) FROM {table} WHERE length({column}) > 2",
        )
    }
    parts = {" ".join(line.split()) for value in words for line in value.splitlines()}
    longest_first = sorted((part for part in parts if len(part) > 2), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def in_english(asking: Asking, sheet: Sheet) -> str:
    """The same page, of who chose English."""
    headers = asking.village.headers[sheet.who]
    asking.village.headers[sheet.who] = headers | {"cookie": f"{headers['cookie']}; {COOKIE}=en"}
    try:
        return asking.ask_and_undo(sheet.who, sheet.route).text
    finally:
        asking.village.headers[sheet.who] = headers


def of_the_program(texts: list[Text], typed: re.Pattern[str], lang: str) -> Iterator[str]:
    """What the program says itself in a language."""
    for text in texts:
        if text.lang == lang and (left := typed.sub(" ", text.words)).strip():
            yield left


def test_no_english_page_says_anything_in_dutch(
    asking: Asking, every: list[Sheet], typed: re.Pattern[str]
) -> None:
    wrong = {}
    for sheet in every:
        texts = read(in_english(asking, sheet))
        found = [words for words in of_the_program(texts, typed, "en") if dutch_in(words)]
        if found or not texts:
            wrong[sheet.name] = found
    assert wrong == {}


def test_residents_read_plain_dutch_and_none_of_our_jargon(
    every: list[Sheet], typed: re.Pattern[str]
) -> None:
    wrong = {}
    for sheet in every:
        if sheet.at_a_desk or sheet.who not in ("visitor", "asker", "helper", "neighbour"):
            continue
        said = list(of_the_program(main_of(read(sheet.html)), typed, "nl"))
        whole = sentences_of(words for words in said if words.rstrip(' )”"').endswith((".", "!", "?")))
        faults = [f"{word}: {words}" for words in said for word in jargon_in(words)]
        if len(whole) >= LEAST:
            length, ease = mean_length(whole), flesch_douma(whole)
            faults += [f"sentences of {length:.1f} words"] if length > 12 else []
            faults += [f"reads at {ease:.0f}"] if ease < 60 else []
        if faults:
            wrong[sheet.name] = faults
    assert wrong == {}


def test_no_sentence_is_glued_to_the_one_before(every: list[Sheet], typed: re.Pattern[str]) -> None:
    wrong = {}
    for sheet in every:
        said = of_the_program(main_of(read(sheet.html)), typed, "nl")
        if found := [words for words in said if GLUED.search(words)]:
            wrong[sheet.name] = found
    assert wrong == {}


def test_no_page_is_heavy_on_a_phone(every: list[Sheet]) -> None:
    """With all that it asks of our own, as it goes over the line."""
    packed = cache(lambda path: len(gzip.compress((STATIC_DIR / path).read_bytes())))
    wrong = {}
    for sheet in every:
        files = set(re.findall(r'(?:href|src)="/static/([^"?]+)', sheet.html))
        weight = len(gzip.compress(sheet.html.encode())) + sum(map(packed, files))
        if weight > HEAVIEST_BYTES:
            wrong[sheet.name] = weight
    assert wrong == {}


def test_every_form_can_be_sent_without_javascript(every: list[Sheet]) -> None:
    wrong = {}
    for sheet in every:
        for head, body in re.findall(r"<form([^>]*)>(.*?)</form>", sheet.html, re.DOTALL):
            id_ = re.search(r' id="([^"]+)"', head)
            beside = f'<button type="submit" form="{id_[1]}"' in sheet.html if id_ else False
            within = re.search(r'<button(?![^>]*type="button")|<input type="submit"', body)
            # a search is one field, which Enter sends; what is hidden is a script's own, and nobody misses it
            if not (beside or within or 'role="search"' in head or re.search(r" hidden\b", head)):
                wrong[sheet.name] = head
    assert wrong == {}


@pytest.fixture(scope="module")
def eyes(
    browser: Browser, asking: Asking, address: str, axe_source: str, mended: list[Sheet]
) -> Iterator[Eyes]:
    made = Eyes(browser, asking, address, axe_source, viewport={"width": 390, "height": 844})
    yield made
    made.context.close()


@dataclass
class Seen:
    """What one visit to each page showed, by page and by who asks; only what is wrong."""

    fit: dict[str, list[str]] = field(default_factory=dict)
    printed: dict[str, list[str]] = field(default_factory=dict)
    mirrored: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen(eyes: Eyes, every: list[Sheet]) -> Seen:
    """All that a page is looked at for, while it stands there: to open it is half of the work."""
    found = Seen()
    of_the_site = [sheet for sheet in every if not sheet.at_a_desk]
    of_a_desk = every_nth([sheet for sheet in every if sheet.at_a_desk], 3)
    for number, sheet in enumerate([*of_the_site, *of_a_desk]):
        status = eyes.open(sheet.who, sheet.path)
        wrong = eyes.faults(desk=sheet.at_a_desk, thorough=number % THROUGH_AXE == 0)
        if status != 200 or wrong:
            found.fit[sheet.name] = [str(status), *wrong]
        if wrong := printed(eyes.page, with_sheets=number % COUNTED == 0):
            found.printed[sheet.name] = wrong
        if wrong := mirrored(eyes.page):
            found.mirrored[sheet.name] = wrong
    return found


def printed(page: Page, *, with_sheets: bool) -> list[str]:
    """What is wrong with it on paper, of who reads in the dark."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(media="print", color_scheme="dark")
    found: list[str] = page.evaluate(PRINTED)
    if with_sheets:
        paper = page.pdf(format="A4")
        pages = sum(map(paper.count, (b"/Type /Page\n", b"/Type/Page/", b"/Type /Page ")))
        found += [] if paper.startswith(b"%PDF") and pages <= MOST_SHEETS else [f"{pages} sheets"]
    page.emulate_media(media="screen", color_scheme="light")
    return found


def mirrored(page: Page) -> list[str]:
    """What sticks out of it where one reads from right to left; nobody looks at it afterwards."""
    page.set_viewport_size({"width": 320, "height": 844})
    page.evaluate("document.documentElement.dir = 'rtl'")
    found: list[str] = page.evaluate(WIDER)
    return found


def test_every_page_is_fit_for_everybody(seen: Seen, every: list[Sheet]) -> None:
    assert len(every) > 150
    assert seen.fit == {}


def test_every_form_that_must_be_mended_is_fit_for_everybody(eyes: Eyes, mended: list[Sheet]) -> None:
    """With the mistakes said, and words in it that fit on no line."""
    wrong: dict[str, list[str]] = {}
    for sheet in mended:
        eyes.become(sheet.who)
        eyes.show(sheet.path, sheet.html)
        found = eyes.faults(desk=sheet.at_a_desk)
        if found:
            wrong[sheet.name] = found
    assert wrong == {}
    assert len(mended) > 10


def test_every_page_prints_black_on_white_without_what_only_a_screen_needs(seen: Seen) -> None:
    assert seen.printed == {}


def test_no_sheet_of_the_screen_says_left_or_right() -> None:
    assert {path.name: found for path in sheets() if (found := physical(path.read_text()))} == {}


def test_read_from_right_to_left_nothing_scrolls_sideways(seen: Seen) -> None:
    assert seen.mirrored == {}
