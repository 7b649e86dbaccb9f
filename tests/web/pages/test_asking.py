"""Asking for help as a visitor does, without JavaScript and without an account."""

from collections.abc import Callable

import pytest

from app.db import Database as Program
from app.help_requests import service as help_requests
from app.moderation.conditions import Queue
from app.moderation.queues import board
from app.places.service import municipality
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person, act
from tests.databases import Database
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
START = "/hulpvragen/nieuw"
TEXT = "Samen naar de weekmarkt. Ik loop met een rollator en ga graag weer eens."
WHO = {"voornaam": "Ria", "achternaam": "van Dinther", "telefoon": "06-12345678"}


def four_screens(visitor: Visit, **where: object) -> Visit:
    """Answer everything but the last screen."""
    visitor.get("/").post(START, tekst=TEXT, knop="begin")
    visitor.post(f"{START}/soort", thema="samen")
    visitor.post(f"{START}/wanneer", wanneer="dagdelen", tijden=["4"], hoeVaak="eenmalig", minuten="120",
                 aantalHelpers="1")  # fmt: skip
    return visitor.post(
        f"{START}/waar",
        **{"postcode": "5664hj", "hoeVerKm": "15", "zichtbaarVoor": "iedereen", "talen": ["0"], **where},
    )


def test_a_visitor_asks_by_phone_in_five_screens(visit: Browsers) -> None:
    visitor = visit().get("/")
    visitor.post(START, tekst=TEXT, knop="begin")
    assert visitor.path == f"{START}/soort"
    assert visitor.says("Stap 2 van 5")
    visitor.post(f"{START}/soort", thema="samen")
    assert visitor.says("Stap 3 van 5")
    visitor.post(
        f"{START}/wanneer", wanneer="maakt-niet-uit", hoeVaak="eenmalig", minuten="60", aantalHelpers="1"
    )
    assert visitor.says("Stap 4 van 5")
    visitor.post(f"{START}/waar", postcode="5664-hj", hoeVerKm="15", zichtbaarVoor="iedereen", talen=["0"])
    assert visitor.says("Stap 5 van 5")
    assert visitor.says("Dit zien anderen niet")

    visitor.post(f"{START}/versturen", **WHO)

    assert visitor.says("Uw vraag is binnen")
    assert visitor.says("K7-001")
    row = visitor.rows("SELECT title, body, status, minutes FROM help_request")[0]
    assert (row.title, row.status) == ("Samen naar de weekmarkt", "submitted")
    assert row.body == "Ik loop met een rollator en ga graag weer eens."


@pytest.mark.parametrize(
    ("degree", "told"), [(1, "Vonden wij"), (2, "leest uw vraag"), (3, "leest uw vraag")]
)
def test_what_somebody_asks_who_never_signed_in_waits_until_we_read_it(
    visit: Browsers, program: Program, fresh_database: Database, degree: int, told: str
) -> None:
    visitor = visit()
    visitor.rows(f"UPDATE municipality SET mediation = {degree} RETURNING id")
    four_screens(visitor)
    assert visitor.says("leest uw vraag")
    assert visitor.says("Anders pas als wij u spraken") == (degree < 3)
    visitor.post(f"{START}/versturen", **WHO)
    assert visitor.says("Wij lezen hem en bellen u")
    for path in ("/", "/hulpvragen"):
        assert not visitor.get(path).says("Samen naar de weekmarkt")
    with program.transaction() as session:
        desk = a_member_of_staff(fresh_database, session)
    with program.transaction() as session:
        act(session, desk)
        (waiting,) = board(session, desk, municipality(session, GELDROP_MIERLO), Queue.NEW).entries
        help_requests.release(session, desk, waiting.help_request.id)
    assert visitor.get("/").says("Samen naar de weekmarkt")
    with program.transaction() as session:
        known = a_person(session)
    signed = visit().sign_in(program, known)
    four_screens(signed, voorWie="mij")
    assert signed.says(told)
    assert signed.says("Anderen zien uw vraag meteen.") == (degree < 3)


def in_our_category(visitor: Visit, rule: str) -> None:
    """The municipality takes up what these four screens ask for in one of its rules."""
    visitor.rows(
        f"UPDATE municipality SET {rule} = ARRAY(SELECT number FROM category WHERE slug = 'samen-op-pad')"
        " WHERE id = 1771 RETURNING id"
    )


