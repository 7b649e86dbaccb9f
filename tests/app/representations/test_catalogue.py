"""The catalogue of policies: what is narrowed while somebody acts for another, and why the rest is not."""

from collections import defaultdict

import pytest

from tests.app.conftest import rows_of
from tests.databases import Database

DESK = "speaks of municipalities in reach only, and nobody brings their reach into another's name"
FACTS = "everybody may read it, and only a desk in reach changes it"
FOLLOWS = "is read with an account, a booking, an invoice or an entry, which is narrowed"
NOT_NARROWED = {
    "public.idempotency_key": "its own policy names the hand: who acts keeps the answers that they got",
    **dict.fromkeys(
        (
            "public.distribution", "public.distribution_line", "public.roosjes_signal",
            "public.erasure", "public.kvk_lookup", "public.retention_run", "public.retention_term",
            "public.safety_note", "public.staff_invitation",
            "ledger.period", "ledger.period_line", "ledger.netting", "ledger.netting_answer", "ledger.trust",
        ),
        DESK,
    ),
    **dict.fromkeys(
        (
            "public.municipality", "public.sharing", "public.cheque_desk",
            "public.cheque_provider", "public.check_requirement", "public.house_rules", "public.oidc_provider",
            "ledger.allowance_limit",
        ),
        FACTS,
    ),
    **dict.fromkeys(
        (
            "public.audit_reason", "ledger.invoice_line", "ledger.invoice_step",
            "ledger.allowance_total", "ledger.batch", "ledger.decision", "ledger.departure", "ledger.entry",
            "ledger.made_whole", "ledger.open_hold", "ledger.policy", "ledger.serial", "ledger.serial_end",
            "ledger.transfer", "ledger.welfare_line", "ledger.welfare_period",
        ),
        FOLLOWS,
    ),
}  # fmt: skip
"""Table and reason."""
WRITTEN_ALL_THE_SAME = {
    ("public.notice", "INSERT"): "what was done is told to the other side",
}
Policies = dict[str, list[tuple[str, str, str]]]
OWN = ("actor_person", "actor_hand", "app.pseudonym", "app.organisations", "actor_organisations")
"""What a policy names that shows somebody their own rows."""


@pytest.fixture(scope="module")
def policies(database: Database) -> Policies:
    """Per table: permissive or restrictive, the command, and all that it says."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for table, kind, command, said in rows_of(
        database,
        "SELECT schemaname || '.' || tablename, permissive, cmd, concat(qual, with_check) FROM pg_policies"
        " WHERE policyname <> 'owner_all' AND schemaname IN ('public', 'ledger')",
    ):
        found[table].append((kind, command, said))
    return found


def narrowed(rules: list[tuple[str, str, str]]) -> set[str]:
    """The commands that a restrictive policy narrows."""
    return {
        command
        for kind, command, said in rules
        if kind == "RESTRICTIVE" and ("is_acting" in said or "acting_contact" in said)
    }


def test_every_table_is_narrowed_while_somebody_acts_for_another_or_listed_with_a_reason(
    policies: Policies,
) -> None:
    open_to_it = {table for table, rules in policies.items() if not narrowed(rules) & {"ALL", "SELECT"}}

    assert open_to_it == set(NOT_NARROWED)


def test_nothing_that_shows_own_rows_is_excused_as_a_desks_or_a_fact(
    policies: Policies,
) -> None:
    excused = {table for table, why in NOT_NARROWED.items() if why in (DESK, FACTS, FOLLOWS)}
    wrong = {
        table for table in excused if any(word in said for _, _, said in policies[table] for word in OWN)
    }

    assert wrong == set()


def test_what_follows_an_account_says_so(policies: Policies) -> None:
    apart = {
        table
        for table, why in NOT_NARROWED.items()
        if why == FOLLOWS
        and not all("EXISTS" in said or "app.municipalities" in said for _, _, said in policies[table])
    }
    assert apart == set()


def test_writing_is_narrowed_wherever_the_application_may_write(
    database: Database, policies: Policies
) -> None:
    granted = rows_of(
        database,
        "SELECT table_schema || '.' || table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = :role AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE')",
        role=database.application_role,
    )
    open_to_it = {
        (table, command)
        for table, command in granted
        if table in policies
        and table not in NOT_NARROWED
        and not narrowed(policies[table]) & {"ALL", command}
    }
    assert open_to_it == set(WRITTEN_ALL_THE_SAME)
