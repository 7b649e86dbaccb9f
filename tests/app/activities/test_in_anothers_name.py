"""Signing up in another's name, moving a time, and who opens what at the database's own door."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_for
from app.activities import changing, joining, judging, service
from app.activities.models import SignupStatus
from app.activities.schemas import MoveTime
from app.clock import today
from app.db import Database as Program
from app.errors import Forbidden, Invalid
from app.people.models import Person
from app.representations.models import RepresentationKind
from app.safety import blocks, reports, subjects
from app.safety.schemas import NewBlock, NewReport
from app.safety.words import Subject
from tests.app.activities.making import a_new_activity, hosted_by_desk, joining as to_join, times
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, a_representation, act
from tests.databases import Database


class World:
    """Marja's desk, Ria for whom Karin acts, and Ans who hosts coffee at home."""

    def __init__(self, database: Database, program: Program, kind: RepresentationKind) -> None:
        self.database, self.program = database, program
        with program.transaction() as session:
            self.marja = a_member_of_staff(database, session)
            self.ria, self.karin = a_person(session), a_person(session, first_name="Karin")
            self.ans = a_person(session, first_name="Ans")
            home = a_new_activity(session, thuis=True, adres="Molenstraat 5", plaatsen=1)
            self.home = service.make(session, act(session, self.ans), home)
        with program.transaction() as session:
            judging.approve(session, act(session, self.marja), self.home.id)
            self.under = a_representation(session, self.marja, self.karin, self.ria, kind=kind).id

    def acting(self, session: Session) -> Actor:
        acting = act_for(session, act(session, self.karin), self.under)
        assert acting is not None
        return acting

    def told(self, kind: str) -> list[UUID]:
        rows = rows_of(self.database, "SELECT person_id FROM notice WHERE kind = :kind", kind=kind)
        return [row.person_id for row in rows]


@pytest.fixture
def world(fresh_database: Database, program: Program) -> World:
    return World(fresh_database, program, RepresentationKind.AUTHORISED)


def test_a_place_in_anothers_name_is_theirs_and_says_to_both_whose_hand_it_was(world: World) -> None:
    with world.program.transaction() as session:
        acting = world.acting(session)
        assert joining.join(session, acting, world.home.id, to_join()) == [SignupStatus.IN]
        (seen,) = joining.mine(session, acting)
        assert seen.signup.by is not None
        assert (seen.signup.person_id, seen.signup.by.first_name) == (world.ria.person_id, "Karin")
        assert service.address_of(session, acting, seen.activity) == "Molenstraat 5"

    with world.program.transaction() as session:
        (hers,) = joining.mine(session, act(session, world.ria))
        assert hers.signup.by is not None
        assert hers.signup.by.first_name == "Karin"
    with world.program.transaction() as session:
        # in her own name Karin comes to nothing
        assert joining.mine(session, act(session, world.karin)) == []
    with world.program.transaction() as session:
        acting = world.acting(session)
        (date,) = times(session, acting, world.home)
        joining.leave(session, acting, date.id)
    assert rows_of(world.database, "SELECT FROM activity_signup") == []


def test_who_acts_for_somebody_and_is_kept_apart_from_the_host_gets_them_no_place(world: World) -> None:
    with world.program.transaction() as session:
        ans = act(session, world.ans)
        at = subjects.Contact(Subject.PERSON, None, "", session.get_one(Person, world.karin.person_id), 1771)
        blocks.block(session, ans, at, NewBlock.model_validate({"afspraken": "stop"}))

    with world.program.transaction() as session, pytest.raises(service.ActivityOver):
        joining.join(session, world.acting(session), world.home.id, to_join())


def test_a_contact_person_signs_up_and_reads_no_address_of_a_home(
    fresh_database: Database, program: Program
) -> None:
    world = World(fresh_database, program, RepresentationKind.CONTACT)
    with program.transaction() as session:
        acting = world.acting(session)
        joining.join(session, acting, world.home.id, to_join())
        (seen,) = joining.mine(session, acting)

        assert service.address_of(session, acting, seen.activity) == ""


def test_a_contact_person_sees_and_gives_back_no_place_that_somebody_took_themselves(
    fresh_database: Database, program: Program
) -> None:
    world = World(fresh_database, program, RepresentationKind.CONTACT)
    with program.transaction() as session:
        ria = act(session, world.ria)
        joining.join(session, ria, world.home.id, to_join())
        (date,) = times(session, ria, world.home)

    with program.transaction() as session:
        acting = world.acting(session)
        seen = joining.mine(session, acting)
        joining.leave(session, acting, date.id)

    assert seen == []
    assert rows_of(fresh_database, "SELECT person_id FROM activity_signup") == [(world.ria.person_id,)]


