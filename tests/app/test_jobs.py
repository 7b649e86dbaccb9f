"""Jobs run when the change that caused them is committed, and never when it is not."""

import mailbox
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.access import events, invitations, once
from app.access.codes import code_of
from app.access.models import IdempotencyKey, SignInLink
from app.access.proof_models import Happened
from app.access.roles import Role
from app.access.sign_in import new_link, use_link
from app.config import Settings
from app.db import Database as Program
from app.jobs import tasks
from app.jobs.queue import defer
from app.jobs.work import Work
from app.jobs.worker import Beside
from app.notifications.models import Notice
from app.notifications.service import tell
from app.secrets import installation_secret
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person, act
from tests.databases import Database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, mail_burst_s=0)


@pytest.fixture
def running(settings: Settings, fresh_database: Database) -> Iterator[Beside]:
    beside = Beside(settings, fresh_database.app_url)
    beside.start()
    yield beside
    beside.stop()


def mails(settings: Settings) -> list[mailbox.MaildirMessage]:
    """What lies there; "cur" is the last folder that whoever begins a mailbox makes."""
    whole = (settings.mailbox_dir / "cur").exists()
    return list(mailbox.Maildir(settings.mailbox_dir, create=False)) if whole else []


def text_of_mail(message: Message) -> str:
    """The plain part."""
    (plain,) = (part for part in message.walk() if part.get_content_type() == "text/plain")
    return bytes(plain.get_payload(decode=True)).decode()


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_a_notice_becomes_one_mail_to_one_person(
    program: Program, settings: Settings, running: Beside
) -> None:
    with program.transaction() as session:
        actor = a_person(session, email="ria@voorbeeld.nl")
        for _ in range(2):  # told twice is told once
            tell(session, actor.person_id, GELDROP_MIERLO, "willing", actor.person_id, title="Naar de markt")

    assert eventually(lambda: len(mails(settings)) == 1)
    (mail,) = mails(settings)
    assert mail["To"] == "ria@voorbeeld.nl"
    assert mail["Message-ID"]
    with program.transaction() as session:
        act(session, actor)
        sent = select(func.count()).select_from(Notice).where(Notice.mailed_at.is_not(None))
        assert eventually(lambda: session.execute(sent).scalar_one() == 1)


def test_what_is_rolled_back_sends_nothing(program: Program, settings: Settings, running: Beside) -> None:
    session = program.sessions()
    actor = a_person(session)
    tell(session, actor.person_id, GELDROP_MIERLO, "willing", actor.person_id, title="Naar de markt")
    session.rollback()
    session.close()
    with program.transaction() as later:
        other = a_person(later, email="later@voorbeeld.nl")
        tell(later, other.person_id, GELDROP_MIERLO, "willing", other.person_id, title="Wandelen")

    assert eventually(lambda: len(mails(settings)) == 1)
    assert [mail["To"] for mail in mails(settings)] == ["later@voorbeeld.nl"]


@pytest.mark.parametrize("known", [True, False])
def test_a_sign_in_link_is_mailed_and_an_unknown_address_gets_a_mail_too(
    program: Program, settings: Settings, running: Beside, known: bool
) -> None:
    with program.transaction() as session:
        if known:
            a_person(session, email="ria@voorbeeld.nl")
    with program.transaction() as session:
        link = new_link(session, "ria@voorbeeld.nl", "/mijn")
        defer(session, "sign_in.mail", queue="mail", link_id=str(link.id))

    assert eventually(lambda: len(mails(settings)) == 1)
    body = text_of_mail(mails(settings)[0])
    assert ("/inloggen/link?t=" in body) is known
    code = code_of(installation_secret(settings), link.id)
    assert (f"{code[:3]} {code[3:]}" in body) is known
    if known:
        token = body.split("?t=")[1].split()[0]
        with program.transaction() as session:
            used = use_link(session, installation_secret(settings), token)
            assert isinstance(used, SignInLink)


def test_a_colleague_and_whose_keys_change_hear_so_by_mail(
    program: Program, settings: Settings, running: Beside, fresh_database: Database
) -> None:
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
        wanted = {"email": "nieuw@voorbeeld.nl", "voornaam": "Nienke", "rol": "broker"}
        typed = invitations.Colleague.model_validate(wanted)
        row = invitations.invite(session, karin, GELDROP_MIERLO, typed)
        ria = a_person(session, email="ria@voorbeeld.nl")
        events.note(session, ria.person_id, ria.person_id, Happened.PASSKEY_ADDED, "geheime naam")
        events.note(session, ria.person_id, ria.person_id, Happened.SIGNED_IN, "link")

    assert eventually(lambda: len(mails(settings)) == 2)
    by_person = {mail["To"]: text_of_mail(mail) for mail in mails(settings)}
    token = invitations.token_of(installation_secret(settings), row.id)
    assert f"/uitnodiging?t={token}" in by_person["nieuw@voorbeeld.nl"]
    assert "Er is een toegangssleutel gemaakt." in by_person["ria@voorbeeld.nl"]
    assert "geheime naam" not in by_person["ria@voorbeeld.nl"]


def test_an_answer_kept_under_a_key_is_forgotten_after_its_time_and_not_before(
    program: Program, settings: Settings, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        actor = a_person(session)
        assert once.first_answer(session, actor, "give", "key-1") is None
    minutes = timedelta(minutes=5)

    def known_after_tidying(time_passed: timedelta) -> bool:
        travel(time_passed)
        tasks.tidy(Work(settings, program))
        with program.transaction() as session:
            act(session, actor)
            return session.scalars(select(IdempotencyKey.key)).all() == ["key-1"]

    assert known_after_tidying(once.KEPT - minutes)
    assert not known_after_tidying(2 * minutes)


def test_nobody_is_mailed_a_change_of_their_keys_that_never_was(
    program: Program, settings: Settings, running: Beside
) -> None:
    with program.transaction() as session:
        ria = a_person(session, email="ria@voorbeeld.nl")
        told = {"person_id": str(ria.person_id), "kind": "passkey_removed"}
        defer(session, "sign_in.told", queue="mail", event_id=str(ria.person_id), **told)
        events.note(session, ria.person_id, ria.person_id, Happened.PASSKEY_ADDED)

    assert eventually(lambda: len(mails(settings)) == 1)
    with program.engine.connect() as connection:
        left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'sign_in.told' AND status <> 'succeeded'"
        assert eventually(lambda: connection.exec_driver_sql(left).scalar_one() == 0)
    assert len(mails(settings)) == 1
