"""Tevreden? Who may say it, and who reads what."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.agreements import occur
from app.db import Database as Program
from app.errors import Conflict, NotFound
from app.notifications.models import Notice
from app.satisfaction import service
from app.satisfaction.models import Face, Satisfaction
from app.satisfaction.schemas import NewSatisfaction
from tests.app.factories import EINDHOVEN, a_helper, a_member_of_staff, a_person, act, an_agreement
from tests.databases import Database

Travel = Callable[[timedelta], None]


class Done:
    """Two between whom one time was done, unless it is still to come."""

    def __init__(self, program: Program, travel: Travel | None = None) -> None:
        self.program = program
        with program.transaction() as session:
            self.asker: Actor = a_person(session)
            self.helper: Actor = a_helper(session, minutenPerWeek=2400)[0]
            agreement = an_agreement(session, self.asker, self.helper)
            self.request_id = agreement.help_request_id
            self.time_id: UUID = occur.get(session, self.asker, agreement.id).occurrences[0].id
        if travel is not None:
            travel(timedelta(days=4))
            for who in (self.helper, self.asker):
                with program.transaction() as session:
                    occur.happened(session, act(session, who), self.time_id)

    def says(self, who: Actor, face: str = "blij", words: str = "", *, to: str = "makelaar") -> UUID:
        new = NewSatisfaction.model_validate({"gezicht": face, "woorden": words or None, "voorWie": to})
        with self.program.transaction() as session:
            return service.say(session, act(session, who), self.time_id, new).id

    def read_by(self, who: Actor) -> list[str]:
        with self.program.transaction() as session:
            act(session, who)
            return [
                row.words for row in session.scalars(select(Satisfaction).order_by(Satisfaction.created_at))
            ]


@pytest.fixture
def done(program: Program, travel: Travel) -> Done:
    return Done(program, travel)


def test_both_say_how_it_was_once(done: Done) -> None:
    first = done.says(done.asker, "blij", "Fijn")

    assert done.says(done.asker, "niet-blij", "Toch niet") == first
    assert done.says(done.helper, "gaat-wel", "Het regende") != first
    assert done.read_by(done.asker) == ["Fijn"]


@pytest.mark.parametrize(("to", "read"), [("makelaar", []), ("allebei", ["Fijn"])])
def test_the_other_reads_it_where_the_writer_says_so(done: Done, to: str, read: list[str]) -> None:
    done.says(done.asker, "blij", "Fijn", to=to)

    assert done.read_by(done.helper) == read


def test_the_makelaar_of_there_reads_it_and_nobody_else(done: Done, fresh_database: Database) -> None:
    done.says(done.asker, "gaat-wel", "Het kon beter")
    with done.program.transaction() as session:
        here = a_member_of_staff(fresh_database, session)
        elsewhere = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Bea")
        stranger = a_person(session, first_name="Bo")

    assert done.read_by(here) == ["Het kon beter"]
    assert done.read_by(elsewhere) == done.read_by(stranger) == []


def test_a_face_that_is_not_glad_is_told_to_the_makelaar(done: Done, fresh_database: Database) -> None:
    with done.program.transaction() as session:
        makelaar = a_member_of_staff(fresh_database, session)

    done.says(done.asker, Face.UNHAPPY.value)

    with done.program.transaction() as session:
        act(session, makelaar)
        kinds = session.scalars(select(Notice.kind).where(Notice.person_id == makelaar.person_id)).all()
    assert kinds.count("not-content") == 1


def test_nothing_is_said_of_what_is_not_done(program: Program) -> None:
    coming = Done(program)

    with pytest.raises(Conflict):
        coming.says(coming.asker)


def test_who_took_no_part_finds_nothing(done: Done) -> None:
    with done.program.transaction() as session:
        stranger = a_person(session, first_name="Bo")

    with pytest.raises(NotFound):
        done.says(stranger)
