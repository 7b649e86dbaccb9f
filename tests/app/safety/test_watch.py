"""What stands out is shown to a makelaar once a month, and nothing happens to anybody."""

import pytest

from app.db import Database as Program
from app.errors import Forbidden, NotFound
from app.safety import reports, subjects, watch
from app.safety.schemas import NewReport
from app.safety.watch import Remark
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    a_willing_helper,
    act,
    an_agreement,
)
from tests.app.safety.meeting import as_worker
from tests.databases import Database

FOUND = "SELECT kind, count FROM safety_signal ORDER BY kind"
EVERYBODY = (
    "SELECT string_agg(first_name || paused || coalesce(disabled_at::text, ''), ',' ORDER BY id) FROM person"
)


def look(program: Program) -> int:
    """One night."""
    with program.transaction() as session:
        as_worker(session)
        return watch.look(session)


@pytest.mark.parametrize(
    "words",
    [
        "Bel mij op 06-12345678",
        "mail jan.jansen@voorbeeld.nl",
        "0031 6 12 34 56 78",
        "op NL91 ABNA 0417 1643 00",
    ],
)
def test_a_number_or_address_in_a_first_text_is_shown(
    program: Program, fresh_database: Database, words: str
) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session), toelichting=words)

    assert look(program) == 1
    assert rows_of(fresh_database, FOUND) == [("contact_in_text", 1)]


@pytest.mark.parametrize(
    "words", ["Om 10.30 uur, 2 keer per week", "In 5664 HJ, nummer 12", "Van 1950 tot 2026"]
)
def test_a_time_a_postcode_or_a_year_is_no_number(program: Program, words: str) -> None:
    with program.transaction() as session:
        a_request(session, a_person(session), toelichting=words)

    assert look(program) == 0


def test_money_in_the_first_words_to_three_people_is_shown_and_to_two_it_is_not(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session)
        for number in range(3):
            asker = a_person(session)
            proposal = a_willing_helper(session, asker, helper, a_request(session, act(session, asker)))
            proposal.message = "Kunt u mij geld lenen?"
            if number == 1:
                session.flush()
                as_worker(session)
                assert watch.look(session) == 0
                act(session, asker)

    assert look(program) == 1
    assert rows_of(fresh_database, FOUND) == [("money", 3)]


def test_several_reports_by_different_people_are_shown_and_two_by_one_are_not(
    program: Program, fresh_database: Database
) -> None:
    new = NewReport.model_validate({"waarover": "boundary", "uitleg": "Te dichtbij."})
    with program.transaction() as session:
        helper, _ = a_helper(session)
        for days in (2, 4):
            asker = a_person(session)
            agreement = an_agreement(session, asker, helper, days=days)
            at = subjects.contact(session, asker, "afspraak", agreement.id)
            for _ in range(2):
                reports.report(session, asker, at, new)
            if days == 2:
                as_worker(session)
                assert watch.look(session) == 0

    assert look(program) == 1
    assert rows_of(fresh_database, FOUND) == [("several_reports", 2)]


def test_a_helper_of_very_many_vulnerable_people_is_shown(program: Program, fresh_database: Database) -> None:
    with program.transaction() as session:
        helper, _ = a_helper(session, minutenPerWeek=2400)
        for day in range(watch.VULNERABLE):
            asker = a_person(session)
            an_agreement(session, asker, helper, days=day + 2)
    rows_of(fresh_database, "UPDATE help_request SET vulnerable = true RETURNING id")

    assert look(program) == 1
    assert rows_of(fresh_database, FOUND) == [("many_vulnerable", watch.VULNERABLE)]


def test_nobody_is_punished_and_the_same_is_shown_once_in_a_month(
    program: Program, fresh_database: Database
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        far = a_member_of_staff(fresh_database, session, first_name="Ed", municipality_id=EINDHOVEN)
        a_request(session, a_person(session), toelichting="Bel 06-12345678")
    before = rows_of(fresh_database, EVERYBODY)

    assert (look(program), look(program)) == (1, 0)

    assert rows_of(fresh_database, EVERYBODY) == before
    assert rows_of(fresh_database, "SELECT count(*) FROM suspension")[0][0] == 0
    assert rows_of(fresh_database, "SELECT status FROM help_request")[0][0] == "open"
    with program.transaction() as session:
        (one,) = watch.waiting(session, act(session, marja), GELDROP_MIERLO)
        with pytest.raises(NotFound):
            watch.seen(session, act(session, far), one.id, Remark())
        with pytest.raises(Forbidden):
            watch.waiting(session, act(session, far), GELDROP_MIERLO)
        watch.seen(session, act(session, marja), one.id, Remark.model_validate({"opmerking": "Gebeld."}))
        assert watch.waiting(session, act(session, marja), GELDROP_MIERLO) == []
