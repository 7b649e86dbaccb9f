"""In which circumstances somebody uses the site: what is tried in one of them is tried in all that fit.

Telephone or wide screen, with scripts or without, letters as they are or twice as large, light or dark, a quick line
or a slow one: eight circumstances in which each two of those ten choices meet. The quick run tries a test in its own
circumstance, the long run (``ZVE_TEST_LONG``) in each.
"""

import os
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

WIDTHS = {"phone": (390, 844), "wide": (1280, 900)}
"""In CSS pixels; letters twice as large leave half of them."""
LIFT = {"offline": False, "latency": 150, "downloadThroughput": 100_000, "uploadThroughput": 50_000}
"""A line as in a lift: milliseconds, and bytes a second."""
PATIENCE_MS = 20_000


@dataclass(frozen=True)
class Circumstance:
    """One way of being there."""

    screen: Literal["phone", "wide"]
    scripts: bool
    larger: Literal[1, 2]
    scheme: Literal["light", "dark"]
    slow: bool

    def __str__(self) -> str:
        scripts = "scripts" if self.scripts else "none"
        return f"{self.screen}-{scripts}-{self.larger}00-{self.scheme}-{'slow' if self.slow else 'quick'}"

    @property
    def viewport(self) -> ViewportSize:
        width, height = WIDTHS[self.screen]
        return ViewportSize(width=width // self.larger, height=height // self.larger)

    def opened(
        self, browser: Browser, address: str, service_workers: Literal["allow", "block"] | None = None
    ) -> Page:
        """The first page of a browser of its own."""
        context = browser.new_context(
            base_url=address,
            viewport=self.viewport,
            java_script_enabled=self.scripts,
            color_scheme=self.scheme,
            service_workers=service_workers,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if self.slow:
            page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", LIFT)
        return page


PHONE = Circumstance("phone", scripts=False, larger=1, scheme="light", slow=False)
"""Somebody of 75 on a phone: the circumstance of most that people expect."""
SCRIPTED = Circumstance("phone", scripts=True, larger=1, scheme="dark", slow=False)
LARGE = Circumstance("phone", scripts=True, larger=2, scheme="dark", slow=True)
WIDE = Circumstance("wide", scripts=False, larger=1, scheme="dark", slow=True)
ALL = (
    PHONE,
    SCRIPTED,
    LARGE,
    WIDE,
    Circumstance("phone", scripts=False, larger=2, scheme="light", slow=False),
    Circumstance("phone", scripts=True, larger=1, scheme="light", slow=True),
    Circumstance("wide", scripts=False, larger=2, scheme="dark", slow=False),
    Circumstance("wide", scripts=True, larger=2, scheme="light", slow=False),
)


def tried(own: Circumstance, *, with_scripts_because: str = "") -> pytest.MarkDecorator:
    """Try a test in its own circumstance, and in the long run in all; only those with scripts for a said reason.

    The fixture ``circumstance`` gives it to whoever opens a browser; what a module has once, it has once for each, so
    that nobody meets what was left behind in another.
    """
    fitting = [each for each in ALL if each.scripts or not with_scripts_because]
    assert own in fitting
    chosen = fitting if os.environ.get("ZVE_TEST_LONG") else [own]
    return pytest.mark.parametrize("circumstance", chosen, ids=str, indirect=True, scope="module")
