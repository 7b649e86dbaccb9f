""" "Het is toch niet klaar", and being told that we are late."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.agreements import agree, occur
from app.config import Settings
from app.db import Database as Program
from app.errors import NotFound
from app.help_requests import reopening, service
from app.help_requests.models import Status
from app.jobs import tasks
from app.jobs.work import Work
from app.moderation import cases
from app.moderation.cases import Opened
from app.notifications.models import Notice
from tests.app.conftest import rows_of
from tests.app.factories import (
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
    an_appointment,
)
from tests.databases import Database

Travel = Callable[[timedelta], None]


def told(program: Program, who: Actor, kind: str) -> int:
    with program.transaction() as session:
        act(session, who)
        own = select(Notice).where(Notice.kind == kind, Notice.person_id == who.person_id)
        return len(session.scalars(own).all())


def finished(program: Program, travel: Travel) -> tuple[Actor, UUID]:
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session, minutenPerWeek=2400)
        agreement = an_agreement(session, asker, helper)
        time_id = occur.get(session, asker, agreement.id).occurrences[0].id
    travel(timedelta(days=4))
    for who in (helper, asker):
        with program.transaction() as session:
            occur.happened(session, act(session, who), time_id)
    return asker, agreement.help_request_id


def test_what_is_not_finished_goes_back_to_the_makelaar_with_the_reason(
    program: Program, travel: Travel, fresh_database: Database
) -> None:
    asker, request_id = finished(program, travel)
    with program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)

    for _ in range(2):
        with program.transaction() as session:
            reopening.not_finished(session, act(session, asker), request_id, "De heg staat er nog")

    with program.transaction() as session:
        row = service.get(session, act(session, asker), request_id)
        assert (row.status, row.helpers_found) == (Status.SUBMITTED, 0)
    assert told(program, makelaar, "not-finished") == 1
    reasons = (
        "SELECT reason FROM state_event WHERE entity_id = :id AND after = 'submitted' AND before = 'done'"
    )
    assert [row[0] for row in rows_of(fresh_database, reasons, id=request_id)] == ["De heg staat er nog"]


def test_the_makelaar_lets_it_through_and_another_helper_is_chosen(
    program: Program, travel: Travel, fresh_database: Database
) -> None:
    asker, request_id = finished(program, travel)
    with program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)
        another = a_helper(session, first_name="Wim", minutenPerWeek=2400)[0]
    with program.transaction() as session:
        reopening.not_finished(session, act(session, asker), request_id, "De heg staat er nog")
    with program.transaction() as session:
        actor = act(session, makelaar)
        row = service.get(session, actor, request_id)
        cases.release(session, actor, request_id, Opened.model_validate({"versie": row.version}))
    with program.transaction() as session:
        row = service.get(session, act(session, asker), request_id)
        proposal = a_willing_helper(session, asker, another, row)
        agree.agree(session, asker, proposal.id, an_appointment(session))

    with program.transaction() as session:
        assert service.get(session, act(session, asker), request_id).status is Status.FILLED


def test_another_person_and_an_open_request_have_nothing_to_bring_back(program: Program) -> None:
    with program.transaction() as session:
        asker, stranger = a_person(session), a_person(session, first_name="Bo")
        request_id = a_request(session, act(session, asker)).id

    with program.transaction() as session, pytest.raises(NotFound):
        reopening.not_finished(session, act(session, stranger), request_id, "Nee")
    with program.transaction() as session, pytest.raises(service.NotOpen):
        reopening.not_finished(session, act(session, asker), request_id, "Nee")


def test_who_waits_past_the_promise_is_told_once(
    program: Program, travel: Travel, settings: Settings
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        a_request(session, asker)
        lucky = a_person(session, first_name="Bo")
        helped = a_request(session, lucky)
        a_willing_helper(session, lucky, a_helper(session)[0], helped)
    work = Work(settings, program)

    tasks.tell_late(work)
    assert told(program, asker, "late") == 0

    travel(timedelta(days=12))
    for _ in range(2):
        tasks.tell_late(work)

    assert told(program, asker, "late") == 1
    assert told(program, lucky, "late") == 0


def test_a_new_promise_that_is_broken_is_told_again(
    program: Program, travel: Travel, settings: Settings, fresh_database: Database
) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        request_id = a_request(session, asker).id
    work = Work(settings, program)
    travel(timedelta(days=12))
    tasks.tell_late(work)
    with program.transaction() as session:
        service.pause(session, act(session, asker), request_id)
    with program.transaction() as session:
        service.renew(session, act(session, asker), request_id)

    tasks.tell_late(work)
    assert told(program, asker, "late") == 1
    travel(timedelta(days=12))
    tasks.tell_late(work)

    assert told(program, asker, "late") == 2


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)
