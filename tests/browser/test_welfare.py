"""A welfare budget in a real browser: asked with the makelaar, approved, paid, refunded; costs; axe and thumbs."""

from pathlib import Path
from typing import Any

import pytest

from app.welfare import spending
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, act, an_agreement
from tests.app.welfare.conftest import Town, a_photograph, town
from tests.browser.acting import Person, Stage
from tests.browser.looking import become
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.targets import too_small

__all__ = ["town"]
pytestmark = pytest.mark.browser
MINE, DESK = "/mijn/welzijnsbudget", "/bureau/welzijnsbudget"


def test_a_plan_made_with_the_makelaar_is_approved_spent_and_refunded(
    stage: Stage, town: Town, tmp_path: Path
) -> None:
    marja, karel, ria = (Person(stage, one) for one in (town.marja, town.karel, town.ria))
    marja.visit(f"/bureau/mensen/{town.ria.person_id}").follow("Maak een plan voor een welzijnsbudget")
    marja.reads("Een plan met Ria").type("Wat wilt u bereiken?", "Ik wil weer mensen zien.")
    marja.type("Wat heeft u daarvoor nodig?", "Zwemles").type("Waarom helpt dit u?", "Samen is het leuker.")
    marja.press("Bewaar het plan").reads("Ria: Zwemles").follow("Stel een bedrag voor")
    with stage.program.transaction() as session:
        days = town.period(session)
    marja.type("Hoeveel?", "250").type("Eerste dag", days["van"]).type("Laatste dag", days["totEnMet"])
    marja.press("Stel voor").reads("Een collega kijkt mee.")
    karel.visit(f"{DESK}?bak=tweede-blik").follow("Ria: Zwemles").press("Keur € 250 goed").reads("Loopt")

    ria.visit(MINE).reads("Er is nog € 250 over").follow("Ik wil iets kopen")
    ria.type("Wat is het?", "Scooter van de buurman").type("Wat kost het?", "95,50").press("Vraag of het mag")
    karel.visit(f"{DESK}?bak=uitgaven").follow("Ria: Zwemles").follow("Scooter van de buurman")
    karel.press("Dit mag").follow("Scooter van de buurman").press("Dit is betaald").reads("Betaald")

    receipt = tmp_path / "bon.jpg"
    receipt.write_bytes(a_photograph("lightgrey"))
    ria.visit(MINE).follow("Ik heb een bon").type("Wat heeft u gekocht?", "Badpak")
    ria.type("Hoeveel staat er op de bon?", "20").type("Welke dag staat er op de bon?", days["van"])
    ria.page.get_by_label("De bon", exact=True).set_input_files(receipt)
    ria.press("Stuur de bon").reads("Dat is binnen.")
    marja.visit(f"{DESK}?bak=bonnen").follow("Ria: Zwemles").follow("Badpak")
    picture = marja.page.get_by_role("img", name="Foto van de bon voor Badpak")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    marja.press("Klopt, betaal terug").reads("Terugbetaald")
    ria.visit(MINE).reads("Er is nog € 134,50 over", "Terugbetaald", "Betaald")


def test_helper_and_asker_agree_on_kilometres_without_javascript(stage: Stage, town: Town) -> None:
    with stage.program.transaction() as session:
        tonnie, _ = a_helper(session)
        agreement = an_agreement(session, act(session, town.ria), tonnie, days=1).id
    helper, ria = Person(stage, tonnie), Person(stage, town.ria)
    helper.visit(f"/mijn/afspraken/{agreement}").follow("Kosten bij deze afspraak")
    helper.page.get_by_label("Kilometers", exact=True).check()
    helper.page.get_by_label("Wie hulp krijgt, betaalt zelf").check()
    helper.type("Bij kilometers: hoeveel per keer?", "30").press("Stel voor")
    helper.reads("Hoogstens 30 km per keer, dat is € 6,90.", "Voorgesteld")
    ria.visit(f"/mijn/afspraken/{agreement}/kosten")
    ria.page.get_by_role("button", name="Ja, akkoord").click()
    ria.reads("Afgesproken")
    helper.visit("/mijn/onkosten").reads("Dit jaar: € 0 van € 2.100")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_nothing_sticks_out_and_thumbs_hit(
    stage: Stage, town: Town, axe_source: str, width: int, scheme: Any
) -> None:
    plan = town.granted(20_000)
    row = town.hands_in(plan)
    town.do(town.marja, spending.reject, town.wants(plan), "Dit betaalt de verzekering")
    with stage.program.transaction() as session:
        tonnie, _ = a_helper(session)
        agreement = an_agreement(session, act(session, town.ria), tonnie, days=1).id
    assert rows_of(stage.database, "SELECT count(*) FROM welfare_receipt")[0][0] == 1
    marja, ria, helper = (Person(stage, one) for one in (town.marja, town.ria, tonnie))
    pages = [
        (ria, MINE), (ria, f"{MINE}/nieuw"), (ria, f"{MINE}/{plan}/uitgave"), (ria, f"{MINE}/{plan}/bonnen"),
        (ria, f"{MINE}/{plan}/wat-het-bracht"), (ria, f"/mijn/afspraken/{agreement}/kosten"),
        (helper, "/mijn/onkosten"), (marja, DESK), (marja, f"{DESK}/{plan}"), (marja, f"{DESK}/uitgaven/{row}"),
        (marja, f"{DESK}/{plan}/bedrag"), (marja, f"{DESK}/uitgaven/{row}/afwijzen"), (marja, "/bureau/vergoedingen"),
    ]  # fmt: skip
    context = stage.browser.new_context(
        base_url=stage.site.address, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.add_init_script(axe_source)
    for person, path in pages:
        become(page, person.context)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert looked_at(page, axe_source) == [], (path, width, scheme)
        assert too_small(page) == [], (path, width)
    context.close()
