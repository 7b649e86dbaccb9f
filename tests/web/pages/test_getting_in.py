"""Codes, letters and keys over HTTP, as browsers without JavaScript and with a software key send them."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest

from app.access import letters
from app.access.actor import Actor
from app.access.codes import code_of
from app.access.sign_in import new_link, open_session
from app.db import Database as Program
from app.places.postcodes import parse
from tests.app.factories import a_member_of_staff, a_person, act, without_mail
from tests.databases import Database
from tests.keys import Key
from tests.web.pages.helpers import Visit
from web.security import SESSION_COOKIE

Browsers = Callable[[], Visit]
RIA, NOBODY = "ria@voorbeeld.nl", "niemand@voorbeeld.nl"
OPTIONS = re.compile(r'data-options="([^"]+)"')
TICKET = re.compile(r'name="kaartje" value="([^"]+)"')


@pytest.fixture
def ria(program: Program) -> Actor:
    with program.transaction() as session:
        return a_person(session, email=RIA)


def mailed_code(visitor: Visit, email: str) -> str:
    """The six digits that were mailed last."""
    query = "SELECT id FROM sign_in_link WHERE email = :email ORDER BY created_at DESC, id DESC LIMIT 1"
    key: UUID = visitor.rows(query, email=email)[0].id
    return code_of(visitor.site.state.secret, key)


def asked(visitor: Visit, email: str) -> str:
    """Ask for a mail; the ticket that the page holds."""
    visitor.get("/inloggen").post("/inloggen", email=email)
    found = TICKET.search(visitor.page)
    assert found is not None
    return found[1]


def options(visitor: Visit) -> str:
    """What the page asks a key to sign. ``Visit`` unescapes its pages, so the raw one is read again."""
    raw = visitor.client.get(visitor.path).text
    found = OPTIONS.search(raw)
    assert found is not None
    return unescape(found[1])


def a_key_of(visitor: Visit, next_page: str = "/mijn/inloggen") -> Key:
    """Make a key as whoever is signed in."""
    key = Key()
    visitor.get("/mijn/inloggen/sleutel")
    visitor.post(
        "/mijn/inloggen/sleutel", sleutel=key.made(options(visitor)), naam="mijn telefoon", volgende=next_page
    )
    assert visitor.status == 200, visitor.page
    return key


def token_of(visitor: Visit) -> str:
    (one,) = [c.value for c in visitor.client.cookies.jar if c.name == SESSION_COOKIE and c.value]
    return str(one)


def test_the_code_of_the_mail_signs_in_on_the_page_that_asked(visit: Browsers, ria: Actor) -> None:
    visitor = visit()
    ticket = asked(visitor, RIA)
    code = mailed_code(visitor, RIA)
    visitor.post("/inloggen/code", kaartje=ticket, code=f"{code[:3]} {code[3:]}")
    assert (visitor.status, visitor.path) == (200, "/mijn")
    again = visit()
    asked(again, NOBODY)
    assert again.post("/inloggen/code", kaartje=ticket, code=code).status == 410


def test_a_wrong_code_gets_one_answer_for_known_and_unknown_addresses(visit: Browsers, ria: Actor) -> None:
    seen = []
    for email in (RIA, NOBODY):
        visitor = visit()
        ticket = asked(visitor, email)
        wrong = f"{(int(mailed_code(visitor, email)) + 1) % 10**6:06}"
        answer = visitor.client.post(
            "/inloggen/code", data={"kaartje": ticket, "code": wrong, "csrf": visitor.csrf}
        )
        page = answer.text.replace(email, "X").replace(ticket, "").replace(wrong, "")
        headers = {
            name: re.sub("nonce-[^']+", "", value)
            for name, value in answer.headers.items() if name not in ("content-length", "x-request-id")
        }  # fmt: skip
        seen.append(
            (
                answer.status_code,
                re.sub(r'name="csrf" value="[^"]+"|data-ends="[^"]+"', "", page).splitlines(),
                headers,
            )
        )
    assert seen[0] == seen[1]
    assert seen[0][0] == 422


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12345\0", "'; --"])
def test_what_is_no_code_is_asked_again(visit: Browsers, ria: Actor, code: str) -> None:
    visitor = visit()
    ticket = asked(visitor, RIA)
    assert visitor.post("/inloggen/code", kaartje=ticket, code=code).status == 422
    assert TICKET.search(visitor.page)


def test_a_letter_signs_in_with_the_postcode_and_says_nothing_else(
    visit: Browsers, program: Program, fresh_database: Database, ria: Actor
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    visitor = visit()
    without_mail(fresh_database, ria)
    with program.transaction() as session:
        code, _ = letters.make(session, act(session, marja), visitor.site.state.secret, ria.person_id)
    answers = set()
    for typed, postcode in ((code, "5664 HK"), ("1" * 12, "5664 HJ")):
        visitor.get("/inloggen/brief").post("/inloggen/brief", code=typed, postcode=postcode)
        page = visitor.page.replace(typed, "").replace(postcode, "").replace(visitor.csrf, "")
        answers.add((visitor.status, page))
    assert [status for status, _ in answers] == [422]
    grouped = " ".join(code[at : at + 4] for at in (0, 4, 8))
    visitor.get("/inloggen/brief").post("/inloggen/brief", code=grouped, postcode=str(parse("5664hj")))
    assert visitor.path == "/mijn"
    assert visitor.get("/mijn/inloggen").says("Marja maakte een brief met een code voor u.")


def test_letters_cannot_be_tried_without_end(visit: Browsers) -> None:
    visitor = visit().get("/inloggen/brief")
    for number in range(20):
        visitor.post("/inloggen/brief", code=f"{number:012}", postcode="5664 HJ")
        assert visitor.status == 422
    assert visitor.post("/inloggen/brief", code="1" * 12, postcode="5664 HJ").status == 429


def test_a_key_signs_in_without_an_address_under_a_new_token(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    at_home = visit().sign_in(program, ria)
    key = a_key_of(at_home)
    visitor = visit()
    visitor.client.cookies.set(SESSION_COOKIE, "chosen-by-somebody-else", domain="testserver.local", path="/")
    visitor.get("/inloggen")
    visitor.client.cookies.delete(SESSION_COOKIE)
    visitor.get("/inloggen").post(
        "/inloggen/sleutel", sleutel=key.shown(options(visitor)), volgende="/mijn/vragen"
    )
    assert visitor.path == "/mijn/vragen"
    assert token_of(visitor) != token_of(at_home)
    assert visitor.get("/mijn/inloggen").says("met een toegangssleutel")


def test_a_cookie_from_before_is_worth_nothing_after_any_way_in(
    visit: Browsers, program: Program, ria: Actor
) -> None:
    visitor = visit().sign_in(program, ria)
    before = token_of(visitor)
    a_key_of(visitor)
    after = token_of(visitor)
    assert before != after  # a second proof was shown
    thief = visit()
    thief.client.cookies.set(SESSION_COOKIE, before, domain="testserver.local", path="/")
    assert thief.get("/mijn").path.startswith("/inloggen")


def test_who_works_at_a_desk_is_led_kindly_to_a_first_key(
    visit: Browsers, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session, email="marja@gemeente.voorbeeld.nl")
    visitor = visit()
    ticket = asked(visitor, "marja@gemeente.voorbeeld.nl")
    visitor.post("/inloggen/code", kaartje=ticket, code=mailed_code(visitor, "marja@gemeente.voorbeeld.nl"))
    assert visitor.path.startswith("/inloggen/tweede")
    assert visitor.says("Eén keer instellen")
    assert visitor.get("/bureau").path == "/inloggen/tweede?next=/bureau"
    assert visitor.get("/mijn/inloggen").status == 200  # nobody is locked out of their own pages

    a_key_of(visitor, "/bureau")

    assert visitor.path == "/bureau"
    assert visitor.rows("SELECT count(*) FROM passkey WHERE person_id = :id", id=marja.person_id)[0][0] == 1


def test_with_the_mail_alone_no_second_key_is_added_and_none_removed(
    visit: Browsers, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    hers = visit().sign_in(program, marja)
    a_key_of(hers)
    (row,) = hers.rows("SELECT id FROM passkey")
    with program.transaction() as session:
        token = open_session(session, marja.person_id)
    thief = visit()
    thief.client.cookies.set(SESSION_COOKIE, token, domain="testserver.local", path="/")

    assert thief.get("/mijn/inloggen/sleutel").path.startswith("/inloggen/tweede")
    assert thief.get("/mijn/inloggen/app").path.startswith("/inloggen/tweede")
    thief.get("/mijn/inloggen")
    assert thief.post(f"/mijn/inloggen/sleutels/{row.id}/weg").status == 401
    assert thief.get("/bureau").path.startswith("/inloggen/tweede")
    assert hers.rows("SELECT count(*) FROM passkey")[0][0] == 1


@pytest.mark.parametrize("page", ["/mijn/inloggen/sleutel", "/mijn/inloggen/app"])
def test_a_first_key_is_made_right_after_signing_in(
    visit: Browsers, program: Program, ria: Actor, travel: Callable[[timedelta], None], page: str
) -> None:
    visitor = visit().sign_in(program, ria)
    assert visitor.get(page).path == page
    travel(timedelta(minutes=11))
    assert visitor.get(page).says("Log voor deze stap opnieuw in.")


def test_the_last_key_of_who_works_at_a_desk_stays(
    visit: Browsers, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    visitor = visit().sign_in(program, marja)
    a_key_of(visitor)
    (row,) = visitor.rows("SELECT id FROM passkey")
    visitor.get("/mijn/inloggen").post(f"/mijn/inloggen/sleutels/{row.id}/weg")
    assert visitor.says("Dit is uw laatste manier.")
    a_key_of(visitor)
    visitor.get("/mijn/inloggen").post(f"/mijn/inloggen/sleutels/{row.id}/weg")
    assert visitor.says("Weggehaald.")


def test_where_one_is_signed_in_is_shown_and_ended(visit: Browsers, program: Program, ria: Actor) -> None:
    here, there = visit().sign_in(program, ria), visit().sign_in(program, ria)
    here.get("/mijn/inloggen")
    (other,) = re.findall(r'action="/mijn/inloggen/elders/([0-9a-f-]{36})"', here.page)
    here.post(f"/mijn/inloggen/elders/{other}")
    assert here.says("U bent daar uitgelogd.")
    assert there.get("/mijn").path.startswith("/inloggen")
    assert here.get("/mijn/inloggen").says("U logde ergens anders uit.")
    assert here.post(f"/mijn/inloggen/elders/{other}").status == 404


def test_one_button_signs_out_everywhere_but_here(visit: Browsers, program: Program, ria: Actor) -> None:
    here, *others = (visit().sign_in(program, ria) for _ in range(4))
    here.get("/mijn/inloggen").post("/mijn/inloggen/elders")
    assert here.says("U bent daar uitgelogd.")
    assert [other.get("/mijn").path.startswith("/inloggen") for other in others] == [True] * 3
    assert here.get("/mijn").path == "/mijn"


@pytest.mark.parametrize("minutes", [0, 11])
def test_a_resident_changes_keys_within_ten_minutes_of_signing_in(
    visit: Browsers, program: Program, ria: Actor, travel: Callable[[timedelta], None], minutes: int
) -> None:
    visitor = visit().sign_in(program, ria)
    a_key_of(visitor)
    with program.transaction() as session:
        token = open_session(session, ria.person_id)
    by_mail = visit()
    by_mail.client.cookies.set(SESSION_COOKIE, token, domain="testserver.local", path="/")
    travel(timedelta(minutes=minutes))
    (row,) = visitor.rows("SELECT id FROM passkey")
    by_mail.get("/mijn/inloggen").post(f"/mijn/inloggen/sleutels/{row.id}/weg")
    assert by_mail.status == (200 if minutes == 0 else 401)
    assert visitor.rows("SELECT count(*) FROM passkey")[0][0] == (0 if minutes == 0 else 1)


def test_a_link_for_who_was_shut_out_opens_nothing(visit: Browsers, program: Program, ria: Actor) -> None:
    visitor = visit()
    with program.transaction() as session:
        new_link(session, RIA, "/mijn")
    token = visitor.mailed_link(RIA)
    visitor.rows("UPDATE person SET disabled_at = ledger.now() WHERE id = :id RETURNING id", id=ria.person_id)
    visitor.get("/inloggen").post("/inloggen/link", t=token)
    assert visitor.status == 410
    assert visitor.rows("SELECT count(*) FROM web_session")[0][0] == 0


def test_a_session_shows_only_the_kind_of_browser(visit: Browsers, program: Program, ria: Actor) -> None:
    visitor = visit()
    visitor.client.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Firefox/130.0 <b>x</b>"
    ticket = asked(visitor, RIA)
    visitor.post("/inloggen/code", kaartje=ticket, code=mailed_code(visitor, RIA))
    assert visitor.rows("SELECT browser FROM web_session")[0].browser == "Firefox, Windows"
