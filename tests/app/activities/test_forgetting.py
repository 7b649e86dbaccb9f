"""Somebody is forgotten: their place goes to who waits, and what they host stops with a word to who would come."""

from pathlib import Path

from app.activities import joining, judging, service
from app.config import Settings
from app.db import Database as Program
from app.privacy import erase
from tests.app.activities.making import a_new_activity, hosted_by_desk, joining as to_join
from tests.app.conftest import rows_of
from tests.app.factories import a_member_of_staff, a_person, act
from tests.databases import Database


def test_the_place_of_who_is_forgotten_goes_to_who_waits(
    fresh_database: Database, program: Program, tmp_path: Path
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        ria, joop = a_person(session), a_person(session, first_name="Joop")
        made = hosted_by_desk(session, marja, plaatsen=1)
    for who in (ria, joop):
        with program.transaction() as session:
            joining.join(session, act(session, who), made.id, to_join())
    with program.transaction() as session:
        erase.erase(session, act(session, ria), Settings(data_dir=tmp_path))

    rows = rows_of(fresh_database, "SELECT person_id, status FROM activity_signup")
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'activity-let-in'")
    assert [tuple(row) for row in rows] == [(joop.person_id, "in")]
    assert [row.person_id for row in told] == [joop.person_id]


def test_what_somebody_hosts_at_home_stops_and_leaves_no_word_and_no_address(
    fresh_database: Database, program: Program, tmp_path: Path
) -> None:
    with program.transaction() as session:
        marja = a_member_of_staff(fresh_database, session)
        host, ria = a_person(session, first_name="Ans"), a_person(session)
        new = a_new_activity(session, thuis=True, adres="Verborgenlaan 5", titel="Koffie bij mij")
        made = service.make(session, act(session, host), new)
    with program.transaction() as session:
        judging.approve(session, act(session, marja), made.id)
    with program.transaction() as session:
        joining.join(session, act(session, ria), made.id, to_join())
    with program.transaction() as session:
        erase.erase(session, act(session, host), Settings(data_dir=tmp_path))

    (row,) = rows_of(fresh_database, "SELECT title, body, status, is_public FROM activity")
    told = rows_of(fresh_database, "SELECT person_id FROM notice WHERE kind = 'activity-stopped'")
    assert tuple(row) == ("[gewist]", "", "stopped", False)
    assert rows_of(fresh_database, "SELECT FROM activity_home") == []
    assert [one.person_id for one in told] == [ria.person_id]