@pytest.mark.parametrize("known", [False, True])
def test_where_this_is_paid_work_the_last_screen_says_so_and_nobody_is_asked_unpaid(
    visit: Browsers, program: Program, known: bool
) -> None:
    asker = visit()
    if known:
        with program.transaction() as session:
            ria = a_person(session)
        asker.sign_in(program, ria)
    in_our_category(asker, "paid_only")
    four_screens(asker, **({"voorWie": "mij"} if known else {}))
    assert asker.says("U betaalt ervoor.")
    asker.post(f"{START}/versturen", **({} if known else WHO))
    assert [row.kind for row in asker.rows("SELECT kind FROM help_request")] == ["betaald"]


@pytest.mark.parametrize("known", [False, True])
def test_where_this_is_not_asked_here_one_reads_whom_to_call_and_nothing_is_lost(
    visit: Browsers, program: Program, known: bool
) -> None:
    asker = visit()
    if known:
        with program.transaction() as session:
            ria = a_person(session)
        asker.sign_in(program, ria)
    in_our_category(asker, "closed_categories")
    four_screens(asker, **({"voorWie": "mij"} if known else {}))
    asker.post(f"{START}/versturen", **({} if known else WHO))
    assert asker.status == 422
    assert asker.says("Deze hulp loopt in uw gemeente niet via deze site. Bel ons")
    assert asker.says("Samen naar de weekmarkt")
    assert known or 'value="Ria"' in asker.page
    assert asker.rows("SELECT 1 FROM help_request") == []


def test_nothing_is_asked_about_the_person_before_the_last_screen(visit: Browsers) -> None:
    visitor = visit().get(START)
    seen = [visitor.page]
    for path, typed in (("", {"tekst": TEXT}), ("/soort", {"thema": "samen"}), ("/wanneer", {})):
        seen.append(visitor.post(START + path, **typed).page)
    assert not any(
        name in page for page in seen for name in ('name="voornaam"', 'name="telefoon"', 'name="email"')
    )


def test_the_words_choose_the_theme_beforehand(visit: Browsers) -> None:
    visitor = visit().get(START).post(START, tekst="Ik zoek iemand om de ramen lappen te doen")
    assert 'value="klus" checked' in visitor.page
    assert 'value="klussen-in-huis" checked' in visitor.page


def test_what_is_to_be_mended_is_listed_as_one_meets_it(visit: Browsers) -> None:
    visitor = four_screens(visit()).post(f"{START}/versturen", voornaam="", telefoon="12")
    assert visitor.status == 422
    assert visitor.page.index('href="#veld-voornaam"') < visitor.page.index('href="#veld-telefoon"')


def test_an_error_keeps_what_was_typed_and_says_what_to_do(visit: Browsers) -> None:
    visitor = four_screens(visit())
    visitor.post(f"{START}/versturen", voornaam="Ria", achternaam="O'Brien", telefoon="12")
    assert visitor.status == 422
    assert visitor.says("Vul uw nummer in, bijvoorbeeld 06 12 34 56 78.")
    assert 'href="#veld-telefoon"' in visitor.page
    assert 'value="O\'Brien"' in visitor.page
    assert 'value="12"' in visitor.page
    assert visitor.page.index('role="alert"') < visitor.page.index("<h1")


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("", {"tekst": " "}, "Schrijf in een paar woorden waar u hulp bij kunt gebruiken."),
        ("/soort", {}, "Kies waar het over gaat."),
        ("/soort", {"thema": "brieven"}, "Kies ook wat het meest lijkt op wat u zoekt."),
        ("/wanneer", {"wanneer": "dag"}, "Vul de dag in, bijvoorbeeld 3-12-2026."),
        ("/wanneer", {"wanneer": "dag", "datum": "1-2-2020"}, "Kies een dag vanaf vandaag."),
        ("/wanneer", {"wanneer": "dagdelen"}, "Kies ten minste één dagdeel."),
        ("/waar", {"postcode": "56"}, "Vul uw postcode in, bijvoorbeeld 5664 HJ."),
        ("/waar", {}, "Vul uw postcode in, bijvoorbeeld 5664 HJ."),
        ("/waar", {"postcode": "1012 AB"}, "Deze postcode ligt niet in ons gebied. Kijk hem na, of bel ons."),
    ],
)
def test_each_screen_says_what_to_mend(
    visit: Browsers, path: str, typed: dict[str, str], sentence: str
) -> None:
    visitor = four_screens(visit())
    visitor.post(START + path, **typed)
    assert visitor.status == 422
    assert visitor.says(sentence)


def test_back_never_loses_what_was_typed(visit: Browsers) -> None:
    visitor = four_screens(visit())
    assert TEXT in visitor.get(START).page
    assert 'value="5664hj"' in visitor.get(f"{START}/waar").page
    assert 'value="4" checked' in visitor.get(f"{START}/wanneer").page


