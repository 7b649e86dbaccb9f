"""Inviting colleagues, ending what they may, and helping who lost a telephone."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import text

from app.access import authenticators, colleagues, events, invitations
from app.access.actor import Actor
from app.access.invitations import Colleague, token_of
from app.access.proof_models import INVITABLE, Authenticator
from app.access.roles import Role
from app.access.sign_in import LinkDead, act_as, actor_of_session, open_session
from app.db import Database as Program
from app.errors import NotFound
from app.upkeep import as_owner
from tests.app.access.test_authenticators import an_app
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, HELMOND, SHOWN, a_member_of_staff, a_person, act
from tests.databases import Database
from web.sign_in_words import ROLES

SECRET = b"a secret of this installation"
NEW = "nieuw@gemeente.voorbeeld.nl"


@pytest.fixture
def karin(fresh_database: Database, program: Program) -> Actor:
    return staff(fresh_database, program, Role.MUNICIPALITY_ADMINISTRATOR, "Karin")


def staff(
    database: Database,
    program: Program,
    role: Role,
    first_name: str,
    municipality_id: int | None = GELDROP_MIERLO,
) -> Actor:
    with program.transaction() as session:
        return a_member_of_staff(
            database, session, role=role, first_name=first_name, municipality_id=municipality_id
        )


def invited(program: Program, karin: Actor, **typed: Any) -> str:
    """The token of a new invitation."""
    wanted = {"email": NEW, "voornaam": "Nienke", "rol": "broker", **typed}
    with program.transaction() as session:
        row = invitations.invite(
            session, act(session, karin), GELDROP_MIERLO, Colleague.model_validate(wanted)
        )
        return token_of(SECRET, row.id)


def test_an_invitation_gives_its_role_in_its_municipality_once(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    token = invited(program, karin)
    with program.transaction() as session:
        person_id = invitations.accept(session, SECRET, token)
    with program.transaction() as session:
        actor = act_as(session, person_id)
    roles = [(grant.role, set(grant.municipalities)) for grant in actor.grants[1:]]
    assert (actor.first_name, roles) == ("Nienke", [(Role.BROKER, {GELDROP_MIERLO})])
    with program.transaction() as session, pytest.raises(LinkDead):
        invitations.accept(session, SECRET, token)


@pytest.mark.parametrize("role", INVITABLE)
def test_every_role_of_a_municipality_is_given_and_ended(
    fresh_database: Database, program: Program, karin: Actor, role: Role
) -> None:
    token = invited(program, karin, rol=role.value)
    with program.transaction() as session:
        person_id = invitations.accept(session, SECRET, token)
    with program.transaction() as session:
        act(session, karin)
        held = colleagues.one(session, karin, GELDROP_MIERLO, person_id).roles
        assert [one.role for one in held] == [role]
        assert role in ROLES
        colleagues.end_role(session, karin, GELDROP_MIERLO, held[0].id)
    with program.transaction() as session:
        assert not act_as(session, person_id).is_staff


def test_one_invitation_accepted_by_eight_at_once_is_accepted_once(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    token = invited(program, karin)
    gate, accepted = Barrier(8), []

    def accept() -> None:
        gate.wait()
        try:
            with program.transaction() as session:
                accepted.append(invitations.accept(session, SECRET, token))
        except LinkDead:
            pass

    threads = [Thread(target=accept) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accepted) == 1
    assert rows_of(fresh_database, "SELECT count(*) FROM role_grant WHERE role = 'broker'")[0][0] == 1


def test_somebody_we_know_keeps_who_they_are(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    with program.transaction() as session:
        ria = a_person(session, email=NEW)
        before = open_session(session, ria.person_id)
    token = invited(program, karin, voornaam="Dief")
    with program.transaction() as session:
        assert invitations.accept(session, SECRET, token) == ria.person_id
    with program.transaction() as session:
        assert act_as(session, ria.person_id).first_name == "Ria"
        assert not actor_of_session(session, before).signed_in  # with another role one signs in anew


@pytest.mark.parametrize("end", ["withdrawn", "old", "newer", "inviter ended", "shut out"])
def test_an_invitation_ends(
    fresh_database: Database, program: Program, karin: Actor, travel: Callable[[timedelta], None], end: str
) -> None:
    token = invited(program, karin)
    if end == "withdrawn":
        with program.transaction() as session:
            (row,) = invitations.every(session, act(session, karin), GELDROP_MIERLO)
            invitations.withdraw(session, karin, row.id)
    elif end == "old":
        travel(timedelta(days=invitations.DAYS, minutes=1))
    elif end == "newer":
        invited(program, karin)
    elif end == "inviter ended":
        with as_owner(fresh_database.owner_url) as owner:
            owner.exec_driver_sql("DELETE FROM role_grant WHERE person_id = %s", (karin.person_id,))
    else:
        with program.transaction() as session:
            a_person(session, email=NEW)
        with as_owner(fresh_database.owner_url) as owner:
            owner.exec_driver_sql(
                "UPDATE person SET disabled_at = ledger.now()"
                " WHERE id = (SELECT person_id FROM contact WHERE email = %s)",
                (NEW,),
            )
    with program.transaction() as session, pytest.raises(LinkDead):
        invitations.accept(session, SECRET, token)


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 32 + ".x"])
def test_a_made_up_token_opens_nothing(program: Program, token: str) -> None:
    with program.transaction() as session, pytest.raises(LinkDead):
        invitations.accept(session, SECRET, token)


@pytest.mark.parametrize("role", ["region_administrator", "member", "organisation_administrator", "x"])
def test_no_role_beyond_the_municipality_can_be_given(role: str) -> None:
    with pytest.raises(ValueError, match="rol"):
        Colleague.model_validate({"email": NEW, "voornaam": "Nienke", "rol": role})


def test_nobody_but_an_administrator_of_the_place_manages_staff(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    marja = staff(fresh_database, program, Role.BROKER, "Marja")
    elsewhere = staff(fresh_database, program, Role.MUNICIPALITY_ADMINISTRATOR, "Piet", HELMOND)
    wanted = Colleague.model_validate({"email": NEW, "voornaam": "Nienke", "rol": "broker"})
    for who in (marja, elsewhere):
        with program.transaction() as session:
            act(session, who)
            with pytest.raises(NotFound):
                invitations.invite(session, who, GELDROP_MIERLO, wanted)
            with pytest.raises(NotFound):
                colleagues.every(session, who, GELDROP_MIERLO)
            (role,) = rows_of(fresh_database, "SELECT id FROM role_grant WHERE role = 'broker'")
            # nor does the database let them, were the program to forget
            assert session.execute(text("SELECT end_staff_role(:id)"), {"id": role.id}).scalar_one() is None
            call = text("SELECT reset_second_factor(:id), end_staff_sessions(:id)")
            assert tuple(session.execute(call, {"id": karin.person_id}).one()) == (False, False)


@pytest.mark.parametrize("role", INVITABLE)
def test_every_role_that_an_administrator_gives_they_can_end(
    fresh_database: Database, program: Program, karin: Actor, role: Role
) -> None:
    token = invited(program, karin, rol=str(role))
    with program.transaction() as session:
        person_id = invitations.accept(session, SECRET, token)
    with program.transaction() as session:
        worker = colleagues.one(session, act(session, karin), GELDROP_MIERLO, person_id)
        (held,) = worker.roles
        assert held.role is role
        colleagues.end_role(session, karin, GELDROP_MIERLO, held.id)
    with program.transaction() as session:
        assert not act_as(session, person_id).is_staff


def test_a_role_that_ends_takes_every_session_along(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    marja = staff(fresh_database, program, Role.BROKER, "Marja")
    with program.transaction() as session:
        token = open_session(session, marja.person_id, proof=SHOWN)
    with program.transaction() as session:
        workers = colleagues.every(session, act(session, karin), GELDROP_MIERLO)
        (held,) = next(one for one in workers if one.first_name == "Marja").roles
        colleagues.end_role(session, karin, GELDROP_MIERLO, held.id)
    with program.transaction() as session:
        assert not actor_of_session(session, token).signed_in
        assert not act_as(session, marja.person_id).is_staff
        assert [(row.kind, name) for row, name in events.mine(session, marja)] == [("role_ended", "Karin")]


def test_an_administrator_signs_a_colleague_out_everywhere(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    marja = staff(fresh_database, program, Role.BROKER, "Marja")
    with program.transaction() as session:
        tokens = [open_session(session, marja.person_id, proof=SHOWN) for _ in range(2)]
    with program.transaction() as session:
        colleagues.sign_out(session, act(session, karin), GELDROP_MIERLO, marja.person_id)
    for token in tokens:
        with program.transaction() as session:
            assert not actor_of_session(session, token).signed_in
    with program.transaction() as session:
        assert [(row.kind, name) for row, name in events.mine(session, act(session, marja))] == [
            ("sessions_ended", "Karin")
        ]


def test_nobody_ends_resets_or_signs_out_themselves_this_way(program: Program, karin: Actor) -> None:
    with program.transaction() as session:
        (mine,) = colleagues.every(session, act(session, karin), GELDROP_MIERLO)
        with pytest.raises(NotFound):
            colleagues.end_role(session, karin, GELDROP_MIERLO, mine.roles[0].id)
        with pytest.raises(NotFound):
            colleagues.reset(session, karin, GELDROP_MIERLO, karin.person_id)
        with pytest.raises(NotFound):
            colleagues.sign_out(session, karin, GELDROP_MIERLO, karin.person_id)


def test_a_second_administrator_lets_a_colleague_begin_anew(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    marja = staff(fresh_database, program, Role.BROKER, "Marja")
    with program.transaction() as session:
        an_app(session, act(session, marja))
        token = open_session(session, marja.person_id, proof=SHOWN)
    with program.transaction() as session:
        assert colleagues.one(session, act(session, karin), GELDROP_MIERLO, marja.person_id).secured
        colleagues.reset(session, karin, GELDROP_MIERLO, marja.person_id)
    with program.transaction() as session:
        assert not actor_of_session(session, token).signed_in
        act(session, marja)
        assert not authenticators.has(session, marja)
        assert events.mine(session, marja)[0][0].kind == "factors_reset"


def test_an_administrator_of_a_municipality_does_not_reset_the_regions(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    frank = staff(fresh_database, program, Role.REGION_ADMINISTRATOR, "Frank", None)
    with as_owner(fresh_database.owner_url) as owner:
        owner.exec_driver_sql(
            "INSERT INTO role_grant (id, person_id, role, municipality_id)"
            " VALUES (gen_random_uuid(), %s, 'broker', 1771)",
            (frank.person_id,),
        )
    with program.transaction() as session:
        an_app(session, act(session, frank))
    with program.transaction() as session, pytest.raises(NotFound):
        colleagues.reset(session, act(session, karin), GELDROP_MIERLO, frank.person_id)
    with program.transaction() as session:
        colleagues.reset(session, act(session, frank), GELDROP_MIERLO, karin.person_id)  # the other way round


def test_keys_of_a_colleague_are_counted_and_never_seen(
    fresh_database: Database, program: Program, karin: Actor
) -> None:
    marja = staff(fresh_database, program, Role.BROKER, "Marja")
    with program.transaction() as session:
        an_app(session, act(session, marja))
    with program.transaction() as session:
        act(session, karin)
        assert session.query(Authenticator).count() == 0
        assert {one.first_name: one.app for one in colleagues.every(session, karin, GELDROP_MIERLO)} == {
            "Karin": False, "Marja": True,
        }  # fmt: skip
