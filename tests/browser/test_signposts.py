"""Help mij kiezen in a real browser: by pictures and a few questions to what helps; on a phone and wide, with axe."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize

from app.signposts.themes import LIFE_THEMES
from tests.app.conftest import program, rows_of
from tests.app.factories import a_person
from tests.browser.acting import Person, Stage
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from tests.targets import too_small

__all__ = ["program"]
pytestmark = pytest.mark.browser
STORED = "SELECT (SELECT count(*) FROM kept_choices) + (SELECT count(*) FROM ask_draft)"
EVERYTHING = "&".join(
    f"keus={theme.code}&"
    + "&".join(f"keus={one.code}{option.key}" for one in theme.questions for option in one.options)
    for theme in LIFE_THEMES
)
"""Every answer at once: the longest that the page can become."""


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Page]:
    """Somebody without an account, on a phone."""
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport={"width": 390, "height": 844},
        java_script_enabled=request.param,
    )
    yield context.new_page()
    context.close()


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).first.click()


def test_a_visitor_chooses_goes_back_and_makes_a_request_of_it(stage: Stage, page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Weet u het nog niet? Help mij kiezen").click()
    page.get_by_role("checkbox", name="Geld").check()
    page.get_by_role("checkbox", name="Mensen zien en samen doen").check()
    press(page, "Verder")
    assert page.get_by_role("heading", level=1).inner_text() == "Geld"
    page.get_by_role("checkbox", name="Mijn papieren zijn een stapel").check()
    page.get_by_role("radio", name="Net").check()
    press(page, "Verder")
    page.get_by_role("checkbox", name="Vaker een praatje").check()
    press(page, "Vorige vragen")
    assert page.get_by_role("checkbox", name="Mijn papieren zijn een stapel").is_checked()
    page.get_by_role("radio", name="Nee", exact=True).check()
    press(page, "Verder")
    assert page.get_by_role("checkbox", name="Vaker een praatje").is_checked()
    press(page, "Bekijk wat u kan helpen")

    seen = page.locator("main").inner_text()
    assert seen.index("Dit kunt u zelf doen") < seen.index("Dit is er voor iedereen")
    assert seen.index("Iemand uit de buurt helpt u") < seen.index("Hulp van de gemeente of een vakman")
    assert rows_of(stage.database, STORED)[0][0] == 0, "nothing is kept before somebody says so"
    assert {name for name, _ in parse_qsl(urlsplit(page.url).query)} <= {"keus", "g2", "g3", "k2", "k3"}

    page.get_by_role("button", name="Wie komt eens koffiedrinken").click()
    question = page.get_by_role("textbox", name="Waar kunt u hulp bij gebruiken?")
    assert question.input_value() == "Wie komt eens koffiedrinken? Ik vind een praatje gezellig."
    question.fill("Wie drinkt er thee met mij?")
    press(page, "Verder")
    assert (
        page.locator("input[name=categorie]:checked").get_attribute("value") == "koffie-een-praatje-en-bezoek"
    )
    page.goto("/hulpvragen/nieuw")
    assert page.get_by_role("textbox").first.input_value() == "Wie drinkt er thee met mij?"


def test_the_enter_key_goes_on_and_not_back(page: Page) -> None:
    page.goto("/help-mij-kiezen/vragen?keus=g&keus=k&stap=2")

    page.get_by_role("radio", name="Soms", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/uitkomst**")

    assert page.get_by_role("heading", level=1).inner_text() == "Dit kan u helpen"


def test_the_back_button_of_the_browser_loses_no_answer(page: Page) -> None:
    page.goto("/help-mij-kiezen/vragen?keus=g")
    page.get_by_role("checkbox", name="Ik wil minder uitgeven").check()
    press(page, "Bekijk wat u kan helpen")
    page.wait_for_url("**/uitkomst**")

    page.get_by_role("link", name="Antwoorden veranderen").click()

    assert page.get_by_role("checkbox", name="Ik wil minder uitgeven").is_checked()


def test_somebody_keeps_an_outcome_and_throws_it_away(stage: Stage) -> None:
    with stage.program.transaction() as session:
        ria = a_person(session)
    mine = Person(stage, ria).visit("/help-mij-kiezen/uitkomst?keus=k&keus=k1a&keus=h&keus=h1e")
    mine.reads("Bel 112", "Alleen u ziet ze", "Eén antwoord bewaren wij nooit")

    mine.press("Ja, bewaar dit voor mij").reads(
        "Bewaard. Alleen u ziet dit.", "Mij veilig voelen · Mensen zien"
    )
    mine.follow("Bekijk wat u kan helpen").reads("Dit kan u helpen").does_not_read("Bel 112")
    press(mine.visit("/mijn/keuzes").page, "Gooi dit weg")

    mine.reads("Weggegooid.", "U bewaarde nog niets")
    assert rows_of(stage.database, STORED)[0][0] == 0


@pytest.mark.parametrize(("width", "theme"), SIZES)
def test_the_pages_are_accessible_on_every_window(
    stage: Stage, axe_source: str, width: int, theme: str
) -> None:
    with stage.program.transaction() as session:
        ria = a_person(session)
    signed_in = Person(stage, ria)
    signed_in.visit("/help-mij-kiezen/uitkomst?keus=k&keus=k1a").press("Ja, bewaar dit voor mij")
    size: ViewportSize = {"width": width, "height": 900}
    context = stage.browser.new_context(
        base_url=stage.site.address,
        viewport=size,
        color_scheme="dark" if theme == "dark" else "light",
    )
    visitor = context.new_page()
    visitor.add_init_script(axe_source)
    found = {}
    for path in (
        "/help-mij-kiezen",
        "/help-mij-kiezen/vragen",
        "/help-mij-kiezen/vragen?keus=g&keus=k&stap=2",
        "/help-mij-kiezen/uitkomst?keus=k",
        f"/help-mij-kiezen/uitkomst?{EVERYTHING}",
    ):
        visitor.goto(path)
        found[path[:60]] = [*looked_at(visitor, axe_source), *too_small(visitor)]
    visitor.goto("/help-mij-kiezen/uitkomst?keus=k")
    press(visitor, "Maak hier een hulpvraag van")
    visitor.goto("/help-mij-kiezen/uitkomst?keus=g")
    press(visitor, "Maak hier een hulpvraag van")
    found["begun"] = [*looked_at(visitor, axe_source), *too_small(visitor)]
    context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]
    visitor.goto("/mijn/keuzes")
    found["mine"] = [*looked_at(visitor, axe_source), *too_small(visitor)]
    context.close()

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