@pytest.mark.parametrize(
    ("screen", "before", "typed"),
    [
        (
            "wanneer",
            "soort",
            {"wanneer": "dag", "datum": "31 februari", "minuten": "60", "tijd": "kwart over"},
        ),
        ("waar", "wanneer", {"postcode": "56", "hoeVerKm": "15", "talen": ["0"], "vaardigheden": ["2"]}),
        (
            "versturen",
            "waar",
            {"voornaam": "R" * 60, "achternaam": "O'Brien", "telefoon": "12", "email": "ria@"},
        ),
    ],
)
@pytest.mark.parametrize("button", ["terug", "bewaar"])
def test_the_way_back_and_keeping_for_later_keep_also_what_is_not_right_yet(
    visit: Browsers, screen: str, before: str, typed: dict[str, str | list[str]], button: str
) -> None:
    visitor = four_screens(visit()).get(f"{START}/{screen}")
    assert 'form="vraag"' in visitor.page
    assert 'name="knop" value="terug"' in visitor.page

    visitor.post(f"{START}/{screen}", knop=button, **typed)

    assert visitor.path == (f"{START}/{before}" if button == "terug" else f"{START}/bewaard")
    visitor.get(f"{START}/{screen}")
    for name in typed.keys() & {"datum", "tijd", "postcode", "voornaam", "achternaam", "telefoon", "email"}:
        assert f'value="{typed[name]}"' in visitor.page, name
    assert visitor.get(f"{START}/versturen").path in {f"{START}/{screen}", f"{START}/versturen"}
    assert visitor.rows("SELECT count(*) FROM help_request")[0][0] == 0


def test_changing_the_text_from_the_last_screen_keeps_who_one_is(visit: Browsers) -> None:
    visitor = four_screens(visit())
    visitor.post(f"{START}/versturen", knop="tekst", voornaam="Ria", telefoon="06-12345678")
    assert visitor.path == START
    visitor.post(START, tekst="Samen naar de kerk.")
    page = visitor.get(f"{START}/versturen").page
    assert 'value="Ria"' in page
    assert 'value="06-12345678"' in page
    assert "Samen naar de kerk" in page


def test_a_text_that_is_too_long_comes_back_whole(visit: Browsers) -> None:
    visitor, long = visit().get(START), "Samen naar de markt. " * 120
    visitor.post(START, tekst=long)
    assert visitor.status == 422
    assert long.strip() in visitor.page
    visitor.post(START, tekst=long, knop="bewaar")
    assert long.strip() in visitor.get(START).page


def test_a_screen_cannot_be_skipped(visit: Browsers) -> None:
    visitor = visit()
    assert visitor.get(f"{START}/versturen").path == START
    visitor.post(START, tekst=TEXT)
    assert visitor.get(f"{START}/versturen").path == f"{START}/soort"


def test_a_reload_and_a_double_press_post_once(visit: Browsers) -> None:
    visitor = four_screens(visit())
    token = visitor.csrf
    for _ in range(3):
        visitor.post(f"{START}/versturen", csrf=token, **WHO)
        assert visitor.says("Uw vraag is binnen")
    assert visitor.rows("SELECT count(*) FROM help_request")[0][0] == 1
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 1


def test_after_sending_a_new_question_begins_empty(visit: Browsers) -> None:
    visitor = four_screens(visit()).post(f"{START}/versturen", **WHO)
    assert TEXT not in visitor.get(START).page
    assert visitor.get(f"{START}/versturen").path == START


def test_what_is_unfinished_can_be_kept_for_later(visit: Browsers) -> None:
    visitor = four_screens(visit())
    visitor.post(f"{START}/versturen", voornaam="Ria", knop="bewaar")
    assert visitor.says("Wij bewaarden wat u schreef")
    assert visitor.get("/").says("U begon al aan een vraag. Ga verder.")
    assert 'value="Ria"' in visitor.get(f"{START}/versturen").page
    assert visitor.rows("SELECT count(*) FROM help_request")[0][0] == 0


def test_the_link_registers_sends_and_signs_in(visit: Browsers) -> None:
    visitor = four_screens(visit()).post(f"{START}/versturen", **WHO, email="nieuw@voorbeeld.nl")
    path = f"/inloggen/link?t={visitor.mailed_link('nieuw@voorbeeld.nl')}"

    visitor.get(path)
    assert visitor.says("U schreef: “Samen naar de weekmarkt”")
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 0
    visitor.post("/inloggen/link", t=visitor.mailed_link("nieuw@voorbeeld.nl"))

    assert visitor.path.startswith("/mijn/vragen/")
    assert visitor.says("Samen naar de weekmarkt")
    assert visitor.says("Wij zoeken iemand")
    assert visitor.rows("SELECT phone FROM contact")[0].phone == "+31612345678"


