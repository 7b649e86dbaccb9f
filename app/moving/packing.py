"""Packing: the rows that go along are copied into temporary tables, in one snapshot, until nothing in them leads out.

What leads to a person of another municipality gets that person's key and no name; what leads to an organisation gets
the organisation, which is public; what leads to anything else that stays is emptied where it may be, and stays too
where it may not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from app.moving import plan, tables
from app.moving.tables import Link, Schema, name, names, packed

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""

_WHO: Final = """
CREATE TEMPORARY TABLE moving_municipality ON COMMIT DROP AS
    SELECT id, name FROM municipality WHERE id = ANY (%(municipalities)s);
CREATE TEMPORARY TABLE moving_person ON COMMIT DROP AS
    SELECT p.id, p.pseudonym FROM person p WHERE EXISTS (
        SELECT FROM membership m WHERE m.person_id = p.id AND m.kind = 'lives'
            AND m.municipality_id IN (SELECT id FROM moving_municipality)
    ) OR NOT EXISTS (SELECT FROM membership m WHERE m.person_id = p.id AND m.kind = 'lives') AND (
        EXISTS (SELECT FROM membership m WHERE m.person_id = p.id
            AND m.municipality_id IN (SELECT id FROM moving_municipality))
        OR EXISTS (SELECT FROM role_grant g WHERE g.person_id = p.id
            AND g.municipality_id IN (SELECT id FROM moving_municipality)));
CREATE UNIQUE INDEX ON moving_person (id);
ANALYZE moving_person;
"""
# What the carried transfers follow, end or take back at the neighbours', and what invoices booked there, with the
# accounts there: these are empty and closed, since what was booked on them stands in the books over there.
_LEGS: Final = """
WITH RECURSIVE leg AS (
    SELECT t.id, t.follows_id, t.hold_id, t.reverses_id FROM moving_ledger_transfer t
    UNION
    SELECT t.id, t.follows_id, t.hold_id, t.reverses_id FROM ledger.transfer t WHERE t.batch_id IN (
        SELECT batch_id FROM moving_ledger_invoice UNION SELECT batch_id FROM moving_ledger_invoice_step)
    UNION
    SELECT t.id, t.follows_id, t.hold_id, t.reverses_id
    FROM leg JOIN ledger.transfer t ON t.id IN (leg.follows_id, leg.hold_id, leg.reverses_id)
)
INSERT INTO moving_ledger_transfer ({transfer})
SELECT {transfer} FROM ledger.transfer WHERE id IN (SELECT id FROM leg)
    AND id NOT IN (SELECT id FROM moving_ledger_transfer);
CREATE TEMPORARY TABLE moving_ledger_elsewhere ON COMMIT DROP AS
    SELECT a.id AS account_id, coalesce(e.posted, CASE WHEN a.kind = 'clearing' THEN a.posted ELSE 0 END) AS posted
    FROM ledger.account a LEFT JOIN ledger.elsewhere e ON e.account_id = a.id
    WHERE a.id NOT IN (SELECT id FROM moving_ledger_account) AND (
        a.id IN (SELECT debit_id FROM moving_ledger_transfer UNION SELECT credit_id FROM moving_ledger_transfer
                 UNION SELECT account_id FROM moving_ledger_invoice_line)
        OR a.kind = 'clearing' AND a.counter_municipality_id IN (SELECT id FROM moving_municipality));
INSERT INTO moving_ledger_account ({account})
SELECT {empty} FROM ledger.account a WHERE id IN (SELECT account_id FROM moving_ledger_elsewhere);
"""
_EMPTY: Final = {
    "status": "'closed'", "floor": "0", "ceiling": "0", "min_available": "0", "max_balance": "0", "posted": "0",
    "held_out": "0", "held_in": "0", "entries": "0", "head": "NULL", "personal": "false", "earned": "0",
    "entries_at_close": "0", "moved_to": "NULL", "narrowed": "false",
}  # fmt: skip
_STRANGER: Final = {"first_name": "'Iemand'", "disabled_at": "coalesce(disabled_at, ledger.now())"}
_KEPT_OF_A_STRANGER: Final = ("id", "pseudonym", "language", "registered_at")
_ALLOWANCES: Final = """
UPDATE moving_ledger_allowance_total t SET cents = (
    SELECT coalesce(sum(a.cents), 0) FROM moving_ledger_allowance a
    WHERE (a.person, a.kind) = (t.person, t.kind) AND date_trunc(t.span, a.day::timestamp)::date = t.starts_on)
