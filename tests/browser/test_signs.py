"""A sign on a telephone, in Chromium: asked for with a press, shown without a word of it, and switched off."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from app.push import keys
from app.push.sealing import unpadded
from tests.app.factories import a_person
from tests.app.push.conftest import Browser as Keys
from tests.browser.acting import Person, Stage
from tests.browser.looking import PHONE, look
from tests.live import live
from tests.sites import a_program

pytestmark = pytest.mark.browser
HERE = "/mijn/berichten/voorkeuren"
ENDPOINT = "https://web.push.example/to/phone"
STANDS_IN = """([endpoint, key, auth]) => {
  const plain = (text) => atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = (text) => Uint8Array.from(plain(text), (letter) => letter.charCodeAt(0)).buffer;
  const made = () => ({ endpoint, getKey: (name) => bytes(name === 'auth' ? auth : key),
    unsubscribe: async () => { localStorage.removeItem('subscribed'); return true; } });
  PushManager.prototype.getSubscription = async () => localStorage.getItem('subscribed') ? made() : null;
  PushManager.prototype.subscribe = async (wanted) => {
    window.asked = wanted.userVisibleOnly; localStorage.setItem('subscribed', 'ja'); return made();
  };
  Object.defineProperty(Notification, 'permission', { get: () => window.permission ? 'granted' : 'default' });
  Notification.requestPermission = async () => { window.permission = (window.permission ?? 0) + 1; return 'granted'; };
}"""
"""Chromium has no push service here and no screen: what it would say, with keys that a test made."""
WATCHED = """() => {
  self.shown = [];
  ServiceWorkerRegistration.prototype.showNotification = async (title, said) => {
    self.shown.push([title, said.body, said.tag, said.lang]);
  };
}"""


@pytest.fixture(scope="module")
def stage(
    browser: Browser, new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    with new_database() as database, live(database, tmp_path_factory.mktemp("signs")) as site:
        program = a_program(database.app_url, pool_size=2)
        yield Stage(browser, site, program, database)
        program.close()


def deliver(page: Page, words: str) -> None:
    """As the push service would have Chromium do."""
    browser = page.context.browser
    assert browser is not None
    line = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    line.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    origin = page.evaluate("location.origin")
    for registration in {one["registrationId"] for one in found}:
        line.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": registration, "data": words},
        )
    line.send("ServiceWorker.disable")
    line.detach()


def test_a_sign_is_asked_for_with_a_press_says_nothing_of_the_message_and_ends_with_a_press(
    stage: Stage, axe_source: str
) -> None:
    settings = stage.site.settings
    object.__setattr__(settings, "push_key", SecretStr(keys.new_secret()))
    object.__setattr__(settings, "push_services", "https://web.push.example")
    with stage.program.transaction() as session:
        ria = a_person(session)
    person = Person(stage, ria, javascript=True, viewport=PHONE)
    person.context.close()
    person.context = stage.browser.new_context(
        base_url=stage.site.address, viewport=PHONE, service_workers="allow"
    )
    phone = Keys(ENDPOINT)
    said = [phone.endpoint, unpadded(phone.public), unpadded(phone.auth)]
    person.context.add_init_script(f"({STANDS_IN})({said!r})")
    person.page = page = person.context.new_page()
    person.sign_in()

    person.visit(HERE)
    button = page.get_by_role("button", name="Zet meldingen aan op dit toestel")
    expect(button).to_be_visible()
    assert page.evaluate("window.permission") is None
    look(stage.browser, page, axe_source)
    button.click()
    expect(page.get_by_text("Dit toestel laat nu zien dat er een bericht is.")).to_be_visible()
    expect(page.locator("[data-push-here]")).to_be_visible()
    expect(button).to_be_hidden()
    assert page.locator("input[name=toestel][value=afspraken]").is_checked()
    look(stage.browser, page, axe_source)

    (worker,) = person.context.service_workers
    worker.evaluate(WATCHED)
    for words in ('{"taal": "nl"}', '{"taal": "en", "wie": "Tonnie"}', "onleesbaar"):
        deliver(page, words)
    dutch = ["ZorgvoorElkaar", "Er is een bericht voor u op ZorgvoorElkaar", "bericht", "nl"]
    english = ["ZorgvoorElkaar", "There is a message for you on ZorgvoorElkaar", "bericht", "en"]
    for _ in range(50):
        if len(worker.evaluate("() => self.shown")) == 3:
            break
        page.wait_for_timeout(100)
    assert worker.evaluate("() => self.shown") == [dutch, english, dutch]
    page.get_by_role("button", name="Zet uit").click()
    expect(page.get_by_text("Dat toestel laat niets meer zien.")).to_be_visible()
    expect(button).to_be_visible()
    person.context.close()

    plain = Person(stage, ria).visit(HERE)
    assert plain.page.get_by_text("Dit werkt alleen met JavaScript aan.").is_visible()
    assert plain.page.get_by_role("button", name="Zet meldingen aan op dit toestel").count() == 0
    plain.context.close()
