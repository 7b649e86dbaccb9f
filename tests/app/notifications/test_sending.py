"""A mail server that refuses, hangs or goes away, a worker that is killed: nothing twice, and what failed is seen."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from uuid import UUID

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.db import Database as Program
from app.errors import NotFound
from app.ids import uuid7
from app.jobs import mails as jobs
from app.jobs.work import Work
from app.notifications import gathering, mail, sending, service
from app.notifications.models import Failure
from app.privacy import erase
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, GELDROP_MIERLO, a_member_of_staff, a_person, act
from tests.app.notifications.conftest import mails
from tests.databases import Database

STATE = "SELECT sent_at IS NOT NULL AS sent, failure, attempts, handed_at IS NOT NULL AS handed FROM dispatch"


def told(program: Program, kind: str) -> Actor:
    """Somebody who was told something."""
    with program.transaction() as session:
        ria = a_person(session)
        service.tell(session, ria.person_id, GELDROP_MIERLO, kind, uuid7(), title="Naar de markt")
    return ria


def gathered(work: Work, ria: Actor) -> str:
    with work.transaction() as (session, _):
        (made,) = gathering.gather(session, ria.person_id)
        return str(made.id)


def state(database: Database) -> tuple[bool, str | None, int, bool]:
    ((sent, failure, attempts, handed),) = rows_of(database, STATE)
    return sent, failure, attempts, handed


@pytest.mark.parametrize(("kind", "comes"), [("cancelled", 2), ("submitted", 1)])
def test_a_worker_killed_between_sending_and_noting_leaves_one_mail_in_effect(
    kind: str,
    comes: int,
    program: Program,
    work: Work,
    fresh_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What must arrive goes again under the same Message-ID; the rest not at all, and an administrator sees it."""
    ria = told(program, kind)
    key = gathered(work, ria)
    handed: list[str] = []
    monkeypatch.setattr(mail, "send", lambda _, message: handed.append(str(message["Message-ID"])))

    with monkeypatch.context() as killed:
        killed.setattr(sending, "sent", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            jobs.send_dispatch(work, key, str(ria.person_id))
    for _ in range(3):
        jobs.send_dispatch(work, key, str(ria.person_id))

    assert len(handed) == comes
    assert len(set(handed)) == 1
    assert state(fresh_database)[:2] == ((True, None) if comes == 2 else (False, "unsure"))


def test_the_folder_of_a_demonstration_holds_a_mail_once(program: Program, work: Work) -> None:
    ria = told(program, "cancelled")
    key = UUID(gathered(work, ria))
    for _ in range(2):
        with work.transaction() as (session, _):
            message = sending.prepare(session, work.settings, b"secret", ria.person_id, key)
        assert message is not None
        mail.send(work.settings, message)

    assert len(mails(work)) == 1


def test_an_address_that_is_refused_is_given_up_at_once_and_the_others_arrive(
    program: Program, work: Work, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ria = told(program, "submitted")
    key = gathered(work, ria)

    def refuses(*_: object) -> None:
        raise mail.AddressRefused

    monkeypatch.setattr(mail, "send", refuses)
    jobs.send_dispatch(work, key, str(ria.person_id))
    jobs.send_dispatch(work, key, str(ria.person_id))

    assert state(fresh_database) == (False, "refused", 1, False)


def test_a_server_that_goes_away_is_tried_again_and_given_up_in_the_end(
    program: Program, work: Work, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ria = told(program, "submitted")
    key = gathered(work, ria)

    def away(*_: object) -> None:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(mail, "send", away)
    for _ in range(sending.MOST_TRIES):
        with pytest.raises(SMTPServerDisconnected):
            jobs.send_dispatch(work, key, str(ria.person_id))
    assert state(fresh_database) == (False, None, 8, False)
    with pytest.raises(SMTPServerDisconnected):
        jobs.send_dispatch(work, key, str(ria.person_id))

    assert state(fresh_database) == (False, "gave-up", 9, False)


def test_an_administrator_sees_what_failed_without_names_and_has_it_sent_again(
    program: Program, work: Work, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ria = told(program, "submitted")
    key = gathered(work, ria)
    with monkeypatch.context() as ill:
        ill.setattr(mail, "send", lambda *_: (_ for _ in ()).throw(mail.AddressRefused))
        jobs.send_dispatch(work, key, str(ria.person_id))
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
        elsewhere = a_member_of_staff(
            fresh_database,
            session,
            role=Role.MUNICIPALITY_ADMINISTRATOR,
            municipality_id=EINDHOVEN,
            first_name="Els",
        )

    with program.transaction() as session:
        (seen,) = sending.given_up(session, act(session, karin), GELDROP_MIERLO)
        assert (seen.failure, seen.count) == (Failure.REFUSED, 1)
        assert "Ria" not in repr(seen)
        with pytest.raises(NotFound):
            sending.try_again(session, act(session, elsewhere), seen.id)
        sending.try_again(session, act(session, karin), seen.id)
    jobs.send_dispatch(work, key, str(ria.person_id))

    assert state(fresh_database)[:2] == (True, None)
    assert len(mails(work)) == 1


def test_who_is_forgotten_before_a_mail_goes_gets_none_and_nothing_of_it_stays(
    program: Program, work: Work, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    ria = told(program, "submitted")
    key = gathered(work, ria)
    with program.transaction() as session:
        erase.erase(session, act(session, ria), work.settings)

    jobs.send_dispatch(work, key, str(ria.person_id))
    travel(timedelta(days=8))
    jobs.gather_due(work)

    assert mails(work) == []
    assert rows_of(fresh_database, "SELECT FROM dispatch") == []


def test_who_lost_their_address_meanwhile_gets_a_letter(
    program: Program, work: Work, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    ria = told(program, "cancelled")
    key = gathered(work, ria)
    rows_of(fresh_database, "UPDATE contact SET email = NULL RETURNING 1")

    jobs.send_dispatch(work, key, str(ria.person_id))
    for _ in range(16):
        travel(timedelta(hours=6))
        jobs.gather_due(work)

    assert [row.carrier for row in rows_of(fresh_database, "SELECT carrier FROM dispatch")] == ["letter"]
