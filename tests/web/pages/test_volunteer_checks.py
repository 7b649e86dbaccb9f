"""An organisation and its own volunteers: what it saw counts under its flag, and it sees nothing else."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.access import letters
from app.access.actor import Actor
from app.access.letters import NotForStaff
from app.access.roles import Role
from app.access.sign_in import open_session
from app.db import Database
from app.ids import uuid7
from app.matches.index import offers_by_id
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, act, without_mail
from tests.app.matches.comparing import owner_runs
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk
from web.security import SESSION_COOKIE

HERE = "/organisatie/vrijwilligers"


class Club:
    """An organisation with an administrator, a volunteer under its flag, and somebody who helps as a neighbour."""

    def __init__(
        self, program: Database, database: Migrated, site: FastAPI, *, signed: str = "2020-01-01"
    ) -> None:
        self.program, self.flag = program, uuid7()
        owner_runs(
            database,
            "INSERT INTO organisation (id, municipality_id, name, kind, description, phone, website,"
            " covenant_signed_on)"
            " VALUES (:id, 1771, 'De Zonnebloem', 'volunteers', '', '', '', :signed)",
            id=self.flag, signed=signed,
        )  # fmt: skip
        with program.transaction() as session:
            self.anja = a_member_of_staff(
                database, session, role=Role.ORGANISATION_ADMINISTRATOR, first_name="Anja"
            )
            self.tonnie, offer = a_helper(session)
            self.jan, _ = a_helper(session, first_name="Jan")
            self.offer_id = offer.id
        owner_runs(
            database, "UPDATE help_offer SET organisation_id = :f WHERE id = :o", f=self.flag, o=self.offer_id
        )
        owner_runs(
            database,
            "UPDATE role_grant SET organisation_id = :f WHERE person_id = :p",
            f=self.flag, p=self.anja.person_id,
        )  # fmt: skip
        self.desk = Desk(site, program, self.anja)

    def mask(self) -> int:
        """What counts for the volunteer's offer."""
        with self.program.transaction() as session:
            return offers_by_id(session, [self.offer_id])[self.offer_id].checks


@pytest.fixture
def club(program: Database, fresh_database: Migrated, site: FastAPI) -> Club:
    return Club(program, fresh_database, site)


def at(person: Actor) -> str:
    return f"{HERE}/{person.person_id}"


def test_what_the_organisation_saw_is_written_down_counts_under_its_flag_and_is_withdrawn(
    club: Club, fresh_database: Migrated
) -> None:
    page = club.desk.get(HERE).text
    assert "Tonnie" in page
    assert "Jan" not in page
    club.desk.get(at(club.tonnie))
    assert club.desk.post(at(club.tonnie), soort="vog", hoe="gezien").status_code == 303
    assert club.mask() == 1
    (row,) = rows_of(fresh_database, "SELECT * FROM person_check")
    assert (row.organisation_id, row.seen_by_id, row.municipality_id) == (
        club.flag,
        club.anja.person_id,
        1771,
    )
    assert "opgeschreven door Anja" in club.desk.get(at(club.tonnie)).text

    path = f"{at(club.tonnie)}/intrekking/{row.id}"
    assert club.desk.get(path).status_code == 200
    assert club.desk.post(path, reden="").status_code == 422
    assert club.desk.post(path, reden="Niet van haar.").status_code == 303
    assert club.mask() == 0


def test_people_of_elsewhere_and_what_the_desk_saw_do_not_exist_for_it(
    club: Club, fresh_database: Migrated
) -> None:
    id: UUID = uuid7()
    owner_runs(
        fresh_database,
        "INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from, number)"
        " VALUES (:id, 1771, :p, 8, '2020-01-01', '69599084')",
        id=id, p=club.tonnie.person_id,
    )  # fmt: skip
    club.desk.get(HERE)
    assert club.desk.get(at(club.jan)).status_code == 404
    assert club.desk.post(at(club.jan), soort="vog", hoe="gezien").status_code == 404
    assert "69599084" not in club.desk.get(at(club.tonnie)).text
    assert club.desk.post(f"{at(club.tonnie)}/intrekking/{id}", reden="Weg.").status_code == 404
    assert len(rows_of(fresh_database, "SELECT FROM person_check WHERE withdrawn_at IS NULL")) == 1


def test_the_database_says_so_too(club: Club) -> None:
    for person, flag in ((club.jan.person_id, club.flag), (club.tonnie.person_id, None)):
        with club.program.transaction() as session:
            act(session, club.anja)
            with pytest.raises(ProgrammingError, match="row-level security"):
                session.execute(
                    text("INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from, organisation_id)"
                         " VALUES (:id, 1771, :p, 1, '2020-01-01', :f)"),
                    {"id": uuid7(), "p": person, "f": flag},
                )  # fmt: skip
            session.rollback()
    with club.program.transaction() as session:
        act(session, club.jan)
        assert session.execute(text("SELECT * FROM volunteers_of(:f)"), {"f": club.flag}).all() == []


def test_without_a_covenant_and_for_anybody_else_there_is_no_page(
    program: Database, fresh_database: Migrated, site: FastAPI
) -> None:
    club = Club(program, fresh_database, site, signed="2199-01-01")
    assert club.desk.get(HERE).status_code == 404
    assert Desk(site, program, club.jan).get(HERE).status_code == 404


def test_a_mailbox_alone_writes_nothing_for_an_organisation(
    club: Club, program: Database, fresh_database: Migrated, travel: Callable[[timedelta], None]
) -> None:
    """What they write counts when somebody is matched with who is ill or alone."""
    with program.transaction() as session:
        token = open_session(session, club.anja.person_id)
    club.desk.client.headers["cookie"] = f"{SESSION_COOKIE}={token}"
    for path in (HERE, at(club.tonnie)):
        answer = club.desk.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/inloggen/tweede")

    club.desk.sign_in()
    club.desk.get(at(club.tonnie))
    travel(timedelta(minutes=11))
    assert club.desk.get(at(club.tonnie)).status_code == 200
    assert club.desk.post(at(club.tonnie), soort="vog", hoe="gezien").status_code == 401
    assert rows_of(fresh_database, "SELECT id FROM person_check") == []


def test_no_letter_lets_somebody_in_who_writes_for_an_organisation(
    club: Club, program: Database, fresh_database: Migrated
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        anja = a_person(session, first_name="Anja")
    without_mail(fresh_database, anja)
    rows_of(
        fresh_database,
        "INSERT INTO role_grant (id, person_id, role, municipality_id, organisation_id)"
        " VALUES (gen_random_uuid(), :who, 'organisation_administrator', 1771, :flag) RETURNING id",
        who=anja.person_id, flag=club.flag,
    )  # fmt: skip
    with program.transaction() as session, pytest.raises(NotForStaff):
        letters.make(session, act(session, marja), b"secret", anja.person_id)