@pytest.mark.parametrize("role", [Role.MUNICIPALITY_ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.TREASURER])
def test_at_the_desk_only_a_makelaar_reads_where_a_home_is(
    fresh_database: Database, world: World, role: Role
) -> None:
    with world.program.transaction() as session:
        other = a_member_of_staff(fresh_database, session, role=role, first_name="Kees")
    addresses = text("SELECT address FROM activity_home")
    with world.program.transaction() as session:
        act(session, other)
        assert session.scalars(addresses).all() == []
    with world.program.transaction() as session:
        act(session, world.marja)
        assert session.scalars(addresses).all() == ["Molenstraat 5"]


def test_nobody_lets_in_who_waits_but_the_host(world: World) -> None:
    with world.program.transaction() as session:
        joop = a_person(session, first_name="Joop")
    for who in (world.ria, joop):
        with world.program.transaction() as session:
            joining.join(session, act(session, who), world.home.id, to_join())
    rows_of(world.database, "UPDATE activity_date SET places = 2 RETURNING id")
    (row,) = rows_of(world.database, "SELECT id FROM activity_date")
    up = text("SELECT count(*) FROM move_up(:id)")
    for who in (joop, world.marja, world.karin):
        with world.program.transaction() as session:
            act(session, who)
            assert session.scalars(up, {"id": row.id}).one() == 0
    with world.program.transaction() as session:
        act(session, world.ans)
        assert session.scalars(up, {"id": row.id}).one() == 1


def test_a_time_that_is_moved_tells_each_once_and_everybody_keeps_their_place(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ria, joop = a_person(session), a_person(session, first_name="Joop")
        made = hosted_by_desk(session, marja, plaatsen=1)
        (date,) = times(session, marja, made)
    for who in (ria, joop):
        with program.transaction() as session:
            joining.join(session, act(session, who), made.id, to_join())

    with program.transaction() as session:
        day = today(session) + timedelta(days=9)
        to = MoveTime.model_validate({"keer": date.id, "datum": day.isoformat(), "tijd": "19:00"})
    for _ in range(2):  # pressed twice
        with program.transaction() as session:
            changing.move(session, act(session, marja), made.id, to)

    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'activity-time'")
    assert {row.person_id for row in told} == {ria.person_id, joop.person_id}
    assert len(told) == 2
    rows = rows_of(fresh_database, "SELECT status FROM activity_signup ORDER BY signed_at")
    assert [row.status for row in rows] == ["in", "waiting"]
    with program.transaction() as session:
        (now_at,) = times(session, act(session, ria), made)
        assert now_at.starts_at != date.starts_at
        assert now_at.ends_at - now_at.starts_at == date.ends_at - date.starts_at
    with program.transaction() as session, pytest.raises(Forbidden):
        changing.move(session, act(session, ria), made.id, to)


def test_two_times_of_a_series_are_never_at_one_moment(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        made = hosted_by_desk(session, marja, hoeVaak="wekelijks", until_days=17)
        first, second, *_ = times(session, marja, made)
        day = today(session) + timedelta(days=10)
        onto = MoveTime.model_validate({"keer": first.id, "datum": day.isoformat(), "tijd": "17:30"})

        with pytest.raises(Invalid) as refused:
            changing.move(session, act(session, marja), made.id, onto)
        assert refused.value.details == {"datum": "date-there"}
        assert second.starts_at != first.starts_at


def test_a_report_about_an_activity_is_at_the_desk_and_its_host_can_be_blocked(world: World) -> None:
    new = NewReport.model_validate({"waarover": "unsafe", "uitleg": "Er werd geschreeuwd.", "hoeSnel": "now"})
    with world.program.transaction() as session:
        ria = act(session, world.ria)
        at = subjects.contact(session, ria, "activiteit", world.home.id)
        assert at.person is not None
        assert at.person.id == world.ans.person_id
        reports.report(session, ria, at, new)
        blocks.block(session, ria, at, NewBlock.model_validate({"afspraken": "stop"}))

    with world.program.transaction() as session:
        (row,) = reports.board(session, act(session, world.marja), 1771).open
        assert (row.title, row.subject) == (world.home.title, "activity")
    with world.program.transaction() as session, pytest.raises(service.ActivityOver):
        joining.join(session, act(session, world.ria), world.home.id, to_join())


def test_what_a_desk_hosts_is_reported_about_nobody(fresh_database: Database, program: Program) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        made = hosted_by_desk(session, marja)
        ria = a_person(session)
        at = subjects.contact(session, ria, "activiteit", made.id)

        assert (at.person, at.title, at.municipality_id) == (None, made.title, 1771)
