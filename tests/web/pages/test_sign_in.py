"""Coming in by a link in a mail, and going out."""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest

from app.db import Database as Program
from tests.app.factories import a_member_of_staff, a_person, a_request, act
from tests.databases import Database
from tests.web.pages.helpers import ORIGIN, Visit
from web.i18n import COOKIE
from web.security import SESSION_COOKIE

Browsers = Callable[[], Visit]
RIA = "ria@voorbeeld.nl"
NEXT_ATTACKS = ("//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example",
                "/%0d%0aSet-Cookie:x=1", "javascript:alert(1)", "@evil.example", "/\t/evil.example", "/%5cevil.example",
                "///evil.example", "http:/evil.example", "\\\\evil.example", "/ /evil.example")  # fmt: skip


@pytest.fixture
def ria(program: Program) -> None:
    """Somebody who is known here."""
    with program.transaction() as session:
        a_person(session, email=RIA)


def test_the_link_signs_in_under_a_new_token(visit: Browsers, ria: None) -> None:
    visitor = visit().get("/inloggen?next=/mijn/vragen").post("/inloggen", email=RIA, volgende="/mijn/vragen")
    visitor.client.cookies.set(SESSION_COOKIE, "chosen-by-somebody-else", domain="testserver.local", path="/")
    visitor.get("/inloggen/link?t=" + visitor.mailed_link(RIA))
    visitor.post("/inloggen/link", t=visitor.mailed_link(RIA))
    assert visitor.path == "/mijn/vragen"
    cookies = [one for one in visitor.client.cookies.jar if one.name == SESSION_COOKIE]
    assert all(one.value != "chosen-by-somebody-else" for one in cookies if one.domain != "testserver.local")


def test_the_cookie_is_secure_http_only_and_bound_to_the_host(visit: Browsers, ria: None) -> None:
    visitor = visit().get("/inloggen").post("/inloggen", email=RIA)
    answer = visitor.client.post(
        "/inloggen/link", data={"t": visitor.mailed_link(RIA), "csrf": visitor.get("/inloggen").csrf}
    )
    header = next(
        line for line in answer.headers.get_list("set-cookie") if line.startswith(SESSION_COOKIE + "=")
    )
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(header.split("; "))
    assert "domain" not in header.lower()


def test_opening_the_link_uses_nothing_up(visit: Browsers, ria: None) -> None:
    visitor = visit().get("/inloggen").post("/inloggen", email=RIA)
    for _ in range(3):
        assert visit().get("/inloggen/link?t=" + visitor.mailed_link(RIA)).status == 200
    visitor.get("/inloggen/link?t=" + visitor.mailed_link(RIA)).post(
        "/inloggen/link", t=visitor.mailed_link(RIA)
    )
    assert visitor.path == "/mijn"


def test_the_mail_is_written_in_the_language_of_the_page(visit: Browsers, ria: None) -> None:
    for lang in ("nl", "en"):
        visitor = visit()
        visitor.client.cookies.set(COOKIE, lang, domain="testserver.local", path="/")
        visitor.get("/inloggen").post("/inloggen", email=RIA)
        assert (
            visitor.rows("SELECT args->>'lang' AS lang FROM procrastinate_jobs ORDER BY id")[-1].lang == lang
        )


def test_a_link_works_once(visit: Browsers, ria: None) -> None:
    visitor = visit().get("/inloggen").post("/inloggen", email=RIA)
    token = visitor.mailed_link(RIA)
    visitor.get("/inloggen").post("/inloggen/link", t=token)
    other = visit().get("/inloggen").post("/inloggen/link", t=token)
    assert other.status == 410
    assert other.says("Deze link werkt niet meer")
    assert 'action="/inloggen"' in other.page


def test_a_newer_link_kills_the_older(visit: Browsers, ria: None) -> None:
    visitor = visit().get("/inloggen").post("/inloggen", email=RIA)
    older = visitor.mailed_link(RIA)
    visitor.get("/inloggen").post("/inloggen", email=RIA)
    assert visitor.get("/inloggen").post("/inloggen/link", t=older).status == 410
    assert visitor.get("/inloggen").post("/inloggen/link", t=visitor.mailed_link(RIA)).path == "/mijn"