def test_a_known_address_posts_under_the_person_behind_it(visit: Browsers, program: Program) -> None:
    with program.transaction() as session:
        known = a_person(session, email="bekend@voorbeeld.nl")
    visitor = four_screens(visit()).post(f"{START}/versturen", **WHO, email="Bekend@voorbeeld.nl")
    visitor.get("/").post("/inloggen/link", t=visitor.mailed_link("bekend@voorbeeld.nl"))
    assert visitor.rows("SELECT person_id FROM help_request")[0].person_id == known.person_id
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 1


def test_pressing_twice_mails_once(visit: Browsers) -> None:
    visitor = four_screens(visit())
    token = visitor.csrf
    for _ in range(2):
        visitor.post(f"{START}/versturen", csrf=token, **WHO, email="nieuw@voorbeeld.nl")
    assert visitor.rows("SELECT count(*) FROM sign_in_link")[0][0] == 1


def test_who_is_signed_in_is_asked_no_name(visit: Browsers, program: Program) -> None:
    with program.transaction() as session:
        actor = a_person(session)
    visitor = visit().sign_in(program, actor)
    visitor.get("/").post(START, tekst=TEXT)
    visitor.post(f"{START}/soort", thema="samen")
    visitor.post(f"{START}/wanneer")
    assert visitor.says("U woont in Mierlo") or visitor.says("Dat weten wij al.")
    visitor.post(f"{START}/waar")
    assert 'name="voornaam"' not in visitor.page
    visitor.post(f"{START}/versturen")
    assert visitor.path.startswith("/mijn/vragen/")
    assert visitor.rows("SELECT count(*) FROM help_request")[0][0] == 1


def test_another_browser_cannot_send_or_read_a_draft(visit: Browsers) -> None:
    four_screens(visit())
    stranger = visit()
    assert TEXT not in stranger.get(START).page
    assert stranger.get(f"{START}/versturen").path == START


def test_what_deceives_is_refused_and_never_fails(visit: Browsers) -> None:
    visitor = visit().get(START)
    for typed in ("\0", "a\u202eb", "e" + "\u0301" * 10_000, "x" * 5000):
        visitor.post(START, tekst=typed)
        assert visitor.status == 422
    visitor.post(START, tekst="<script>alert(1)</script> {{7*7}}")
    assert visitor.status == 200
    assert "<script>alert" not in visitor.client.get(START).text


def test_nothing_of_a_form_of_another_site_is_taken(visit: Browsers) -> None:
    visitor = visit().get(START)
    for csrf in ("", "x" * 43):
        assert visitor.post(START, csrf=csrf, tekst=TEXT).status == 403
        visitor.get(START)
    visitor.client.headers["origin"] = "https://evil.example"
    assert visitor.post(START, tekst=TEXT).status == 403
    assert visitor.rows("SELECT count(*) FROM ask_draft")[0][0] == 0


def test_a_professionals_job_is_paid_work(visit: Browsers) -> None:
    visitor = visit().get(START).post(START, tekst="Ik zoek een loodgieter")
    visitor.post(f"{START}/soort", thema="klus", categorie="vakman-nodig").post(f"{START}/wanneer")
    visitor.post(f"{START}/waar", postcode="5664 HJ", buurgemeenten="true")
    assert visitor.says("Dit is werk voor een vakman.")
    visitor.post(f"{START}/versturen", **WHO)
    assert visitor.rows("SELECT kind FROM help_request")[0].kind == "betaald"


def test_municipality_cookie_follows_the_postcode(visit: Browsers) -> None:
    visitor = four_screens(visit(), postcode="5701 AA")
    assert visitor.client.cookies.get("__Host-gemeente") == "794"
    assert "Helmond" in visitor.page


def test_what_one_writes_is_recognised_while_writing_and_what_was_pressed_is_chosen(visit: Browsers) -> None:
    visitor = visit().get(START)
    said = visitor.client.get(f"{START}/lijkt-op").json()["html"]
    assert 'name="lijktOp" value="klussen-in-huis"' in said
    assert said.count("ramen lappen") == 1
    visitor.post(START, tekst="Wie kan mijn ramen lappen", lijktOp="huishoudelijke-hulp")
    assert 'value="huishoudelijke-hulp" checked' in visitor.page
    visitor.get(START).post(START, tekst="Wie kan mijn ramen lappen", lijktOp="bestaat-niet")
    assert 'value="huishoudelijke-hulp" checked' in visitor.page
