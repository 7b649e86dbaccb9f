"""What somebody typed is words to every browser that shows it: nothing runs, and the policy has nothing to refuse."""

import logging
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Dialog, Page

from app.access.actor import Actor
from app.access.sign_in import open_session
from app.agreements import agree, occur
from app.db import Database as Program
from app.matches import volunteer
from app.moderation import cases
from tests.app.factories import SHOWN, a_member_of_staff, a_person, a_request, act, an_appointment, an_offer
from tests.databases import Database
from tests.web.pages.test_in_a_browser import address
from web.security import SESSION_COOKIE

__all__ = ["address"]
pytestmark = pytest.mark.browser
NAME = "Ria<img src=x onerror=alert(1)>"
TITLE = "\"'></title></textarea><script>alert(1)</script><svg/onload=alert(1)> {{7*7}} ${7*7}"
STORY = (
    f"{TITLE}\n</p><iframe srcdoc='<script>alert(1)</script>'></iframe><a href='javascript:alert(1)'>klik</a>"
    "<style>*{display:none}</style><form action=https://elders.example><button autofocus onfocus=alert(1)>x</button>"
    "{% if 1 %}<base href=https://elders.example/>{% endif %} #{7*7} %(first)s {0}"
)
REFUSED = "the policy of pages refused"


@pytest.fixture
def town(program: Program, fresh_database: Database) -> tuple[Actor, Actor, Actor, UUID, UUID, UUID]:
    """Somebody who asks, somebody who helps and a makelaar, a question with an appointment, and one still open."""
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ria = a_person(session, first_name=NAME, achternaam=NAME, huisnummer="1<b onclick=alert(1)>")
        other = a_request(session, ria, titel=TITLE, toelichting=STORY)
        row = a_request(session, ria, titel=TITLE, toelichting=STORY)
        tonnie = a_person(session, first_name=NAME.replace("Ria", "Ton"))
        an_offer(session, tonnie, titel=TITLE, toelichting=STORY)
        volunteer.come_forward(session, tonnie, other.id, STORY[:200])
        proposal = volunteer.come_forward(session, tonnie, row.id, STORY[:200])
        session.flush()
        act(session, ria)
        agreement = agree.agree(session, ria, proposal.id, an_appointment(session))
        occurrence = occur.get(session, ria, agreement.id).occurrences[0].id
    with program.transaction() as session:
        cases.note(session, act(session, marja), other.id, STORY)
    return ria, tonnie, marja, other.id, agreement.id, occurrence


def test_words_of_others_run_nowhere_and_the_policy_hears_of_nothing(
    browser: Browser,
    address: str,
    program: Program,
    town: tuple[Actor, Actor, Actor, UUID, UUID, UUID],
    caplog: pytest.LogCaptureFixture,
) -> None:
    ria, tonnie, marja, question, agreement, occurrence = town
    pages = {
        ria: ("/mijn", f"/mijn/vragen/{question}", f"/mijn/vragen/{question}/veranderen",
              f"/mijn/afspraken/{agreement}", f"/mijn/keren/{occurrence}", "/mijn/gegevens", "/mijn/berichten"),
        tonnie: ("/mijn", "/mijn/aanbod", f"/mijn/afspraken/{agreement}", f"/hulpvragen/{question}", "/mijn/berichten"),
        marja: ("/bureau", f"/bureau/zaken/{question}", "/bureau/mensen", f"/bureau/mensen/{ria.person_id}",
                "/bureau/zoeken?q=alert", "/hulpvragen"),
    }  # fmt: skip
    ran: list[str] = []
    for who, paths in pages.items():
        page = _page_of(browser, address, program, who, ran)
        shown = 0
        for path in paths:
            answer = page.goto(address + path, wait_until="load")
            assert answer is not None
            assert answer.status == 200, path
            shown += "onerror=alert(1)" in page.inner_text("body") or "{{7*7}}" in page.inner_text("body")
            assert page.locator("iframe, base, [onerror], [onload], [onfocus]").count() == 0, path
        assert shown >= 3, who
        page.context.close()
    assert ran == []
    assert [one.getMessage() for one in caplog.records if REFUSED in one.getMessage()] == []


def _page_of(browser: Browser, address: str, program: Program, who: Actor, ran: list[str]) -> Page:
    """A window of somebody who is signed in; whatever runs there is written down."""
    with program.transaction() as session:
        token = open_session(session, who.person_id, proof=SHOWN)
    context = browser.new_context()
    host = address.replace("http:", "https:")
    cookie: Any = {"name": SESSION_COOKIE, "value": token, "url": host, "secure": True}
    context.add_cookies([cookie])
    page = context.new_page()

    def heard(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", heard)
    return page


def test_a_browser_that_refuses_something_tells_us(
    browser: Browser, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{address}/privacy")
    with (
        caplog.at_level(logging.WARNING),
        page.expect_event("requestfinished", lambda one: one.url.endswith("/csp")),
    ):
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
        )
    assert page.evaluate("window.ran") is None
    page.context.close()
    assert [one.getMessage() for one in caplog.records] == [f"{REFUSED} script-src-elem on /privacy"]
