"""What ends or begins by time alone, without anybody changing a row."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.clock import now, today
from app.db import Database
from app.ids import uuid7
from app.matches import propose
from app.matches.index import MatchIndex
from app.people import service as people
from matching.types import Offer
from tests.app.factories import a_helper, a_person, a_request, act, an_agreement
from tests.app.matches.comparing import agrees, owner_runs
from tests.databases import Database as Migrated

Travel = Callable[[timedelta], None]
HERE = ZoneInfo("Europe/Amsterdam")
A_MOMENT = timedelta(minutes=2)


def the_offer(program: Database) -> Offer | None:
    """The only one, as a query of this moment ranks it."""
    with program.transaction() as session:
        found = list(MatchIndex.of(session).offers)
    return found[0] if found else None


def to_local(program: Database, travel: Travel, hour: int, minute: int = 0) -> None:
    """To the next time that a clock on a Dutch wall shows this."""
    with program.transaction() as session:
        moment = now(session)
    local = moment.astimezone(HERE)
    then = datetime.combine(local.date() + timedelta(days=1), time(hour, minute), HERE).astimezone(UTC)
    travel(then - moment)


@pytest.mark.parametrize("hour", [0, 6])
def test_a_check_that_ended_last_night_is_seen_in_the_first_minutes_of_the_day(
    program: Database, fresh_database: Migrated, travel: Travel, hour: int
) -> None:
    to_local(program, travel, 23, 50)
    with program.transaction() as session:
        helper, _ = a_helper(session)
        last_day = today(session)
    owner_runs(
        fresh_database,
        "INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from, valid_until, seen_by_id)"
        " VALUES (:id, 1771, :person, 1, :day - 9, :day, :person)",
        id=uuid7(), person=helper.person_id, day=last_day,
    )  # fmt: skip
    offer = the_offer(program)
    assert offer is not None
    assert offer.checks == 1

    travel(timedelta(minutes=11, hours=hour))

    offer = the_offer(program)
    assert offer is not None
    assert offer.checks == 0
    agrees(program)


def test_a_pause_until_today_is_over_at_midnight(program: Database, travel: Travel) -> None:
    to_local(program, travel, 23, 50)
    with program.transaction() as session:
        helper, _ = a_helper(session)
        people.pause(session, act(session, helper), True, today(session) + timedelta(days=1))
    assert the_offer(program) is None

    travel(timedelta(minutes=11))

    assert the_offer(program) is not None
    agrees(program)


def test_who_was_asked_a_week_ago_may_be_asked_again_within_minutes(
    program: Database, travel: Travel
) -> None:
    to_local(program, travel, 12)
    with program.transaction() as session:
        a_helper(session)
        askers = [a_person(session) for _ in range(3)]
    for asker in askers:
        with program.transaction() as session:
            assert propose.for_request(session, asker, a_request(session, act(session, asker)))
    offer = the_offer(program)
    assert offer is not None
    assert offer.proposals_this_week == offer.proposal_cap == 3

    travel(timedelta(days=7) - A_MOMENT)
    offer = the_offer(program)
    assert offer is not None
    assert offer.proposals_this_week == 3

    travel(2 * A_MOMENT)
    offer = the_offer(program)
    assert offer is not None
    assert offer.proposals_this_week == 0
    agrees(program)


def test_help_that_comes_within_the_week_and_help_that_begins_change_the_load(
    program: Database, travel: Travel
) -> None:
    to_local(program, travel, 12)
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        an_agreement(session, asker, helper, days=9)  # at ten o'clock
    to_local(program, travel, 9, 59)
    to_local(program, travel, 9, 59)
    offer = the_offer(program)
    assert offer is not None
    assert offer.load_minutes == 0

    travel(A_MOMENT)
    offer = the_offer(program)
    assert offer is not None
    assert offer.load_minutes == 60

    for _ in range(7):
        travel(timedelta(days=1) - timedelta(seconds=30))
    agrees(program)
    travel(2 * A_MOMENT)
    offer = the_offer(program)
    assert offer is not None
    assert offer.load_minutes == 0
    agrees(program)


def test_a_rest_is_over_when_its_days_are(
    program: Database, fresh_database: Migrated, travel: Travel
) -> None:
    to_local(program, travel, 8)
    with program.transaction() as session:
        asker, (helper, _) = a_person(session), a_helper(session)
        an_agreement(session, asker, helper, days=1)
    owner_runs(fresh_database, "UPDATE person SET rest_days = 3 WHERE id = :id", id=helper.person_id)
    to_local(program, travel, 12)
    owner_runs(fresh_database, "UPDATE occurrence SET status = 'done'")
    owner_runs(fresh_database, "UPDATE agreement SET status = 'done'")
    offer = the_offer(program)
    assert offer is not None
    assert offer.resting

    travel(timedelta(days=3, hours=-1, minutes=-2))
    offer = the_offer(program)
    assert offer is not None
    assert offer.resting

    travel(2 * A_MOMENT)
    offer = the_offer(program)
    assert offer is not None
    assert not offer.resting
    agrees(program)


def test_days_are_counted_anew_each_day(program: Database, travel: Travel) -> None:
    with program.transaction() as session:
        asker = a_person(session)
        posted = a_request(session, act(session, asker))
    for days in range(1, 4):
        travel(timedelta(days=1, seconds=1))
        with program.transaction() as session:
            request = MatchIndex.of(session).requests.get(posted.id)
        assert request is not None
        assert request.days_waiting == days
        agrees(program)


def test_a_clock_that_is_set_back_is_no_hindrance(program: Database, travel: Travel) -> None:
    with program.transaction() as session:
        a_helper(session)
    agrees(program)
    travel(timedelta(hours=-30))
    agrees(program)
    with program.transaction() as session:
        a_helper(session)
        session.execute(text("SELECT 1"))
    agrees(program)
