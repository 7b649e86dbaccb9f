"""Keys in a real browser, with an authenticator of its own; and the pages of getting in, looked at with axe."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import BY_LINK, Proof, open_session
from tests.app.factories import SHOWN, a_member_of_staff, a_person
from tests.browser.acting import Stage
from tests.browser.sizes import SIZES
from tests.browser.test_distribution import looked_at
from web.security import SESSION_COOKIE

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def a_context(stage: Stage, who: Actor | None = None, proof: Proof = BY_LINK, **rest: Any) -> BrowserContext:
    """A browser, perhaps with somebody signed in."""
    context = stage.browser.new_context(base_url=stage.site.address, **rest)
    context.set_default_timeout(10_000)
    if who is not None:
        with stage.program.transaction() as session:
            token = open_session(session, who.person_id, proof=proof)
        host = stage.site.address.replace("http:", "https:")
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": host, "secure": True}])
    return context


def with_a_key(context: BrowserContext) -> Page:
    """A page of a device that has keys."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


AT_THE_DESK = re.compile(r"^[^?]*/bureau$")
"""Not the address that is still on its way there, with this behind its question mark."""


def test_a_makelaar_makes_a_key_the_first_time_and_comes_in_with_it_the_next(stage: Stage) -> None:
    with stage.program.transaction() as session:
        marja = a_member_of_staff(stage.database, session)
    page = with_a_key(a_context(stage, marja))
    page.goto("/bureau")
    assert "Eén keer instellen" in page.locator("h1").inner_text()
    page.get_by_role("link", name="Maak een toegangssleutel").click()
    page.get_by_label("Hoe noemt u deze sleutel?").fill("mijn telefoon")
    page.get_by_role("button", name="Maak de sleutel").click()
    page.wait_for_url(AT_THE_DESK)

    page.context.clear_cookies()
    page.goto("/inloggen?next=/bureau")
    page.get_by_role("button", name="Inloggen met een toegangssleutel").click()
    page.wait_for_url(AT_THE_DESK)
    page.goto("/mijn/inloggen")
    assert "mijn telefoon" in page.locator("main").inner_text()
    assert "met een toegangssleutel" in page.locator("main").inner_text()


def test_without_javascript_the_other_ways_remain(stage: Stage) -> None:
    page = a_context(stage, java_script_enabled=False).new_page()
    page.goto("/inloggen")
    assert not page.get_by_role("button", name="Inloggen met een toegangssleutel").is_visible()
    assert "werkt alleen met JavaScript" in page.locator("main").inner_text()
    page.get_by_label("Uw e-mailadres").fill("ria@voorbeeld.nl")
    page.get_by_role("button", name="Stuur mij een mail").click()
    assert page.get_by_label("De code uit de mail").is_visible()


def test_the_pages_of_getting_in_are_right_in_every_window(stage: Stage, axe_source: str) -> None:
    with stage.program.transaction() as session:
        marja = a_member_of_staff(stage.database, session)
        karin = a_member_of_staff(
            stage.database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Karin"
        )
    with stage.program.transaction() as session:
        ria = a_person(session)
    seen = [
        (None, BY_LINK, "/inloggen"),
        (None, BY_LINK, "/inloggen/brief"),
        (None, BY_LINK, "/uitnodiging?t=x"),
        (marja, BY_LINK, "/inloggen/tweede?next=/bureau"),
        (marja, BY_LINK, "/mijn/inloggen/sleutel"),
        (marja, BY_LINK, "/mijn/inloggen/app"),
        (marja, SHOWN, "/mijn/inloggen"),
        (marja, SHOWN, "/mijn/inloggen/programma"),
        (marja, SHOWN, f"/bureau/mensen/{ria.person_id}/brief"),
        (karin, SHOWN, "/gemeente/medewerkers"),
    ]
    wrong = {}
    for width, theme in SIZES:
        for who, proof, path in seen:
            window: Any = {"width": width, "height": 900}
            context = a_context(stage, who, proof, viewport=window, color_scheme=theme, bypass_csp=True)
            page = context.new_page()
            page.goto(path)
            if found := looked_at(page, axe_source):
                wrong[(width, path)] = found
            context.close()
    assert wrong == {}
