"""What is past its term goes, exactly that, and each night says what it did."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.access.sign_in import act_as
from app.agreements import occur
from app.audit.write import Act, note
from app.config import Settings
from app.db import Database as Program
from app.errors import Invalid, NotFound
from app.help_requests import service as help_requests
from app.help_requests.schemas import Closing
from app.jobs import tasks
from app.jobs.tasks import let_go
from app.jobs.work import Work
from app.moderation import cases
from app.privacy import retention
from app.privacy.models import RetentionRun
from app.privacy.retention import Kind, NewTerm
from tests.app.conftest import rows_of
from tests.app.factories import (
    GELDROP_MIERLO,
    HELMOND,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    an_agreement,
)
from tests.app.rings.three import Circle, circle
from tests.app.welfare.conftest import Town, town
from tests.databases import Database

__all__ = ["circle", "town"]

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


def test_of_a_withdrawn_request_with_an_answer_no_word_is_left_and_then_no_row(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    """The words of who answered, of the desk, and why it stopped are about the same two people."""
    with program.transaction() as session:
        broker = a_member_of_staff(fresh_database, session)
        person, helper = a_person(session), a_helper(session)[0]
        act_as(session, person.person_id)
        case = a_request(session, person)
        answered = a_willing_helper(session, person, helper, case)
        act_as(session, broker.person_id)
        cases.note(session, broker, case.id, "Zij klonk moe.")
        act_as(session, person.person_id)
        help_requests.withdraw(session, person, case.id, "Mijn zus doet het")
    travel(timedelta(days=31))
    let_go(Work(Settings(), program))

    words = """
        SELECT title FROM help_request UNION ALL SELECT message FROM proposal UNION ALL SELECT text FROM case_note
        UNION ALL SELECT reason FROM state_event WHERE entity_id IN (:one, :other)
    """
    left = rows_of(fresh_database, words, one=case.id, other=answered.id)
    assert len(left) > 5
    assert {row.title for row in left} == {"", "[gewist]"}
    travel(timedelta(days=335))
    let_go(Work(Settings(), program))

    gone = """
        SELECT id FROM help_request UNION ALL SELECT id FROM proposal UNION ALL SELECT id FROM case_note
        UNION ALL SELECT id FROM state_event WHERE entity_id IN (:one, :other)
        UNION ALL SELECT id FROM notice WHERE subject_id IN (:one, :other)
    """
    assert rows_of(fresh_database, gone, one=case.id, other=answered.id) == []


def test_a_ring_that_was_let_go_keeps_no_words_of_a_withdrawn_request_and_goes_with_it(
    circle: Circle, travel: Callable[[timedelta], None]
) -> None:
    (ring,) = circle.find()
    key = circle.requests["Ria"]
    with circle.program.transaction() as session:
        help_requests.withdraw(session, act_as(session, circle.ria.person_id), key)
    title = "SELECT title FROM ring_arc WHERE help_request_id = :id"
    assert rows_of(circle.database, title, id=key)[0].title
    tasks.let_rings_go(circle.work)
    assert circle.state(ring)[0] == "dissolved"

    travel(timedelta(days=31))
    let_go(circle.work)
    assert [row.title for row in rows_of(circle.database, title, id=key)] == ["[gewist]"]
    travel(timedelta(days=335))
    let_go(circle.work)
    assert rows_of(circle.database, "SELECT id FROM help_request WHERE id = :id", id=key) == []
    assert circle.count("SELECT count(*) FROM ring") == 0
    assert circle.count("SELECT count(*) FROM help_request") == 2


def test_of_a_withdrawn_request_that_had_an_agreement_the_bare_record_stays(
    program: Program, fresh_database: Database, travel: Callable[[timedelta], None]
) -> None:
    """What was agreed is the other's too, and what was booked points at it."""
    with program.transaction() as session:
        person, helper = a_person(session), a_helper(session)[0]
        agreed = an_agreement(session, person, helper)
        occur.end(session, person, agreed.id, "Het lukt niet meer")
        help_requests.withdraw(session, person, agreed.help_request_id)
    travel(timedelta(days=366))
    for _ in range(2):
        let_go(Work(Settings(), program))

    left = "SELECT r.title, p.message FROM help_request r JOIN proposal p ON p.help_request_id = r.id"
    assert rows_of(fresh_database, left) == [("[gewist]", "")]
    said = "SELECT reason FROM state_event WHERE reason LIKE 'Het lukt%'"
    assert rows_of(fresh_database, said) == []


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


def test_notices_the_log_receipts_and_plans_go_each_in_the_night_of_their_own_term(
    town: Town, travel: Callable[[timedelta], None]
) -> None:
    """And not in the one before."""
    plan = town.granted(10_000, days=1)
    town.hands_in(plan)
    rows_of(town.database, "UPDATE welfare_plan SET status = 'closed' RETURNING 1")
    with town.program.transaction() as session:
        note(
            session, act_as(session, town.marja.person_id), Act.PERSON, subject=town.ria.person_id,
            municipality_id=GELDROP_MIERLO, entity="person", reason="Zij belde",
        )  # fmt: skip
    kept = {
        Kind.NOTICES: "SELECT id FROM notice",
        Kind.AUDIT: "SELECT entry_id FROM audit_reason UNION ALL SELECT id FROM audit_entry",
        Kind.RECEIPTS: "SELECT id FROM welfare_receipt",
        Kind.WMO: "SELECT id FROM welfare_plan WHERE goal || wish || why || reason || brought <> ''",
    }
    passed, work = timedelta(), Work(Settings(), town.program)
    for kind, query in kept.items():
        for days, is_there in ((-1, True), (3, False)):
            past = timedelta(days=retention.TERMS[kind].days + days)
            travel(past - passed)
            passed = past
            with work.transaction() as (session, _):
                runs = {run.kind: run.done for run in retention.let_go(session, GELDROP_MIERLO)}
            assert (bool(rows_of(town.database, query)), runs[kind] == 0) == (is_there, is_there), (
                kind,
                days,
            )


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
