"""What residents and volunteers expect, each tried in a browser; `docs/expectations.md` names the test of every one.

One village for all: Ria asks, Tonnie helps in the same municipality, Youssef in the next.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import text

from app.access.actor import Actor
from app.agreements import agree
from app.upkeep import as_owner
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_appointment,
)
from tests.browser.acting import Person, Stage, a_pair
from tests.browser.circumstances import LARGE, PHONE, SCRIPTED, WIDE, Circumstance, tried
from tests.live import live
from tests.sites import a_program

pytestmark = pytest.mark.browser
WORDS = "Samen naar de weekmarkt. Ik loop met een rollator."
ONWARD = "main form .btn:not(.bare):not(.sm)"


@pytest.fixture(scope="module")
def stage(
    browser: Browser,
    circumstance: Circumstance,
    new_database: Callable[[], Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """The program with its worker and mailbox, once for all expectations in one circumstance."""
    with new_database() as database, live(database, tmp_path_factory.mktemp("expectations")) as site:
        program = a_program(database.app_url, pool_size=2)
        with program.transaction() as session:
            a_member_of_staff(database, session)
        with as_owner(database.owner_url) as owner:
            owner.execute(text("UPDATE municipality SET broker_name = 'Marja', phone = '+31402834567'"))
        yield Stage(browser, site, program, database, circumstance)
        program.close()


@pytest.fixture
def visitor(stage: Stage, circumstance: Circumstance) -> Iterator[Callable[[], Page]]:
    """Makes somebody who did not sign in."""
    made: list[BrowserContext] = []

    def new() -> Page:
        page = circumstance.opened(stage.browser, stage.site.address)
        made.append(page.context)
        return page

    yield new
    for context in made:
        context.close()


def somebody(stage: Stage, make: Callable[[Any], Actor]) -> Person:
    """Somebody new with a browser."""
    with stage.program.transaction() as session:
        actor = make(session)
    return Person(stage, actor)


def onward(page: Page) -> None:
    """The page's one button, and what comes of it: the next page has such a button too."""
    with page.expect_navigation():
        page.locator(ONWARD).first.click()


def asks(page: Page, words: str = WORDS, postcode: str = "5664 HJ") -> None:
    """From the first page to the last screen."""
    page.goto("/")
    page.fill("textarea", words)
    with page.expect_navigation():
        page.get_by_role("button", name="Vraag hulp").click()
    page.check("input[name=thema][value=samen]")
    onward(page)
    onward(page)
    page.fill("input[name=postcode]", postcode)
    onward(page)


@tried(SCRIPTED, with_scripts_because="a list that follows the words while one writes")
def test_what_one_writes_is_recognised_while_writing(visitor: Callable[[], Page]) -> None:
    page = visitor()
    page.goto("/")
    page.locator("textarea").press_sequentially("Wie wil mijn ramen lappen")
    page.get_by_label("Klussen in huis").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Vraag hulp").click()
    assert page.locator("input[value='klussen-in-huis']").is_checked()


def requests_called(stage: Stage, title: str) -> int:
    """How many there are."""
    with as_owner(stage.database.owner_url) as owner:
        found = owner.execute(
            text("SELECT count(*) FROM help_request WHERE title = :title"), {"title": title}
        )
        return int(found.scalar_one())


