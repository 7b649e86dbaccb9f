"""What the models let in and what the database lets in are the same words."""

import re

import pytest
from sqlalchemy import CheckConstraint, Connection, Table

import app.models  # noqa: F401 - every table
from app.db import Base
from tests.databases import Database

WORDS = re.compile(r"'((?:[^']|'')*)'")
TABLES = [table for table in Base.metadata.sorted_tables if table.schema is None]


@pytest.fixture(scope="module")
def checks(database: Database) -> dict[str, set[str]]:
    """By its name, the words that stand in each check of the database."""
    with database.owner.connect() as owner:
        return _checks(owner)


def _checks(owner: Connection) -> dict[str, set[str]]:
    rows = owner.exec_driver_sql(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    )
    return {name: set(WORDS.findall(definition)) for name, definition in rows}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_check_of_a_model_names_the_same_words_in_the_database(
    checks: dict[str, set[str]], table: Table
) -> None:
    said = {
        str(check.name): set(WORDS.findall(str(check.sqltext)))
        for check in table.constraints if isinstance(check, CheckConstraint)
    }  # fmt: skip

    assert {name: checks.get(name) for name in said} == said
