"""Somebody of a desk at the database's own door: rows that they may write open nothing that others keep."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.clock import now
from app.db import Database as Program
from app.ids import uuid7
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_agreement,
)
from tests.databases import Database


def refused(session: Session, statement: str, **values: object) -> bool:
    """Whether the database does not do it."""
    try:
        with session.begin_nested():
            session.execute(text(statement), values)
    except DBAPIError:
        return True
    return False


@pytest.mark.parametrize("kind", ["lives", "helps", "works"])
def test_a_desk_ties_nobody_of_elsewhere_to_itself_to_read_how_to_reach_them(
    fresh_database: Database, program: Program, kind: str
) -> None:
    with program.transaction() as session:
        karin = a_member_of_staff(fresh_database, session, municipality_id=EINDHOVEN, first_name="Karin")
        ria = a_person(session, telefoon="06 12345678")

    with program.transaction() as session:
        act(session, karin)
        tie = "INSERT INTO membership (person_id, municipality_id, kind) VALUES (:who, :here, :kind)"
        assert refused(session, tie, who=ria.person_id, here=EINDHOVEN, kind=kind)
        turned = "UPDATE membership SET person_id = :who WHERE municipality_id = :here"
        assert refused(session, turned, who=ria.person_id, here=EINDHOVEN)
        reached = text("SELECT phone FROM contact WHERE person_id = :who")
        assert session.execute(reached, {"who": ria.person_id}).all() == []


def invitation(session: Session, by: UUID, email: str) -> dict[str, object]:
    """The values of one for the role that opens the safety files."""
    return {
        "id": uuid7(), "m": GELDROP_MIERLO, "email": email, "by": by, "until": now(session) + timedelta(days=1),
    }  # fmt: skip


INVITE = (
    "INSERT INTO staff_invitation (id, municipality_id, email, first_name, role, invited_by_id, expires_at)"
    " VALUES (:id, :m, :email, 'Marja', 'safety_officer', :by, :until)"
)
ACCEPT = text("SELECT accept_invitation(:id, :person, :pseudonym, :role)")


def test_nobody_gives_themselves_a_role_by_an_invitation_in_the_name_of_who_administers(
    fresh_database: Database, program: Program
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ed = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR, first_name="Ed")
    mail = "SELECT email FROM contact WHERE person_id = :who"
    (own,) = rows_of(fresh_database, mail, who=marja.person_id)
    with program.transaction() as session:
        theirs = invitation(session, ed.person_id, "colleague@voorbeeld.nl")
        act(session, ed)
        session.execute(text(INVITE), theirs)

    with program.transaction() as session:
        act(session, marja)
        forged = invitation(session, ed.person_id, own.email)
        assert refused(session, INVITE, **forged)
        turned = "UPDATE staff_invitation SET email = :own WHERE id = :id"
        assert refused(session, turned, own=own.email, id=theirs["id"])
        keys = {"person": uuid7(), "pseudonym": uuid7(), "role": uuid7()}
        assert session.execute(ACCEPT, {"id": forged["id"], **keys}).scalar_one() is None

    roles = "SELECT role FROM role_grant WHERE person_id = :who"
    assert rows_of(fresh_database, roles, who=marja.person_id) == [("broker",)]


PROPOSE = (
    "INSERT INTO proposal (id, municipality_id, helper_municipality_id, help_request_id, asker_id, helper_id, origin,"
    " status, score, terms, distance_m, message, code_word, expires_at) VALUES (:proposal, :m, :m, :request, :asker,"
    " :helper, 'helper', :status, 0, '{}', 0, '', '', ledger.now() + interval '1 day')"
)
AGREE = (
    "INSERT INTO agreement (id, municipality_id, helper_municipality_id, help_request_id, proposal_id, asker_id,"
    " helper_id, kind, minutes, frequency, flag, arranged_by, arranged_by_id, contract_seen, status, version)"
    " VALUES (:agreement, :m, :m, :request, :proposal, :asker, :helper, 'zonder', 60, 'eenmalig', '', 'asker', :asker,"
    " false, 'active', 1)"
)
REACHED = text("SELECT street, house_number, phone FROM contact WHERE person_id = :who")


@pytest.mark.parametrize("whose", ["eva", "ria"])
@pytest.mark.parametrize("status", ["proposed", "willing", "agreed"])
def test_nobody_makes_an_agreement_without_the_other_to_read_where_they_live(
    program: Program, whose: str, status: str
) -> None:
    with program.transaction() as session:
        people = {
            "eva": a_person(session, first_name="Eva"),
            "ria": a_person(session, telefoon="06 12345678"),
        }
        asker, helper = people[whose], people["ria" if whose == "eva" else "eva"]
        request = a_request(session, act(session, asker)).id

    with program.transaction() as session:
        act(session, people["eva"])
        values = {
            "m": GELDROP_MIERLO, "request": request, "asker": asker.person_id, "helper": helper.person_id,
            "proposal": uuid7(), "agreement": uuid7(), "status": status,
        }  # fmt: skip
        refused(session, PROPOSE, **values)
        assert refused(session, AGREE, **values)
        refused(session, "UPDATE proposal SET status = 'agreed'")
        assert refused(session, AGREE, **values)
        assert session.execute(REACHED, {"who": people["ria"].person_id}).all() == []


def test_nobody_proposes_themselves_to_read_what_is_asked_in_confidence(program: Program) -> None:
    with program.transaction() as session:
        eva, ria = a_person(session, first_name="Eva"), a_person(session)
        request = a_request(session, act(session, ria), zichtbaarVoor="makelaar").id

    with program.transaction() as session:
        act(session, eva)
        values = {
            "m": GELDROP_MIERLO, "request": request, "asker": ria.person_id, "helper": eva.person_id,
            "proposal": uuid7(), "status": "willing",
        }  # fmt: skip
        assert refused(session, PROPOSE, **values)
        assert session.execute(text("SELECT title FROM help_request")).all() == []


@pytest.mark.parametrize("table", ["proposal", "agreement"])
def test_nobody_takes_another_into_what_somebody_said_yes_to(program: Program, table: str) -> None:
    with program.transaction() as session:
        eva, ria = a_person(session, first_name="Eva"), a_person(session, telefoon="06 12345678")
        helper, _ = a_helper(session)
        an_agreement(session, eva, helper)

    with program.transaction() as session:
        act(session, eva)
        assert refused(session, f"UPDATE {table} SET helper_id = :who", who=ria.person_id)
        assert session.execute(REACHED, {"who": ria.person_id}).all() == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM let_go('notices', :here, 'infinity')",
        "SELECT * FROM let_go('safety_file', :here, 'infinity')",
        "SELECT * FROM let_go_messages(:here, 'infinity')",
        "SELECT * FROM let_go_kind('notices', :here, 'infinity')",
        "SELECT * FROM let_go_words(:here, 'infinity')",
    ],
)
def test_a_desk_lets_go_of_nothing_before_its_term(
    fresh_database: Database, program: Program, statement: str
) -> None:
    with program.transaction() as session:
        kees = a_member_of_staff(fresh_database, session, role=Role.TREASURER, first_name="Kees")

    with program.transaction() as session:
        act(session, kees)
        assert refused(session, statement, here=GELDROP_MIERLO)
