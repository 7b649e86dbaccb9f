"""Costs that two agree on beforehand, and the talks of a lasting buddy: each between all its people, on a phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize

from app.clock import today
from tests.app.couplings.test_talks import Buddies
from tests.browser.acting import Person, Stage, a_pair
from tests.browser.looking import look

pytestmark = pytest.mark.browser
PHONE, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)


def presses(person: Person, begins: str) -> Person:
    """The button that begins so; what it is about follows for the ear."""
    person.page.locator("main").get_by_role("button", name=re.compile(f"^{begins}(:| :|$)")).first.click()
    return person


def test_costs_are_agreed_on_beforehand_and_count_once_the_other_says_that_they_are_right(
    stage: Stage, axe_source: str
) -> None:
    pair = a_pair(stage)
    costs = f"/mijn/afspraken/{pair.agreement_id}/kosten"
    helper, asker = pair.helper, pair.asker

    pair.opened_by(helper).follow("Kosten bij deze afspraak")
    helper.press("Stel voor")
    assert helper.page.locator(".msg").count() > 0
    helper.page.get_by_role("radio", name="Kilometers").check()
    helper.page.get_by_role("radio", name="Wie hulp krijgt, betaalt zelf").check()
    helper.type("Bij kilometers: hoeveel per keer?", "10").press("Stel voor").reads(
        "Hoogstens 10 km per keer"
    )
    look(stage.browser, helper.page, axe_source)
    asker.visit(costs).reads("Voorgesteld door")
    presses(asker, "Ja, akkoord").reads("Hoogstens 10 km per keer")
    look(stage.browser, asker.page, axe_source)

    pair.later(timedelta(days=20))
    helper.visit(costs).type("Hoeveel kilometer?", "12")
    presses(helper, "Schrijf op")
    assert helper.page.get_by_label("Hoeveel kilometer?").input_value() == "12"
    look(stage.browser, helper.page, axe_source)
    helper.type("Hoeveel kilometer?", "8")
    presses(helper, "Schrijf op")
    helper.visit("/mijn/onkosten").reads("Dit jaar: € 0")
    presses(asker.visit(costs), "Dit klopt")
    helper.visit("/mijn/onkosten").reads("Dit jaar: € 1,84")
    look(stage.browser, helper.page, axe_source)
    for person in (helper, asker):
        person.visit("/mijn/roosjes").does_not_read("1,84")


def test_the_talks_of_a_buddy_are_planned_prepared_by_both_and_kept_from_each_other(
    stage: Stage, axe_source: str
) -> None:
    buddies = Buddies(stage.database, stage.program)
    key, _ = buddies.first()
    with stage.program.transaction() as session:
        day = (today(session) + timedelta(days=5)).isoformat()
    marja = Person(stage, buddies.marja, viewport=WIDE)
    ria, tonnie = (Person(stage, who, viewport=PHONE) for who in (buddies.ria, buddies.tonnie))

    marja.visit("/bureau/maatjes").reads("Het eerste gesprek").visit(f"/bureau/maatjes/{key}")
    marja.type("Datum", day).type("Tijd", "14:00")
    marja.page.locator("[name=hoe]").first.check()
    marja.press("Nodig beiden uit")
    look(stage.browser, marja.page, axe_source)
    for person, words in ((ria, "Ik hoor graag van vroeger."), (tonnie, "Een uur is mij genoeg.")):
        person.visit(f"/mijn/afspraken/{buddies.agreement_id}").reads("Het eerste gesprek")
        person.visit(f"/mijn/begeleiding/{key}").press("Verstuur")
        assert person.page.locator(".msg").count() > 0
        person.page.locator("[name=gezicht]").first.check()
        person.page.locator("[name=verder]").first.check()
        person.type("Waar wilt u het over hebben?", words).press("Verstuur")
        person.reads("Dank u wel. Dit lezen alleen wij.")
        look(stage.browser, person.page, axe_source)
    ria.visit(f"/mijn/begeleiding/{key}").does_not_read("Een uur is mij genoeg.")
    tonnie.visit(f"/mijn/begeleiding/{key}").does_not_read("van vroeger")

    marja.visit(f"/bureau/maatjes/{key}").reads("Ik hoor graag van vroeger.", "Een uur is mij genoeg.")
    marja.page.locator("[name=uitkomst]").first.check()
    marja.type("Notitie, alleen voor het bureau", "Ging goed.").press("Schrijf dit op").reads("Is geweest")
    look(stage.browser, marja.page, axe_source)
    ria.visit(f"/mijn/afspraken/{buddies.agreement_id}").does_not_read("Ging goed.")