def words_of(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def first_screen_holds(it: Locator, height: int) -> bool:
    """Whether it stands there without scrolling."""
    box = it.first.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= height


@tried(PHONE)
def test_home_asks_one_question_with_one_main_button_on_the_first_screen(
    visitor: Callable[[], Page], circumstance: Circumstance
) -> None:
    page, height = visitor(), circumstance.viewport["height"]
    page.goto("/")
    question = page.get_by_role("heading", name="Waar kunt u hulp bij gebruiken?")
    assert first_screen_holds(question, height)
    main = page.locator("main .btn:not(.alt):not(.bare):not(.sm)")
    assert [each.inner_text().strip() for each in main.all()] == ["Vraag hulp"]
    assert first_screen_holds(main, height)


@tried(PHONE)
def test_the_number_of_the_local_helper_is_on_every_page_on_errors_too(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    page = visitor()
    for path, status in (("/", 200), ("/bestaat-niet", 404), ("/inloggen/link?t=x", 200), ("/status", 200)):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, path
        assert page.locator("a[href^='tel:']").count() >= 1, path
    page.goto("/")
    page.context.clear_cookies()  # the form is one of nobody's
    page.fill("textarea", WORDS)
    with page.expect_navigation():
        page.get_by_role("button", name="Vraag hulp").click()
    assert page.get_by_role("heading", level=1, name="Deze pagina was te lang open").count() == 1
    assert page.locator("a[href^='tel:']").count() >= 1


@tried(PHONE)
def test_asking_takes_five_screens_of_one_question_each_and_no_account_before_the_last(
    visitor: Callable[[], Page],
) -> None:
    page = visitor()
    page.goto("/hulpvragen/nieuw")
    for step in range(1, 6):
        assert f"Stap {step} van 5" in words_of(page)
        assert page.locator("h1").count() == 1
        about_oneself = page.locator("input[name=voornaam], input[name=email], input[name=telefoon]").count()
        assert bool(about_oneself) is (step == 5), step
        if step == 1:
            page.fill("textarea", WORDS)
        if step == 2:
            page.check("input[name=thema][value=samen]")
        if step == 4:
            page.fill("input[name=postcode]", "5664 HJ")
        if step < 5:
            onward(page)


@tried(PHONE)
def test_back_never_loses_typed_text_and_reloading_a_step_posts_once(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    page = visitor()
    title = "Een lamp ophangen in de gang"
    asks(page, title)
    page.fill("#veld-voornaam", "Ria")
    page.fill("#veld-telefoon", "06-12345678")
    with page.expect_navigation():
        page.get_by_role("button", name="Vorige vraag").click()
    assert page.input_value("input[name=postcode]") == "5664 HJ"
    page.reload()
    assert page.input_value("input[name=postcode]") == "5664 HJ"
    onward(page)
    assert page.input_value("#veld-voornaam") == "Ria"
    onward(page)
    assert "Uw vraag is binnen" in words_of(page)
    page.reload()
    page.go_back()
    page.reload()
    assert requests_called(stage, title) == 1


@tried(SCRIPTED)
def test_an_error_is_said_on_top_with_links_gets_the_focus_stands_at_its_field_and_keeps_what_was_typed(
    visitor: Callable[[], Page],
) -> None:
    page = visitor()
    asks(page, postcode="56")
    summary = page.locator(".note.bad")
    assert "bijvoorbeeld 5664 HJ" in summary.inner_text()
    assert page.input_value("input[name=postcode]") == "56"
    assert "Vul" in page.locator("#fout-postcode").inner_text()
    assert page.locator("input[name=postcode]").get_attribute("aria-invalid") == "true"
    assert page.evaluate("document.activeElement.matches('.note.bad')")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "postcode"
    assert page.title().startswith("Kijk dit na")


@tried(PHONE)
def test_a_postcode_and_a_telephone_number_may_be_written_in_any_way_and_days_have_names(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    numbers = set()
    for postcode, phone in (
        ("5664hj", "06-12345678"), ("5664 HJ", "0031612345678"), ("5664-hj", "+31 6 12 34 56 78"),
    ):  # fmt: skip
        page = visitor()
        title = f"De heg knippen {postcode}"
        page.goto("/hulpvragen/nieuw")
        page.fill("textarea", title)
        onward(page)
        page.check("input[name=thema][value=samen]")
        onward(page)
        assert page.get_by_label("Vandaag").count() == 1
        page.get_by_label("Deze week").check()
        onward(page)
        page.fill("input[name=postcode]", postcode)
        onward(page)
        page.fill("#veld-voornaam", "Ria")
        page.fill("#veld-telefoon", phone)
        onward(page)
        assert "Uw vraag is binnen" in words_of(page)
        with as_owner(stage.database.owner_url) as owner:
            row = owner.execute(
                text(
                    "SELECT c.postcode, c.phone FROM contact c"
                    " JOIN help_request h USING (person_id) WHERE h.title = :title"
                ),
                {"title": title},
            )
            numbers.add(tuple(row.one()))
    assert len(numbers) == 1


@tried(PHONE)
def test_before_sending_one_reads_what_others_see_and_the_public_page_lacks_the_rest(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    with stage.program.transaction() as session:
        ria = a_person(
            session,
            achternaam="Verborgen",
            telefoon="06 12349999",
            huisnummer="137",
            email="ria9@voorbeeld.nl",
        )
        row = a_request(session, ria, titel="Samen naar het concert")
    page = visitor()
    asks(page)
    seen = words_of(page)
    for said in (
        "Dit zien anderen van u",
        "Dit zien anderen niet",
        "uw achternaam",
        "uw adres en huisnummer",
    ):
        assert said in seen, said
    page.goto(f"/hulpvragen/{row.id}")
    assert "Samen naar het concert" in words_of(page)
    assert "Ria" in words_of(page)
    assert not [each for each in ("Verborgen", "12349999", "12 34 99 99", "ria9@") if each in page.content()]
    assert not [each for each in ("137", "5664") if each in words_of(page)]


@tried(PHONE)
def test_after_sending_one_reads_what_happens_next_when_and_who_and_the_mail_says_the_same(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    page = visitor()
    asks(page, "Samen naar de bibliotheek")
    page.fill("#veld-voornaam", "Wil")
    page.fill("#veld-email", "wil@voorbeeld.nl")
    onward(page)
    page.goto(stage.site.link_for("wil@voorbeeld.nl"))
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()
    seen = words_of(page)
    number = re.search(r"K7-\d+", seen)
    assert number
    assert "Marja" in seen
    assert re.search(r"(maandag|dinsdag|woensdag|donderdag|vrijdag|vandaag|morgen|overmorgen)", seen)
    assert "Wij zoeken iemand" in seen or "Wij lezen uw vraag" in seen
    page.reload()
    assert number.group() in words_of(page)


@tried(PHONE)
def test_a_status_has_a_name_and_a_date_and_being_late_is_said(stage: Stage) -> None:
    ria = somebody(stage, a_person)
    with stage.program.transaction() as session:
        row = a_request(session, act(session, ria.actor), titel="De vijver schoonmaken")
        row_id = row.id
    ria.visit(f"/mijn/vragen/{row_id}")
    seen = words_of(ria.page)
    assert "in behandeling" not in seen.lower()
    assert "Wie heeft het" in seen
    assert "Marja" in seen
    assert ria.page.locator("main time, main .t").count() > 0
    stage.travel(timedelta(days=8))
    ria.sign_in()
    ria.visit(f"/mijn/vragen/{row_id}").reads("Wij zijn te laat. Dat spijt ons.")


@tried(SCRIPTED)
def test_signing_in_by_a_link_or_a_pasted_code_asks_no_puzzle(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    with stage.program.transaction() as session:
        a_person(session, first_name="Els", email="els@voorbeeld.nl")
    page = visitor()
    page.goto("/inloggen?next=/mijn/gegevens")
    page.fill("input[name=email]", "els@voorbeeld.nl")
    page.click("main form[action='/inloggen'] button")
    page.wait_for_selector("input[name=code]")
    stage.site.link_for("els@voorbeeld.nl")
    mail = stage.site.mails_to("els@voorbeeld.nl")[-1]
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    body = bytes(plain.get_payload(decode=True)).decode()
    code = re.search(r"\b\d{3} ?\d{3}\b", body)
    assert code
    assert page.locator("img, canvas, iframe").count() == 0
    page.focus("input[name=code]")
    page.evaluate(
        "code => document.activeElement.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true}))"
        " && document.execCommand('insertText', false, code)",
        code.group(),
    )
    page.click("main form[action='/inloggen/code'] button")
    page.wait_for_url("**/mijn/gegevens")


@tried(PHONE)
def test_a_daughter_asks_for_her_mother_whose_yes_is_kept_and_shown(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    karin = somebody(stage, lambda session: a_person(session, first_name="Karin", postcode="5708 AB"))
    page = karin.visit("/hulpvragen/nieuw").page
    page.fill("textarea", "Samen naar de kapper")
    onward(page)
    page.check("input[name=thema][value=samen]")
    onward(page)
    onward(page)
    page.get_by_label("Voor iemand anders").check()
    karin.type("Voornaam van de ander", "Greet").type("Postcode van de ander", "5664 HJ")
    karin.type("E-mailadres van de ander", "greet@voorbeeld.nl")
    page.get_by_label("De ander weet dat ik dit vraag").check()
    onward(page)
    assert "Dit zien anderen van Greet" in words_of(page)
    onward(page)
    karin.reads("Eerst vragen wij Greet", "Wij zoeken nog niemand.")
    assert requests_called(stage, "Samen naar de kapper") == 0

    greet = visitor()
    greet.goto(stage.site.link_for("greet@voorbeeld.nl", path="/namens/toestemming"))
    assert "Alleen u kiest wie er komt" in words_of(greet)
    with greet.expect_navigation():
        greet.get_by_role("button", name="Ja, dat vind ik goed").click()
    assert "Karin mag voor u hulp vragen" in words_of(greet)
    assert requests_called(stage, "Samen naar de kapper") == 1

    karin.visit("/mijn/namens").reads("Greet", "Ga verder voor Greet")
    with as_owner(stage.database.owner_url) as owner:
        kept = owner.execute(
            text(
                "SELECT r.consent_at IS NOT NULL, a.first_name, h.id FROM help_request h"
                " JOIN representation r ON r.represented_id = h.person_id"
                " JOIN person a ON a.id = h.author_id WHERE h.title = 'Samen naar de kapper'"
            )
        ).one()
    assert (kept[0], kept[1]) == (True, "Karin")
    with page.expect_navigation():
        page.locator("main form[action$='/verder'] button").first.click()
    karin.visit(f"/mijn/vragen/{kept[2]}").reads("Karin vroeg dit voor Greet")


@tried(PHONE)
def test_withdrawing_takes_two_clicks_and_says_what_happens_with_what_one_wrote(stage: Stage) -> None:
    ria = somebody(stage, a_person)
    with stage.program.transaction() as session:
        row = a_request(session, act(session, ria.actor), titel="De schuur opruimen")
    ria.visit(f"/mijn/vragen/{row.id}").follow("Ik stop mijn vraag")
    ria.reads("Over 30 dagen wissen wij wat u schreef.", "Anderen zien uw vraag meteen niet meer.")
    ria.press("Ja, stop mijn vraag")
    ria.reads("Door u gestopt")
    ria.context.clear_cookies()  # as others come by
    assert (ria.page.goto(f"/hulpvragen/{row.id}") or ria.page).status in (404, 410)  # type: ignore[union-attr]


@tried(SCRIPTED)
def test_the_whole_way_goes_by_keyboard_with_the_focus_in_sight_and_the_skip_link_first(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    page = visitor()
    page.goto("/hulpvragen/nieuw")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    title = "Een brief voorlezen"
    for step in range(1, 6):
        if step == 1:
            _tab_to(page, "textarea")
            page.keyboard.type(title)
        if step == 2:
            _tab_to(page, "input[name=thema]")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        if step == 4:
            _tab_to(page, "input[name=postcode]")
            page.keyboard.type("5664HJ")
        if step == 5:
            _tab_to(page, "input[name=voornaam]")
            page.keyboard.type("Ria")
            _tab_to(page, "input[name=telefoon]")
            page.keyboard.type("0612345678")
        _tab_to(page, ONWARD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert "Uw vraag is binnen" in words_of(page)
    assert requests_called(stage, title) == 1


def _tab_to(page: Page, wanted: str) -> None:
    """With the tabulator alone; whatever has the focus on the way is in sight, and marked."""
    for _ in range(90):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """wanted => {
          const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
          const label = here.closest('.tile, .pick-one, .sw') ?? here;
          const marked = style.outlineStyle !== 'none' || getComputedStyle(label).outlineStyle !== 'none'
            || getComputedStyle(label).boxShadow !== 'none';
          if (here === document.body) return {there: false, fault: ''};
          const seen = (box.bottom > 0 && box.top < innerHeight);
          return {there: here.matches(wanted), fault: marked && seen ? '' : here.outerHTML.slice(0, 120)};
        }""",
            wanted,
        )
        assert at["fault"] == "", at
        if at["there"]:
            return
    raise AssertionError(f"never came to {wanted}")


@tried(SCRIPTED)
def test_the_first_page_is_under_a_hundred_kilobytes_from_our_own_host_and_soon_there_on_a_slow_line(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    page = visitor()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000,
    })  # fmt: skip
    sizes: dict[str, int] = {}
    line.on("Network.loadingFinished", lambda it: sizes.__setitem__(it["requestId"], it["encodedDataLength"]))
    asked: set[str] = set()
    page.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
    page.goto("/", wait_until="commit")
    expect(page.get_by_role("heading", name="Waar kunt u hulp bij gebruiken?")).to_be_visible(timeout=8_000)
    page.wait_for_load_state("networkidle")
    assert 10_000 < sum(sizes.values()) < 100_000
    assert asked == {stage.site.address}


@tried(WIDE)
def test_a_volunteer_reads_the_nearest_fitting_requests_with_kilometres_and_why_first_and_the_map_with_the_same(
    stage: Stage,
) -> None:
    tonnie = somebody(stage, lambda session: a_helper(session)[0])
    with stage.program.transaction() as session:
        for postcode, title in (("5664 HJ", "Koffie in de tuin"), ("5708 AB", "Koffie in Helmond")):
            a_request(session, a_person(session, postcode=postcode), titel=title)
    tonnie.visit("/helpen").reads("Koffie in de tuin", "km")
    cards = tonnie.page.locator("main ol > li")
    near, far = (cards.filter(has_text=title).first for title in ("Koffie in de tuin", "Koffie in Helmond"))
    for card in (near, far):
        assert re.search(r"\d km", card.inner_text())
        assert card.locator(".why li").count() >= 1
    order = [card.inner_text() for card in cards.all()]
    assert order.index(near.inner_text()) < order.index(far.inner_text())
    numbers = {each.inner_text().split()[-1] for each in cards.locator(".pin1").all()}
    drawn = {
        number for each in tonnie.page.locator("#kaart .pint").all_text_contents() for number in each.split()
    }
    together = sum(int(number) for number in drawn if number.startswith("+"))  # of one place, on one pin
    alone = {number for number in drawn if not number.startswith("+")}
    assert alone <= numbers
    assert len(alone) + together == len(numbers) > 0
    follows = (
        "document.querySelector('main ol').compareDocumentPosition(document.querySelector('#kaart')) & 4"
    )
    assert tonnie.page.evaluate(follows) == 4


@tried(PHONE)
def test_one_offers_in_three_taps_says_no_with_a_reason_without_penalty_and_a_pause_stops_the_list(
    stage: Stage,
) -> None:
    with stage.program.transaction() as session:
        asker = a_person(session, first_name="Nel")
        titles = ("Een taart bakken", "De vogels voeren")
        rows = [a_request(session, asker, titel=title) for title in titles]
    tonnie = somebody(stage, lambda session: a_helper(session)[0])
    taps = 0
    tonnie.visit("/helpen").follow(titles[0])
    taps += 1
    tonnie.press("Ik kan helpen")
    taps += 1
    tonnie.reads("U zei ja")
    assert taps <= 3
    assert rows
    tonnie.visit("/helpen")
    tonnie.page.check("#veld-pauze")
    tonnie.press("Bewaar")
    tonnie.reads("U heeft pauze.", "Wij sturen u niets.")
    assert tonnie.page.locator("main ol > li").count() == 0


@tried(SCRIPTED, with_scripts_because="the number beside the slider follows the finger")
def test_a_request_from_the_next_municipality_is_labelled_can_be_switched_off_and_how_far_has_a_number(
    stage: Stage,
) -> None:
    with stage.program.transaction() as session:
        a_request(session, a_person(session, postcode="5708 AB"), titel="Vissen aan het kanaal")
    tonnie = somebody(stage, lambda session: a_helper(session)[0])
    tonnie.visit("/helpen").reads("Vissen aan het kanaal", "uit Helmond")
    slider = tonnie.page.locator("#veld-hoeVerKm")
    slider.focus()
    before = tonnie.page.locator("output[for='veld-hoeVerKm']").inner_text()
    tonnie.page.keyboard.press("ArrowLeft")
    after = tonnie.page.locator("output[for='veld-hoeVerKm']").inner_text()
    assert re.fullmatch(r"\d+ km", after)
    assert after != before
    tonnie.page.uncheck("#veld-buurgemeenten")
    with tonnie.page.expect_navigation():
        tonnie.press("Bewaar")
    assert "Vissen aan het kanaal" not in words_of(tonnie.page)


@tried(PHONE)
def test_a_needed_check_is_said_before_one_offers_with_steps_and_state(stage: Stage) -> None:
    with stage.program.transaction() as session:
        row = a_request(
            session, a_person(session), titel="Een brief invullen", categorie="post-formulieren-en-toeslagen"
        )
        row_id = row.id
    tonnie = somebody(
        stage, lambda session: a_helper(session, categorieen=["post-formulieren-en-toeslagen"])[0]
    )
    tonnie.visit(f"/hulpvragen/{row_id}").reads(
        "Wat hiervoor nodig is", "nog niet gezien", "Niemand anders ziet uw papieren."
    )
    assert tonnie.page.get_by_role("button", name="Ik kan helpen").count() == 0


@tried(PHONE)
def test_after_help_one_tap_says_it_happened_and_both_see_the_same_line(stage: Stage) -> None:
    with stage.program.transaction() as session:
        ria, (tonnie, _) = a_person(session, first_name="Ria"), a_helper(session, minutenPerWeek=2400)
        row = a_request(session, act(session, ria), titel="De planten water geven")
        proposal = a_willing_helper(session, ria, tonnie, row)
        proposal_id = proposal.id
    asker, helper = Person(stage, ria), Person(stage, tonnie)
    _agree_and_wait(stage, asker, row.id, proposal_id)
    for person in (asker, helper):
        person.sign_in()
    for person, button in ((helper, "Het is gebeurd"), (asker, "Ja, dit klopt")):
        person.visit("/mijn/afspraken").page.locator("main").get_by_role("button", name=button).first.click()
    asker.visit("/mijn/roosjes").reads("De planten water geven", "1 uur", "Tonnie")
    helper.visit("/mijn/roosjes").reads("De planten water geven", "1 uur", "Ria")


@tried(PHONE)
def test_ones_own_agenda_has_a_secret_address_that_a_phone_reads_by_itself(stage: Stage) -> None:
    with stage.program.transaction() as session:
        ria, (tonnie, _) = a_person(session, first_name="Ria"), a_helper(session, minutenPerWeek=2400)
        row = a_request(session, act(session, ria), titel="De planten water geven")
        proposal = a_willing_helper(session, ria, tonnie, row)
        agree.agree(session, act(session, ria), proposal.id, an_appointment(session))
    asker = Person(stage, ria).visit("/mijn/agenda/adres")

    asker.page.get_by_role("button", name="Maak het adres").click()
    address = asker.page.get_by_label("Of zet dit adres in uw agenda").input_value()
    asker.context.clear_cookies()
    feed = asker.context.request.get(address)

    assert feed.headers["content-type"].startswith("text/calendar")
    assert "Tonnie" in feed.text()
    assert "planten" not in feed.text()


def fits_and_is_told_in_order(page: Page) -> None:
    """In letters twice as large: nothing sticks out, nothing covers the button, all is named and told as it is seen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    buttons = page.locator("main .btn:not(.sm)")
    if buttons.count():
        buttons.last.click(trial=True)
    told = page.locator("body").aria_snapshot()
    assert (
        re.findall(r"- (?:textbox|radio|checkbox|slider|combobox|button|link)(?::|$)", told, re.MULTILINE)
        == []
    )
    main = told[told.index("- main:") :]
    title = main.index("- heading")
    assert "[level=1]" in main[title:].partition("\n")[0], page.url
    asked = re.search(r"- (?:textbox|radio|checkbox|slider)", main)
    assert asked is None or title < asked.start() < main.rindex("- button"), page.url


@tried(LARGE)
def test_from_asking_to_thanks_all_goes_in_large_letters_in_the_dark_on_a_slow_line(
    visitor: Callable[[], Page], stage: Stage
) -> None:
    page = visitor()
    page.goto("/hulpvragen/nieuw")
    filled = (
        ("textarea", "De kat eten geven"),
        ("thema", ""),
        ("", ""),
        ("input[name=postcode]", "5664 HJ"),
        ("", ""),
    )
    for field, words in filled:
        fits_and_is_told_in_order(page)
        if field == "thema":
            page.check("input[name=thema][value=samen]")
        elif field:
            page.fill(field, words)
        else:
            for name, value in (("voornaam", "Ria"), ("telefoon", "06-12345678")):
                if page.locator(f"#veld-{name}").count():
                    page.fill(f"#veld-{name}", value)
        onward(page)
    assert "Uw vraag is binnen" in words_of(page)
    fits_and_is_told_in_order(page)

    pair = a_pair(stage)
    pair.later(timedelta(days=4))
    pair.opened_by(pair.helper).press("Het is gebeurd")
    ria = Person(stage, pair.asker.actor)
    for path in (f"/mijn/vragen/{pair.request_id}", "/mijn", "/mijn/afspraken"):
        fits_and_is_told_in_order(ria.visit(path).page)
    with ria.page.expect_navigation():
        ria.page.locator("main").get_by_role("button", name="Ja, dit klopt").first.click()
    fits_and_is_told_in_order(ria.page)
    with ria.page.expect_navigation():
        ria.follow("Bedanken")
    fits_and_is_told_in_order(ria.page)
    ria.type("Uw bedankje", "Fijn dat u er was")
    with ria.page.expect_navigation():
        ria.press("Stuur het bedankje")
    fits_and_is_told_in_order(ria.page)
    pair.helper.is_told("U kreeg een bedankje").reads("Fijn dat u er was")


@tried(SCRIPTED)
def test_helping_goes_by_keyboard_alone_from_signing_up_to_a_yes(stage: Stage) -> None:
    with stage.program.transaction() as session:
        title = "Samen naar het kerkhof"
        request_id = a_request(session, a_person(session, first_name="Nel"), titel=title).id
    page = somebody(stage, a_person).page
    page.goto("/helpen/aanmelden")
    for step in range(1, 4):
        if step == 1:
            _tab_to(page, "input[type=checkbox][value=samen]")
            page.keyboard.press("Space")
        _tab_to(page, ONWARD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.goto("/helpen")
    for wanted in (f"main a[href^='/hulpvragen/{request_id}']", "main button.btn.full"):
        _tab_to(page, wanted)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert "U zei ja" in words_of(page)


def _agree_and_wait(stage: Stage, asker: Person, request_id: Any, proposal_id: Any) -> None:
    with stage.program.transaction() as session:
        agree.agree(session, act(session, asker.actor), proposal_id, an_appointment(session))
    stage.travel(timedelta(days=4))


@tried(SCRIPTED, with_scripts_because="a page that was read without them cannot count")
def test_a_session_that_is_about_to_end_is_said_in_time(stage: Stage) -> None:
    ria = somebody(stage, a_person)
    ria.page.clock.install()
    ria.visit("/mijn/gegevens")
    assert ria.page.locator("body").get_attribute("data-ends")
    ria.page.clock.fast_forward("23:40:00")
    assert ria.page.locator("[data-part='ends']").count() == 0
    ria.page.clock.fast_forward("00:15:00")
    assert ria.page.locator("[data-part='ends']").is_visible()


@tried(WIDE)
def test_one_signs_out_on_a_wide_screen_too(stage: Stage) -> None:
    ria = somebody(stage, a_person)
    ria.visit("/mijn").page.locator("header details.menu summary").click()
    ria.page.locator("header").get_by_role("button", name="Uitloggen").click()
    ria.visit("/mijn")
    assert "/inloggen" in ria.page.url
