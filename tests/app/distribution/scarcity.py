"""A little region in which first come, first served leaves somebody without.

One request suits both helpers and waits longest; the other suits only the nearer one, whom the first would take.
"""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.db import Database
from app.help_requests.models import HelpRequest
from tests.app.conftest import rows_of
from tests.app.factories import a_helper, a_member_of_staff, a_person, a_request
from tests.databases import Database as Migrated


@dataclass(frozen=True)
class Scarce:
    """Two requests, two helpers, one makelaar."""

    easy: UUID
    hard: UUID
    asker: Actor
    """Of the hard one."""
    near: Actor
    far: Actor
    makelaar: Actor

    def request(self, session: Session, key: UUID) -> HelpRequest:
        """The row, for whoever the session acts as."""
        return session.get_one(HelpRequest, key)


@pytest.fixture
def scarce(program: Database, fresh_database: Migrated) -> Scarce:
    with program.transaction() as session:
        near, _ = a_helper(session, first_name="Noor", postcode="5664 HJ", minutenPerWeek=60)
        far, _ = a_helper(session, first_name="Frits", postcode="5708 AB", minutenPerWeek=60)
        easy = a_request(session, a_person(session, first_name="Ans"), titel="Wandelen")
        asker = a_person(session, first_name="Bo")
        hard = a_request(session, asker, titel="Dichtbij", hoeVerKm=2)
        makelaar = a_member_of_staff(fresh_database, session)
    rows_of(
        fresh_database,
        "UPDATE help_request SET posted_at = posted_at - interval '3 days' WHERE id = :id RETURNING id",
        id=easy.id,
    )
    return Scarce(easy.id, hard.id, asker, near, far, makelaar)
