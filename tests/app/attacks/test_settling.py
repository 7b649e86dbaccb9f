"""What one of the two may try, so as to get more than was given, or to give nothing for what was done."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access.actor import Actor
from app.agreements import occur
from app.agreements.models import OccurrenceStatus
from app.agreements.schemas import NewTime
from app.clock import today
from app.db import Database as Program
from app.errors import Conflict, Forbidden, Invalid, NotAllowed
from app.treasury.check import faults
from tests.app.agreements.test_occur import Story, Travel
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, act
from tests.databases import Database

Refused = (Conflict, Forbidden, Invalid, NotAllowed)
Try = Callable[[Story, Actor], object]


def cancel(story: Story, who: Actor) -> None:
    with story.program.transaction() as session:
        occur.cancel(session, act(session, who), story.occurrence_id)


def no_show(story: Story, who: Actor) -> None:
    with story.program.transaction() as session:
        occur.no_show(session, act(session, who), story.occurrence_id)


def end(story: Story, who: Actor) -> None:
    with story.program.transaction() as session:
        occur.end(session, act(session, who), story.agreement_id)


def move(story: Story, who: Actor) -> None:
    with story.program.transaction() as session:
        wanted = NewTime.model_validate({"datum": today(session) + timedelta(days=90), "tijd": "15:30"})
        occur.move(session, act(session, who), story.occurrence_id, wanted)


def dispute(story: Story, who: Actor) -> None:
    with story.program.transaction() as session:
        occur.dispute(session, act(session, who), story.occurrence_id, "Dit klopt niet")


@pytest.fixture
def story(program: Program, travel: Travel) -> Story:
    """Something that was agreed, and has begun."""
    made = Story(program)
    travel(timedelta(days=4))
    return made


def test_a_helper_cannot_book_more_than_the_asker_said(story: Story) -> None:
    story.happened(story.asker, 15)

    with pytest.raises(Invalid):
        story.happened(story.helper, 60)

    assert story.balance(story.asker) == (0, 60)


def test_an_asker_cannot_book_less_than_what_the_helper_confirmed_as_agreed(story: Story) -> None:
    story.happened(story.helper)

    with pytest.raises(Invalid):
        story.happened(story.asker, 1)

    assert story.balance(story.asker) == (0, 60)


@pytest.mark.parametrize("escape", [cancel, no_show, move])
def test_nobody_walks_away_from_what_a_makelaar_has_to_decide(story: Story, escape: Try) -> None:
    story.happened(story.helper)
    dispute(story, story.asker)

    for who in (story.asker, story.helper):
        with pytest.raises(Refused):
            escape(story, who)

    assert story.row()[0].status is OccurrenceStatus.DISPUTED
    assert story.balance(story.asker) == (0, 60)


@pytest.mark.parametrize("escape", [cancel, move])
def test_what_has_begun_is_no_longer_cancelled_or_moved_by_the_two(story: Story, escape: Try) -> None:
    for who in (story.asker, story.helper):
        with pytest.raises(Refused):
            escape(story, who)

    assert story.balance(story.asker) == (0, 60)


@pytest.mark.parametrize("confirmed_first", [True, False])
def test_stopping_an_agreement_does_not_wipe_out_the_help_that_was_given(
    story: Story, fresh_database: Database, confirmed_first: bool
) -> None:
    if confirmed_first:
        story.happened(story.helper)
    end(story, story.asker)
    if not confirmed_first:
        story.happened(story.helper)

    story.happened(story.asker)

    assert story.balance(story.asker) == (-60, 0)
    assert not _faults(story, fresh_database)


def test_who_is_said_not_to_have_come_may_say_otherwise(
    story: Story, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
    no_show(story, story.asker)

    dispute(story, story.helper)
    with program.transaction() as session:
        occur.decide(session, act(session, broker), story.occurrence_id, 60)

    assert story.balance(story.asker) == (-60, 0)
    assert not _faults(story, fresh_database)


def test_a_makelaar_does_not_decide_on_help_of_their_own(
    story: Story, program: Program, fresh_database: Database
) -> None:
    """The asker is a makelaar of this very municipality."""
    dispute_of_ones_own(story, fresh_database)

    with program.transaction() as session, pytest.raises(Forbidden):
        occur.decide(session, act(session, story.asker), story.occurrence_id, 0)


def test_a_makelaar_does_not_decide_on_help_of_their_own_house(
    story: Story, program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
    rows_of(
        fresh_database,
        "UPDATE contact SET postcode = '5664 HJ', house_number = '7' WHERE person_id IN (:one, :other) RETURNING 1",
        one=broker.person_id,
        other=story.helper.person_id,
    )
    story.happened(story.helper)
    dispute(story, story.asker)

    with program.transaction() as session, pytest.raises(Forbidden):
        occur.decide(session, act(session, broker), story.occurrence_id, 60)


def dispute_of_ones_own(story: Story, database: Database) -> None:
    story.happened(story.helper)
    dispute(story, story.asker)
    rows_of(
        database,
        "INSERT INTO role_grant (id, person_id, role, municipality_id)"
        " VALUES (gen_random_uuid(), :person, 'broker', 1771) RETURNING id",
        person=story.asker.person_id,
    )


def _faults(story: Story, database: Database) -> list[str]:
    with story.program.transaction() as session:
        act(session, a_member_of_staff(database, session))
        return faults(session)
