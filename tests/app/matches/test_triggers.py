"""Everything that the engine's facts are made of: when it changes, the next query knows."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.clock import today
from app.db import Database
from app.ids import uuid7
from app.matches import volunteer
from tests.app.factories import a_helper, a_person, a_request, act, an_agreement
from tests.app.matches.comparing import agrees, looked_up, owner_runs
from tests.databases import Database as Migrated


def changed_rows(program: Database, database: Migrated) -> dict[str, UUID]:
    """One of everything that the engine's facts are made of, committed, and read by this process."""
    with program.transaction() as session:
        asker, (helper, offer) = a_person(session), a_helper(session)
        agreement = an_agreement(session, asker, helper, days=2)
        (willing, other) = a_helper(session)
        posted = a_request(session, act(session, asker), datum=str(today(session) + timedelta(days=3)))
        act(session, willing)
        volunteer.come_forward(session, willing, posted.id)
    owner_runs(
        database,
        "INSERT INTO person_check (id, municipality_id, person_id, kind, valid_from, seen_by_id)"
        " VALUES (:id, 1771, :person, 1, '2020-01-01', :person)",
        id=uuid7(), person=helper.person_id,
    )  # fmt: skip
    agrees(program)
    return {"helper": helper.person_id, "offer": offer.id, "agreement": agreement.id, "request": posted.id,
            "willing": willing.person_id, "other": other.id}  # fmt: skip


CHANGES = {
    "an offer moves": "UPDATE help_offer SET cell = cell + 1 WHERE id = :offer",
    "an offer goes": "DELETE FROM help_offer WHERE id = :other",
    "a request grows": "UPDATE help_request SET minutes = 180 WHERE id = :request",
    "a request goes to a later day": "UPDATE help_request SET on_date = on_date + 60 WHERE id = :request",
    "a request stops": "UPDATE help_request SET status = 'closed', closing_reason = 'anders', is_public = false"
    " WHERE id = :request",
    "a person pauses": "UPDATE person SET paused = true WHERE id = :helper",
    "a person is shut out": "UPDATE person SET disabled_at = now() WHERE id = :helper",
    "a person sets a limit": "UPDATE person SET load_limit_minutes = 30 WHERE id = :helper",
    "a person wants fewer questions": "UPDATE person SET proposals_per_week = 0 WHERE id = :helper",
    "a person says what they are": "UPDATE contact SET gender = 'man' WHERE person_id = :helper",
    "a check ends": "UPDATE person_check SET valid_until = '2021-01-01' WHERE person_id = :helper",
    "a check goes": "DELETE FROM person_check WHERE person_id = :helper",
    "help moves to another month": "UPDATE occurrence SET starts_at = starts_at + interval '40 days',"
    " ends_at = ends_at + interval '40 days' WHERE helper_id = :helper",
    "help takes longer": "UPDATE occurrence SET minutes = 240, ends_at = starts_at + interval '4 hours'"
    " WHERE helper_id = :helper",
    "help is called off": "UPDATE occurrence SET status = 'cancelled', hold_id = NULL WHERE helper_id = :helper",
    "a yes is taken back": "UPDATE proposal SET status = 'declined' WHERE helper_id = :willing",
    "a category asks more": "UPDATE category SET checks = 3",
    "a category is for professionals": "UPDATE category SET unpaid = 'professionals'",
    "a municipality asks less often": "UPDATE municipality SET proposals_per_week = 1, rest_days = 9",
    "a municipality shares no more": "DELETE FROM sharing",
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_the_engine_ranks_on_is_in_the_next_query_when_it_changes(
    program: Database, fresh_database: Migrated, change: str
) -> None:
    rows = changed_rows(program, fresh_database)
    statement = CHANGES[change]
    if change == "an offer goes":
        owner_runs(
            fresh_database,
            "UPDATE proposal SET help_offer_id = NULL WHERE help_offer_id = :other",
            other=rows["other"],
        )
        agrees(program)

    before = looked_up(program)
    named = {name: key for name, key in rows.items() if f":{name}" in statement}
    owner_runs(fresh_database, statement, **named)

    assert looked_up(program) != before
    agrees(program)
