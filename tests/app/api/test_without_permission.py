"""Staff whose role lacks a permission read nothing by it, also where the database itself would show them the row."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access.roles import PERMISSIONS, REGIONAL, STAFF_ROLES, Permission, Role
from app.agreements.models import Agreement
from app.db import Database as Program
from app.help_offers import service as help_offers
from app.help_offers.models import HelpOffer
from app.help_requests.models import HelpRequest
from app.ids import uuid7
from app.matches.models import Proposal
from tests.app.api.conftest import Api, ApiFor
from tests.app.factories import (
    GELDROP_MIERLO,
    a_helper,
    a_member_of_staff,
    a_person,
    a_request,
    act,
    an_agreement,
)
from tests.databases import Database

SEEN: dict[str, tuple[Permission, Any]] = {
    "hulpvragen": (Permission.SEE_REQUESTS, HelpRequest),
    "hulpaanbod": (Permission.SEE_OFFERS, HelpOffer),
    "voorstellen": (Permission.SEE_MATCHES, Proposal),
    "afspraken": (Permission.SEE_AGREEMENTS, Agreement),
}
"""Each with the permission that shows rows of the own municipality."""
WITHOUT = sorted(role for role in STAFF_ROLES if not PERMISSIONS[role] & {one for one, _ in SEEN.values()})


@pytest.fixture
def rows(program: Program) -> dict[str, UUID]:
    """One row of each kind that is nobody's business but the two people's and the makelaar's."""
    with program.transaction() as session:
        ria, (tonnie, offer) = a_person(session), a_helper(session)
        made = an_agreement(session, ria, tonnie)
        hidden = a_request(session, ria, zichtbaarVoor="makelaar")
        help_offers.pause(session, act(session, tonnie), offer.id)
        return {
            "hulpvragen": hidden.id, "hulpaanbod": offer.id, "voorstellen": made.proposal_id, "afspraken": made.id
        }  # fmt: skip


def of_staff(
    role: Role, program: Program, database: Database, api_for: ApiFor, rows: dict[str, UUID]
) -> tuple[Api, dict[str, bool]]:
    """A program of theirs, and what row-level security alone would let them have."""
    place = None if role in REGIONAL else GELDROP_MIERLO
    with program.transaction() as session:
        actor = a_member_of_staff(database, session, role=role, municipality_id=place)
        shown = {
            path: session.scalars(select(model.id).where(model.id == rows[path])).one_or_none() is not None
            for path, (_, model) in SEEN.items()
        }
    return api_for(actor), shown


def answers(api: Api, rows: dict[str, UUID]) -> dict[str, tuple[int, str]]:
    """What is said of each row, without its key."""
    told = {path: api.get(f"/{path}/{id}") for path, id in rows.items()}
    return {path: (one.status_code, one.text.replace(str(rows[path]), "KEY")) for path, one in told.items()}


@pytest.mark.parametrize("role", WITHOUT)
def test_staff_without_the_permission_read_what_they_would_read_of_nothing(
    role: Role, rows: dict[str, UUID], program: Program, fresh_database: Database, api_for: ApiFor
) -> None:
    api, shown = of_staff(role, program, fresh_database, api_for, rows)

    assert shown == dict.fromkeys(SEEN, True)  # the database knows where they work, not as what
    told = answers(api, rows)
    assert {status for status, _ in told.values()} == {404}
    assert told == answers(api, {path: uuid7() for path in rows})


def test_a_makelaar_has_the_permission_and_reads_them_all(
    rows: dict[str, UUID], program: Program, fresh_database: Database, api_for: ApiFor
) -> None:
    api, _ = of_staff(Role.BROKER, program, fresh_database, api_for, rows)

    assert {status for status, _ in answers(api, rows).values()} == {200}
    assert len(WITHOUT) == len(STAFF_ROLES) - 1
