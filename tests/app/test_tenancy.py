"""The database's own guard: every table is tenanted or listed, forced, and closed to other municipalities."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.agreements import occur
from app.agreements.models import Agreement, Occurrence
from app.db import Base, Scope, Tenanted, scope_to
from app.help_requests import service as help_requests
from app.help_requests.models import HelpRequest
from app.help_requests.schemas import NewHelpRequest
from app.matches.models import Proposal
from app.people.models import Contact
from app.states import StateEvent
from tests.app.conftest import rows_of
from tests.app.factories import (
    EINDHOVEN,
    GELDROP_MIERLO,
    HELMOND,
    a_helper,
    a_person,
    a_request,
    act,
    an_agreement,
    nobody,
)
from tests.databases import Database

WALK = NewHelpRequest.model_validate(
    {"categorie": "samen-op-pad", "titel": "Naar de weekmarkt", "minuten": 60}
)
UNTENANTED = {
    "region": "one row about this instance",
    "category": "the same for everybody",
    "municipality": "the tenants themselves; facts and settings that everybody may read",
    "neighbourhood": "public facts",
    "neighbourhood_span": "public facts",
    "border": "public facts",
    "sharing": "who shares with whom is public; a policy keeps the change to the municipality",
    "person": "the public face: a first name beside rows that are themselves guarded",
    "contact": "follows the person's memberships and live agreements",
    "role_grant": "one's own, or of a municipality in reach",
    "sign_in_link": "found by its own secret, before there is a tenant",
    "web_session": "found by its own secret",
    "api_token": "found by its own secret",
    "passkey": "one's own; a credential leads to it through a function",
    "authenticator": "one's own",
    "spent_proof": "counts by a hash; the application can only add",
    "sign_in_event": "one's own; the application can only add",
    "ask_draft": "found by its own secret, before there is a person",
    "attempt": "counts by a hash; the application can only add",
    "refused_access": "the application can only add",
    "idempotency_key": "one's own",
    "giving_code": "one's own; found by whoever was told it, through a function",
    "mileage_rate": "what a kilometre may cost is public",
    "audit_entry": "the person's own, and the privacy officer's of the municipality; added by a function",
    "audit_reason": "with its entry",
    "audit_link": "hashes; the application cannot read it but through a function",
    "audit_waiting": "keys; the application cannot read it",
    "data_table": "the register of the code; the owner's",
    "data_column": "the register of the code; the owner's",
    "oidc_attempt": "found by its own secret, before there is a person",
    "oidc_arrival": "found by its own secret, before there is a person",
    "oidc_identity": "one's own",
    "oidc_invitation": "the owner's; a function takes one up",
    "pace": "counts by a hash",
    "region_release": "sums of the region that may be shown; a policy keeps them to the desks",
    "match_change": "keys only; the application cannot read it but through a function",
}
OPEN_TABLES = {"region", "category", "neighbourhood", "neighbourhood_span", "border", "sign_in_link", "web_session",
               "api_token", "spent_proof", "ask_draft", "attempt", "refused_access", "match_change", "oidc_attempt",
               "oidc_arrival", "pace"}  # fmt: skip


def tables(database: Database) -> list[str]:
    query = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname NOT LIKE 'procrastinate%' AND relname <> 'alembic_version'"
    )
    return [row[0] for row in rows_of(database, query)]


def test_every_table_is_tenanted_or_listed_with_a_reason(database: Database) -> None:
    tenanted = {
        str(mapper.local_table.description)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Tenanted)
    }

    assert set(tables(database)) == tenanted | set(UNTENANTED)


def test_row_level_security_is_forced_on_all_but_the_listed_tables(database: Database) -> None:
    rows = rows_of(
        database,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relrowsecurity AND relforcerowsecurity",
    )

    assert {row[0] for row in rows} == set(tables(database)) - OPEN_TABLES


def test_every_forced_table_is_open_to_its_owner(database: Database) -> None:
    query = "SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'owner_all'"
    rows = rows_of(database, query)

    assert {row[0] for row in rows} == set(tables(database)) - OPEN_TABLES


def test_the_application_role_owns_nothing_and_bypasses_nothing(database: Database) -> None:
    (row,) = rows_of(
        database,
        "SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owns"
        " FROM pg_roles r WHERE rolname = :role",
        role=database.application_role,
    )

    assert tuple(row) == (False, False, 0)


@pytest.mark.parametrize("table", [
    "state_event", "case_note", "attempt", "refused_access", "safety_note", "safety_opening", "safety_entry",
    "safety_step", "house_rules", "sign_in_event",
])  # fmt: skip
@pytest.mark.parametrize("act_on", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_happened_is_only_ever_added_to(session: Session, table: str, act_on: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(act_on.format(table)))


@pytest.mark.parametrize("model", [HelpRequest, Proposal, Agreement, Occurrence, StateEvent])
def test_rows_of_others_do_not_exist_for_a_transaction_without_reach(
    session: Session, model: type[Tenanted]
) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    an_agreement(session, asker, helper)
    session.flush()

    nobody(session)

    assert session.scalars(select(model)).all() == []


@pytest.mark.parametrize("model", [HelpRequest, Proposal, Agreement, Occurrence, StateEvent])
def test_a_makelaar_of_another_municipality_reads_none_of_it(session: Session, model: type[Tenanted]) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)
    an_agreement(session, asker, helper)
    session.flush()

    scope_to(session, Scope(municipalities=frozenset({EINDHOVEN})))

    assert session.scalars(select(model)).all() == []


@pytest.mark.parametrize("municipality", [GELDROP_MIERLO, HELMOND])
def test_both_municipalities_of_an_agreement_across_the_border_see_it(
    session: Session, municipality: int
) -> None:
    asker, (helper, _) = a_person(session), a_helper(session, postcode="5708 AB")
    agreement = an_agreement(session, asker, helper)
    session.flush()

    scope_to(session, Scope(municipalities=frozenset({municipality})))

    assert session.scalars(select(Agreement.id)).all() == [agreement.id]


def test_contact_details_are_there_for_both_only_while_an_agreement_lives(session: Session) -> None:
    asker, (helper, _) = a_person(session), a_helper(session)

    def reads(actor_id: UUID, other_id: UUID) -> bool:
        scope_to(session, Scope(person_id=actor_id))
        return session.scalars(select(Contact.email).where(Contact.person_id == other_id)).first() is not None

    before = reads(asker.person_id, helper.person_id), reads(helper.person_id, asker.person_id)
    agreement = an_agreement(session, act(session, asker), helper)
    session.flush()
    during = reads(asker.person_id, helper.person_id), reads(helper.person_id, asker.person_id)
    occur.end(session, act(session, asker), agreement.id)
    session.flush()
    after = reads(asker.person_id, helper.person_id), reads(helper.person_id, asker.person_id)

    assert (before, during, after) == ((False, False), (True, True), (False, False))


def test_a_request_cannot_be_moved_to_a_municipality_out_of_reach(session: Session) -> None:
    asker = a_person(session)
    help_request = a_request(session, asker)
    session.flush()
    scope_to(session, Scope(municipalities=frozenset({GELDROP_MIERLO})))

    with pytest.raises(DBAPIError, match="row-level security"):
        session.execute(
            text("UPDATE help_request SET municipality_id = :m, person_id = :p WHERE id = :id"),
            {"m": EINDHOVEN, "p": asker.person_id, "id": help_request.id},
        )


@pytest.mark.parametrize(("by", "thrown_away"), [("asker", 1), ("author", 1), ("other makelaar", 0)])
def test_a_draft_is_thrown_away_by_whose_it_is_or_who_wrote_it_down(
    session: Session, by: str, thrown_away: int
) -> None:
    asker, author, other = (a_person(session, first_name=name) for name in ("Ria", "Marja", "Karin"))
    draft = help_requests.draft(session, act(session, asker), WALK)
    draft.author_id = author.person_id
    session.flush()
    who = {"asker": asker, "author": author, "other makelaar": other}[by].person_id
    scope_to(session, Scope(person_id=who, municipalities=frozenset({GELDROP_MIERLO})))

    deleted = session.execute(text("DELETE FROM help_request WHERE id = :id"), {"id": draft.id})

    assert deleted.rowcount == thrown_away  # type: ignore[attr-defined]


def test_settings_of_one_transaction_do_not_reach_the_next_on_the_same_connection(session: Session) -> None:
    connection = session.connection()
    scope_to(session, Scope(municipalities=frozenset({GELDROP_MIERLO})))
    session.commit()

    raw = connection.engine.raw_connection()
    try:
        found = raw.cursor().execute("SELECT current_setting('app.municipalities', true)").fetchone()
    finally:
        raw.close()

    assert found in ((None,), ("",))


@pytest.mark.parametrize("table", ["help_request", "help_offer"])
def test_who_was_proposed_is_asked_once_a_statement_and_not_for_each_row(
    session: Session, table: str
) -> None:
    """A subquery in the policy, which the planner weighs per row, made it join the rest of a list by nested loops."""
    nobody(session)

    plan = session.execute(text(f"EXPLAIN SELECT * FROM {table}")).scalars().all()

    assert any("_proposed p" in line for line in plan), plan
    assert not any(" on proposal" in line for line in plan), plan


def test_functions_that_read_for_everybody_keep_their_search_path(database: Database) -> None:
    rows = rows_of(
        database,
        "SELECT proname FROM pg_proc WHERE prosecdef"
        " AND pronamespace IN ('public'::regnamespace, 'ledger'::regnamespace)"
        " AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%')",
    )

    assert rows == []


def test_the_date_of_birth_is_a_year_and_no_more() -> None:
    kinds = {column.type.python_type for column in Contact.__table__.columns}

    assert date not in kinds
