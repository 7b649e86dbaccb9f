"""From when until when a check counts: in SQL, in the engine's facts, in what is proposed, and on the page."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.categories.vocabulary import Check
from app.checks import service, standing
from app.checks.schemas import NewCheck, Withdrawn
from app.clock import today
from app.db import Database
from app.errors import Invalid
from app.matches import propose
from app.matches.index import offers_by_id
from app.people.models import PersonCheck
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request, act
from tests.app.matches.comparing import agrees, owner_runs
from tests.databases import Database as Migrated

HOMEWORK = "huiswerk-en-bijles"
"""A visit at home that asks for a VOG."""
DAY_1 = date(2026, 11, 2)


def to_day(program: Database, database: Migrated, number: int) -> None:
    """Noon of day 1, 2, ... of the story."""
    owner_runs(
        database,
        "SELECT ledger.shift(CAST(:day AS date) + interval '12 hours' - ledger.now())",
        day=DAY_1 + timedelta(days=number - 1),
    )
    with program.transaction() as session:
        assert today(session) == DAY_1 + timedelta(days=number - 1)


class Story:
    """Marja of the desk, somebody who asks for a visit at home, and a helper of whom nothing was seen yet."""

    def __init__(self, program: Database, database: Migrated) -> None:
        self.program, self.database = program, database
        to_day(program, database, 1)
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.asker = a_person(session)
            self.helper, offer = a_helper(session, categorieen=[HOMEWORK])
            self.offer_id = offer.id

    def seen(self, **typed: str) -> PersonCheck:
        """Marja writes down what she saw."""
        with self.program.transaction() as session:
            marja = act(session, self.marja)
            new = NewCheck.model_validate({"soort": "vog", **typed})
            return service.record(session, marja, self.helper.person_id, new)

    def proposed(self) -> bool:
        """Whether a visit that is asked for at this moment is proposed to the helper; nothing stays of it."""
        agrees(self.program)
        with self.program.transaction() as session:
            asked = a_request(session, act(session, self.asker), categorie=HOMEWORK)
            found = propose.for_request(session, self.asker, asked)
            fact = offers_by_id(session, [self.offer_id])[self.offer_id]
            assert bool(found) == bool(fact.checks & Check.VOG) == self.stands(session).met
            session.rollback()
            return bool(found)

    def stands(self, session: Session) -> standing.Standing:
        """The same as the pages say it."""
        rows = service.mine(session, act(session, self.helper))
        return standing.of(Check.VOG, rows, today(session))

    def days(self, *numbers: int) -> dict[int, bool]:
        """On which of these days, in their order, the helper is asked."""
        told = {}
        for number in numbers:
            to_day(self.program, self.database, number)
            told[number] = self.proposed()
        return told


@pytest.fixture
def story(program: Database, fresh_database: Migrated) -> Story:
    """Day 1."""
    return Story(program, fresh_database)


def day(number: int) -> str:
    """A day of the story as it is typed."""
    return (DAY_1 + timedelta(days=number - 1)).isoformat()


def test_a_vog_that_is_seen_on_day_2_without_an_end_holds_from_day_2(story: Story) -> None:
    assert story.days(1, 2) == {1: False, 2: False}
    row = story.seen()

    assert (row.valid_from, row.valid_until) == (DAY_1 + timedelta(days=1), None)
    assert story.days(2, 3, 900) == {2: True, 3: True, 900: True}
    assert story.days(1) == {1: False}


def test_between_two_periods_no_visits_at_home_are_proposed(story: Story) -> None:
    story.seen(vanaf=day(2), totEnMet=day(4))
    story.seen(vanaf=day(6), totEnMet=day(9))

    assert story.days(1, 2, 3, 4, 5, 6, 9, 10) == {
        1: False, 2: True, 3: True, 4: True, 5: False, 6: True, 9: True, 10: False,
    }  # fmt: skip


def test_periods_that_follow_on_each_other_leave_no_gap(story: Story) -> None:
    story.seen(vanaf=day(2), totEnMet=day(4))
    story.seen(vanaf=day(5), totEnMet=day(9))

    assert story.days(4, 5, 9, 10) == {4: True, 5: True, 9: True, 10: False}


def test_an_exemption_that_has_expired_counts_as_missing(story: Story) -> None:
    story.seen(hoe="ontheffing", totEnMet=day(3), reden="De VOG is aangevraagd en komt deze week.")

    assert story.days(1, 3, 4) == {1: True, 3: True, 4: False}


def test_a_check_that_is_withdrawn_counts_no_more_and_stays_as_a_line(story: Story) -> None:
    row = story.seen()
    assert story.days(1) == {1: True}
    with story.program.transaction() as session:
        why = Withdrawn.model_validate({"reden": "Het was de VOG van iemand anders."})
        service.withdraw(session, act(session, story.marja), row.id, why)

    assert story.days(1) == {1: False}
    with story.program.transaction() as session:
        (kept,) = service.mine(session, act(session, story.helper))
        assert (kept.valid_until, kept.withdrawn_reason) == (None, "Het was de VOG van iemand anders.")
        assert story.stands(session).stand is standing.Stand.WITHDRAWN


@pytest.mark.parametrize(
    "change",
    [
        "valid_until = '2030-01-01'",
        "kind = 2",
        "seen_by_id = person_id",
        "number = '69599084'",
        "person_id = seen_by_id",
    ],
)
def test_what_was_written_down_cannot_be_changed_by_the_program(story: Story, change: str) -> None:
    story.seen()
    with story.program.transaction() as session:
        act(session, story.marja)
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(f"UPDATE person_check SET {change}"))
        session.rollback()


def test_no_check_has_room_for_a_document(story: Story) -> None:
    columns = rows_of(
        story.database,
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'person_check'",
    )
    assert {row.data_type for row in columns} <= {
        "uuid", "integer", "smallint", "date", "timestamp with time zone", "text", "character varying",
    }  # fmt: skip
    assert max(len(row.column_name) for row in columns) < 20


def test_what_an_organisation_saw_counts_under_its_flag_only(story: Story) -> None:
    (flag,) = rows_of(
        story.database,
        "INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website, covenant_signed_on)"
        " VALUES (gen_random_uuid(), 1771, 'De Zonnebloem', 'volunteers', '', '', '', '2020-01-01') RETURNING id",
    )
    story.seen(organisatie=str(flag.id))

    def offered_mask() -> int:
        with story.program.transaction() as session:
            return offers_by_id(session, [story.offer_id])[story.offer_id].checks

    assert offered_mask() == 0
    owner_runs(story.database, "UPDATE help_offer SET organisation_id = :flag", flag=flag.id)
    assert offered_mask() == int(Check.VOG)
    agrees(story.program)


def test_an_organisation_without_a_covenant_is_not_believed(story: Story) -> None:
    (flag,) = rows_of(
        story.database,
        "INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website)"
        " VALUES (gen_random_uuid(), 1771, 'Nieuwe club', 'club', '', '', '') RETURNING id",
    )
    with pytest.raises(Invalid):
        story.seen(organisatie=str(flag.id))
