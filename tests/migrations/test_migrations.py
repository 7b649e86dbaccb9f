"""Migrations go forward and back, and leave what the code expects."""

import subprocess

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from app import upkeep
from app.postgres import wheel_bin_dir
from rewards.schema import install_statements
from tests.databases import Database, Server


def test_all_migrations_go_back_to_nothing_and_forward_again(database_server: Server, worker: str) -> None:
    with database_server.empty(f"{worker}_there_and_back") as database:
        upkeep.migrate(database.owner_url, database.application_role)
        config = Config()
        config.set_main_option("script_location", str(upkeep.ROOT / "migrations"))
        config.attributes.update(owner_url=database.owner_url, application_role=database.application_role)
        command.downgrade(config, "base")
        upkeep.migrate(database.owner_url, database.application_role)
        command.check(config)


def test_the_ledger_that_the_migrations_leave_is_the_one_of_the_code(
    database_server: Server, worker: str
) -> None:
    with (
        database_server.empty(f"{worker}_migrated") as migrated,
        database_server.empty(f"{worker}_installed") as installed,
    ):
        upkeep.migrate(migrated.owner_url, migrated.application_role)
        with psycopg.connect(_address(installed)) as connection:
            for script in install_statements(installed.application_role):
                connection.execute(script.encode())
        with psycopg.connect(_address(migrated)) as connection:
            # joins the ledger to who acts for whom, of which the ledger knows nothing: it lives with the application
            narrowed = (
                "SELECT policyname, tablename FROM pg_policies"
                " WHERE schemaname = 'ledger' AND policyname ~ '^acting'"
            )
            for name, table in connection.execute(narrowed).fetchall():
                connection.execute(f"DROP POLICY {name} ON ledger.{table}".encode())

        assert _ledger_of(migrated) == _ledger_of(installed)


def _ledger_of(database: Database) -> list[str]:
    """Everything in the schema: tables, columns in their order, constraints, functions, policies, grants."""
    program = [str(wheel_bin_dir() / "pg_dump"), "--schema-only", "--schema=ledger", "--restrict-key=same"]
    said = subprocess.run([*program, _address(database)], check=True, capture_output=True, text=True).stdout
    assert "CREATE TABLE ledger.account" in said
    return said.splitlines()


def _address(database: Database) -> str:
    url = make_url(database.owner_url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
