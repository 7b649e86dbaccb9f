"""What nobody settled while its Roosjes were set aside: the desk hears beforehand, and everybody afterwards."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access.actor import Actor
from app.agreements import lapse, occur, upkeep
from app.agreements.models import OccurrenceStatus, Status
from app.config import Settings
from app.db import Database as Program
from app.help_requests.models import ClosingReason, Status as RequestStatus
from app.jobs import tasks
from app.jobs.work import Work
from app.notifications.models import Notice
from app.notifications.texts import text_of
from tests.app.agreements.test_occur import Story
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, act
from tests.databases import Database

Travel = Callable[[timedelta], None]


def disputed(program: Program, travel: Travel, **request: str) -> Story:
    """Three days after it was agreed: one says that it happened, the other that this is not right."""
    story = Story(program, **request)
    travel(timedelta(days=4))
    story.happened(story.helper)
    with program.transaction() as session:
        occur.dispute(session, act(session, story.asker), story.occurrence_id, "Het was veel korter")
    return story


@pytest.fixture
def marja(program: Program, fresh_database: Database) -> Actor:
    """The makelaar of where the story is."""
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def test_what_the_two_see_differently_lapses_with_a_word_to_both_and_the_desk_and_closes(
    program: Program, fresh_database: Database, marja: Actor, travel: Travel
) -> None:
    story = disputed(program, travel)
    travel(timedelta(days=31))

    for _ in range(2):  # twice has the effect of once
        tasks.expire(Work(Settings(), program))

    occurrence, agreement, help_request = story.row()
    assert (occurrence.status, occurrence.hold_id) == (OccurrenceStatus.CANCELLED, None)
    assert (agreement.status, help_request.status) == (Status.CANCELLED, RequestStatus.CLOSED)
    assert help_request.closing_reason == ClosingReason.FAILED
    assert story.balance(story.asker) == (0, 0)
    for who in (story.asker, story.helper, marja):
        assert story.notices(who, "lapsed") == [story.occurrence_id]
    assert rows_of(fresh_database, upkeep.OCCURRENCES_OUT_OF_STEP) == []


def test_the_desk_hears_a_week_before_that_a_dispute_will_lapse(
    program: Program, marja: Actor, travel: Travel
) -> None:
    story, work = disputed(program, travel), Work(Settings(), program)
    travel(timedelta(days=20))
    tasks.remind(work)
    assert story.notices(marja, "lapses-soon") == []

    travel(timedelta(days=4))
    for _ in range(2):
        tasks.remind(work)

    assert story.notices(marja, "lapses-soon") == [story.occurrence_id]
    assert story.notices(story.asker, "lapses-soon") == []
    with program.transaction() as session:
        act(session, marja)
        notice = session.query(Notice).filter_by(kind="lapses-soon").one()
        assert "Samen naar de weekmarkt" in text_of(notice.kind, notice.params).body
    with program.transaction() as session:
        occur.decide(session, act(session, marja), story.occurrence_id, 30)
    assert story.balance(story.asker) == (-30, 0)


def test_a_time_of_a_series_that_lapses_leaves_the_others_as_they_are(
    program: Program, travel: Travel
) -> None:
    story = disputed(program, travel, hoeVaak="wekelijks")
    travel(timedelta(days=31))

    tasks.expire(Work(Settings(), program))

    occurrence, agreement, help_request = story.row()
    assert occurrence.status is OccurrenceStatus.CANCELLED
    assert (agreement.status, help_request.status) == (Status.ACTIVE, RequestStatus.FILLED)


def test_what_was_moved_in_the_meantime_does_not_lapse(program: Program, travel: Travel) -> None:
    story = Story(program)
    travel(timedelta(days=1))
    story.move(story.asker, days=60)

    with Work(Settings(), program).transaction() as (session, actor):
        lapse.let_go(session, actor, story.occurrence_id)

    assert story.row()[0].status is OccurrenceStatus.AGREED
    assert story.balance(story.asker) == (0, 60)
