"""Every page of the router in a real browser: nothing for axe in either theme, no sideways scroll, letters and targets
large enough, the telephone on it, nobody asked but us.

A short run takes each route once, and every third through axe; ``ZVE_TEST_LONG=1`` all, as everybody who may.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.app.matrix.asking import Asking
from tests.browser.every.judging import Eyes
from tests.browser.every.pages import LONG, Sheet

pytestmark = pytest.mark.browser
THROUGH_AXE = 1 if LONG else 3


@pytest.fixture(scope="module")
def eyes(
    browser: Browser, asking: Asking, address: str, axe_source: str, mended: list[Sheet]
) -> Iterator[Eyes]:
    made = Eyes(browser, asking, address, axe_source, viewport={"width": 390, "height": 844})
    yield made
    made.context.close()


def test_every_page_is_fit_for_everybody(eyes: Eyes, every: list[Sheet]) -> None:
    assert len(every) > 150
    wrong: dict[str, list[str]] = {}
    for number, sheet in enumerate(every):
        status = eyes.open(sheet.who, sheet.path)
        found = eyes.faults(desk=sheet.at_a_desk, thorough=number % THROUGH_AXE == 0)
        if status != 200 or found:
            wrong[sheet.name] = [str(status), *found]
    assert wrong == {}


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