def test_what_was_sent_after_a_session_ran_out_stands_ready_for_its_owner_and_for_nobody_else(
    visit: Browsers, program: Program, travel: Callable[[timedelta], None]
) -> None:
    reason = "Mijn dochter helpt mij nu."
    with program.transaction() as session:
        ria, bo = a_person(session, email=RIA), a_person(session, first_name="Bo")
        path = f"/mijn/vragen/{a_request(session, act(session, ria)).id}/stoppen"
    browser = visit().sign_in(program, ria).get(path)
    travel(timedelta(hours=25))
    away = browser.post(path, reden=reason)
    assert away.status == 401
    assert away.says("Er is nog niets verstuurd.")
    assert reason not in away.page
    assert browser.rows("SELECT count(*) FROM help_request WHERE status = 'withdrawn'")[0][0] == 0

    browser.post("/inloggen", email=RIA, volgende=re.search(r'name="volgende" value="([^"]+)"', away.page)[1])  # type: ignore[index]
    token = browser.mailed_link(RIA)
    back = browser.get(f"/inloggen/link?t={token}").post("/inloggen/link", t=token)
    assert reason in back.page
    assert back.post(path, reden=reason).status == 200
    assert browser.rows("SELECT count(*) FROM help_request WHERE status = 'withdrawn'")[0][0] == 1

    browser.sign_in(program, bo).get("/inloggen/tweede/klaar")
    assert (browser.path, reason in browser.page) == ("/mijn", False)


def test_what_no_cookie_holds_and_what_a_stale_page_sent_is_shown_to_take_over(
    visit: Browsers, program: Program, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        path = f"/mijn/vragen/{a_request(session, act(session, a_person(session, email=RIA))).id}/stoppen"
        ria = act(session, a_person(session))
    words = " ".join(sha256(str(number).encode()).hexdigest() for number in range(90))
    browser = visit().sign_in(program, ria).get(path)
    assert browser.post(path, csrf="stale", reden=words).status == 403
    assert browser.says("Dit schreef u")
    assert words in browser.page
    browser.get("/mijn/gegevens")
    travel(timedelta(hours=25))
    assert browser.post(path, reden=words).status == 401
    assert words in browser.page


def test_a_link_dies_after_a_quarter_of_an_hour(
    visit: Browsers, ria: None, travel: Callable[[timedelta], None]
) -> None:
    visitor = visit().get("/inloggen").post("/inloggen", email=RIA)
    travel(timedelta(minutes=16))
    assert visitor.get("/inloggen").post("/inloggen/link", t=visitor.mailed_link(RIA)).status == 410


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "0" * 32 + ".x"])
def test_a_made_up_token_is_refused_and_never_fails(visit: Browsers, token: str) -> None:
    visitor = visit().get("/inloggen/link").post("/inloggen/link", t=token)
    assert visitor.status == 410
    assert visitor.client.get("/inloggen/link", params={"t": token}).status_code == 200


@pytest.mark.parametrize("attack", NEXT_ATTACKS)
def test_only_a_path_of_ours_is_followed(visit: Browsers, ria: None, attack: str) -> None:
    visitor = visit()
    answer = visitor.client.get("/inloggen", params={"next": attack})
    assert 'name="volgende" value="/mijn"' in answer.text
    visitor.get("/inloggen").post("/inloggen", email=RIA, volgende=attack)
    visitor.get("/inloggen").post("/inloggen/link", follow=False, t=visitor.mailed_link(RIA))
    assert visitor.path == "/mijn"


def test_who_is_not_signed_in_comes_back_to_where_they_went(visit: Browsers) -> None:
    visitor = visit().get("/mijn/vragen")
    assert visitor.path == "/inloggen?next=/mijn/vragen"
    assert 'name="volgende" value="/mijn/vragen"' in visitor.page


def test_signing_out_ends_the_session_on_the_server(visit: Browsers, program: Program) -> None:
    with program.transaction() as session:
        actor = a_person(session)
    visitor = visit().sign_in(program, actor).get("/mijn")
    token = visitor.client.cookies[SESSION_COOKIE]
    visitor.post("/uitloggen")
    thief = visit()
    thief.client.cookies.set(SESSION_COOKIE, token, domain="testserver.local", path="/")
    assert thief.get("/mijn").path.startswith("/inloggen")


