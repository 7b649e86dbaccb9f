"""A telephone that was stolen, a mailbox that somebody else reads: what a desk can do about it, and about whom."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.access.actor import Actor
from app.access.roles import Role
from app.access.sign_in import act_as, actor_of_session, new_api_token, open_session
from app.db import Database as Program
from app.errors import NotFound
from app.pots.errors import OwnInterest
from app.safety import ways_in
from app.safety.schemas import Explained
from app.safety.ways_in import AlreadySo
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person, act
from tests.databases import Database

WHY = Explained.model_validate({"reden": "Haar telefoon is gestolen"})


@pytest.fixture
def ria(program: Program) -> Actor:
    with program.transaction() as session:
        return a_person(session)


def a_colleague(
    database: Database, program: Program, role: Role = Role.BROKER, municipality_id: int = GELDROP_MIERLO
) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(
            database, session, role=role, first_name=role.value, municipality_id=municipality_id
        )


def signed_in(program: Program, token: str) -> bool:
    with program.transaction() as session:
        return actor_of_session(session, token).signed_in


@pytest.mark.parametrize("role", [Role.BROKER, Role.SAFETY_OFFICER])
def test_a_desk_signs_somebody_out_everywhere(
    fresh_database: Database, program: Program, ria: Actor, role: Role
) -> None:
    marja = a_colleague(fresh_database, program, role)
    with program.transaction() as session:
        tokens = [open_session(session, ria.person_id) for _ in range(2)]
        new_api_token(session, ria.person_id, "een programma")
        other = open_session(session, a_person(session, first_name="Wim").person_id)
    with program.transaction() as session:
        act(session, marja)
        assert ways_in.of(session, marja, ria.person_id).sessions == 2
        assert ways_in.sign_out(session, marja, ria.person_id) == 2

    assert [signed_in(program, token) for token in (*tokens, other)] == [False, False, True]
    assert rows_of(fresh_database, "SELECT count(*) FROM api_token WHERE ended_at IS NULL")[0][0] == 0
    with program.transaction() as session:
        assert signed_in(program, open_session(session, ria.person_id)) is False  # not committed yet
    with program.transaction() as session:
        fresh = open_session(session, ria.person_id)
    assert signed_in(program, fresh)


def test_a_shut_door_opens_to_nothing_until_the_desk_opens_it(
    fresh_database: Database, program: Program, ria: Actor
) -> None:
    marja = a_colleague(fresh_database, program)
    with program.transaction() as session:
        before = open_session(session, ria.person_id)
    with program.transaction() as session:
        ways_in.shut(session, act(session, marja), ria.person_id, WHY)
    assert not signed_in(program, before)
    with program.transaction() as session:
        assert not act_as(session, ria.person_id).signed_in
    with program.transaction() as session, pytest.raises(AlreadySo):
        ways_in.shut(session, act(session, marja), ria.person_id, WHY)
    with program.transaction() as session:
        act(session, marja)
        seen = ways_in.of(session, marja, ria.person_id)
        assert (seen.shut, seen.by_desk) == (True, True)
        ways_in.open_again(session, marja, ria.person_id, WHY)
    with program.transaction() as session:
        assert act_as(session, ria.person_id).signed_in
    assert not signed_in(program, before)
    with program.transaction() as session, pytest.raises(AlreadySo):
        ways_in.open_again(session, act(session, marja), ria.person_id, WHY)

    noted = rows_of(
        fresh_database, "SELECT kind FROM sign_in_event WHERE kind <> 'signed_in' ORDER BY at, id"
    )
    assert [row.kind for row in noted] == ["shut_out", "let_in"]
    asked = (
        "SELECT act, reason FROM audit_entry e JOIN audit_reason r ON r.entry_id = e.id WHERE act LIKE '%-%'"
    )
    assert sorted(tuple(row) for row in rows_of(fresh_database, asked)) == [
        ("let-in", WHY.reason),
        ("shut-out", WHY.reason),
    ]


def test_who_left_or_was_shut_out_by_an_operator_is_not_let_in_by_a_desk(
    fresh_database: Database, program: Program, ria: Actor, travel: Callable[[timedelta], None]
) -> None:
    marja = a_colleague(fresh_database, program)
    rows_of(
        fresh_database,
        "UPDATE person SET disabled_at = ledger.now() WHERE id = :id RETURNING 1",
        id=ria.person_id,
    )
    with program.transaction() as session:
        assert not ways_in.of(session, act(session, marja), ria.person_id).by_desk
        with pytest.raises(AlreadySo):
            ways_in.open_again(session, marja, ria.person_id, WHY)


def test_nobody_else_touches_how_somebody_comes_in(
    fresh_database: Database, program: Program, ria: Actor
) -> None:
    elsewhere = a_colleague(fresh_database, program, municipality_id=HELMOND)
    others = [a_colleague(fresh_database, program, role) for role in (
        Role.TREASURER, Role.SELLER, Role.PRIVACY_OFFICER, Role.MUNICIPALITY_ADMINISTRATOR)]  # fmt: skip
    with program.transaction() as session:
        neighbour = a_person(session, first_name="Bo")
    for who in (elsewhere, *others, neighbour):
        for call in ("ways_in", "sign_out", "shut_out", "let_in"):
            with program.transaction() as session:
                act(session, who)
                found = session.execute(text(f"SELECT * FROM {call}(:id)"), {"id": ria.person_id}).all()
            assert found in ([], [(None,)], [(False,)]), (call, who.first_name)
        with program.transaction() as session, pytest.raises(NotFound):
            ways_in.shut(session, act(session, who), ria.person_id, WHY)
    with program.transaction() as session:
        assert act_as(session, ria.person_id).signed_in


def test_a_colleague_and_ones_own_house_are_not_for_the_desk(
    fresh_database: Database, program: Program
) -> None:
    marja, karin = (a_colleague(fresh_database, program, role) for role in (Role.BROKER, Role.TREASURER))
    rows_of(
        fresh_database,
        "INSERT INTO membership (person_id, municipality_id, kind, pc4)"
        " SELECT id, 1771, 'lives', 5664 FROM unnest(CAST(:ids AS uuid[])) AS p (id) RETURNING 1",
        ids=[marja.person_id, karin.person_id],
    )
    with program.transaction() as session, pytest.raises(AlreadySo):
        ways_in.shut(session, act(session, marja), karin.person_id, WHY)
    with program.transaction() as session, pytest.raises(NotFound):
        ways_in.sign_out(session, act(session, marja), karin.person_id)
    with program.transaction() as session, pytest.raises(OwnInterest):
        ways_in.shut(session, act(session, marja), marja.person_id, WHY)
    with program.transaction() as session:
        assert act_as(session, karin.person_id).signed_in