"""


@dataclass(frozen=True, slots=True)
class Packed:
    """What waits in the temporary tables, and what became of what led out of them."""

    schema: Schema
    rows: Mapping[str, int]
    strangers: int
    emptied: Mapping[str, int]
    """By table and column: how many led to what stays here."""
    stayed: Mapping[str, int]
    """By table: how many rows stay, since they are nothing without what stays here."""


def pack(connection: psycopg.Connection, municipalities: Sequence[int], progress: Progress) -> Packed:
    """Copy all that goes along, in the snapshot of the transaction."""
    connection.execute(_filled(_WHO, municipalities=list(municipalities)))
    schema = tables.read(connection)
    for done, table in enumerate(schema.packing):
        progress(table, done, len(schema.packing))
        columns = names(schema.columns[table])
        where = sql.SQL(plan.WHICH.get(table, plan.OURS))  # of our own making
        connection.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WHERE {}").format(
                name(packed(table)), columns, name(table), where
            )
        )
    _add_legs(connection, schema)
    connection.execute(_ALLOWANCES)
    emptied: dict[str, int] = {}
    stayed: dict[str, int] = {}
    while _close(connection, schema, emptied, stayed):
        pass
    strangers = _strangers(connection, schema)
    rows = {table: _count(connection, packed(table)) for table in schema.order}
    rows["ledger.elsewhere"] = _count(connection, "moving_ledger_elsewhere")
    progress("packed", len(schema.packing), len(schema.packing))
    return Packed(schema, rows, strangers, emptied, stayed)


def _filled(query: str, **values: Any) -> sql.Composed:
    """A script of several statements, which takes no parameters."""
    for key in values:
        query = query.replace(f"%({key})s", f"{{{key}}}")
    return sql.SQL(query).format(**{key: sql.Literal(value) for key, value in values.items()})


def _add_legs(connection: psycopg.Connection, schema: Schema) -> None:
    account = schema.columns["ledger.account"]
    empty = sql.SQL(", ").join(
        sql.SQL(_EMPTY[column]) if column in _EMPTY else sql.Identifier("a", column) for column in account
    )
    connection.execute(
        sql.SQL(_LEGS).format(
            transfer=names(schema.columns["ledger.transfer"]), account=names(account), empty=empty
        )
    )


def _close(
    connection: psycopg.Connection, schema: Schema, emptied: dict[str, int], stayed: dict[str, int]
) -> bool:
    """One round over all links; whether anything changed."""
    changed = False
    for link in schema.links:
        if link.parent in ("public.person", "public.municipality"):
            continue  # whoever is not there yet becomes a stranger, and the map is there already
        if link.parent in ("public.organisation", "ledger.batch"):
            changed |= _bring(connection, schema, link) > 0
            continue
        column = link.columns[0]
        if (
            len(link.columns) == 1
            and (link.child, column) in schema.optional
            and link.child.startswith("public.")
        ):
            query = sql.SQL("UPDATE {} c SET {} = NULL WHERE {}")
            count = connection.execute(
                query.format(name(packed(link.child)), sql.Identifier(column), _leads_out(link))
            ).rowcount
            _add(emptied, f"{link.child}.{column}", count)
        else:
            query = sql.SQL("DELETE FROM {} c WHERE {}")
            count = connection.execute(query.format(name(packed(link.child)), _leads_out(link))).rowcount
            _add(stayed, link.child, count)
        changed |= count > 0
    return changed


def _add(counts: dict[str, int], what: str, count: int) -> None:
    if count:
        counts[what] = counts.get(what, 0) + count


def _leads_out(link: Link) -> sql.Composed:
    same = sql.SQL(" AND ").join(
        sql.SQL("p.{} = c.{}").format(sql.Identifier(theirs), sql.Identifier(ours))
        for ours, theirs in zip(link.columns, link.of_parent, strict=True)
    )
    there = sql.SQL(" AND ").join(
        sql.SQL("c.{} IS NOT NULL").format(sql.Identifier(column)) for column in link.columns
    )
    return sql.SQL("{} AND NOT EXISTS (SELECT FROM {} p WHERE {})").format(
        there, name(packed(link.parent)), same
    )


def _bring(connection: psycopg.Connection, schema: Schema, link: Link) -> int:
    """Rows of the other side that go along whole."""
    columns = names(schema.columns[link.parent])
    query = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {} IN (SELECT c.{} FROM {} c WHERE {})")
    return connection.execute(
        query.format(
            name(packed(link.parent)), columns, columns, name(link.parent), sql.Identifier(link.of_parent[0]),
            sql.Identifier(link.columns[0]), name(packed(link.child)), _leads_out(link),
        )
    ).rowcount  # fmt: skip


def _strangers(connection: psycopg.Connection, schema: Schema) -> int:
    """Whoever is named by a row that goes along and stays: a key, the name in the ledger, and no name."""
    columns = schema.columns["public.person"]
    row = connection.execute("SELECT count(*) FROM moving_public_person").fetchone()
    before = row[0] if row else 0
    given = [
        _STRANGER.get(column)
        or ("p." + column if column in _KEPT_OF_A_STRANGER else _plain(connection, column))
        for column in columns
    ]
    for link in schema.links:
        if link.parent != "public.person":
            continue
        query = sql.SQL(
            "INSERT INTO moving_public_person ({}) SELECT {} FROM person p WHERE id IN (SELECT c.{} FROM {} c WHERE {})"
        )
        connection.execute(
            query.format(
                names(columns), sql.SQL(", ").join(sql.SQL(one) for one in given),
                sql.Identifier(link.columns[0]), name(packed(link.child)), _leads_out(link),
            )
        )  # fmt: skip
    return _count(connection, "moving_public_person") - int(before)


def _plain(connection: psycopg.Connection, column: str) -> str:
    """What a column of a person has whom nothing is known of."""
    query = """SELECT CASE WHEN NOT a.attnotnull THEN 'NULL' WHEN a.atttypid = 'boolean'::regtype THEN 'false'
        ELSE '0' END FROM pg_attribute a WHERE a.attrelid = 'person'::regclass AND a.attname = %s"""
    row = connection.execute(query, (column,)).fetchone()
    assert row is not None
    return str(row[0])


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name(table))).fetchone()
    assert row is not None
    return int(row[0])
