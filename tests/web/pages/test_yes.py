"""The yes to a sensitive question, as a browser meets it: asked once, kept with its text, and taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from app.access.actor import Actor
from app.db import Database as Program
from app.help_requests import service
from app.representations.models import RepresentationKind
from tests.app.factories import SENSITIVE_TEXT, a_member_of_staff, a_person, a_representation, a_request, act
from tests.app.privacy.test_ages import of_age, tomorrow
from tests.app.privacy.test_yes import new
from tests.databases import Database
from tests.web.pages.helpers import Visit
from tests.web.pages.test_representations import OTHER, acting, link_of

Browsers = Callable[[], Visit]
START = "/hulpvragen/nieuw"
TEXT = "Een middag bij mijn man, die dementie heeft"
MINE = {"hoeVerKm": "15", "zichtbaarVoor": "iedereen", "talen": "0"}
WHO = {"voornaam": "Ria", "achternaam": "O'Brien", "telefoon": "06-12345678"}
NEEDED = "Zet een vinkje bij het ja. Zonder dat ja mogen wij niet zoeken."
YES = {"jaGevoelig": str(SENSITIVE_TEXT)}
ASKS = 'name="jaGevoelig"'


def typed(visitor: Visit, *, sensitive: bool = True, **where: Any) -> Visit:
    """Everything but the last screen."""
    visitor.get(START).post(START, tekst=TEXT)
    about = ("respijt", "helpen-bij-dementie") if sensitive else ("samen", "samen-op-pad")
    visitor.post(f"{START}/soort", thema=about[0], categorie=about[1])
    visitor.post(
        f"{START}/wanneer", wanneer="maakt-niet-uit", hoeVaak="eenmalig", minuten="60", aantalHelpers="1"
    )
    visitor.post(f"{START}/waar", **{**MINE, **where})
    assert visitor.path == f"{START}/versturen", visitor.path
    return visitor


@pytest.fixture
def ria(program: Program) -> Actor:
    """A resident of Geldrop-Mierlo."""
    with program.transaction() as session:
        return a_person(session, first_name="Ria")


@pytest.fixture
def marja(program: Program, fresh_database: Database) -> Actor:
    """The makelaar there."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def test_a_visitor_ticks_it_and_what_was_typed_stays_without_the_tick(visit: Browsers) -> None:
    visitor = typed(visit(), postcode="5664 HJ")
    assert ASKS in visitor.page
    assert visitor.says("Zo'n vraag is nooit openbaar.")
    assert visitor.says("U kunt altijd nee zeggen")

    visitor.post(f"{START}/versturen", **WHO)
    assert visitor.status == 422
    assert visitor.says(NEEDED)
    assert 'value="O\'Brien"' in visitor.page
    assert visitor.rows("SELECT FROM help_request") == []
    assert visitor.rows("SELECT FROM person WHERE first_name = 'Ria'") == []

    visitor.post(f"{START}/versturen", **WHO, **YES)
    assert visitor.says("Uw vraag is binnen")
    (said,) = visitor.rows("SELECT purpose, version, way, person_id, recorded_by_id FROM consent")
    assert (said.purpose, said.version, said.way) == ("gevoelig", SENSITIVE_TEXT, "site")
    assert said.person_id == said.recorded_by_id


def test_by_mail_the_tick_counts_when_the_link_is_pressed(visit: Browsers) -> None:
    visitor = typed(visit(), postcode="5664 HJ")
    visitor.post(f"{START}/versturen", voornaam="Ria", email="ria@voorbeeld.nl", **YES)
    assert visitor.rows("SELECT FROM consent") == []
    link = visitor.mailed_link("ria@voorbeeld.nl")

    visitor.get(f"/inloggen/link?t={link}").post("/inloggen/link", t=link)

    assert [row.version for row in visitor.rows("SELECT version FROM consent")] == [SENSITIVE_TEXT]
    assert [row.status for row in visitor.rows("SELECT status FROM help_request")] == ["submitted"]


def test_nothing_is_asked_where_nothing_is_sensitive(visit: Browsers, program: Program, ria: Actor) -> None:
    browser = typed(visit().sign_in(program, ria), sensitive=False)

    assert ASKS not in browser.page


