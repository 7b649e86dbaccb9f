"""What becomes of one time, and what each button does to the hold."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.agreements import agree, occur, upkeep
from app.agreements.models import Agreement, Occurrence, OccurrenceStatus, Status
from app.agreements.occur import TooEarly
from app.agreements.schemas import NewTime
from app.categories.vocabulary import Kind
from app.clock import AMSTERDAM, now, today
from app.config import Settings
from app.db import Database as Program
from app.errors import Conflict, Forbidden, Invalid, NotAllowed, NotFound
from app.help_requests.models import HelpRequest, Status as RequestStatus
from app.jobs import tasks
from app.jobs.work import Work
from app.notifications.models import Notice
from app.roosjes import service as roosjes
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


class Story:
    """An asker, a helper, and what they agreed, each step in a transaction of its own."""

    def __init__(self, program: Program, **request: Any) -> None:
        self.program = program
        with program.transaction() as session:
            self.asker: Actor = a_person(session)
            self.helper: Actor = a_helper(session, minutenPerWeek=2400)[0]
            agreement = an_agreement(session, self.asker, self.helper, **request)
            self.agreement_id: UUID = agreement.id
            self.request_id: UUID = agreement.help_request_id
            self.occurrence_id: UUID = occur.get(session, self.asker, agreement.id).occurrences[0].id

    def happened(self, who: Actor, minutes: int | None = None) -> OccurrenceStatus:
        with self.program.transaction() as session:
            return occur.happened(session, act(session, who), self.occurrence_id, minutes).status

    def balance(self, who: Actor) -> tuple[int, int]:
        with self.program.transaction() as session:
            balance = roosjes.statement(session, act(session, who)).balance
            return balance.posted, balance.held_out

    def row(self) -> tuple[Occurrence, Agreement, HelpRequest]:
        with self.program.transaction() as session:
            act(session, self.asker)
            return (
                session.get_one(Occurrence, self.occurrence_id),
                session.get_one(Agreement, self.agreement_id),
                session.get_one(HelpRequest, self.request_id),
            )

    def dates(self) -> list[Occurrence]:
        with self.program.transaction() as session:
            return occur.get(session, act(session, self.asker), self.agreement_id).occurrences

    def today(self) -> date:
        with self.program.transaction() as session:
            return today(session)

    def move(self, who: Actor, *, days: int, at: str = "15:30") -> None:
        wanted = NewTime.model_validate({"datum": self.today() + timedelta(days=days), "tijd": at})
        with self.program.transaction() as session:
            occur.move(session, act(session, who), self.occurrence_id, wanted)

    def notices(self, who: Actor, kind: str) -> list[UUID]:
        with self.program.transaction() as session:
            act(session, who)
            return list(
                session.scalars(
                    select(Notice.subject_id).where(Notice.kind == kind, Notice.person_id == who.person_id)
                )
            )


def test_nothing_happened_before_it_began(program: Program) -> None:
    story = Story(program)

    with pytest.raises(TooEarly):
        story.happened(story.helper)


@pytest.mark.parametrize("first_is_helper", [True, False])
def test_roosjes_move_when_both_say_it_happened_whoever_says_it_first(
    program: Program, travel: Travel, first_is_helper: bool
) -> None:
    story = Story(program)
    travel(timedelta(days=4))
    first, second = (story.helper, story.asker) if first_is_helper else (story.asker, story.helper)

    story.happened(first)
    assert story.balance(story.asker) == (0, 60)
    assert story.happened(second) is OccurrenceStatus.DONE

    assert story.balance(story.asker) == (-60, 0)
    assert story.balance(story.helper) == (60, 0)
    assert [row.status for row in story.row()] == [OccurrenceStatus.DONE, Status.DONE, RequestStatus.DONE]


def test_less_than_agreed_lets_the_rest_go(program: Program, travel: Travel) -> None:
    story = Story(program)
    travel(timedelta(days=4))

    story.happened(story.helper, 45)
    story.happened(story.asker)

    assert story.balance(story.asker) == (-45, 0)


def test_more_than_agreed_is_refused(program: Program, travel: Travel) -> None:
    story = Story(program)
    travel(timedelta(days=4))

    with pytest.raises(Invalid):
        story.happened(story.helper, 61)


def test_a_different_number_of_minutes_is_said_and_not_booked(program: Program, travel: Travel) -> None:
    story = Story(program)
    travel(timedelta(days=4))
    story.happened(story.helper, 60)

    with pytest.raises(Invalid):
        story.happened(story.asker, 30)
    assert story.balance(story.asker) == (0, 60)


def test_cancelling_lets_the_hold_go_tells_the_other_and_looks_again(program: Program) -> None:
    story = Story(program)

    with program.transaction() as session:
        occur.cancel(session, act(session, story.helper), story.occurrence_id, "ziek")

    occurrence, agreement, help_request = story.row()
    assert (occurrence.status, occurrence.hold_id, occurrence.late_cancel) == (
        OccurrenceStatus.CANCELLED,
        None,
        False,
    )
    assert agreement.status is Status.CANCELLED
    assert help_request.status is RequestStatus.OPEN
    assert story.balance(story.asker) == (0, 0)
    assert story.notices(story.asker, "cancelled") == [story.occurrence_id]
    assert story.notices(story.helper, "cancelled") == []


def test_cancelling_less_than_a_day_before_is_marked(program: Program, travel: Travel) -> None:
    story = Story(program)
    starts_at = story.row()[0].starts_at
    with program.transaction() as session:
        ahead = starts_at - now(session)
    travel(ahead - timedelta(hours=4))

    with program.transaction() as session:
        occur.cancel(session, act(session, story.asker), story.occurrence_id)

    assert story.row()[0].late_cancel


def test_moving_takes_the_hold_along_and_tells_the_other(program: Program) -> None:
    story = Story(program)
    before = story.row()[0].hold_id

    with program.transaction() as session:
        wanted = NewTime.model_validate({"datum": today(session) + timedelta(days=9), "tijd": "15:30"})
        occur.move(session, act(session, story.asker), story.occurrence_id, wanted)

    occurrence, _, _ = story.row()
    assert occurrence.starts_at.astimezone(AMSTERDAM).time() == time(15, 30)
    assert occurrence.hold_id not in (None, before)
    assert story.balance(story.asker) == (0, 60)
    assert story.notices(story.helper, "moved") == [story.occurrence_id]


def test_a_date_of_a_series_that_is_moved_beyond_two_weeks_lets_its_roosjes_go_until_it_comes_near(
    program: Program, fresh_database: Database, travel: Travel
) -> None:
    story = Story(program, hoeVaak="wekelijks")
    assert story.balance(story.asker) == (0, 120)

    story.move(story.helper, days=20)

    assert story.row()[0].status is OccurrenceStatus.PLANNED
    assert story.balance(story.asker) == (0, 60)
    assert story.notices(story.asker, "moved") == [story.occurrence_id]
    assert rows_of(fresh_database, upkeep.OCCURRENCES_OUT_OF_STEP) == []
    story.move(story.asker, days=21)
    assert story.notices(story.helper, "moved") == [story.occurrence_id]

    travel(timedelta(days=8))
    with Work(Settings(), program).transaction() as (session, actor):
        upkeep.advance(session, actor, story.agreement_id)

    assert story.row()[0].status is OccurrenceStatus.AGREED
    assert story.balance(story.asker) == (0, 180)
    assert rows_of(fresh_database, upkeep.OCCURRENCES_OUT_OF_STEP) == []


def test_a_planned_date_that_is_moved_nearer_than_two_weeks_is_agreed_at_once(
    program: Program, fresh_database: Database
) -> None:
    story = Story(program, hoeVaak="wekelijks")
    story.occurrence_id = story.dates()[4].id

    story.move(story.asker, days=5)

    assert story.row()[0].status is OccurrenceStatus.AGREED
    assert story.balance(story.asker) == (0, 180)
    assert story.notices(story.helper, "moved") == [story.occurrence_id]
    assert rows_of(fresh_database, upkeep.OCCURRENCES_OUT_OF_STEP) == []


def test_a_single_time_keeps_its_roosjes_however_far_it_is_moved(program: Program) -> None:
    story = Story(program)

    story.move(story.asker, days=60)

    assert (story.row()[0].status, story.balance(story.asker)) == (OccurrenceStatus.AGREED, (0, 60))
    with pytest.raises(Invalid):
        story.move(story.asker, days=500)


def test_what_once_went_without_roosjes_is_tried_with_them_again_after_it_was_moved_far(
    program: Program, fresh_database: Database, travel: Travel
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
    story = Story(program, hoeVaak="wekelijks", minuten=400)  # the second time would cross the limit
    first, second = story.dates()[:2]
    assert [first.kind, second.kind] == [Kind.ROOSJES, Kind.ZONDER]

    story.occurrence_id = second.id
    story.move(story.asker, days=20)
    assert (story.row()[0].status, story.row()[0].kind) == (OccurrenceStatus.PLANNED, Kind.ROOSJES)
    story.move(story.asker, days=11)

    assert (story.row()[0].status, story.row()[0].kind) == (OccurrenceStatus.AGREED, Kind.ZONDER)
    assert set(story.notices(marja, "without-roosjes")) == {second.id}
    assert rows_of(fresh_database, upkeep.OCCURRENCES_OUT_OF_STEP) == []


def test_one_moved_date_leaves_the_rhythm_of_a_series_as_it_was(program: Program, travel: Travel) -> None:
    story = Story(program, hoeVaak="wekelijks")
    weekday, last = story.dates()[0].starts_at.weekday(), story.dates()[-1]
    story.occurrence_id = last.id
    story.move(story.asker, days=(last.starts_at.date() - story.today()).days + 2, at="20:00")

    travel(timedelta(days=21))
    with Work(Settings(), program).transaction() as (session, actor):
        upkeep.advance(session, actor, story.agreement_id)

    dates = [row.starts_at.astimezone(AMSTERDAM) for row in story.dates() if row.id != last.id]
    assert {(day.weekday(), day.time()) for day in dates} == {(weekday, dates[0].time())}
    assert dates[-1].date() == dates[0].date() + timedelta(weeks=len(dates))


def test_a_no_show_books_nothing_and_reaches_the_makelaar(
    program: Program, fresh_database: Database, travel: Travel
) -> None:
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
    story = Story(program)
    travel(timedelta(days=4))

    with program.transaction() as session:
        occur.no_show(session, act(session, story.asker), story.occurrence_id)

    assert story.row()[0].status is OccurrenceStatus.NO_SHOW
    assert story.balance(story.asker) == (0, 0)
    assert story.notices(story.helper, "no-show") == [story.occurrence_id]
    assert story.notices(broker, "no-show") == [story.occurrence_id]


@pytest.mark.parametrize(("minutes", "booked"), [(30, -30), (0, 0)])
def test_what_the_two_see_differently_a_makelaar_decides(
    program: Program, fresh_database: Database, travel: Travel, minutes: int, booked: int
) -> None:
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
    story = Story(program)
    travel(timedelta(days=4))
    story.happened(story.helper)
    with program.transaction() as session:
        occur.dispute(session, act(session, story.asker), story.occurrence_id, "Het was veel korter")
    assert story.balance(story.asker) == (0, 60)

    with program.transaction() as session, pytest.raises(Forbidden):
        occur.decide(session, act(session, story.asker), story.occurrence_id, minutes)
    with program.transaction() as session:
        occur.decide(session, act(session, broker), story.occurrence_id, minutes)

    assert story.balance(story.asker) == (booked, 0)


def test_silence_after_a_reminder_counts_as_a_yes(program: Program, travel: Travel) -> None:
    story = Story(program)
    work = Work(Settings(), program)
    travel(timedelta(days=4))
    story.happened(story.helper)
    travel(timedelta(days=4))
    with work.transaction() as (session, _):
        upkeep.remind(session)
        assert upkeep.silent(session) == []
    assert len(story.notices(story.asker, "please-confirm")) == 2

    travel(timedelta(days=4))
    with work.transaction() as (session, actor):
        (silent,) = upkeep.silent(session)
        upkeep.settle_silent(session, actor, silent)

    assert story.balance(story.asker) == (-60, 0)


def test_without_a_reminder_silence_says_nothing_however_long_it_lasts(
    program: Program, travel: Travel
) -> None:
    story, work = Story(program), Work(Settings(), program)
    travel(timedelta(days=4))
    story.happened(story.helper)

    travel(timedelta(days=9))  # the worker was away
    tasks.advance(work)
    tasks.remind(work)
    tasks.advance(work)
    assert story.row()[0].status is OccurrenceStatus.HELPED

    travel(timedelta(days=4))
    tasks.advance(work)
    assert story.balance(story.asker) == (-60, 0)


def test_time_brings_the_next_weeks_of_a_series_near(program: Program, travel: Travel) -> None:
    story = Story(program, hoeVaak="wekelijks")
    work = Work(Settings(), program)
    assert story.balance(story.asker) == (0, 120)
    travel(timedelta(days=7))

    for _ in range(2):  # twice has the effect of once
        with work.transaction() as (session, actor):
            upkeep.advance(session, actor, story.agreement_id)

    assert story.balance(story.asker) == (0, 180)


def test_a_hold_past_its_grace_is_let_go_and_the_time_is_cancelled(program: Program, travel: Travel) -> None:
    story = Story(program)
    travel(timedelta(days=40))

    tasks.expire(Work(Settings(), program))

    assert story.row()[0].status is OccurrenceStatus.CANCELLED
    assert story.balance(story.asker) == (0, 0)


def test_thanks_come_from_the_asker_after_it_was_done(program: Program, travel: Travel) -> None:
    story = Story(program)
    with program.transaction() as session, pytest.raises(Conflict):
        occur.thank(session, act(session, story.asker), story.occurrence_id, "Dank u wel")
    travel(timedelta(days=4))
    story.happened(story.helper)
    story.happened(story.asker)

    with program.transaction() as session:
        occur.thank(session, act(session, story.asker), story.occurrence_id, "Dank u wel")

    assert story.row()[0].thanks == "Dank u wel"
    assert story.notices(story.helper, "thanked") == [story.occurrence_id]


def test_a_stranger_cannot_touch_it(program: Program) -> None:
    story = Story(program)
    with program.transaction() as session:
        stranger = a_person(session, first_name="Piet")

    for touch in (occur.happened, occur.cancel, occur.no_show):
        with program.transaction() as session, pytest.raises(NotFound):
            touch(session, act(session, stranger), story.occurrence_id)


def test_what_is_done_cannot_be_done_again(program: Program, travel: Travel) -> None:
    story = Story(program)
    travel(timedelta(days=4))
    story.happened(story.helper)
    story.happened(story.asker)

    with pytest.raises(NotAllowed):
        story.happened(story.helper)
    assert story.balance(story.asker) == (-60, 0)


def test_every_agreed_occurrence_of_kind_roosjes_has_one_hold_and_every_done_one_a_settlement(
    program: Program, fresh_database: Database, travel: Travel
) -> None:
    story = Story(program, hoeVaak="wekelijks")
    travel(timedelta(days=4))
    story.happened(story.helper)
    story.happened(story.asker)

    rows = rows_of(fresh_database, upkeep.OCCURRENCES_OUT_OF_STEP)

    assert rows == []


def test_a_question_of_two_helpers_is_over_when_both_are_done_whoever_speaks_last(
    program: Program, travel: Travel
) -> None:
    with program.transaction() as session:
        asker, helpers = a_person(session), [a_helper(session)[0] for _ in range(2)]
        help_request = a_request(session, act(session, asker), aantalHelpers=2)
        proposals = [a_willing_helper(session, asker, helper, help_request) for helper in helpers]
        agreements = [agree.agree(session, asker, one.id, an_appointment(session)) for one in proposals]
        times = [occur.get(session, asker, one.id).occurrences[0].id for one in agreements]
    travel(timedelta(days=4))

    seen = []
    for helper, time_id in zip(helpers, times, strict=True):
        for who in (asker, helper):
            with program.transaction() as session:
                occur.happened(session, act(session, who), time_id)
        with program.transaction() as session:
            act(session, asker)
            seen.append(session.get_one(HelpRequest, help_request.id).status)

    assert seen == [RequestStatus.FILLED, RequestStatus.DONE]


def test_a_no_show_that_is_disputed_after_the_grace_sets_the_roosjes_aside_again(
    program: Program, travel: Travel
) -> None:
    story = Story(program)
    travel(timedelta(days=4))
    with program.transaction() as session:
        occur.no_show(session, act(session, story.asker), story.occurrence_id)
    travel(timedelta(days=60))

    with program.transaction() as session:
        occur.dispute(session, act(session, story.helper), story.occurrence_id, "Ik was er wel")

    assert story.row()[0].status is OccurrenceStatus.DISPUTED
    assert story.balance(story.asker) == (0, 60)
