"""The log of a whole story, on every level and of every library that our handler hears, names nobody in it."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from app.agreements import occur
from app.config import Settings
from app.db import Database as Program
from app.jobs import mails
from app.jobs.work import Work
from app.logs import set_up
from tests.app.factories import a_helper, a_person, act, an_agreement
from tests.web.oidc.provider import Provider
from tests.web.pages.helpers import Visit

Browsers = Callable[[], Visit]
NAMES = ("Griselda", "Wubbegunda")
SHAPES = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\b[1-9]\d{3} ?[A-Z]{2}\b|eyJ[\w-]{10,}|\bzve_\w+")
QUIET = frozenset({"asyncio"})


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What our handler writes, with every logger of ours and of the libraries turned up as far as it goes."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    set_up()
    written = StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    levels = {}
    for name in (
        "zorgvoorelkaar",
        "httpx",
        "httpcore",
        "procrastinate",
        "uvicorn",
        "starlette",
        "PIL",
        "geopy",
        "joserfc",
    ):
        levels[name] = logging.getLogger(name).level
    for name in ("zorgvoorelkaar", "procrastinate", "uvicorn", "starlette", "geopy", "joserfc"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield written
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    root.handlers[:] = before
    root.setLevel(level)


def leaks(text: str, secrets: list[str]) -> list[str]:
    """What a log must not hold and does."""
    return [*SHAPES.findall(text), *(secret for secret in secrets if secret and secret in text)]


def test_a_story_with_mail_mistakes_and_a_provider_leaves_nobody_in_the_log(
    visit: Browsers,
    pas: Provider,
    program: Program,
    tmp_path: Path,
    travel: Callable[[timedelta], None],
    log: StringIO,
) -> None:
    with program.transaction() as session:
        asker = a_person(session, first_name=NAMES[0], email="griselda@voorbeeld.nl", telefoon="0612345678")
        helper, _ = a_helper(session, first_name=NAMES[1], postcode="5708 AB")
        agreement = an_agreement(session, asker, helper)
        key = occur.get(session, asker, agreement.id).occurrences[0].id
    travel(timedelta(days=4))
    with program.transaction() as session:
        occur.happened(session, act(session, helper), key)
    visitor = visit().get("/inloggen").post("/inloggen", email="griselda@voorbeeld.nl")
    token = visitor.mailed_link("griselda@voorbeeld.nl")
    (link,) = visitor.rows("SELECT id FROM sign_in_link")
    mails.mail_link(Work(Settings(data_dir=tmp_path), program), str(link.id))
    visitor.get("/inloggen").post("/inloggen/link", t=token)
    for path in ("/mijn", "/mijn/afspraken", "/mijn/roosjes", "/mijn/gegevens", "/hulpvragen/geheim-5664HJ"):
        visitor.get(path)
    visitor.get("/mijn/gegevens").post("/mijn/gegevens", voornaam="\0", postcode="niets")
    for tamper in ({}, {"claims": {"nonce": "other"}}, {"alg": "none"}):
        pas.control(
            account={"sub": "999990019", "email": "griselda@voorbeeld.nl", "email_verified": True},
            tamper=tamper,
        )
        answer = pas.come_back(pas.leave(visitor))
        visitor.get(answer)

    text = log.getvalue()
    assert "other-nonce" in text  # it does hear
    secrets = [
        *NAMES,
        token,
        "999990019",
        "0612345678",
        "5708",
        "griselda",
        *re.findall(r"(?:code|state)=([^&]+)", answer),
    ]
    assert leaks(text, secrets) == []


def test_a_failure_that_quotes_a_row_is_logged_without_it(
    site: object, visit: Browsers, log: StringIO
) -> None:
    from fastapi import FastAPI
    from sqlalchemy import text

    assert isinstance(site, FastAPI)
    database: Program = site.state.database

    def broken() -> None:
        with database.transaction() as session:
            session.execute(text("SELECT CAST(:name AS integer)"), {"name": "Griselda griselda@voorbeeld.nl"})

    try:
        broken()
    except Exception:
        logging.getLogger("zorgvoorelkaar").exception("request failed")
    written = log.getvalue()
    assert "request failed" in written
    assert "22P02" in written
    assert "riselda" not in written