def test_given_once_it_shows_among_ones_data_is_not_asked_again_and_taken_back_pauses(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    browser = typed(visit().sign_in(program, ria))
    browser.post(f"{START}/versturen", **YES)
    browser.get("/mijn/gegevens/toestemming")
    assert browser.says(f"versie {SENSITIVE_TEXT} van deze tekst")

    typed(browser)
    assert ASKS not in browser.page
    browser.post(f"{START}/versturen")
    assert len(browser.rows("SELECT FROM help_request")) == 2

    browser.get("/mijn/gegevens/toestemming").post(
        "/mijn/gegevens/toestemming", waarvoor="gevoelig", ja="nee"
    )
    assert ASKS in typed(browser).page


def test_a_kept_question_is_sent_with_the_tick_on_its_own_page(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    with program.transaction() as session:
        id = service.draft(session, act(session, ria), new()).id
    browser = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}")
    assert ASKS in browser.page

    browser.post(f"/mijn/vragen/{id}/versturen")
    assert (browser.status, browser.says(NEEDED)) == (422, True)
    browser.post(f"/mijn/vragen/{id}/versturen", **YES)

    assert [row.status for row in browser.rows("SELECT status FROM help_request")] == ["submitted"]


def test_a_change_that_makes_it_sensitive_shows_the_tick_and_keeps_the_text(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    with program.transaction() as session:
        row = a_request(session, act(session, ria))
        id, version = row.id, row.version
    wanted = {
        "titel": "Wie past er op mijn man?", "categorie": "helpen-bij-dementie", "wanneer": "maakt-niet-uit",
        "hoeVaak": "eenmalig", "minuten": "60", "aantalHelpers": "1", "versie": str(version), **MINE,
    }  # fmt: skip
    browser = visit().sign_in(program, ria).get(f"/mijn/vragen/{id}/veranderen")
    browser.post(f"/mijn/vragen/{id}/veranderen", **wanted)
    assert (browser.status, browser.says(NEEDED), ASKS in browser.page) == (422, True, True)
    assert "Wie past er op mijn man?" in browser.page

    browser.post(f"/mijn/vragen/{id}/veranderen", **wanted, **YES)

    assert [row.title for row in browser.rows("SELECT title FROM help_request")] == [wanted["titel"]]


def test_the_makelaar_reads_it_out_and_notes_the_spoken_yes(
    visit: Browsers, program: Program, marja: Actor
) -> None:
    taken = {
        "voornaam": "Harrie", "telefoon": "0612345678", "postcode": "5664hj", "categorie": "helpen-bij-dementie",
        "titel": "Een middag bij mijn vrouw", "minuten": "60", "hoeVaak": "eenmalig", "haast": "1",
        "toestemming": "phone", **MINE,
    }  # fmt: skip
    desk = visit().sign_in(program, marja).get("/bureau/nieuwe-vraag")
    desk.post("/bureau/nieuwe-vraag", **taken, knop="lees")
    assert desk.says("Lees ook dit voor")
    assert desk.says("Harrie zegt ja")

    desk.post("/bureau/nieuwe-vraag", **taken, knop="plaats")
    assert (desk.status, desk.says(NEEDED)) == (422, True)
    assert "Een middag bij mijn vrouw" in desk.page
    assert desk.rows("SELECT FROM help_request") == []
    desk.post("/bureau/nieuwe-vraag", **taken, **YES, knop="plaats")

    ((way, recorded, status),) = desk.rows(
        "SELECT c.way, c.recorded_by_id, h.status FROM consent c JOIN help_request h USING (person_id)"
    )
    assert (way, recorded, status) == ("mondeling", marja.person_id, "open")


def test_a_contact_person_reads_that_the_other_is_asked_and_the_makelaar_ticks_it(
    visit: Browsers, program: Program, ria: Actor, marja: Actor
) -> None:
    with program.transaction() as session:
        annie = a_person(session, first_name="Annie")
        id = a_representation(session, marja, ria, annie).id
    browser = typed(acting(visit, program, ria, id), voorWie=str(id))
    assert ASKS not in browser.page
    assert browser.says("Daarom vragen wij Annie eerst of het goed is.")
    browser.post(f"{START}/versturen")
    assert browser.says("Daarom vragen wij Annie eerst of het goed is.")
    (row,) = browser.rows("SELECT id, version, status FROM help_request")
    assert row.status == "submitted"

    desk = visit().sign_in(program, marja).get(f"/bureau/zaken/{row.id}")
    assert desk.says("Annie zegt ja")
    (row,) = desk.rows("SELECT id, version FROM help_request")
    desk.post(f"/bureau/zaken/{row.id}/vrijgeven", versie=str(row.version))
    assert (desk.status, desk.says(NEEDED)) == (400, True)
    desk.post(f"/bureau/zaken/{row.id}/vrijgeven", versie=str(row.version), **YES)

    assert [one.status for one in desk.rows("SELECT status FROM help_request")] == ["open"]


@pytest.mark.parametrize(("said", "consents"), [({}, 0), (YES, 1)])
def test_somebody_new_says_yes_to_it_by_the_link_in_the_mail(
    visit: Browsers, program: Program, ria: Actor, said: dict[str, str], consents: int
) -> None:
    browser = typed(visit().sign_in(program, ria), sensitive=True, **OTHER)
    assert browser.says("Daarom vragen wij Greet eerst of het goed is.")
    browser.post(f"{START}/versturen")
    greet = visit().get(link_of(browser))
    assert ASKS in greet.page

    greet.post("/namens/toestemming", t=link_of(browser).partition("t=")[2], knop="ja", **said)

    assert len(greet.rows("SELECT FROM consent WHERE way = 'site'")) == consents
    assert [row.status for row in greet.rows("SELECT status FROM help_request")] == ["submitted"]


def test_a_makelaar_notes_both_yeses_of_somebody_who_has_no_mail(
    visit: Browsers, program: Program, ria: Actor, marja: Actor
) -> None:
    other = {name: value for name, value in OTHER.items() if name != "emailAnder"} | {
        "telefoonAnder": "0687654321"
    }
    typed(visit().sign_in(program, ria), sensitive=True, **other).post(f"{START}/versturen")
    desk = visit().sign_in(program, marja).get("/bureau/namens")
    assert desk.says("Greet zegt ja")
    (row,) = desk.rows("SELECT id FROM representation")

    desk.post(f"/bureau/namens/{row.id}/toestemming", soort="contactpersoon", hoe="mondeling", **YES)

    assert [row.way for row in desk.rows("SELECT way FROM consent")] == ["mondeling"]


def test_a_child_reads_what_to_do_and_the_parent_says_yes(
    visit: Browsers, program: Program, marja: Actor
) -> None:
    with program.transaction() as session:
        sem, parent = of_age(session, 13), a_person(session, first_name="Moeder")
        legal = RepresentationKind.LEGAL
        id = a_representation(
            session, act(session, marja), parent, sem, kind=legal, valid_until=tomorrow(session)
        ).id
    browser = typed(visit().sign_in(program, sem), sensitive=False)
    assert browser.says("Een ouder of voogd moet eerst ja zeggen. Vraag die om ons te bellen.")
    browser.post(f"{START}/versturen")
    assert browser.says("Een ouder of voogd moet eerst ja zeggen. Vraag die om ons te bellen.")
    (row,) = browser.rows("SELECT id, status, is_public FROM help_request")
    assert (row.status, row.is_public) == ("submitted", False)
    assert browser.get("/mijn/gegevens/toestemming").says("Een ouder of voogd zegt hier ja.")

    desk = visit().sign_in(program, marja).get(f"/bureau/zaken/{row.id}")
    assert desk.says("Sem is nog geen 16.")
    assert f"/bureau/zaken/{row.id}/vrijgeven" not in desk.page

    mother = acting(visit, program, parent, id).get("/mijn/namens/kind")
    for title in ("Mijn kind helpt anderen", "Mijn kind vraagt hulp", "iets over uw gezondheid"):
        assert mother.says(title), title
    mother.post("/mijn/namens/kind", waarvoor="jong-vragen", ja="ja")
    assert mother.says("U zei ja")
    (row,) = desk.rows("SELECT id, version FROM help_request")
    desk.get(f"/bureau/zaken/{row.id}").post(f"/bureau/zaken/{row.id}/vrijgeven", versie=str(row.version))

    assert [one.status for one in desk.rows("SELECT status FROM help_request")] == ["open"]


def test_in_english_it_reads_the_same(visit: Browsers, program: Program, ria: Actor) -> None:
    browser = visit().sign_in(program, ria)
    browser.client.cookies.set("__Host-taal", "en", domain="testserver.local", path="/")
    typed(browser)

    assert browser.says("Such a request is never public.")
