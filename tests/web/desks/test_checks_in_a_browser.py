"""The pages about checks in a real browser: without JavaScript, on a small phone, nothing for axe to find."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from pydantic import SecretStr

from app.access.roles import Role
from app.access.sign_in import open_session
from app.checks import lookups, service
from app.checks.schemas import NewCheck, NumberAsked, Withdrawn
from app.clock import today
from app.db import Database
from tests.app.factories import SHOWN, a_helper, a_member_of_staff, act
from tests.browser.sizes import SIZES
from tests.databases import Database as Migrated
from tests.targets import too_small
from tests.web.pages.test_in_a_browser import a_page, accessible, address
from web.security import SESSION_COOKIE

pytestmark = pytest.mark.browser
__all__ = ["address"]


def some_of_everything(program: Database, database: Migrated) -> tuple[dict[str, str], str, str]:
    """Tokens by role, the key of a helper with checks in every state, and that of one of them."""
    with program.transaction() as session:
        marja = a_member_of_staff(database, session)
        bea = a_member_of_staff(database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Bea")
        tonnie, _ = a_helper(
            session, categorieen=["huiswerk-en-bijles", "schulden-en-rekeningen", "rit-met-de-auto"]
        )
        marja, day = act(session, marja), today(session)
        soon, past = day + timedelta(days=9), day - timedelta(days=9)
        for typed in (
            {"soort": "vog", "totEnMet": soon}, {"soort": "vog", "vanaf": soon + timedelta(days=9)},
            {"soort": "kvk", "hoe": "opgezocht", "nummer": "69599084"},
            {"soort": "rijden", "vanaf": past - timedelta(days=90), "totEnMet": past, "waar": "aan de balie"},
            {"soort": "referenties", "hoe": "ontheffing", "totEnMet": soon, "reden": "De gesprekken komen nog."},
        ):  # fmt: skip
            row = service.record(session, marja, tonnie.person_id, NewCheck.model_validate(typed))
        wrong = service.record(
            session, marja, tonnie.person_id, NewCheck.model_validate({"soort": "identiteit"})
        )
        service.withdraw(session, marja, wrong.id, Withdrawn.model_validate({"reden": "Dat was een ander."}))
        lookups.ask(session, marja, tonnie.person_id, NumberAsked.model_validate({"nummer": "69599084"}))
        tokens = {
            "marja": open_session(session, marja.person_id, proof=SHOWN),
            "bea": open_session(session, bea.person_id, proof=SHOWN),
            "tonnie": open_session(session, tonnie.person_id, proof=SHOWN),
        }
    return tokens, str(tonnie.person_id), str(row.id)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_and_nothing_lies_outside_the_screen(
    browser: Browser, address: str, site: FastAPI, axe_source: str, fresh_database: Migrated, program: Database,
    width: int, scheme: str,
) -> None:  # fmt: skip
    tokens, person, check = some_of_everything(program, fresh_database)
    site.state.settings = site.state.settings.model_copy(update={"kvk_key": SecretStr("k")})
    here = f"/bureau/mensen/{person}"
    pages = {
        "marja": ("/bureau/controles", f"{here}/controles", f"{here}/controles?nummer=69599084", f"{here}/kvk",
                  f"{here}/controles/{check}/intrekking"),
        "bea": ("/gemeente/controles", "/gemeente/controles?categorie=samen-op-pad&rol=volunteer"),
        "tonnie": ("/mijn/controles", "/mijn/gegevens"),
    }  # fmt: skip
    look = accessible(axe_source)
    for who, paths in pages.items():
        page = a_page(browser, width, scheme)
        cookie: Any = {
            "name": SESSION_COOKIE, "value": tokens[who], "url": address.replace("http:", "https:"), "secure": True,
        }  # fmt: skip
        page.context.add_cookies([cookie])
        for path in paths:
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            look(page)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert too_small(page) == [] or width > 800, path
        page.context.close()


def test_the_desk_writes_down_what_it_saw_without_javascript(
    browser: Browser, address: str, fresh_database: Migrated, program: Database
) -> None:
    tokens, person, _ = some_of_everything(program, fresh_database)
    page = a_page(browser, 320, scripts=False)
    cookie: Any = {
        "name": SESSION_COOKIE, "value": tokens["marja"], "url": address.replace("http:", "https:"), "secure": True,
    }  # fmt: skip
    page.context.add_cookies([cookie])
    page.goto(f"{address}/bureau/mensen/{person}/controles")
    page.select_option("#veld-soort", "big")
    page.fill("#veld-nummer", "0991")
    page.click("main form .btn:has-text('Schrijf op')")
    assert "Een BIG-nummer heeft 11 cijfers." in page.inner_text("main")
    page.fill("#veld-nummer", "09911009701")
    page.click("main form .btn:has-text('Schrijf op')")
    assert "09911009701" in page.inner_text("main")
    page.context.close()
