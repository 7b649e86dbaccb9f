"""What the application may do, one right at a time, by doing it: all it was given, and nothing it was not."""

import re

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from rewards.schema import SQL
from tests.rewards import guards_months as months
from tests.rewards.factories import refused
from tests.rewards.test_access import CALLABLE, CALLED, READABLE, SEEN_BY_ROW
from tests.rewards.test_columns import FILLED

WRITES = {
    "INSERT": "INSERT INTO ledger.{} DEFAULT VALUES",
    "UPDATE": "UPDATE ledger.{} SET {} = NULL",
    "DELETE": "DELETE FROM ledger.{}",
    "TRUNCATE": "TRUNCATE ledger.{} CASCADE",
}
READ = sorted(READABLE | months.READABLE | SEEN_BY_ROW | {"violation"})
MAY_CALL = sorted(CALLABLE | CALLED | months.CALLABLE)
TEXT = "".join(path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql")))
HIDDEN = sorted(set(re.findall(r"CREATE (?:TABLE|VIEW) ledger\.(\w+)", TEXT)) - set(READ))
INNER = sorted(set(re.findall(r"CREATE FUNCTION ledger\.(\w+)", TEXT)) - set(MAY_CALL))
"""What the source has besides, so that something new is hidden until somebody says that it is not."""
NUMBERS = [
    "account",
    "allowance",
    "batch",
    "invoice",
    "netting",
    "pending",
    "policy",
    "serial",
    "transfer",
    "welfare_period",
]
OF_A_PAPER = ["id", "unit", "amount", "batch_id", "suspense_id", "source_id", "expires_at"]
CALL = """SELECT oid::regproc::text || '(' || coalesce((
        SELECT string_agg(CASE WHEN provariadic <> 0 AND place = pronargs THEN 'VARIADIC ' ELSE '' END
                          || 'NULL::' || format_type(argument, NULL), ', ' ORDER BY place)
        FROM unnest(proargtypes::oid[]) WITH ORDINALITY given (argument, place)), '') || ')'
    FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace AND proname = %s"""


def refusal_of(connection: Connection, statement: str) -> str | None:
    """What refuses the statement, in a SAVEPOINT: "permission denied for ...", or "" for anything else."""
    with connection.begin_nested() as savepoint:
        try:
            connection.exec_driver_sql(statement)
        except DBAPIError as refusal:
            savepoint.rollback()
            diagnosis = getattr(refusal.orig, "diag", None)
            said = (diagnosis.message_primary or "") if diagnosis else ""
            return said if said.startswith("permission denied") else ""
    return None


def calls(connection: Connection, function: str) -> list[str]:
    """A call without values, for each function of this name."""
    found = connection.exec_driver_sql(CALL, (function,)).scalars().all()
    assert found, f"no function {function}"
    return [f"SELECT {call}" for call in found]


@pytest.mark.parametrize("table", FILLED)
@pytest.mark.parametrize("right", WRITES)
def test_the_application_writes_nowhere(connection: Connection, table: str, right: str) -> None:
    column = FILLED[table].split()[0]
    assert (
        refusal_of(connection, WRITES[right].format(table, column)) == f"permission denied for table {table}"
    )


@pytest.mark.parametrize("table", READ)
def test_the_application_reads(connection: Connection, table: str) -> None:
    assert refusal_of(connection, f"SELECT * FROM ledger.{table} LIMIT 0") is None


@pytest.mark.parametrize("table", HIDDEN)
def test_the_application_reads_not(connection: Connection, table: str) -> None:
    denied = refusal_of(connection, f"SELECT * FROM ledger.{table} LIMIT 0")
    assert denied in (f"permission denied for table {table}", f"permission denied for view {table}")


@pytest.mark.parametrize("column", OF_A_PAPER)
def test_a_paper_is_read_by_its_owner(connection: Connection, column: str) -> None:
    assert refusal_of(connection, f"SELECT {column} FROM ledger.serial LIMIT 0") is None


def test_what_opens_a_paper_is_not_read(connection: Connection) -> None:
    denied = refusal_of(connection, "SELECT serial_hash FROM ledger.serial LIMIT 0")
    assert denied == "permission denied for table serial"


@pytest.mark.parametrize("function", MAY_CALL)
def test_the_application_calls(connection: Connection, function: str) -> None:
    denied = f"permission denied for function {function}"
    assert denied not in [refusal_of(connection, call) for call in calls(connection, function)]


@pytest.mark.parametrize("function", INNER)
def test_the_application_calls_not(connection: Connection, function: str) -> None:
    """By the function itself: what it would call in turn is denied as well, and does not count."""
    denied = f"permission denied for function {function}"
    assert {refusal_of(connection, call) for call in calls(connection, function)} == {denied}


@pytest.mark.parametrize("table", NUMBERS)
def test_the_application_draws_no_number(connection: Connection, table: str) -> None:
    denied = f"permission denied for sequence {table}_id_seq"
    assert refusal_of(connection, f"SELECT nextval('ledger.{table}_id_seq')") == denied
    assert refusal_of(connection, f"SELECT setval('ledger.{table}_id_seq', 1)") == denied


def test_the_application_adds_nothing_to_the_ledger(connection: Connection) -> None:
    with refused(connection, DBAPIError, "permission denied for schema"):
        connection.exec_driver_sql("CREATE TABLE ledger.mine ()")
