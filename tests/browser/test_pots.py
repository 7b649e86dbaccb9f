"""Two makelaars and one pot: who asks does not decide; every page about it on a phone and a desk, with axe."""

import pytest

from app.access.roles import Role
from tests.app.factories import a_member_of_staff
from tests.browser.acting import Person, Stage
from tests.browser.looking import become
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.targets import too_small
from tests.web.desks.pots import a_resident, balance, fill

pytestmark = pytest.mark.browser


def a_makelaar(stage: Stage, first_name: str, role: Role = Role.BROKER) -> Person:
    with stage.program.transaction() as session:
        actor = a_member_of_staff(stage.database, session, first_name=first_name, role=role)
    return Person(stage, actor)


def test_a_large_gift_from_the_pot_is_seen_by_two_makelaars(stage: Stage) -> None:
    fill(stage.program)
    ria = a_resident(stage.program)
    marja, joost = a_makelaar(stage, "Marja"), a_makelaar(stage, "Joost")

    marja.visit("/bureau").page.get_by_role("link", name="Roosjes", exact=True).first.click()
    marja.reads("In de pot van Geldrop-Mierlo zit 50 uur").type("Voor wie?", "Ria").press("Zoek").follow(
        "Ria"
    )
    marja.page.get_by_label("Hoeveel?").select_option("720")
    marja.type("Waarom?", "Na een operatie").press("Geef uit de pot")
    marja.reads("Dit wacht op een tweede blik")
    marja.visit("/bureau/roosjes").reads("Dit kan alleen een collega beslissen.")
    assert marja.page.get_by_role("button", name="Ja, geef dit").count() == 0

    joost.visit("/mijn/berichten").reads("Wilt u meekijken?")
    joost.visit("/bureau").reads("Tweede blik").follow("Eén keer geven uit de pot")
    joost.reads("Na een operatie", "Gevraagd door Marja")
    joost.page.get_by_role("button", name="Ja, geef dit").first.click()
    joost.reads("Het is geboekt.", "In de pot van Geldrop-Mierlo zit 38 uur", "Gegeven aan Ria")
    assert balance(stage.program, ria).posted == 720
    marja.visit("/mijn/berichten").reads("keek mee en zei ja")
    Person(stage, ria).visit("/mijn/berichten").reads("U kreeg Roosjes uit de pot")


def test_a_course_is_typed_booked_and_set_right(stage: Stage) -> None:
    for name in ("Truus", "Anna", "Bert"):
        a_resident(stage.program, name)
    marja = a_makelaar(stage, "Marja")

    marja.visit("/bureau/roosjes/boeken")
    marja.page.get_by_label("Eén hielp allen, zoals een cursus").check()
    marja.type("Wie geeft? Of wie gaf de cursus?", "Truus").type("De ander of de anderen", "Anna\nNiemand")
    marja.type("Hoeveel minuten ieder?", "60").type("Waar was het voor?", "Cursus").press("Boek")
    marja.reads("Wie bedoelt u met: Niemand?")
    marja.type("De ander of de anderen", "Anna\nBert").press("Boek").reads("Het is geboekt.")
    marja.visit("/bureau/roosjes").reads("In de pot van Geldrop-Mierlo zit 1 uur", "Cursus, van Bert")


@pytest.mark.parametrize(("width", "theme"), SIZES)
def test_every_page_of_the_pot_is_fit_to_read_and_to_press(
    stage: Stage, axe_source: str, width: int, theme: str
) -> None:
    fill(stage.program)
    ria = a_resident(stage.program)
    marja, joost, nel = (
        a_makelaar(stage, "Marja"),
        a_makelaar(stage, "Joost"),
        a_makelaar(stage, "Nel", Role.TREASURER),
    )
    person = f"/bureau/mensen/{ria.person_id}/roosjes"
    for minutes in ("120", "720"):
        marja.visit(person).page.get_by_label("Hoeveel?").select_option(minutes)
        marja.type("Waarom?", "Na een operatie").press("Geef uit de pot")
    booking = joost.visit(person).page.get_by_role("link", name="Verbeter").first.get_attribute("href")
    looks = [(marja, "/bureau"), (joost, "/bureau/roosjes?zoek=Ria"), (marja, person), (marja, booking or ""),
             (marja, "/bureau/roosjes/boeken"), (nel, "/bureau/regels")]  # fmt: skip
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.add_init_script(axe_source)
    for who, path in looks:
        become(page, who.context)
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        assert looked_at(page, axe_source) == [], (path, width, theme)
        assert too_small(page) == [], (path, width, theme)
    context.close()
