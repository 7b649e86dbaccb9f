"""What stays on somebody's own device: a page for when there is no connection, what was typed and not sent, a voice."""

import json
import struct
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.upkeep import as_owner
from tests.app.factories import a_person, a_request, act
from tests.browser.acting import Person, Stage
from tests.browser.circumstances import LARGE, SCRIPTED, Circumstance, tried
from tests.live import live
from tests.sites import a_program
from web.assets import STATIC_DIR

pytestmark = pytest.mark.browser
WORDS = "Samen naar de weekmarkt. Ik loop met een rollator."
KEEPS = "the device itself keeps it"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('concept:'))"
READY = """async () => {
  await navigator.serviceWorker.ready;
  for (let turn = 0; turn < 100 && !await caches.match('/geen-verbinding'); turn++)
    await new Promise(done => setTimeout(done, 50));
  return !!await caches.match('/geen-verbinding');
}"""
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
}"""
VOICES = """langs => {
  window.spoken = [];
  const voices = langs.map(lang => ({lang, name: lang}));
  const fake = {
    speaking: false, getVoices: () => voices, addEventListener: () => {},
    speak: said => { window.spoken.push([said.text, said.lang]); }, cancel: () => { window.spoken.push('stop'); },
  };
  Object.defineProperty(window, 'speechSynthesis', {value: fake});
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""


@pytest.fixture(scope="module")
def stage(
    browser: Browser,
    circumstance: Circumstance,
    new_database: Callable[[], Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    with new_database() as database, live(database, tmp_path_factory.mktemp("device")) as site:
        program = a_program(database.app_url, pool_size=2)
        with as_owner(database.owner_url) as owner:
            owner.execute(text("UPDATE municipality SET phone = '+31402834567'"))
        yield Stage(browser, site, program, database, circumstance)
        program.close()


@pytest.fixture
def device(stage: Stage, circumstance: Circumstance) -> Iterator[Callable[..., Page]]:
    """Makes a device of somebody who did not sign in."""
    made: list[Page] = []

    def new(service_workers: Literal["allow", "block"] | None = None) -> Page:
        made.append(circumstance.opened(stage.browser, stage.site.address, service_workers))
        return made[-1]

    yield new
    for page in made:
        page.context.close()


@tried(SCRIPTED, with_scripts_because=KEEPS)
def test_the_site_can_be_put_among_ones_apps_with_our_own_picture(
    device: Callable[..., Page],
) -> None:
    page = device()
    page.goto("/")
    found = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    for icon in manifest["icons"]:
        if icon["type"] == "image/png":
            side = int(icon["sizes"].split("x")[0])
            file = (STATIC_DIR / icon["src"]).read_bytes()
            assert struct.unpack(">II", file[16:24]) == (side, side)
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}


@tried(SCRIPTED, with_scripts_because=KEEPS)
def test_without_a_connection_there_is_a_page_with_the_number_and_nothing_private_was_kept(
    device: Callable[..., Page], stage: Stage
) -> None:
    with stage.program.transaction() as session:
        ria = a_person(session, first_name="Ria", achternaam="Verspeek")
    person = Person(stage, ria)
    cookies = person.context.cookies()
    person.context.close()
    page = device(service_workers="allow")
    context = page.context
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto("/mijn/gegevens")
    assert page.evaluate(READY)
    page.goto("/mijn/gegevens")
    page.goto("/mijn")
    kept = page.evaluate(CACHED)
    assert "/geen-verbinding" in kept
    assert [path for path in kept if not path.startswith("/static/") and path != "/geen-verbinding"] == []
    words = page.evaluate("async () => (await caches.match('/geen-verbinding')).text()")
    assert not [each for each in ("Verspeek", "Ria", ria.person_id.hex, 'name="csrf"') if each in words]

    context.set_offline(True)
    page.goto("/mijn/gegevens")
    expect(page.get_by_role("heading", level=1)).to_have_text("Er is nu geen verbinding")
    assert page.locator("a[href='tel:+31402834567']").is_visible()
    assert page.evaluate("getComputedStyle(document.body).display") == "flex"
    context.set_offline(False)
    page.get_by_role("link", name="Probeer het opnieuw").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Er is nu geen verbinding")


@tried(SCRIPTED, with_scripts_because=KEEPS)
def test_what_was_typed_and_sent_without_a_connection_is_said_kept_and_put_back(
    device: Callable[..., Page],
) -> None:
    page = device(service_workers="allow")
    context = page.context
    page.goto("/hulpvragen/nieuw")
    assert page.evaluate(READY)
    page.goto("/hulpvragen/nieuw")
    page.fill("textarea", WORDS)
    context.set_offline(True)
    page.get_by_role("button", name="Verder", exact=True).click()
    expect(page.locator("[data-part=away]")).to_contain_text("Er is nu geen verbinding.")
    assert page.locator("[data-part=away] a[href^='tel:']").count() == 1
    assert page.input_value("textarea") == WORDS
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Er is nu geen verbinding")

    # a line that is dead though the telephone thinks that it is not
    context.set_offline(False)
    page.goto("/hulpvragen/nieuw")
    expect(page.locator("[data-part=back]")).to_contain_text("Dit typte u eerder op dit toestel.")
    assert page.input_value("textarea") == WORDS
    page.evaluate("Object.defineProperty(navigator, 'onLine', {value: true})")
    context.set_offline(True)
    page.get_by_role("button", name="Verder", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Er is nu geen verbinding")

    context.set_offline(False)
    page.goto("/hulpvragen/nieuw")
    assert page.input_value("textarea") == WORDS
    page.get_by_role("button", name="Verder", exact=True).click()
    page.wait_for_url("**/soort")
    assert page.evaluate(KEPT) == []


@tried(LARGE, with_scripts_because=KEEPS)
def test_what_the_server_refused_is_kept_and_what_it_took_is_not_put_back(
    device: Callable[..., Page],
) -> None:
    page = device()
    _to_the_postcode(page)
    page.fill("input[name=postcode]", "56")
    page.get_by_role("button", name="Verder", exact=True).click()
    page.wait_for_selector(".note.bad")
    assert page.input_value("input[name=postcode]") == "56"
    assert page.locator("[data-part=back]").count() == 0
    page.fill("input[name=postcode]", "5664 HJ")
    page.get_by_role("button", name="Verder", exact=True).click()
    page.wait_for_url("**/versturen")
    assert page.evaluate(KEPT) == []


def _to_the_postcode(page: Page) -> None:
    page.goto("/hulpvragen/nieuw")
    page.fill("textarea", WORDS)
    page.get_by_role("button", name="Verder", exact=True).click()
    page.check("input[name=thema][value=samen]")
    page.get_by_role("button", name="Verder", exact=True).click()
    page.wait_for_url("**/wanneer")
    page.get_by_role("button", name="Verder", exact=True).click()
    page.wait_for_url("**/waar")


@tried(SCRIPTED, with_scripts_because=KEEPS)
def test_no_secret_is_ever_kept_and_who_says_not_my_device_keeps_nothing(
    device: Callable[..., Page],
) -> None:
    page = device()
    page.goto("/hulpvragen/nieuw")
    page.fill("textarea", "Mijn nummer is 123456782, kunt u helpen?")
    assert page.evaluate(KEPT) == []
    page.fill("textarea", WORDS)
    assert len(page.evaluate(KEPT)) == 1
    page.get_by_role("button", name="Dit is niet mijn eigen toestel").click()
    assert page.evaluate(KEPT) == []
    page.fill("textarea", WORDS + " Graag op zaterdag.")
    assert page.evaluate(KEPT) == []
    page.goto("/inloggen")
    page.evaluate("localStorage.clear()")
    page.goto("/inloggen")
    page.fill("input[name=email]", "ria@voorbeeld.nl")
    assert page.evaluate(KEPT) == []


@tried(SCRIPTED, with_scripts_because=KEEPS)
def test_drafts_are_ones_own_end_when_one_signs_out_and_survive_a_session_that_ended(stage: Stage) -> None:
    with stage.program.transaction() as session:
        ria, bo = a_person(session), a_person(session, first_name="Bo")
        row = a_request(session, act(session, ria)).id
    person = Person(stage, ria)
    person.visit(f"/mijn/vragen/{row}/stoppen").type("Waarom stopt u?", "Mijn dochter helpt mij nu.")
    assert len(person.page.evaluate(KEPT)) == 1
    person.context.clear_cookies()  # the session is over in the middle of writing
    person.press("Ja, stop mijn vraag")
    person.page.wait_for_load_state()
    assert len(person.page.evaluate(KEPT)) == 1
    person.sign_in()
    person.visit(f"/mijn/vragen/{row}/stoppen")
    assert person.page.input_value("[name=reden]") == "Mijn dochter helpt mij nu."

    person.actor = bo
    person.sign_in()
    person.visit("/mijn")
    assert person.page.locator("[data-part=back]").count() == 0
    person.page.locator("details.menu summary").first.click()
    person.page.get_by_role("button", name="Uitloggen").first.click()
    person.page.wait_for_load_state()
    assert person.page.evaluate(KEPT) == []


@tried(SCRIPTED, with_scripts_because=KEEPS)
@pytest.mark.parametrize(("voices", "shown"), [([], 0), (["en-GB"], 0), (["en-GB", "nl-NL"], 1)])
def test_a_page_is_read_aloud_where_the_browser_has_a_dutch_voice(
    device: Callable[..., Page], voices: list[str], shown: int
) -> None:
    page = device()
    page.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.goto("/zo-werkt-het")
    button = page.locator("footer [data-read]")
    assert button.is_visible() is bool(shown)
    if not shown:
        return
    button.click()
    spoken = page.evaluate("window.spoken")
    said = [each[0] for each in spoken if each != "stop"]
    assert said[0].rstrip(".") in page.locator("h1").inner_text()
    assert {each[1] for each in spoken if each != "stop"} == {"nl"}
    assert len(said) > 5
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.evaluate("window.spoken.at(-1)") == "stop"
    assert button.get_attribute("aria-pressed") == "false"
