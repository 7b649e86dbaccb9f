"""Help mij kiezen, as a browser without JavaScript meets it: without an account, and nothing kept before a yes."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest

from app.access.actor import Actor
from app.db import Database as Program
from app.people import service as people
from app.signposts import near, service
from app.signposts.rules import LifeTheme
from app.signposts.themes import LIFE_THEMES
from tests.app.activities.making import hosted_by_desk
from tests.app.factories import a_member_of_staff, a_person, a_request, act
from tests.databases import Database
from tests.queries import count_queries
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
STORED = (
    "SELECT (SELECT count(*) FROM kept_choices), (SELECT count(*) FROM ask_draft), (SELECT count(*) FROM help_request),"
    " (SELECT count(*) FROM help_offer), (SELECT count(*) FROM sign_in_link)"
)
TALK = "/help-mij-kiezen/uitkomst?keus=k&keus=k1a"
COFFEE = "Wie komt eens koffiedrinken? Ik vind een praatje gezellig."


@pytest.fixture
def ria(program: Program) -> Actor:
    """A resident."""
    with program.transaction() as session:
        return a_person(session)


def main_of(browser: Visit) -> str:
    """What stands in the middle of the page."""
    return browser.page.partition("<main")[2].partition("</main>")[0]


def rungs(browser: Visit) -> list[str]:
    """The headings of the pyramid, from the top."""
    pyramid = browser.page.partition('<ol class="pyramid">')[2].partition("</ol>")[0]
    return [unescape(found) for found in re.findall(r"<h2>(.*?)</h2>", pyramid)]


def answered(theme: LifeTheme) -> Iterator[str]:
    """Addresses of outcomes: each option of a theme alone."""
    for question in theme.questions:
        for option in question.options:
            yield f"/help-mij-kiezen/uitkomst?keus={theme.code}&keus={question.code}{option.key}"


def test_fifteen_pictures_lead_by_a_screen_for_each_to_what_helps(visit: Browsers) -> None:
    browser = visit().get("/help-mij-kiezen")
    assert browser.status == 200
    assert browser.page.count('class="tile"') == 15
    assert browser.page.count("<h1") == 1

    browser.get("/help-mij-kiezen/vragen?keus=k&keus=g")
    assert browser.says("Stap 1 van 2")
    assert browser.says("Komt u rond?"), "in the order of the pictures"
    browser.get("/help-mij-kiezen/vragen?keus=k&keus=g&keus=g1a&g2=b&stap=2")
    assert browser.says("Stap 2 van 2")
    assert 'name="keus" value="g2b"' in browser.page, "what was answered travels along"
    browser.get("/help-mij-kiezen/uitkomst?keus=g&keus=k&keus=g1a&keus=g2b&keus=k1a&k3=a")

    assert rungs(browser) == [
        "Dit kunt u zelf doen",
        "Dit is er voor iedereen",
        "Iemand uit de buurt helpt u",
    ]
    assert browser.says("Leg alle rekeningen op één stapel.")
    assert browser.says(COFFEE)
    assert browser.says("Dit zou u voor een ander kunnen doen")


def test_the_way_back_keeps_every_answer(visit: Browsers) -> None:
    browser = visit().get("/help-mij-kiezen/vragen?keus=g&keus=k&keus=g1a&g2=b&k2=c&stap=1")
    assert re.search(r'value="g1a"[^>]* checked', browser.page)
    assert re.search(r'name="g2" value="b"[^>]* checked', browser.page)
    assert 'name="keus" value="k2c"' in browser.page

    browser.get("/help-mij-kiezen?keus=g&keus=k&keus=k2c&keus=g1a&g2=b&stap=1")

    assert re.search(r'value="g"[^>]* checked', browser.page)
    assert 'type="hidden" name="keus" value="g2b"' in browser.page


def test_without_a_picture_one_is_asked_for(visit: Browsers) -> None:
    browser = visit().get("/help-mij-kiezen/vragen")

    assert browser.status == 422
    assert browser.says("Kies ten minste één plaatje.")
    assert browser.get("/help-mij-kiezen/uitkomst").path == "/help-mij-kiezen"


@pytest.mark.parametrize(
    "strange", ["keus=zz", "keus=k&stap=99", "keus=k&stap=-1", "keus=k&stap=½", "keus=%00&k=1"]
)
def test_a_strange_address_is_no_failure(visit: Browsers, strange: str) -> None:
    for path in ("", "/vragen", "/uitkomst"):
        assert visit().get(f"/help-mij-kiezen{path}?{strange}").status in (200, 422)


@pytest.mark.parametrize("theme", LIFE_THEMES, ids=[theme.name.en for theme in LIFE_THEMES])
def test_every_theme_has_its_questions_and_every_answer_its_own_page(
    visit: Browsers, theme: LifeTheme
) -> None:
    browser = visit()
    browser.get(f"/help-mij-kiezen/vragen?keus={theme.code}")
    assert browser.status == 200
    for question in theme.questions:
        assert browser.says(question.says.nl)

    seen = set()
    for path in answered(theme):
        browser.get(path)
        assert browser.status == 200, path
        assert browser.page.count('class="btn full"') <= 1, "one main button"
        seen.add(main_of(browser).partition('<section class="stack g3" id="bewaren">')[0])
    assert len(seen) == sum(len(question.options) for question in theme.questions)


def test_nothing_is_stored_before_somebody_says_so(visit: Browsers) -> None:
    browser = visit()
    before = browser.rows(STORED)

    for path in ("/help-mij-kiezen", "/help-mij-kiezen/vragen?keus=k", TALK, "/taal/en", TALK):
        browser.get(path)

    assert browser.rows(STORED) == before
    assert "__Host-zve-vraag" not in browser.client.cookies


def test_a_sign_becomes_a_request_with_words_and_category_to_be_changed(visit: Browsers) -> None:
    browser = visit().get(TALK)
    browser.post("/help-mij-kiezen/vraag", keus=["k", "k1a"], weg="4-0")

    assert browser.path == "/hulpvragen/nieuw"
    assert COFFEE in browser.page
    browser.post("/hulpvragen/nieuw", tekst=COFFEE, follow=True)
    assert browser.path == "/hulpvragen/nieuw/soort"
    assert re.search(r'value="koffie-een-praatje-en-bezoek" checked', browser.page)
    browser.get(TALK).post("/help-mij-kiezen/vraag", keus=["k", "k1a"], weg="4-0")
    assert browser.rows(STORED)[0][1] == 1, "pressed twice it is one draft"
    assert browser.rows(STORED)[0][2] == 0, "and nothing is sent"


def test_a_question_that_was_begun_is_not_lost_unasked(visit: Browsers) -> None:
    browser = visit().get("/hulpvragen/nieuw").post("/hulpvragen/nieuw", tekst="Wie maait mijn gras?")

    browser.get(TALK).post("/help-mij-kiezen/vraag", keus=["k", "k1a"], weg="4-0")
    assert browser.says("U begon al aan een vraag")
    assert browser.says("Wie maait mijn gras?")
    browser.post("/help-mij-kiezen/vraag", keus=["k", "k1a"], weg="4-0", opnieuw="ja")

    assert browser.path == "/hulpvragen/nieuw"
    assert COFFEE in browser.page


@pytest.mark.parametrize("way", ["", "9-9", "3-0", "4-99", "x", "4-½", "6-0"])
def test_what_is_no_sign_makes_no_request(visit: Browsers, way: str) -> None:
    browser = visit().get(TALK)

    browser.post("/help-mij-kiezen/vraag", keus=["k", "k1a", "k3a"], weg=way)

    assert browser.status in (200, 422)
    assert browser.rows(STORED)[0][1] == 0
    assert browser.says("Dit kan u helpen")


def test_work_for_a_professional_says_so_and_becomes_a_request_too(visit: Browsers) -> None:
    browser = visit().get("/help-mij-kiezen/uitkomst?keus=l&keus=l1c&l2=c")
    assert browser.says("betaald werk")

    browser.post("/help-mij-kiezen/vraag", keus=["l", "l1c", "l2c"], weg="5-0")

    assert browser.path == "/hulpvragen/nieuw"
    assert "Ik zoek iemand die elke week schoonmaakt." in browser.page


def test_a_visitor_signs_in_to_keep_it_and_comes_back_to_the_same_page(visit: Browsers) -> None:
    browser = visit().get(TALK)
    link = re.search(r'href="(/inloggen\?next=[^"]+)"', browser.page)
    assert link

    browser.get(link[1])

    assert 'value="/help-mij-kiezen/uitkomst?keus=k.k1a"' in browser.page
    assert visit().get(TALK).post("/help-mij-kiezen/bewaren", keus=["k"]).status == 401


def test_every_answer_of_every_theme_still_leads_back_after_signing_in(visit: Browsers) -> None:
    codes = [
        code
        for theme in LIFE_THEMES
        for code in (
            theme.code,
            *(f"{one.code}{option.key}" for one in theme.questions for option in one.options),
        )
    ]
    browser = visit().get(f"/help-mij-kiezen/uitkomst?keus={'.'.join(codes)}")
    link = re.search(r'href="(/inloggen\?next=[^"]+)"', browser.page)
    assert link

    assert 'value="/help-mij-kiezen/uitkomst?keus=a.a1a.' in browser.get(link[1]).page


def test_somebody_keeps_it_sees_it_again_and_throws_it_away(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    browser = visit().sign_in(program, ria).get(TALK)
    for _ in range(2):
        browser.get(TALK).post("/help-mij-kiezen/bewaren", keus=["k", "k1a"])
    assert browser.says("Bewaard. Alleen u ziet dit.")
    assert browser.rows("SELECT codes FROM kept_choices")[0].codes == ["k", "k1a"]
    assert browser.page.count('class="card stack g3"') == 1, "pressed twice it is kept once"

    browser.get("/help-mij-kiezen")
    assert browser.says("Bekijk wat u eerder bewaarde")
    with program.transaction() as session:
        (kept,) = service.mine(session, act(session, ria))
    browser.get("/mijn/keuzes").post(f"/mijn/keuzes/{kept.id}/weg")

    assert browser.says("Weggegooid.")
    assert browser.rows(STORED)[0][0] == 0


def test_danger_is_said_on_top_and_is_not_kept(visit: Browsers, program: Program, ria: Actor) -> None:
    browser = visit().sign_in(program, ria).get("/help-mij-kiezen/uitkomst?keus=h&keus=h1e")
    assert 'href="tel:112"' in main_of(browser)
    assert 'href="tel:08002000"' in main_of(browser)
    assert browser.says("Eén antwoord bewaren wij nooit")

    browser.post("/help-mij-kiezen/bewaren", keus=["h", "h1e"])

    assert browser.rows("SELECT codes FROM kept_choices")[0].codes == ["h"]


def test_an_eleventh_asks_for_room(visit: Browsers, program: Program, ria: Actor) -> None:
    with program.transaction() as session:
        act(session, ria)
        for code in "abcdefghij":
            service.keep(session, ria, [code])

    browser = visit().sign_in(program, ria).get(TALK).post("/help-mij-kiezen/bewaren", keus=["k", "k1a"])

    assert browser.status == 409
    assert browser.says("U bewaarde er al tien.")
    assert browser.says(COFFEE), "the outcome is still there"


def test_who_asked_not_to_be_asked_is_asked_nothing(visit: Browsers, program: Program, ria: Actor) -> None:
    with program.transaction() as session:
        people.oneself(session, act(session, ria)).do_not_ask = True

    browser = visit().sign_in(program, ria).get(f"{TALK}&k3=a&keus=l&keus=l1a")

    assert "Dit kunt u zelf doen" not in rungs(browser)
    assert not browser.says("Dit zou u voor een ander kunnen doen")
    assert browser.says("U hoeft het niet alleen te doen.")


def test_an_offer_stands_ready_to_be_made_and_nothing_of_it_is_kept(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    browser = visit().sign_in(program, ria).get("/help-mij-kiezen/uitkomst?keus=k&k3=b")
    link = re.search(r'href="(/helpen/aanmelden/wanneer\?[^"]+)"', browser.page)
    assert link

    browser.get(link[1])

    assert browser.status == 200
    assert re.search(r'value="belmaatje"[^>]* checked', browser.page)
    assert browser.rows(STORED)[0][3] == 0
    visitor = visit().get("/help-mij-kiezen/uitkomst?keus=k&k3=b")
    joining = re.search(r'href="(/aanmelden\?next=[^"]+)"', visitor.page)
    assert joining
    assert (
        'value="/helpen/aanmelden/wanneer?thema=gezelschap&categorieen=belmaatje'
        in visitor.get(joining[1]).page
    )


def test_what_is_near_stands_at_its_sign_once_something_knows_of_it(
    visit: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = near.Provision("Eettafel De Weverij", "/activiteiten/1", where="Dorpshuis", distance_km=1.4)
    monkeypatch.setattr(near, "SOURCES", (lambda *_: {"samen-eten-of-koken": [table]},))

    browser = visit().get("/help-mij-kiezen/uitkomst?keus=k&keus=k1b")

    sign = main_of(browser).partition("Aan een eettafel in de buurt")[2].partition("</li>")[0]
    assert '<a class="go strong" href="/activiteiten/1">Eettafel De Weverij</a>' in sign
    assert "Dorpshuis · 1,4 km" in sign


def test_it_is_there_in_english(visit: Browsers) -> None:
    browser = visit().get("/help-mij-kiezen")
    browser.post("/taal/en", volgende="/help-mij-kiezen")
    browser.get("/help-mij-kiezen")
    assert browser.says("What is it about for you?")
    assert browser.says("Feeling safe")

    browser.get(TALK)

    assert rungs(browser) == [
        "What you can do yourself",
        "What is there for everybody",
        "Somebody near you helps you",
    ]
    assert browser.says("Who comes for coffee? I like a chat.")


def test_home_and_asking_lead_to_it(visit: Browsers) -> None:
    for path in ("/", "/hulpvragen/nieuw"):
        assert 'href="/help-mij-kiezen"' in main_of(visit().get(path))


def test_the_outcome_costs_the_same_for_one_theme_and_for_all(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    everything = "&".join(
        f"keus={code}"
        for theme in LIFE_THEMES
        for code in (
            theme.code,
            *(f"{one.code}{option.key}" for one in theme.questions for option in one.options[:3]),
        )
        if code not in ("b2d", "c2c")
    )
    browser = visit().sign_in(program, ria).get(TALK)

    with count_queries(program.engine) as few:
        browser.get(TALK)
    with count_queries(program.engine) as many:
        browser.get(f"/help-mij-kiezen/uitkomst?{everything}")

    assert browser.status == 200
    assert few.count == many.count


def test_the_list_of_what_was_kept_costs_the_same_for_one_and_for_ten(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    browser = visit().sign_in(program, ria)
    counts = []
    for codes in ("a", "bcdefghij"):
        with program.transaction() as session:
            act(session, ria)
            for code in codes:
                service.keep(session, ria, [code])
        browser.get("/mijn/keuzes")
        with count_queries(program.engine) as queries:
            browser.get("/mijn/keuzes")
        counts.append(queries.count)

    assert counts[0] == counts[1]
    assert browser.page.count('class="card stack g3"') == 10


def test_who_found_nobody_yet_reads_what_there_is_for_everybody_but_not_who_asked_not_to_be_asked(
    visit: Browsers, program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        made = hosted_by_desk(session, marja, soort="uitje", titel="Wandelen met een groepje", days=20)
        ria = a_person(session)
        asked = a_request(session, ria)
    browser = visit().sign_in(program, ria).get(f"/mijn/vragen/{asked.id}")
    assert not browser.says("Misschien helpt dit alvast")
    travel(timedelta(days=9))
    browser.sign_in(program, ria)

    assert browser.get(f"/mijn/vragen/{asked.id}").says("Misschien helpt dit alvast")
    assert f'href="/activiteiten/{made.id}">Wandelen met een groepje</a>' in browser.page
    browser.rows("UPDATE person SET do_not_ask = true RETURNING id")
    assert not browser.get(f"/mijn/vragen/{asked.id}").says("Misschien helpt dit alvast")
