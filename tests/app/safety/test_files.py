"""The safety file: only safety officers of the municipality, only after a reason, and the person reads it later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.clock import today
from app.db import Database as Program, Scope, scope_to
from app.errors import Forbidden, Invalid, NotFound
from app.safety import files
from app.safety.file_models import SafetyEntry, SafetyFile, SafetyStep
from app.safety.schemas import Disclosure, NewEntry, NewFile, NewStep, Opening
from tests.app.conftest import rows_of
from tests.app.factories import EINDHOVEN, GELDROP_MIERLO, a_member_of_staff, a_person, act
from tests.app.safety.meeting import as_worker
from tests.databases import Database

WHY = Opening.model_validate({"reden": "Ria belde vanmorgen in paniek."})
SAW = NewEntry.model_validate({"soort": "call", "notitie": "Zij klonk bang en hing op."})
CONTENT = (SafetyEntry, SafetyStep)


class Desk:
    """A resident with a file in which something stands, its officer, and others of the staff."""

    def __init__(self, program: Program, database: Database) -> None:
        self.program = program
        with program.transaction() as session:
            self.ria = a_person(session)
            self.officer = a_member_of_staff(database, session, first_name="Fatma", role=Role.SAFETY_OFFICER)
            self.second = a_member_of_staff(database, session, first_name="Joke", role=Role.SAFETY_OFFICER)
            self.makelaar = a_member_of_staff(database, session)
            self.privacy = a_member_of_staff(database, session, first_name="Bas", role=Role.PRIVACY_OFFICER)
            self.administrator = a_member_of_staff(
                database, session, first_name="An", role=Role.MUNICIPALITY_ADMINISTRATOR
            )
            self.elsewhere = a_member_of_staff(
                database, session, first_name="Leo", role=Role.SAFETY_OFFICER, municipality_id=EINDHOVEN
            )
            officer = act(session, self.officer)
            new = NewFile.model_validate({"aanleiding": "Blauwe plekken, twee keer gezien."})
            self.id: UUID = files.start(session, officer, self.ria.person_id, new).id
            files.open_file(session, officer, self.id, WHY)
            files.write(session, officer, self.id, SAW)
            files.take_step(session, officer, self.id, step(session, 1))

    def as_(self, who: str, do: Callable[[Session, Actor], Any]) -> Any:
        """In a transaction of their own."""
        with self.program.transaction() as session:
            return do(session, act(session, getattr(self, who)))


def step(session: Session, number: int, **typed: Any) -> NewStep:
    """A step of today."""
    taken = {"stap": number, "datum": today(session).isoformat(), "uitleg": "Gedaan, met een collega."}
    return NewStep.model_validate(taken | typed)


@pytest.fixture
def desk(program: Program, fresh_database: Database) -> Desk:
    return Desk(program, fresh_database)


@pytest.mark.parametrize("who", ["makelaar", "privacy", "administrator"])
def test_staff_without_the_permission_cannot_read_a_file(desk: Desk, who: str) -> None:
    for act_ in (
        lambda session, actor: files.every(session, actor, GELDROP_MIERLO),
        lambda session, actor: files.read(session, actor, desk.id),
        lambda session, actor: files.open_file(session, actor, desk.id, WHY),
    ):
        with pytest.raises(Forbidden):
            desk.as_(who, act_)


@pytest.mark.parametrize("who", ["makelaar", "privacy", "administrator", "elsewhere", "ria"])
@pytest.mark.parametrize("table", ["safety_file", "safety_entry", "safety_step", "safety_opening"])
def test_direct_sql_as_the_application_role_shows_them_nothing(desk: Desk, who: str, table: str) -> None:
    count = desk.as_(
        who, lambda session, _: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    )

    assert count == 0


@pytest.mark.parametrize("who", ["makelaar", "elsewhere"])
def test_they_cannot_write_their_way_in_either(desk: Desk, who: str) -> None:
    opening = (
        "INSERT INTO safety_opening (id, municipality_id, file_id, person_id, by_id, reason)"
        " VALUES (gen_random_uuid(), 1771, :file, :person, :me, 'ik wil het even zien')"
    )

    def try_it(session: Session, actor: Actor) -> None:
        values = {"file": desk.id, "person": desk.ria.person_id, "me": actor.person_id}
        session.execute(text(opening), values)

    with pytest.raises(DBAPIError, match="row-level security"):
        desk.as_(who, try_it)
    assert (
        desk.as_(
            who, lambda session, _: session.execute(text("SELECT count(*) FROM safety_entry")).scalar_one()
        )
        == 0
    )


def test_a_reach_that_a_faulty_program_sets_opens_nothing(desk: Desk) -> None:
    with desk.program.transaction() as session:
        scope_to(
            session,
            Scope(person_id=desk.makelaar.person_id, municipalities=frozenset({GELDROP_MIERLO, EINDHOVEN})),
        )

        assert session.execute(text("SELECT count(*) FROM safety_file")).scalar_one() == 0


def test_the_worker_and_a_visitor_read_no_file(desk: Desk) -> None:
    with desk.program.transaction() as session:
        as_worker(session)
        assert session.execute(text("SELECT count(*) FROM safety_file")).scalar_one() == 0
        scope_to(session, Scope())
        assert session.execute(text("SELECT count(*) FROM safety_file")).scalar_one() == 0


def test_an_officer_without_an_opening_of_their_own_sees_that_there_is_one_and_no_more(desk: Desk) -> None:
    seen = desk.as_("second", lambda session, actor: files.read(session, actor, desk.id))
    behind = desk.as_(
        "second", lambda session, _: [session.scalars(select(model)).all() for model in CONTENT]
    )

    assert (seen.is_open, seen.entries, seen.steps) == (False, [], [])
    assert behind == [[], []]
    with pytest.raises(Invalid):
        desk.as_("second", lambda session, actor: files.write(session, actor, desk.id, SAW))


def test_an_opening_with_a_reason_shows_it_for_half_an_hour_and_stays_on_record(
    desk: Desk, travel: Callable[[timedelta], None]
) -> None:
    desk.as_("second", lambda session, actor: files.open_file(session, actor, desk.id, WHY))
    seen = desk.as_("second", lambda session, actor: files.read(session, actor, desk.id))
    assert ([one.text for one in seen.entries], len(seen.steps)) == ([SAW.text], 1)

    travel(timedelta(minutes=31))

    later = desk.as_("second", lambda session, actor: files.read(session, actor, desk.id))
    assert (later.is_open, later.entries) == (False, [])
    stored = text("SELECT id FROM safety_entry")
    assert desk.as_("second", lambda session, _: session.execute(stored).all()) == []
    assert [one.by.first_name for one in later.openings] == ["Joke", "Fatma"]
    changes = (
        "UPDATE safety_opening SET reason = 'anders dan het was'", "DELETE FROM safety_opening",
        "UPDATE safety_entry SET text = 'x'", "DELETE FROM safety_step", "DELETE FROM safety_file",
    )  # fmt: skip
    for change in changes:
        with desk.program.transaction() as session:
            act(session, desk.officer)
            with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
                session.execute(text(change))


@pytest.mark.parametrize("reason", ["kijken", "         x"])
def test_a_reason_that_says_nothing_opens_nothing(desk: Desk, reason: str) -> None:
    why = Opening.model_validate({"reden": reason})

    with pytest.raises(Invalid):
        desk.as_("second", lambda session, actor: files.open_file(session, actor, desk.id, why))


def test_the_person_reads_who_looked_from_the_day_that_was_set_and_not_sooner(
    desk: Desk, travel: Callable[[timedelta], None]
) -> None:
    assert desk.as_("ria", lambda session, actor: files.disclosed(session, actor)) == []

    travel(timedelta(days=184))

    (one,) = desk.as_("ria", lambda session, actor: files.disclosed(session, actor))
    assert (one.by.first_name, one.reason) == ("Fatma", WHY.reason)
    assert (
        desk.as_(
            "ria", lambda session, _: session.execute(text("SELECT count(*) FROM safety_entry")).scalar_one()
        )
        == 0
    )


def test_disclosure_is_put_off_with_a_reason_and_by_half_a_year_at_most(
    desk: Desk, travel: Callable[[timedelta], None]
) -> None:
    travel(timedelta(days=180))
    desk.as_("officer", lambda session, actor: files.open_file(session, actor, desk.id, WHY))

    def put_off(days: int) -> None:
        def act_(session: Session, actor: Actor) -> SafetyFile:
            day = (today(session) + timedelta(days=days)).isoformat()
            when = Disclosure.model_validate({"vanaf": day, "uitleg": "Hij leest mee met haar post."})
            return files.disclose(session, actor, desk.id, when)

        desk.as_("officer", act_)

    with pytest.raises(Invalid):
        put_off(200)
    put_off(100)
    travel(timedelta(days=5))
    assert desk.as_("ria", lambda session, actor: files.disclosed(session, actor)) == []


def test_officers_are_told_two_weeks_before_and_once(
    desk: Desk, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    for days, told in ((160, 0), (14, 2), (1, 2)):
        travel(timedelta(days=days))
        with desk.program.transaction() as session:
            as_worker(session)
            files.warn(session)
        rows = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'safety-disclosing'")
        assert len(rows) == told
    assert {row[0] for row in rows} == {desk.officer.person_id, desk.second.person_id}


def test_nobody_but_the_worker_hears_which_days_come_near(
    desk: Desk, travel: Callable[[timedelta], None]
) -> None:
    travel(timedelta(days=175))

    for who in ("makelaar", "ria"):
        rows = desk.as_(
            who, lambda session, _: session.execute(text("SELECT * FROM safety_disclosing()")).all()
        )
        assert rows == []


def test_the_five_steps_have_their_dates_and_a_person_decides(desk: Desk) -> None:
    def take(number: int, **typed: Any) -> None:
        desk.as_(
            "officer",
            lambda session, actor: files.take_step(session, actor, desk.id, step(session, number, **typed)),
        )

    with pytest.raises(Invalid, match="invalid"):
        take(5, besluit="help")  # the weighing comes before the decision
    for number in (2, 3, 4):
        take(number)
    for wrong in ({"stap": 5}, {"stap": 4, "besluit": "help"}, {"stap": 4, "datum": "2199-01-01"}):
        with pytest.raises(Invalid):
            take(4, **wrong)
    take(5, besluit="report_and_help")
    seen = desk.as_("officer", lambda session, actor: files.read(session, actor, desk.id))
    assert [one.step for one in seen.steps] == [1, 2, 3, 4, 5]


def test_nothing_is_written_in_a_file_that_was_closed_and_a_new_one_can_begin(desk: Desk) -> None:
    desk.as_("officer", lambda session, actor: files.close(session, actor, desk.id))

    with pytest.raises(files.FileClosed):
        desk.as_("officer", lambda session, actor: files.write(session, actor, desk.id, SAW))
    new = NewFile.model_validate({"aanleiding": "Opnieuw zorgen."})
    desk.as_("officer", lambda session, actor: files.start(session, actor, desk.ria.person_id, new))
    with pytest.raises(files.FileStands):
        desk.as_("second", lambda session, actor: files.start(session, actor, desk.ria.person_id, new))


def test_an_officer_opens_no_file_about_themselves(desk: Desk, fresh_database: Database) -> None:
    rows_of(fresh_database, "UPDATE safety_file SET person_id = :me RETURNING id", me=desk.officer.person_id)

    with pytest.raises(NotFound):
        desk.as_("officer", lambda session, actor: files.get(session, actor, desk.id))
    assert desk.as_("officer", lambda session, _: session.scalars(select(SafetyFile)).all()) == []
