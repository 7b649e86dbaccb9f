"""What was written stays written, in every table, and even for the owner of the database."""

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tests.rewards.factories import refused
from tests.rewards.test_columns import FILLED

CHANGING = {"clock", "trust", "open_hold"}
"""The clock that tests move, a trust that is set anew, and the list of what is open now."""
COUNTED = {"account", "allowance_total"}
"""Rows of these are brought up to date, and stay for ever."""
VERBS = {
    "UPDATE": "UPDATE ledger.{table} SET {column} = {column}",
    "DELETE": "DELETE FROM ledger.{table}",
    "TRUNCATE": "TRUNCATE ledger.{table} CASCADE",
}
CASES = [
    (table, verb)
    for table in FILLED.keys() - CHANGING
    for verb in VERBS
    if not (table in COUNTED and verb == "UPDATE")
]


@pytest.mark.parametrize(("table", "verb"), sorted(CASES))
def test_a_row_is_for_good(owner: Connection, table: str, verb: str) -> None:
    statement = VERBS[verb].format(table=table, column=FILLED[table].split()[0])
    with refused(owner, DBAPIError, rf"ledger\.{table} allows no {verb}"):
        owner.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "column",
    [
        "id",
        "municipality_id",
        "unit",
        "kind",
        "owner_pseudonym",
        "counter_municipality_id",
        "shard",
        "opened_at",
    ],
)
def test_an_account_stays_the_account_that_it_is(owner: Connection, column: str) -> None:
    value = "DEFAULT" if column == "id" else column
    with refused(owner, DBAPIError, r"ledger\.account allows no UPDATE"):
        owner.exec_driver_sql(f"UPDATE ledger.account SET {column} = {value}")
