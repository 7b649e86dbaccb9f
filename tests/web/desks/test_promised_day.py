"""The day that a makelaar reads is the day that the asker reads."""

from datetime import UTC, datetime

from sqlalchemy import text

from app.db import Database
from tests.app.conftest import rows_of
from tests.app.factories import a_person, a_request
from tests.databases import Database as Migrated
from tests.web.desks.helpers import Desk

SUNDAY = datetime(2026, 11, 22, 11, tzinfo=UTC)
"""A promise of three working days that begins on a day off ends on Thursday at midnight."""


def test_a_promise_that_ends_at_midnight_is_due_the_day_before(
    fresh_database: Migrated, program: Database, desk: Desk
) -> None:
    with program.transaction() as session:
        now = session.execute(text("SELECT ledger.now()")).scalar_one()
    rows_of(fresh_database, "SELECT 1 FROM (SELECT ledger.shift(:by)) AS moved", by=SUNDAY - now)
    rows_of(
        fresh_database, "UPDATE municipality SET promise_days = 3, mediation = 3 WHERE id = 1771 RETURNING id"
    )
    with program.transaction() as session:
        case = a_request(session, a_person(session))

    page = desk.get(f"/bureau/zaken/{case.id}").text

    assert "beloofd is woensdag 25 november<" in page
    assert "26 november" not in page
    assert "0.00 uur" not in page
    worklist = desk.get("/bureau").text
    assert "Lezen en bellen uiterlijk woensdag 25 november" in worklist
