"""Roosjes in a real browser: giving, asking, answering, doubting a line and the desk's answer; on a phone, with axe."""

import pytest

from app.roosjes import giving
from app.roosjes.giving import Gift
from tests.app.factories import a_member_of_staff, act
from tests.app.roosjes.moving import a_pair, balances
from tests.browser.acting import Person, Stage
from tests.browser.looking import become
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.databases import Database
from tests.targets import too_small

pytestmark = pytest.mark.browser


def test_two_neighbours_give_ask_and_doubt_and_the_makelaar_answers(
    stage: Stage, fresh_database: Database
) -> None:
    first, second, _ = a_pair(stage.program)
    with stage.program.transaction() as session:
        marja_actor = a_member_of_staff(fresh_database, session)
    ria, tonnie, marja = (Person(stage, one) for one in (first, second, marja_actor))

    ria.visit("/mijn/roosjes").follow("Roosjes geven")
    ria.page.get_by_label("Tonnie").check()
    ria.page.get_by_label("Uren").fill("2")
    ria.page.get_by_label("Uw woorden erbij").fill("Dank u voor de heg")
    ria.press("Verder").reads("U geeft Tonnie 2 uur.")
    ria.press("Ja, geef").reads("Gegeven. Dat is aardig van u.", "Gegeven aan Tonnie", "Dank u voor de heg")
    tonnie.visit("/mijn/roosjes").reads("Gekregen van Ria").follow("Om Roosjes vragen")
    tonnie.page.get_by_label("Ria").check()
    tonnie.page.get_by_label("Minuten").fill("30")
    tonnie.press("Verder").press("Ja, vraag het").reads("U vroeg Ria om 30 minuten.")
    ria.visit("/mijn/roosjes").reads("Tonnie vraagt 30 minuten").page.get_by_role(
        "button", name="Nee, nu niet"
    ).click()
    ria.reads("U zei nee. Er verandert niets.")

    ria.follow("Gegeven aan Tonnie").reads("U gaf 2 uur")
    ria.page.get_by_text("Dit klopt niet").click()
    ria.page.get_by_label("Wat klopt er niet?").fill("Het was voor mijn buurvrouw")
    ria.press("Versturen").reads("Wij kijken of dit klopt")
    marja.visit("/bureau/roosjesvragen").reads("Het was voor mijn buurvrouw")
    marja.page.get_by_label("Verbeteren").check()
    marja.page.get_by_label("Waarom, als u verbetert").select_option("wrong_party")
    marja.page.get_by_label("Wat beide mensen lezen").fill("Teruggeboekt.")
    marja.page.get_by_role("button", name="Antwoorden").click()
    marja.reads("Geen vragen over een regel")
    ria.visit("/mijn/roosjes").reads(
        "Verbeterd door Marja: het was voor iemand anders", "U gaf en kreeg evenveel"
    )
    tonnie.visit("/mijn/roosjes/regels/1").reads("Wij verbeterden dit", "Teruggeboekt.")
    assert balances(stage.program, first, second) == (0, 0)


@pytest.mark.parametrize(("width", "theme"), SIZES)
def test_every_page_about_giving_is_fit_to_read_and_to_press(
    stage: Stage, fresh_database: Database, axe_source: str, width: int, theme: str
) -> None:
    first, second, offer = a_pair(stage.program)
    with stage.program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        to = giving.known(session, act(session, first), second.person_id)
        giving.give(session, first, to, Gift(75, "k", "Dank u"))
    by_ria = ("", "/alles", "/regels/1", f"/geven?aanbod={offer}", "/vragen", "/afschrift")
    ria, desk = Person(stage, first), Person(stage, marja)
    looks = [(ria, f"/mijn/roosjes{path}") for path in by_ria] + [(desk, "/bureau/roosjesvragen")]
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.add_init_script(axe_source)
    for person, path in looks:
        become(page, person.context)
        page.goto(path)
        assert looked_at(page, axe_source) == [], (path, width, theme)
        assert too_small(page) == [], (path, width, theme)
    context.close()
