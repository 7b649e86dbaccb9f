"""Sharing out anew and asking more widely in a real browser: without JavaScript, on a phone, and under axe."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.app.conftest import rows_of
from tests.app.distribution.scarcity import Scarce, scarce
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, act
from tests.browser.acting import Person, Stage
from tests.browser.looking import become, violations
from tests.browser.sizes import SIZES

__all__ = ["scarce"]
pytestmark = pytest.mark.browser


def test_a_makelaar_shares_out_takes_a_part_over_and_the_helper_is_asked(
    stage: Stage, scarce: Scarce
) -> None:
    marja = Person(stage, scarce.makelaar)
    marja.visit("/bureau").page.get_by_role("link", name="Verdelen").first.click()
    marja.press("Verdeel opnieuw").reads("2 van 2 plekken in Geldrop-Mierlo krijgen iemand", "Wie krijgt wie")
    marja.reads("In de hele regio krijgen 2 van de 2 plekken iemand.")
    marja.page.get_by_label("Vraag Noor voor “Dichtbij”").check()
    marja.press("Neem over wat ik aanvinkte")
    marja.reads("1 helper gevraagd. Over 1 voorstel beslist u nog.", "Nieuw")

    Person(stage, scarce.near).visit("/mijn/aanbod").reads("1 vraag aan u", "Dichtbij")
    Person(stage, scarce.far).visit("/mijn/aanbod").does_not_read("1 vraag aan u")

    marja.press("Neem alles over").reads("Overgenomen").does_not_read("Nieuw</span>")
    Person(stage, scarce.far).visit("/mijn/aanbod").reads("1 vraag aan u", "Wandelen")


def test_an_asker_asks_more_widely_with_one_press(stage: Stage) -> None:
    with stage.program.transaction() as session:
        helpers = [a_helper(session, postcode="5708 AB", hoeVerKm=50)[0] for _ in range(7)]
        asker = a_person(session)
        row = a_request(session, asker, hoeVerKm=1)
    ria = Person(stage, asker).visit(f"/mijn/vragen/{row.id}")
    ria.reads("Zo past uw vraag bij meer mensen").press("10 km verder: minstens 5 mensen")
    ria.reads("Waarom wij deze mensen vroegen", "Zij doen dit graag: samen op pad")

    asked = {found[0] for found in rows_of(stage.database, "SELECT helper_id FROM proposal")}
    assert len(asked) == 5
    assert asked <= {helper.person_id for helper in helpers}


def test_a_helper_sets_limits_without_javascript(stage: Stage) -> None:
    with stage.program.transaction() as session:
        helper, _ = a_helper(session)
    tonnie = Person(stage, helper).visit("/mijn/aanbod").follow("Hoe vaak mogen wij u iets vragen?")
    tonnie.page.get_by_label("Hoogstens 1 keer", exact=True).check()
    tonnie.press("Bewaar").reads("Bewaard.")

    kept = rows_of(
        stage.database, "SELECT proposals_per_week FROM person WHERE id = :id", id=helper.person_id
    )
    assert kept[0][0] == 1


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    stage: Stage, scarce: Scarce, axe_source: str, width: int, scheme: str
) -> None:
    with stage.program.transaction() as session:
        a_request(session, act(session, scarce.asker), titel="Heel ver weg", hoeVerKm=1, categorie="waken")
        admin = a_member_of_staff(stage.database, session, first_name="Samira")
    marja, ria, noor = (Person(stage, one) for one in (admin, scarce.asker, scarce.near))
    marja.visit("/bureau/verdelen").press("Verdeel opnieuw")
    preview = marja.page.url
    pages = [
        (marja, "/bureau/verdelen"), (marja, preview), (marja, f"/bureau/zaken/{scarce.hard}/organisatie"),
        (noor, "/mijn/hoe-vaak"), (ria, f"/mijn/vragen/{scarce.hard}"),
    ]  # fmt: skip
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.add_init_script(axe_source)
    for person, path in pages:
        become(page, person.context)
        page.goto(path)
        assert looked_at(page, axe_source) == [], (path, width, scheme)
    context.close()


def looked_at(page: Page, axe_source: str) -> list[Any]:
    """What axe finds, and whether the page is wider than its window."""
    found = violations(page, axe_source)
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, *(["sideways"] if wide else [])]
