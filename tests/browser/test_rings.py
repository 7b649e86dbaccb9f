"""A ring in a real browser: three people agree and each plans a day; without JavaScript, on a phone, with axe."""

import pytest

from app.jobs import tasks
from tests.app.factories import a_member_of_staff
from tests.app.rings.three import Circle, circle
from tests.browser.acting import Person, Stage
from tests.browser.looking import become
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at

__all__ = ["circle"]
pytestmark = pytest.mark.browser


def test_three_neighbours_agree_and_each_plans_a_day(stage: Stage, circle: Circle) -> None:
    (ring,) = circle.find()
    ria, kees, ans = (Person(stage, member) for member in circle.members)
    ria.visit("/mijn").reads("Doet u mee in een kring?").follow("Doet u mee in een kring?")
    ria.reads(
        "U helpt Kees",
        "Een eindje lopen",
        "U krijgt hulp van iemand uit Geldrop-Mierlo",
        "Een warme maaltijd",
    )
    ria.does_not_read("Ans")
    ria.press("Ja, ik doe mee").reads("U zei ja.", "Wij wachten nog op 2 mensen")
    ans.visit(f"/mijn/kringen/{ring}").reads("U helpt Ria").press("Ja, ik doe mee")
    ria.visit(f"/mijn/kringen/{ring}").reads("Ans helpt u")
    kees.visit(f"/mijn/kringen/{ring}").press("Ja, ik doe mee")
    tasks.carry_out_ring(circle.work, str(ring))  # the job, whichever worker takes it first

    kees.visit(f"/mijn/kringen/{ring}").reads("Iedereen zei ja.", "Kies nu een dag met Ria.")
    kees.follow("Naar uw vraag").reads("U kiest Ria")
    ria.visit("/mijn/kringen").reads("Gaat door")


def test_a_no_is_neutral_and_a_late_yes_is_told_kindly(stage: Stage, circle: Circle) -> None:
    (ring,) = circle.find()
    ria, kees = Person(stage, circle.ria), Person(stage, circle.kees)
    ria.visit(f"/mijn/kringen/{ring}")
    kees.visit(f"/mijn/kringen/{ring}").press("Nee, nu liever niet").reads("Deze kring gaat niet door")
    ria.press("Ja, ik doe mee").reads("Dit kan niet meer.", "Deze kring gaat niet door")
    ria.does_not_read("nee van Kees")


def test_a_makelaar_looks_for_rings_and_sees_how_far_they_are(stage: Stage, circle: Circle) -> None:
    with stage.program.transaction() as session:
        staff = a_member_of_staff(stage.database, session)
    marja = Person(stage, staff).visit("/bureau/verdelen").follow("Kringen: mensen die elkaar rond helpen")
    marja.reads("Er is nog geen kring in Geldrop-Mierlo.").press("Zoek kringen").reads("Wij zoeken nu")
    (ring,) = circle.find()
    circle.says_yes(circle.ria, ring)
    marja.visit("/bureau/kringen").reads(
        "Ria", "Kees", "Ans", "1 van de 3 zeiden ja", "Ria helpt Kees: Een eindje lopen"
    )


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_on_the_ring_pages(
    stage: Stage, circle: Circle, axe_source: str, width: int, scheme: str
) -> None:
    (ring,) = circle.find()
    with stage.program.transaction() as session:
        marja = Person(stage, a_member_of_staff(stage.database, session))
    ria = Person(stage, circle.ria)
    pages = [
        (ria, f"/mijn/kringen/{ring}"), (ria, "/mijn/kringen"), (ria, f"/mijn/vragen/{circle.requests['Ria']}"),
        (marja, "/bureau/kringen"), (marja, f"/bureau/kringen/{ring}"),
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
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        assert looked_at(page, axe_source) == [], (path, width, scheme)
    context.close()
