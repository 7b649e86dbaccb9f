"""The numbers by which rows are known: no two rows share one, whatever else differs between them."""

from uuid import uuid4

import pytest
from psycopg.errors import UniqueViolation
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tests.rewards import guards_months as months
from tests.rewards.factories import a_member, a_payment, broken_rule
from tests.rewards.gift_factories import a_question
from tests.rewards.paper_factories import an_issue
from tests.rewards.test_allowance import a_note
from tests.rewards.test_welfare import a_period

OTHERWISE = {
    "account": {"owner_pseudonym": "gen_random_uuid()", "unit": "'WELFARE_CENT'"},
    "allowance": {"key": "'another'", "person": "gen_random_uuid()"},
    "batch": {"key": "'another'"},
    "pending": {"key": "'another'", "asked_by": "gen_random_uuid()"},
    "serial": {"serial_hash": "sha256('another')"},
    "transfer": {"amount": "amount + 1"},
    "welfare_period": {"key": "'another'", "person": "gen_random_uuid()", "account_id": "-1"},
}
"""A second row of the same number, and what else is different about it."""
COLUMNS = """SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
    AND attgenerated = ''"""


@pytest.fixture
def rows(owner: Connection) -> Connection:
    payer, payee = a_member(owner), a_member(owner)
    a_payment(owner, payer, payee)
    an_issue(owner, payer)
    a_question(owner, payer, payee)
    a_note(owner, uuid4())
    a_period(owner)
    return owner


@pytest.mark.parametrize("table", OTHERWISE)
def test_no_two_rows_share_a_number(rows: Connection, table: str) -> None:
    columns = rows.exec_driver_sql(COLUMNS, (f"ledger.{table}",)).scalars().all()
    values = [OTHERWISE[table].get(column, column) for column in columns]

    with pytest.raises(DBAPIError) as caught:
        rows.exec_driver_sql(
            f"INSERT INTO ledger.{table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE"
            f" SELECT {', '.join(values)} FROM ledger.{table} ORDER BY id DESC LIMIT 1"
        )

    refusal = caught.value.orig
    assert isinstance(refusal, UniqueViolation), refusal
    assert refusal.diag.constraint_name == f"{table}_pkey"


@pytest.mark.parametrize("constraint", ["period_line_pkey"])
def test_a_month_has_one_line_of_a_kind(owner: Connection, constraint: str) -> None:
    owner.exec_driver_sql(months.a_line())
    with broken_rule(owner, constraint):
        owner.exec_driver_sql(
            "INSERT INTO ledger.period_line SELECT municipality_id, unit, month, kind, prev_month, opening,"
            " credits + 1, debits, closing + 1 FROM ledger.period_line"
        )
