"""A word in advance, once for each moment, to whoever has nothing that goes on."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.categories.vocabulary import Check
from app.checks import renewal, service
from app.checks.schemas import NewCheck, Withdrawn
from app.clock import today
from app.config import Settings
from app.db import Database
from app.jobs import tasks
from app.jobs.work import Work
from app.places.models import Municipality
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_helper, a_member_of_staff, act
from tests.app.matches.comparing import owner_runs
from tests.databases import Database as Migrated

Travel = Callable[[timedelta], None]


class Story:
    """A helper, and Marja who writes down what she sees."""

    def __init__(self, program: Database, database: Migrated, work: Work) -> None:
        self.program, self.database, self.work = program, database, work
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.helper, _ = a_helper(session)
            self.begin = today(session)

    def seen(self, *, until: int | None, since: int = 0, **typed: str) -> None:
        """A VOG with its days counted from the first."""
        with self.program.transaction() as session:
            days = {"vanaf": self.day(since), "totEnMet": self.day(until) if until is not None else None}
            new = NewCheck.model_validate({"soort": "vog", **typed, **days})
            service.record(session, act(session, self.marja), self.helper.person_id, new)

    def day(self, number: int) -> date:
        return self.begin + timedelta(days=number)

    def told(self) -> list[int]:
        """How many weeks before the end, as often as it was told."""
        tasks.tell_of_checks(self.work)
        rows = rows_of(
            self.database, "SELECT turn, person_id FROM notice WHERE kind = 'check-ends' ORDER BY turn DESC"
        )
        assert {row.person_id for row in rows} <= {self.helper.person_id}
        return [row.turn for row in rows]

    def listed(self) -> list[tuple[Check, date, bool]]:
        """What the makelaar sees."""
        with self.program.transaction() as session:
            municipality = session.get_one(Municipality, GELDROP_MIERLO)
            rows = renewal.listed(session, act(session, self.marja), municipality).rows
            return [(row.check, row.last_day, row.exemption) for row in rows]


@pytest.fixture
def story(program: Database, fresh_database: Migrated, tmp_path: Path) -> Story:
    return Story(program, fresh_database, Work(Settings(data_dir=tmp_path), program))


def test_eight_and_three_weeks_before_the_end_its_holder_hears_so_once(story: Story, travel: Travel) -> None:
    story.seen(until=70)
    assert story.told() == []
    travel(timedelta(days=13))
    assert story.told() == []
    assert story.listed() == []
    travel(timedelta(days=1))
    assert story.told() == story.told() == [8]
    assert story.listed() == [(Check.VOG, story.day(70), False)]
    travel(timedelta(days=34))
    assert story.told() == [8]
    travel(timedelta(days=1))
    assert story.told() == story.told() == [8, 3]
    travel(timedelta(days=40))
    assert story.told() == [8, 3]
    assert story.listed() == [(Check.VOG, story.day(70), False)]
    travel(timedelta(days=60))
    assert story.listed() == []


def test_what_goes_on_without_a_day_between_is_not_told(story: Story, travel: Travel) -> None:
    story.seen(until=10)
    story.seen(since=11, until=400)
    assert (story.told(), story.listed()) == ([], [])


def test_a_gap_is_told_although_something_follows(story: Story) -> None:
    story.seen(until=10)
    story.seen(since=12, until=400)

    assert story.told() == [3]
    assert story.listed() == [(Check.VOG, story.day(10), False)]


def test_who_comes_late_hears_the_nearer_word_only(story: Story) -> None:
    story.seen(until=10, hoe="ontheffing", reden="De aanvraag loopt.")

    assert story.told() == [3]
    assert story.listed() == [(Check.VOG, story.day(10), True)]


def test_what_was_withdrawn_or_never_ends_is_not_told(story: Story) -> None:
    story.seen(until=None)
    story.seen(until=5)
    (row,) = rows_of(story.database, "SELECT id FROM person_check WHERE valid_until IS NULL")
    assert story.told() == []
    with story.program.transaction() as session:
        why = Withdrawn.model_validate({"reden": "Toch niet."})
        service.withdraw(session, act(session, story.marja), row.id, why)

    assert story.told() == [3]


def test_a_municipality_chooses_its_own_moments_or_none(story: Story) -> None:
    story.seen(until=10)
    owner_runs(story.database, "UPDATE municipality SET check_notice_weeks = '{}' WHERE id = 1771")
    assert story.told() == []
    owner_runs(story.database, "UPDATE municipality SET check_notice_weeks = '{12,6,2}' WHERE id = 1771")
    assert story.told() == [2]
