"""Every column that must hold something, by a row without it, written by hand as the owner."""

import pytest
from psycopg.errors import NotNullViolation
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tests.rewards import guards_invoices

FILLED = {
    "account": "municipality_id unit kind shard status floor ceiling min_available max_balance posted held_out"
    " held_in entries opened_at personal earned narrowed",
    "allowance": "municipality_id person kind day cents actor key body_hash noted_at",
    "allowance_limit": "month_cents year_cents set_by set_at",
    "allowance_total": "cents most_cents",
    "batch": "actor operation key body_hash occurred_at booked_at",
    "clock": "ahead_seconds",
    "decision": "asked_by beneficiary outcome decided_by key decided_at",
    "departure": "balance confirmed_by key left_at",
    "elsewhere": "posted",
    "entry": "transfer_id delta prev_balance balance hash",
    **guards_invoices.COLUMNS,
    "made_whole": "batch_id",
    "netting": "taker_id giver_id month amount proposed_at",
    "netting_answer": "approved answered_by answered_at",
    "open_hold": "debit_id credit_id amount expires_at",
    "pending": "operation payee_id amount asked_by beneficiary key body_hash asked_at lapses_at",
    "period": "ends_at transfers holds held_to_30_days held_to_90_days held_longer closed_by closed_at",
    "period_line": "opening credits debits closing",
    "policy": "municipality_id valid_from floor ceiling lowest_floor growth_percent eyes_above grace_days asked_days"
    " set_by key body_hash set_at eyes_days eyes_above_cents",
    "seal": "sealed_on sealed_at accounts entries root hash",
    "sealed_head": "entries",
    "serial": "serial_hash unit amount batch_id suspense_id source_id expires_at",
    "serial_end": "ending transfer_id",
    "transfer": "batch_id kind unit debit_id credit_id amount",
    "trust": "limit_minutes set_by set_at",
    "welfare_line": "person kind cents prev_granted prev_rest granted rest done_by",
    "welfare_period": "account_id unit person starts_on ends_on opened_by key body_hash opened_at",
}
"""The columns besides keys and identities, which cannot be empty by what they are."""
SOMETHING = {
    "bytea": "sha256('x')", "uuid": "gen_random_uuid()", "text": "'pay'", "boolean": "true",
    "date": "'2026-03-01'::date", "timestamp with time zone": "ledger.now()", "ledger.unit": "'ROOSJE_MIN'",
    "ledger.account_kind": "'member'", "ledger.account_status": "'open'", "ledger.transfer_kind": "'pay'",
    "ledger.outcome": "'accepted'", "ledger.serial_ending": "'lapsed'", "ledger.welfare_kind": "'grant'",
    "ledger.allowance_kind": "'driving'",
}  # fmt: skip
"""A value of each type; numbers are 1."""
COLUMNS = """SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"""
CASES = [(table, column) for table, columns in FILLED.items() for column in columns.split()]


@pytest.mark.parametrize(("table", "column"), CASES, ids=[f"{table}.{column}" for table, column in CASES])
def test_no_row_goes_without(owner: Connection, table: str, column: str) -> None:
    types = dict(map(tuple, owner.exec_driver_sql(COLUMNS, (f"ledger.{table}",))))
    row = {name: SOMETHING.get(type_, "1") for name, type_ in types.items()} | {column: "NULL"}

    with pytest.raises(DBAPIError) as caught:
        owner.exec_driver_sql(
            f"INSERT INTO ledger.{table} ({', '.join(row)}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(row.values())})"
        )

    refusal = caught.value.orig
    assert isinstance(refusal, NotNullViolation), refusal
    assert (refusal.diag.table_name, refusal.diag.column_name) == (table, column)


@pytest.mark.catalogue
def test_every_column_that_must_hold_something_is_tried(owner: Connection) -> None:
    found = owner.exec_driver_sql("""
        SELECT relname, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r' AND attnum > 0 AND attnotnull
            AND attidentity = '' AND NOT EXISTS (
                SELECT FROM pg_index i WHERE i.indrelid = attrelid AND indisprimary AND attnum = ANY (indkey::int2[]))
    """)
    assert {tuple(row) for row in found} == set(CASES)