def test_signing_out_stands_in_the_menu_of_every_page(
    visit: Browsers, program: Program, fresh_database: Database
) -> None:
    button = '<form method="post" action="/uitloggen"'
    with program.transaction() as session:
        resident = a_person(session)
    with program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)
    everywhere = ("/", "/hulpvragen", "/privacy")
    pages = {
        resident: ("/mijn", "/mijn/roosjes", *everywhere),
        makelaar: ("/bureau", "/bureau/mensen", *everywhere),
    }
    for who, paths in pages.items():
        visitor = visit().sign_in(program, who)
        assert [path for path in paths if button not in visitor.client.get(path).text] == []
    assert [path for path in everywhere if button in visit().client.get(path).text] == []


def test_a_session_given_twice_is_nobodys(visit: Browsers, program: Program) -> None:
    """Another host of the same domain may lay one beside ours, and nobody knows which of the two is whose."""
    with program.transaction() as session:
        actor = a_person(session)
    visitor = visit().sign_in(program, actor)
    mine, other = f"{SESSION_COOKIE}={visitor.client.cookies[SESSION_COOKIE]}", f"{SESSION_COOKIE}=other"
    visitor.client.cookies.clear()
    shown = [
        visitor.client.get("/mijn", headers={"cookie": cookies}, follow_redirects=False)
        for cookies in (f"{mine}; {other}", f"{other}; {mine}", mine)
    ]
    assert [answer.status_code for answer in shown] == [303, 303, 200]
    assert [answer.headers["location"].startswith("/inloggen") for answer in shown[:2]] == [True, True]


def test_signing_in_and_out_need_a_form_of_ours(visit: Browsers, ria: None) -> None:
    visitor = visit().get("/inloggen")
    assert visitor.post("/inloggen", csrf="", email=RIA).status == 403
    visitor.get("/inloggen").client.headers["origin"] = "null"
    assert visitor.post("/inloggen", email=RIA).status == 403
    visitor.client.headers["origin"] = ORIGIN
    assert visitor.get("/inloggen").post("/inloggen/link", csrf="", t="x").status == 403
    assert visitor.client.get("/uitloggen").status_code == 405
    assert visitor.rows("SELECT count(*) FROM sign_in_link")[0][0] == 0
    assert visitor.rows("SELECT count(*) FROM refused_access WHERE status = 403")[0][0] == 3


def test_links_for_one_address_are_limited(visit: Browsers) -> None:
    visitor = visit()
    for _ in range(5):
        assert visitor.get("/inloggen").post("/inloggen", email=RIA).status == 200
    visitor.get("/inloggen").post("/inloggen", email=RIA)
    assert visitor.status == 429
    assert visitor.says("U vroeg al een paar keer een link.")


def test_somebody_who_comes_to_help_signs_up_without_a_question(visit: Browsers) -> None:
    visitor = visit().get("/aanmelden?next=/helpen")
    visitor.post(
        "/aanmelden", voornaam="Tonnie", postcode="5731", email="tonnie@voorbeeld.nl", volgende="/helpen"
    )
    assert visitor.says("Kijk in uw mail")
    assert visitor.rows("SELECT count(*) FROM person")[0][0] == 0
    visitor.get("/inloggen").post("/inloggen/link", t=visitor.mailed_link("tonnie@voorbeeld.nl"))
    assert visitor.path == "/helpen"
    assert visitor.rows("SELECT first_name FROM person")[0].first_name == "Tonnie"
    assert visitor.rows("SELECT count(*) FROM help_request")[0][0] == 0


def test_signing_up_with_a_known_address_changes_nothing(visit: Browsers, ria: None) -> None:
    visitor = visit().get("/aanmelden")
    visitor.post("/aanmelden", voornaam="Dief", postcode="5731", email=RIA)
    visitor.get("/inloggen").post("/inloggen/link", t=visitor.mailed_link(RIA))
    assert [row.first_name for row in visitor.rows("SELECT first_name FROM person")] == ["Ria"]


def test_personal_pages_are_kept_nowhere(visit: Browsers, program: Program) -> None:
    with program.transaction() as session:
        actor = a_person(session)
    answer = visit().sign_in(program, actor).client.get("/mijn")
    assert answer.headers["cache-control"] == "no-store"
