"""Personas and the mailbox: there in a demonstration on one's own computer, nowhere else."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.access.models import SignInLink
from app.config import Settings
from app.db import Database as Program
from app.demo.personas import PERSONAS
from app.ids import uuid7
from app.notifications import mail
from tests.app.factories import a_person
from tests.web.pages.helpers import Visit
from web.pages.demonstration import ABOUT

Browsers = Callable[[], Visit]
PATHS = ("/personas", "/postbus", "/postbus/1.x")


@pytest.fixture
def visit(visit: Browsers) -> Browsers:
    """A visitor who calls this computer by its own name."""

    def made() -> Visit:
        visitor = visit()
        visitor.client.base_url = "https://localhost"
        visitor.client.headers["origin"] = "https://localhost"
        return visitor

    return made


@pytest.fixture
def bewoner(program: Program) -> str:
    """The first persona, registered."""
    persona = PERSONAS[0]
    with program.transaction() as session:
        a_person(session, first_name=persona.first_name, email=persona.email)
    return persona.slug


def test_one_press_makes_one_somebody_else(visit: Browsers, bewoner: str) -> None:
    visitor = visit().get("/personas")
    visitor.post(f"/personas/{bewoner}")
    assert visitor.path == "/mijn"
    assert visitor.says(f"Dag {PERSONAS[0].first_name}.")


def test_a_persona_needs_a_form_of_ours_and_a_known_name(visit: Browsers, bewoner: str) -> None:
    visitor = visit().get("/personas")
    assert visitor.post(f"/personas/{bewoner}", csrf="").status == 403
    assert visitor.get("/personas").post("/personas/niemand").status == 404
    assert visitor.client.get(f"/personas/{bewoner}").status_code == 405


def test_outside_a_demonstration_there_is_nothing(visit: Browsers, bewoner: str) -> None:
    visitor = visit().get("/inloggen")
    visitor.rows("UPDATE region SET demonstration = false RETURNING id")
    for path in PATHS:
        assert visitor.get(path).status == 404
    assert visitor.get("/inloggen").post(f"/personas/{bewoner}").status == 404


def test_on_an_address_for_others_there_is_nothing(visit: Browsers, site: FastAPI, bewoner: str) -> None:
    settings: Settings = site.state.settings
    site.state.settings = settings.model_copy(update={"host": "0.0.0.0"})  # noqa: S104 - the case itself
    visitor = visit().get("/inloggen")
    for path in PATHS:
        assert visitor.get(path).status == 404
    assert visitor.get("/inloggen").post(f"/personas/{bewoner}").status == 404


def test_the_mailbox_shows_what_would_have_been_sent(visit: Browsers, site: FastAPI) -> None:
    visitor = visit()
    assert visitor.get("/postbus").says("Er is nog geen mail.")
    link = SignInLink(id=uuid7(), email="ria@voorbeeld.nl", next_path="/")
    mail.send(site.state.settings, mail.link_message(site.state.settings, link, "geheim.<b>"))
    visitor.get("/postbus")
    assert visitor.says("aan ria@voorbeeld.nl")
    path = visitor.page.partition('href="/postbus/')[2].partition('"')[0]
    visitor.get(f"/postbus/{path}")
    assert 'href="http://localhost:8000/inloggen/link?t=geheim.' in visitor.page
    assert "<b>" not in visitor.page.partition('class="lines"')[2].partition("</p>")[0]


def test_a_letter_that_is_not_there_does_not_exist(visit: Browsers) -> None:
    assert visit().get("/postbus/..%2f..%2fsecret").status == 404


def test_every_persona_is_told_about_in_the_language_of_the_page(visit: Browsers, bewoner: str) -> None:
    visitor = visit()
    dutch = visitor.get("/personas").page
    visitor.client.cookies.set("__Host-taal", "en")
    english = visitor.get("/personas").page

    for persona in PERSONAS:
        for sentence in ABOUT[persona.slug]:
            assert sentence in dutch
            assert sentence not in english
