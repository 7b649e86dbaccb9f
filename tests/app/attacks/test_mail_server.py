"""A mail server that is slow, away, busy, unwilling or breaks off: nobody waits, and a mail comes once (case 41)."""

import smtplib
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.access.models import SignInLink
from app.config import Settings
from app.db import Database as Program
from app.jobs import queue, worker as jobs
from app.jobs.timetable import MAIL_RETRIES
from app.jobs.worker import Beside
from app.notifications import mail, smtp
from app.watching import findings
from tests.app.attacks.postman import Ill, Postman, a_postman
from tests.app.conftest import rows_of
from tests.app.test_jobs import eventually
from tests.databases import Database
from tests.sites import a_site
from tests.web.pages.helpers import Visit

AT_MOST_S = 1.0
"""For the middle one of a few answers, on a machine that has nothing else to do; else twice what it was before."""
PATIENCE_S = 4.0
"""How long the worker of these tests waits for a mail server; the real one waits twenty seconds."""
RIA = "ria@voorbeeld.nl"
EMAILS = ("een@voorbeeld.nl", "twee@voorbeeld.nl", RIA)
WAITING = (
    "SELECT attempts, scheduled_at > now() FROM procrastinate_jobs"
    " WHERE task_name = 'sign_in.mail' AND status = 'todo'"
)
LATER = "UPDATE procrastinate_jobs SET scheduled_at = now(), attempts = coalesce(:attempts, attempts)"


@pytest.fixture
def postman() -> Iterator[Postman]:
    with a_postman() as made:
        yield made


@pytest.fixture
def settings(postman: Postman, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, smtp_url=postman.address)


@pytest.fixture
def site(settings: Settings, program: Program) -> FastAPI:
    return a_site(settings, program)


@pytest.fixture(autouse=True)
def working(settings: Settings, fresh_database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(smtp, "PATIENCE_S", PATIENCE_S)
    monkeypatch.setattr(jobs, "POLL_S", 0.2)
    worker = Beside(settings, fresh_database.app_url)
    worker.start()
    yield
    worker.stop()


def hurry(database: Database, attempts: int | None = None) -> None:
    """What waits for its next attempt is due now."""
    with database.owner.begin() as connection:
        connection.execute(text(LATER), {"attempts": attempts})


def tried(database: Database, attempts: int) -> bool:
    """Whether it was tried so often, and waits for another time."""
    return {tuple(row) for row in rows_of(database, WAITING)} == {(attempts, True)}


def nothing_waits(database: Database) -> bool:
    """Nothing that would still be sent; what waits for its time is hurried on."""
    hurry(database)
    return rows_of(database, WAITING) == []


def seconds(visit: Visit, email: str) -> float:
    """How long one waits for the page that says that a mail was sent."""
    visit.get("/inloggen")
    begun = time.monotonic()
    assert visit.post("/inloggen", email=email).status == 200
    return time.monotonic() - begun


@pytest.mark.parametrize("ill", Ill)
def test_pages_answer_while_the_mail_server_misbehaves_and_the_mail_comes_once(
    ill: Ill, postman: Postman, site: FastAPI, fresh_database: Database
) -> None:
    ria = Visit(site, fresh_database)
    usual = [seconds(ria, f"vooraf{number}@voorbeeld.nl") for number in range(3)]
    assert eventually(lambda: len(postman.came) == 3, 60)
    postman.came.clear()
    postman.ill = ill
    took = [seconds(ria, email) for email in EMAILS]

    assert median(took) < max(AT_MOST_S, 2 * median(usual))
    assert eventually(lambda: tried(fresh_database, 1), 60)
    postman.recover()
    assert eventually(lambda: nothing_waits(fresh_database), 60)
    assert eventually(lambda: sorted(postman.came) == sorted(EMAILS), 30)
    hurry(fresh_database)
    time.sleep(0.5)
    assert sorted(postman.came) == sorted(EMAILS)


def test_a_mail_that_is_given_up_is_named_and_can_be_tried_again(
    postman: Postman, site: FastAPI, program: Program, fresh_database: Database
) -> None:
    postman.ill = Ill.NEVER
    Visit(site, fresh_database).get("/inloggen").post("/inloggen", email=RIA)
    assert eventually(lambda: tried(fresh_database, 1), 60)
    most = MAIL_RETRIES.max_attempts
    assert most is not None
    hurry(fresh_database, most)

    def given_up() -> list[queue.GivenUp]:
        with program.transaction() as session:
            return queue.given_up(session)

    assert eventually(lambda: len(given_up()) == 1, 60)
    assert (given_up()[0].task, given_up()[0].attempts) == ("sign_in.mail", most + 1)
    assert RIA not in repr(given_up())
    postman.recover()
    with program.transaction() as session:
        assert queue.try_again(session) == 1
    assert eventually(lambda: postman.came == [RIA], 60)


def test_a_mail_goes_elsewhere_over_tls_that_is_verified_or_not_at_all(
    postman: Postman, settings: Settings
) -> None:
    letter = mail.link_message(settings, SignInLink(email=RIA), None)
    near, elsewhere = postman.address, postman.elsewhere

    with pytest.raises(smtplib.SMTPNotSupportedError):
        mail.send(settings.model_copy(update={"smtp_url": elsewhere}), letter)
    postman.offers_tls = True
    for address in (elsewhere, postman.tls_address):
        with pytest.raises(ssl.SSLCertVerificationError):
            mail.send(settings.model_copy(update={"smtp_url": address}), letter)
    assert postman.came == []
    postman.offers_tls = False
    mail.send(settings.model_copy(update={"smtp_url": near}), letter)
    assert postman.came == [RIA]


def test_the_check_goes_the_way_of_a_mail_and_sends_none(postman: Postman, settings: Settings) -> None:
    elsewhere = settings.model_copy(update={"smtp_url": postman.elsewhere})

    assert findings.mail(settings).ok
    assert "SMTPNotSupportedError" in findings.mail(elsewhere).remedy
    assert postman.came == []
