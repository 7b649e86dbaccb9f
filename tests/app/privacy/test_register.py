"""Every table and column has a purpose, and the paper says what the code says."""

import pytest
from sqlalchemy import Uuid

from app.db import Base
from app.privacy import tables  # noqa: F401 - declares them all
from app.privacy.paper import markdown
from app.privacy.register import REGISTER, Fate, Table
from tests.app.conftest import rows_of
from tests.databases import ROOT, Database

COLUMNS = (
    "SELECT replace(n.nspname || '.' || c.relname, 'public.', ''), a.attname FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'ledger') AND a.attnum > 0 AND NOT a.attisdropped"
    " AND c.relname NOT LIKE 'procrastinate%'"
)


def test_no_column_is_without_a_purpose(database: Database) -> None:
    told = {(one.name, column) for one in REGISTER.values() for column in one.columns}
    whole = {one.name for one in REGISTER.values() if one.whole is not None}

    there = {(row[0], row[1]) for row in rows_of(database, COLUMNS)}

    assert {pair for pair in there if pair[0] not in whole} - told == set()
    assert told - there == set()
    assert whole - {table for table, _ in there} == set()


def test_a_table_with_one_purpose_for_all_leads_to_nobody() -> None:
    for one in REGISTER.values():
        if one.whole is not None and one.name in Base.metadata.tables:
            leads = {key.target_fullname for key in Base.metadata.tables[one.name].foreign_keys}
            assert "person.id" not in leads, one.name


@pytest.mark.parametrize(
    "one", [one for one in REGISTER.values() if one.whole is None], ids=lambda one: one.name
)
def test_the_columns_that_say_whose_a_row_is_are_there(one: Table) -> None:
    columns = Base.metadata.tables[one.name].columns

    assert set(one.own) | set(one.linked) <= set(one.columns)
    assert not one.follow or isinstance(columns["id"].type, Uuid)
    assert not one.goes or one.own


@pytest.mark.parametrize(
    "one", [one for one in REGISTER.values() if one.own and not one.goes], ids=lambda one: one.name
)
def test_what_becomes_null_may_be_null(one: Table) -> None:
    columns = Base.metadata.tables[one.name].columns

    assert [
        name
        for name, column in one.columns.items()
        if column.fate is Fate.NULL and not columns[name].nullable
    ] == []


def test_the_paper_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "verwerkingsregister.md").read_text(encoding="utf-8") == markdown()
