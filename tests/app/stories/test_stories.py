"""Stories: looked at before they show, taken back at once, gone in their time."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.access.actor import system
from app.db import Database as Program, scope_to
from app.errors import Forbidden, Invalid, NotFound
from app.safety import subjects
from app.stories import service
from app.stories.models import Story, StoryStatus
from app.stories.schemas import NewStory, ToldStory
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person, act, nobody
from tests.databases import Database


def a_story(**typed: object) -> NewStory:
    told = {"titel": "Samen naar de markt", "verhaal": "Wij gaan elke dinsdag.", "magErop": True}
    return NewStory.model_validate(told | typed)


def shown_now(program: Program) -> list[str]:
    with program.transaction() as session:
        nobody(session)
        return list(session.scalars(select(Story.title)))


def test_a_story_shows_after_the_desk_looked_and_goes_when_its_teller_says_so(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, ria = a_member_of_staff(fresh_database, session), a_person(session, first_name="Ria")
        told = service.post(session, act(session, ria), a_story())
        assert told.name == "Ria, Geldrop"
    assert shown_now(program) == []
    with program.transaction() as session:
        service.approve(session, act(session, marja), told.id)
    assert shown_now(program) == ["Samen naar de markt"]
    with program.transaction() as session:
        service.withdraw(session, act(session, ria), told.id)
        service.withdraw(session, act(session, ria), told.id)
    assert shown_now(program) == []
    kinds = rows_of(
        fresh_database, "SELECT kind FROM notice WHERE kind LIKE 'story%' ORDER BY created_at, id"
    )
    assert [row.kind for row in kinds] == ["story-waits", "story-shown"]


def test_nobody_shows_their_own_words_whatever_the_program_does(program: Program) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        told = service.post(session, act(session, ria), a_story()).id
    show = text("UPDATE story SET status = 'shown', is_public = true WHERE id = :id")
    with program.transaction() as session:
        act(session, ria)
        with pytest.raises(DBAPIError, match="row-level security"), session.begin_nested():
            session.execute(show, {"id": told})


def test_without_a_yes_nothing_is_kept(program: Program) -> None:
    with program.transaction() as session, pytest.raises(Invalid):
        service.post(session, act(session, a_person(session)), a_story(magErop=False))


def test_what_the_desk_wrote_down_is_read_by_a_colleague(fresh_database: Database, program: Program) -> None:
    told = {"titel": "De heg", "verhaal": "Recht.", "magErop": True, "naam": "Jan, Mierlo"}
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        veerle = a_member_of_staff(fresh_database, session, first_name="Veerle")
        row = service.write_down(session, act(session, marja), GELDROP_MIERLO, ToldStory.model_validate(told))
        with pytest.raises(Forbidden):
            service.approve(session, act(session, marja), row.id)
        session.flush()
        id = row.id
    with program.transaction() as session:
        assert service.approve(session, act(session, veerle), id).status is StoryStatus.SHOWN


def test_another_municipality_neither_reads_nor_judges_what_waits(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        other = a_member_of_staff(fresh_database, session, municipality_id=HELMOND)
        told = service.post(session, act(session, a_person(session)), a_story()).id
    with program.transaction() as session, pytest.raises(NotFound):
        service.approve(session, act(session, other), told)


def test_a_reader_can_report_a_story_and_its_teller_cannot(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja, ria = a_member_of_staff(fresh_database, session), a_person(session)
        reader = a_person(session)
        told = service.post(session, act(session, ria), a_story()).id
    with program.transaction() as session:
        service.approve(session, act(session, marja), told)
    with program.transaction() as session:
        assert subjects.contact(session, act(session, reader), "verhaal", told).title == "Samen naar de markt"
        with pytest.raises(NotFound):
            subjects.contact(session, act(session, ria), "verhaal", told)


def test_what_was_taken_back_is_gone_after_a_month(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        ria = a_person(session)
        for title in ("Lang weg", "Net weg"):
            service.withdraw(session, ria, service.post(session, act(session, ria), a_story(titel=title)).id)
    with fresh_database.owner.begin() as owner:
        owner.execute(text("UPDATE story SET ended_at = now() - interval '31 days' WHERE title = 'Lang weg'"))
    with program.transaction() as session:
        scope_to(session, system(frozenset({GELDROP_MIERLO})).scope)
        service.forget_old(session)
    assert [row.title for row in rows_of(fresh_database, "SELECT title FROM story")] == ["Net weg"]
