"""The whole story in a browser: a resident on a phone without JavaScript, a volunteer in the next municipality,
a makelaar and an administrator, from the first word to the Roosjes on the statement."""

import time
from base64 import b32decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from sqlalchemy import text

from app.access.authenticators import STEP_S, code_at
from app.access.roles import Role
from app.clock import AMSTERDAM
from app.db import Database as Program
from app.upkeep import as_owner
from tests.app.factories import a_member_of_staff
from tests.browser.looking import PHONE, look
from tests.databases import Database
from tests.live import LiveSite, live

WIDE = ViewportSize(width=1440, height=900)
pytestmark = pytest.mark.browser


@pytest.fixture
def site(fresh_database: Database, tmp_path: Path) -> Iterator[LiveSite]:
    with live(fresh_database, tmp_path) as running:
        yield running


class Person:
    """Somebody with a browser of their own. Every page is looked at by axe, in a browser with JavaScript."""

    def __init__(self, browser: Browser, site: LiveSite, email: str, axe: str, *, phone: bool = True) -> None:
        self.browser, self.site, self.email, self.axe, self.phone = browser, site, email, axe, phone
        self.context: BrowserContext = browser.new_context(
            base_url=site.address, viewport=PHONE if phone else WIDE, java_script_enabled=False
        )
        self.page: Page = self.context.new_page()

    def visit(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def press(self, button: str) -> None:
        self.page.locator("main").get_by_role("button", name=button, exact=True).first.click()
        self.look()

    def follow(self, link: str) -> None:
        self.page.locator("main").get_by_role("link", name=link).first.click()
        self.look()

    def type(self, label: str, value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).first.check()

    def reads(self, *sentences: str) -> None:
        seen = " ".join(self.page.locator("main").inner_text().split())
        missing = [sentence for sentence in sentences if sentence not in seen]
        assert not missing, f"{self.page.url}: {missing} not in {seen}"

    def does_not_read(self, *words: str) -> None:
        seen = self.page.content()
        assert [word for word in words if word in seen] == []

    def open_link(self, button: str, *, after: int = 0) -> None:
        self.come_by_mail(after=after)
        self.press(button)

    def come_by_mail(self, *, after: int = 0) -> None:
        """The page of a link that still lives; it is used by its button only."""
        self.page.goto(self.site.link_for(self.email, after=after))
        self.look()

    def sign_in(self) -> None:
        self.visit("/inloggen")
        self.type("Uw e-mailadres", self.email)
        known = self.site.links_to(self.email)
        self.go_on()
        self.come_by_mail(after=len(known))
        self.go_on()

    def go_on(self) -> None:
        """The page's one button, whatever it says."""
        self.page.locator("main button[type=submit]").first.click()
        self.look()

    def shows_an_app(self) -> None:
        """Who works at a desk links an app the first time, by typing its letters over."""
        self.follow("Koppel een app")
        letters = self.page.locator("main .num.strong").inner_text().replace(" ", "")
        self.type("De code uit uw app", code_at(b32decode(letters), int(time.time()) // STEP_S))
        self.press("Koppel deze app")

    def look(self) -> None:
        """No accessibility fault, no server error, no sideways scroll on the page that is open now; on a phone
        nothing too small for a thumb."""
        assert not self.page.locator("h1").first.inner_text().startswith("Er ging"), self.page.url
        look(self.browser, self.page, self.axe, viewport=PHONE if self.phone else WIDE, thumb=self.phone)


def test_one_request_travels_from_a_phone_to_a_booked_roosje(
    browser: Browser, axe_source: str, site: LiveSite, fresh_database: Database, program: Program
) -> None:
    ria = Person(browser, site, "ria@voorbeeld.nl", axe_source)
    youssef = Person(browser, site, "youssef@voorbeeld.nl", axe_source)
    status = asks_for_help(ria)
    comes_forward(youssef)

    ria.visit(status)
    ria.reads("Er is iemand: kiest u?", "Youssef", "Helmond")
    ria.follow("Kies Youssef")
    ria.press("Maak kennis met Youssef")
    ria.reads("U maakt kennis met Youssef", "Codewoord bij de deur:")
    day = datetime.now(AMSTERDAM).date() + timedelta(days=3)
    ria.type("Welke dag?", day.isoformat())
    ria.type("Hoe laat?", "10:00")
    ria.press("Spreek af met Youssef")
    ria.reads("Afgesproken", "U heeft een afspraak met Youssef")
    ria.follow("Bekijk de afspraak met Youssef")
    ria.reads("Youssef", "youssef@voorbeeld.nl")  # both agreed: now, and not before

    the_desk_sees_it(browser, site, axe_source, fresh_database, program)
    with as_owner(fresh_database.owner_url) as owner:
        owner.execute(text("SELECT ledger.shift(interval '4 days')"))
    it_happened(youssef, "Het is gebeurd")
    it_happened(ria, "Ja, dit klopt")

    ria.visit("/mijn/roosjes")
    ria.reads("1 uur", "Youssef", "Samen naar de weekmarkt")
    youssef.visit("/mijn/roosjes")
    youssef.reads("1 uur", "Ria", "Samen naar de weekmarkt")
    ria.visit("/mijn/berichten")
    ria.visit("/mijn/gegevens")


def asks_for_help(ria: Person) -> str:
    """Five screens, no account before the last; the answer is the address of the status page."""
    ria.visit("/")
    ria.type("Waar kunt u hulp bij gebruiken?", "Samen naar de weekmarkt")
    ria.press("Vraag hulp")
    ria.tick("Samen op pad")
    ria.press("Verder")
    ria.press("Verder")
    ria.type("Uw postcode", "5664hj")
    ria.press("Verder")
    ria.reads("Dit zien anderen van u", "Samen naar de weekmarkt")
    ria.press("Verstuur mijn vraag")  # nothing filled in: said, and nothing lost
    ria.reads("Samen naar de weekmarkt")
    ria.type("Uw voornaam", "Ria")
    ria.type("Uw achternaam", "van den Heuvel")
    ria.type("Uw telefoonnummer", "06-12345678")
    ria.type("Uw e-mailadres", ria.email)
    ria.press("Verstuur mijn vraag")
    ria.reads("Kijk in uw mail")
    ria.open_link("Verstuur mijn vraag")
    ria.reads("Wij zoeken iemand", "Uw vraag K7-")
    return ria.page.url


def comes_forward(youssef: Person) -> None:
    """A new helper in Helmond finds the request across the border and says yes."""
    youssef.visit("/aanmelden")
    youssef.type("Uw voornaam", "Youssef")
    youssef.type("Uw postcode", "5708 AB")
    youssef.type("Uw e-mailadres", youssef.email)
    youssef.press("Stuur mij een link")
    youssef.come_by_mail()
    youssef.go_on()
    youssef.visit("/helpen/aanmelden")
    youssef.tick("Samen op pad")
    youssef.press("Verder")
    youssef.page.locator("[name=hoeVerKm]").evaluate("slider => { slider.value = 20 }")
    youssef.press("Verder")
    youssef.press("Ik doe mee")
    youssef.visit("/helpen")
    youssef.reads("Samen naar de weekmarkt", "uit Geldrop-Mierlo", "Ria")
    youssef.follow("Samen naar de weekmarkt")
    youssef.does_not_read("van den Heuvel", "ria@voorbeeld.nl", "612345678", "5664 HJ")
    youssef.type("Een bericht voor Ria", "Ik loop graag mee.")
    youssef.press("Ik kan helpen")
    youssef.reads("U zei ja")


def the_desk_sees_it(
    browser: Browser, site: LiveSite, axe: str, database: Database, program: Program
) -> None:
    """The makelaar finds the case and writes down a call; the administrators see the figures."""
    with program.transaction() as session:
        a_member_of_staff(database, session, email="marja@gemeente.nl")
        a_member_of_staff(
            database, session, first_name="Bas", role=Role.MUNICIPALITY_ADMINISTRATOR, email="bas@gemeente.nl"
        )
        a_member_of_staff(
            database, session, first_name="Els", role=Role.REGION_ADMINISTRATOR, municipality_id=None,
            email="els@regio.nl",
        )  # fmt: skip
    marja = Person(browser, site, "marja@gemeente.nl", axe, phone=False)
    marja.sign_in()
    marja.shows_an_app()
    marja.visit("/bureau")
    marja.visit("/bureau/zoeken?zoek=weekmarkt")
    marja.follow("Samen naar de weekmarkt")
    marja.reads("Samen naar de weekmarkt", "Youssef", "Verloop")
    marja.type("Nieuwe notitie", "Ria belde: zij kijkt uit naar de markt.")
    marja.press("Bewaar notitie")
    marja.reads("Ria belde: zij kijkt uit naar de markt.")
    for path in (
        "/bureau/nieuwe-vraag",
        "/bureau/mensen",
        "/bureau/organisaties",
        "/bureau/kaart",
        "/bureau/cijfers",
    ):
        marja.visit(path)
    bas = Person(browser, site, "bas@gemeente.nl", axe, phone=False)
    bas.sign_in()
    bas.shows_an_app()
    bas.visit("/gemeente")
    bas.reads("Geldrop-Mierlo", "open vragen", "lopende afspraken", "In alle gevallen kiest de vrager zelf.")
    els = Person(browser, site, "els@regio.nl", axe, phone=False)
    els.sign_in()
    els.shows_an_app()
    els.visit("/regio")
    els.reads("Geldrop-Mierlo", "Helmond")


def it_happened(person: Person, button: str) -> None:
    """Four days later a session is over: sign in again, and from the list of agreements it is one tap."""
    person.sign_in()
    person.visit("/mijn/afspraken")
    person.reads("Samen naar de weekmarkt")
    person.page.locator("main").get_by_role("button", name=button).first.click()
    person.look()
