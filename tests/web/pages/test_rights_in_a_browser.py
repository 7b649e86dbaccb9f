"""The pages of one's rights and of the privacy officer in a real browser: axe finds nothing, and nothing sticks out."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as, open_session
from app.audit.write import Act, note
from app.db import Database as Program
from app.privacy import consents, export
from app.privacy.models import Purpose
from app.representations.models import RepresentationKind
from tests.app.factories import (
    GELDROP_MIERLO,
    SHOWN,
    a_helper,
    a_member_of_staff,
    a_person,
    a_representation,
    a_request,
    an_agreement,
)
from tests.browser.sizes import SIZES
from tests.databases import Database
from tests.targets import too_small
from tests.web.pages.test_in_a_browser import a_page, accessible, address
from web.security import SESSION_COOKIE

pytestmark = pytest.mark.browser
__all__ = ["address"]
WHY = "Zij belt niet terug, en ik maak mij zorgen: Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik"


class House:
    """People of whom every page has something to show."""

    def __init__(self, program: Program, database: Database) -> None:
        with program.transaction() as session:
            self.ria = a_person(session)
            helper, _ = a_helper(session)
            an_agreement(session, act_as(session, self.ria.person_id), helper)
            consents.give(session, self.ria, Purpose.TIPS)
            consents.withdraw(session, self.ria, Purpose.ACROSS_BORDERS)
            self.copy = export.ask(session, self.ria).id
            self.case = a_request(session, self.ria).id
        with program.transaction() as session:
            self.broker = a_member_of_staff(database, session)
            for act in (Act.ADDRESS, Act.PERSON, Act.CHECKS):
                note(session, self.broker, act, subject=self.ria.person_id, municipality_id=GELDROP_MIERLO,
                     entity="help_request", entity_id=self.case, case_id=self.case, reason=WHY)  # fmt: skip
        with program.transaction() as session:
            self.officer = a_member_of_staff(
                database, session, role=Role.PRIVACY_OFFICER, first_name="Fatima"
            )
        with program.transaction() as session:
            child, self.mother = a_person(session, first_name="Sem"), a_person(session, first_name="Moeder")
            act_as(session, self.broker.person_id)
            kind = RepresentationKind.LEGAL
            self.behind = a_representation(session, self.broker, self.mother, child, kind=kind).id

    def pages(self) -> list[tuple[Actor, list[str]]]:
        """Who looks at what."""
        own = "/mijn/gegevens"
        return [
            (self.ria, [own, f"{own}/toestemming", f"{own}/inzage", f"{own}/kopie", f"{own}/kopie/{self.copy}",
                        f"{own}/wissen", "/privacy", "/privacy/register"]),
            (self.broker, [f"/bureau/zaken/{self.case}/inkijken"]),
            (self.officer, ["/bureau/logboek", "/bureau/logboek?zoek=Ria&wat=address", "/bureau/bewaren",
                            "/bureau/wissen", "/bureau/wissen?zoek=Ria", f"/bureau/wissen/{self.ria.person_id}"]),
        ]  # fmt: skip


def signed_in(browser: Browser, address: str, program: Program, who: Actor, size: tuple[int, str]) -> Page:
    with program.transaction() as session:
        token = open_session(session, who.person_id, proof=SHOWN)
    page = a_page(browser, *size)
    cookie: Any = {
        "name": SESSION_COOKIE, "value": token, "url": address.replace("http:", "https:"), "secure": True,
    }  # fmt: skip
    page.context.add_cookies([cookie])
    return page


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_axe_finds_nothing_on_the_pages_of_ones_rights(
    browser: Browser,
    address: str,
    axe_source: str,
    fresh_database: Database,
    program: Program,
    size: tuple[int, str],
) -> None:
    house, look = House(program, fresh_database), accessible(axe_source)
    for who, paths in house.pages():
        page = signed_in(browser, address, program, who, size)
        for path in paths:
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            look(page)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert too_small(page) == [], path
        page.context.close()


def test_one_says_no_and_has_everything_erased_with_the_keyboard_alone(
    browser: Browser, address: str, axe_source: str, fresh_database: Database, program: Program
) -> None:
    house = House(program, fresh_database)
    page = signed_in(browser, address, program, house.mother, SIZES[0])
    page.goto(f"{address}/mijn/gegevens/wissen")
    box = page.locator("input[name=zeker]")
    box.focus()
    page.keyboard.press("Space")
    box.press("Enter")
    page.wait_for_selector("text=Uw bewijs:")

    accessible(axe_source)(page)
    page.context.close()
