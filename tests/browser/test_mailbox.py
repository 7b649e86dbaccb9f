"""The mail of a demonstration, as its reader presses it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.access.models import SignInLink
from app.ids import uuid7
from app.notifications import mail
from tests.databases import Database
from tests.live import live

pytestmark = pytest.mark.browser


def test_the_button_in_a_mail_opens_in_the_whole_window(
    browser: Browser, fresh_database: Database, tmp_path: Path
) -> None:
    with live(fresh_database, tmp_path) as running:
        link = SignInLink(id=uuid7(), email="ria@voorbeeld.nl", next_path="/")
        mail.send(running.settings, mail.link_message(running.settings, link, "geheim"))
        context = browser.new_context(base_url=running.address)
        page = context.new_page()
        page.goto("/postbus")
        page.locator("main li a").first.click()
        page.frame_locator("iframe.mail-frame").get_by_role("link").first.click()
        expect(page).to_have_url(f"{running.address}/inloggen/link?t=geheim")
        expect(page.locator("h1")).to_be_visible()
        context.close()
