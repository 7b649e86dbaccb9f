"""What is past its term goes, exactly that, and each night says what it did."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.access.sign_in import act_as
from app.config import Settings
from app.db import Database as Program
from app.errors import Invalid, NotFound
from app.help_requests import service as help_requests
from app.help_requests.schemas import Closing
from app.jobs.tasks import let_go
from app.jobs.work import Work
from app.privacy import retention
from app.privacy.models import RetentionRun
from app.privacy.retention import Kind, NewTerm
from tests.app.conftest import rows_of
from tests.app.factories import GELDROP_MIERLO, HELMOND, a_member_of_staff, a_person, a_request
from tests.databases import Database

CLOSE = Closing.model_validate({"reden": "vervuld"})
DAY = timedelta(days=1)


def set_term(program: Program, database: Database, kind: Kind, days: int) -> None:
    """The administrator of the municipality chooses."""
    with program.transaction() as session:
        administrator = a_member_of_staff(database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
        wanted = NewTerm.model_validate({"soort": kind, "dagen": days})
        retention.choose(session, administrator, GELDROP_MIERLO, wanted)


def test_of_seven_cases_exactly_the_three_that_closed_two_days_ago_lose_mail_and_telephone(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    set_term(program, fresh_database, Kind.CONTACT, 2)
    closed: list[UUID] = []
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
    # the age in days, and whether the case was closed when it was made: seven cases in mixed states
    for days, is_closed in [(4, True), (0, True), (0, False), (1, True), (1, False), (1, True), (1, False)]:
        travel(DAY if days == 1 and len(closed) == 3 else timedelta())
        with program.transaction() as session:
            person = a_person(session, first_name=f"Vrager{days}", telefoon="0612345678")
            case = a_request(session, person)
            if is_closed:
                act_as(session, broker.person_id)
                help_requests.close(session, broker, case.id, CLOSE)
                closed.append(person.person_id)
    travel(timedelta(days=1, hours=12))
    due = closed[:3]

    let_go(Work(Settings(), program))

    rows = rows_of(
        fresh_database,
        "SELECT r.person_id, c.email, c.phone FROM help_request r JOIN contact c USING (person_id)",
    )
    assert len(rows) == 7
    assert {row.person_id for row in rows if row.email is None and row.phone == ""} == set(due)
    assert all(row.email and row.phone for row in rows if row.person_id not in due)
    noted = rows_of(fresh_database, "SELECT parties FROM state_event WHERE reason = 'contact-let-go'")
    assert {row.parties[0] for row in noted} == set(due)
    run = rows_of(
        fresh_database, "SELECT * FROM retention_run WHERE kind = 'contact' AND municipality_id = 1771"
    )[0]
    assert (run.looked_at, run.done, run.days) == (7, 3, 2)


def test_who_still_asks_or_still_signs_in_stays_reachable(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    set_term(program, fresh_database, Kind.CONTACT, 2)
    with program.transaction() as session:
        person = a_person(session)
        for title in ("De eerste", "De tweede"):
            a_request(session, person, titel=title)
        first = help_requests.mine(session, person)[0]
        help_requests.withdraw(session, person, first.id)
    travel(timedelta(days=5))

    let_go(Work(Settings(), program))

    assert rows_of(fresh_database, "SELECT email FROM contact WHERE person_id = :id", id=person.person_id)[
        0
    ].email


@pytest.mark.parametrize(("days", "title"), [(29, "Samen naar de weekmarkt"), (31, "[gewist]")])
def test_the_text_of_a_withdrawn_request_goes_after_thirty_days(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None], days: int, title: str
) -> None:
    with program.transaction() as session:
        person = a_person(session)
        help_requests.withdraw(session, person, a_request(session, person).id)
    travel(timedelta(days=days))

    let_go(Work(Settings(), program))

    assert rows_of(fresh_database, "SELECT title FROM help_request")[0].title == title


def test_the_bare_record_of_a_withdrawn_request_goes_after_a_year(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        person = a_person(session)
        help_requests.withdraw(session, person, a_request(session, person).id)
    travel(timedelta(days=366))

    for _ in range(2):
        let_go(Work(Settings(), program))

    assert rows_of(fresh_database, "SELECT id FROM help_request") == []
    with program.transaction() as session:
        act_as(session, person.person_id)
    done = rows_of(
        fresh_database,
        "SELECT done FROM retention_run WHERE kind = 'withdrawn_record' AND municipality_id = 1771 ORDER BY id",
    )
    assert [row.done for row in done] == [1, 0]


def test_words_of_finished_help_go_in_the_night_in_which_mail_and_telephone_go(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
        case = a_request(session, a_person(session))
        act_as(session, broker.person_id)
        help_requests.close(session, broker, case.id, CLOSE)
    travel(timedelta(days=2 * 365 + 1))

    let_go(Work(Settings(), program))

    left = "SELECT r.title, c.email FROM help_request r JOIN contact c USING (person_id)"
    assert rows_of(fresh_database, left) == [("[gewist]", None)]


def test_a_municipality_chooses_within_the_law_and_for_itself_only(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        administrator = a_member_of_staff(fresh_database, session, role=Role.MUNICIPALITY_ADMINISTRATOR)
        too_short = NewTerm.model_validate({"soort": Kind.WMO, "dagen": 30})
        with pytest.raises(Invalid):
            retention.choose(session, administrator, GELDROP_MIERLO, too_short)
        with pytest.raises(NotFound):
            retention.choose(
                session, administrator, HELMOND, NewTerm.model_validate({"soort": Kind.NOTICES, "dagen": 30})
            )
        assert session.scalars(select(RetentionRun)).all() == []
        assert retention.terms(session, GELDROP_MIERLO)[Kind.WMO] == 15 * 365 + 4
