"""Plans and ideas: laid before people, said something of, and answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.access.actor import Actor
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, NotAllowed
from app.ideas import service
from app.ideas.models import IdeaStatus
from app.ideas.schemas import Answer, NewIdea, NewReaction
from app.ideas.service import Over
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, a_member_of_staff, a_person, act, nobody
from tests.databases import Database
from tests.queries import count_queries


def an_idea(**typed: object) -> NewIdea:
    return NewIdea.model_validate({"titel": "Een bankje", "idee": "Bij de brug."} | typed)


def words(said: str = "Graag.") -> NewReaction:
    return NewReaction.model_validate({"reactie": said})


@pytest.fixture
def marja(fresh_database: Database, program: Program) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(fresh_database, session)


def test_a_plan_is_answered_and_who_spoke_hears_of_it(
    fresh_database: Database, program: Program, marja: Actor
) -> None:
    with program.transaction() as session:
        plan = service.lay_before(session, act(session, marja), GELDROP_MIERLO, an_idea()).id
        ria, joop = a_person(session, first_name="Ria"), a_person(session, first_name="Joop")
    with program.transaction() as session:
        kept = service.react(session, act(session, ria), plan, words()).id
        other = service.react(session, act(session, joop), plan, words("Nee.")).id
    with program.transaction() as session:
        desk = act(session, marja)
        service.approve_reaction(session, desk, kept)
        service.reject_reaction(session, desk, other, "Dit is kort.")
    with program.transaction() as session:
        nobody(session)
        idea = service.get(session, Actor(), plan)
        assert [row.name for row in service.said_of(session, Actor(), idea)] == ["Ria, Geldrop"]
    with program.transaction() as session:
        answered = service.answer(
            session, act(session, marja), plan, Answer.model_validate({"uitkomst": "Het komt er."})
        )
        assert answered.status is IdeaStatus.ANSWERED
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'idea-answered'")
    assert [row.person_id for row in told] == [ria.person_id]
    with program.transaction() as session, pytest.raises(Over):
        service.react(session, act(session, ria), plan, words())


def test_an_idea_waits_for_the_desk_and_takes_its_reactions_along_when_it_goes(
    program: Program, marja: Actor
) -> None:
    with program.transaction() as session:
        ria, joop = a_person(session), a_person(session)
        idea = service.bring_in(session, act(session, ria), an_idea()).id
        assert service.shown(session, act(session, joop), GELDROP_MIERLO) == []
    with program.transaction() as session:
        service.approve(session, act(session, marja), idea)
    with program.transaction() as session:
        kept = service.react(session, act(session, joop), idea, words()).id
    with program.transaction() as session:
        service.approve_reaction(session, act(session, marja), kept)
    with program.transaction() as session:
        nobody(session)
        assert [row.reactions for row in service.shown(session, Actor(), GELDROP_MIERLO)] == [1]
    with program.transaction() as session:
        service.withdraw(session, act(session, ria), idea)
    with program.transaction() as session:
        nobody(session)
        assert service.shown(session, Actor(), GELDROP_MIERLO) == []


def test_after_its_last_day_nobody_reacts(program: Program, marja: Actor) -> None:
    with program.transaction() as session:
        row = service.lay_before(
            session, act(session, marja), GELDROP_MIERLO, an_idea(totEnMet=today(session).isoformat())
        )
        row.open_until = today(session) - timedelta(days=1)
        plan = row.id
    with program.transaction() as session, pytest.raises(Over):
        service.react(session, act(session, a_person(session)), plan, words())


def test_nobody_judges_their_own_and_nothing_is_judged_twice(program: Program, marja: Actor) -> None:
    with program.transaction() as session:
        at_desk = replace(act(session, marja), desk=GELDROP_MIERLO)
        own = service.bring_in(session, at_desk, an_idea()).id
        with pytest.raises(Forbidden):
            service.approve(session, act(session, marja), own)
        ria = a_person(session)
        other = service.bring_in(session, act(session, ria), an_idea()).id
    with program.transaction() as session:
        service.approve(session, act(session, marja), other)
        with pytest.raises(NotAllowed):
            service.approve(session, act(session, marja), other)


def test_the_list_takes_as_many_queries_for_fifteen_as_for_one(program: Program, marja: Actor) -> None:
    counts = []
    for number in (1, 14):
        with program.transaction() as session:
            desk = act(session, marja)
            for _ in range(number):
                service.lay_before(session, desk, GELDROP_MIERLO, an_idea())
        with program.transaction() as session:
            nobody(session)
            with count_queries(program.engine) as counted:
                service.shown(session, Actor(), GELDROP_MIERLO)
            counts.append(len(counted.statements))
    assert counts[0] == counts[1]
