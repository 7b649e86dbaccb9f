"""The tables as the database itself knows them: columns, keys, and who leads to whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final

import psycopg
from psycopg import sql

from app.moving import plan

_PACKED: Final = re.compile(r"moving_[a-z_]+")
_COLUMNS: Final = """
SELECT n.nspname || '.' || c.relname, a.attname, NOT a.attnotnull
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'ledger') AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
ORDER BY 1, a.attnum
"""
_KEYS: Final = """
SELECT n.nspname || '.' || c.relname, i.indisprimary,
       i.indnullsnotdistinct, coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),
       array_agg(a.attname::text ORDER BY k.place)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
    unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place) JOIN pg_attribute a ON a.attnum = k.number
WHERE a.attrelid = i.indrelid AND i.indisunique AND 0 <> ALL (i.indkey::int[]) AND n.nspname IN ('public', 'ledger')
GROUP BY 1, 2, 3, 4, i.indexrelid ORDER BY 1, 2 DESC, i.indexrelid
"""
_LINKS: Final = """
SELECT cn.nspname || '.' || c.relname, pn.nspname || '.' || p.relname,
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(f.conkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (f.conrelid, k.number)),
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(f.confkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute a ON (a.attrelid, a.attnum) = (f.confrelid, k.number))
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
JOIN pg_class p ON p.oid = f.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE f.contype = 'f' AND cn.nspname IN ('public', 'ledger') AND f.conname <> 'account_is_its_last_entry'
ORDER BY 1, f.conname
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What there can be only one of."""

    primary: bool
    nulls_alike: bool
    where: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key."""

    child: str
    parent: str
    columns: tuple[str, ...]
    of_parent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """All that moving has to know of it: in ``packing`` what others ask for is first, in ``order`` the parents are."""

    columns: Mapping[str, tuple[str, ...]]
    optional: frozenset[tuple[str, str]]
    keys: Mapping[str, tuple[Key, ...]]
    links: tuple[Link, ...]
    packing: tuple[str, ...]
    order: tuple[str, ...]

    def primary(self, table: str) -> tuple[str, ...]:
        """The columns of its primary key."""
        return next(key.columns for key in self.keys[table] if key.primary)


def read(connection: psycopg.Connection) -> Schema:
    """The tables that go along, as they are in this database."""
    columns: dict[str, list[str]] = {}
    optional: set[tuple[str, str]] = set()
    for table, column, may_be_null in connection.execute(_COLUMNS):
        columns.setdefault(table, []).append(column)
        if may_be_null:
            optional.add((table, column))
    carried = {table for table, names in columns.items() if goes_along(table, names)}
    keys: dict[str, list[Key]] = {}
    for table, primary, nulls_alike, where, names in connection.execute(_KEYS):
        if set(names) <= set(columns[table]):
            keys.setdefault(table, []).append(Key(primary, nulls_alike, where, tuple(names)))
    # a chain within one account, period or invoice goes along with it, and is not followed by what is computed of it
    links = tuple(
        Link(child, parent, tuple(ours), tuple(theirs))
        for child, parent, ours, theirs in connection.execute(_LINKS)
        if child in carried and parent in carried and set(ours) <= set(columns[child])
    )
    graph: dict[str, set[str]] = {table: set() for table in sorted(carried)}
    for link in links:
        if link.child != link.parent:
            graph[link.child].add(link.parent)
    return Schema(
        columns={table: tuple(columns[table]) for table in carried},
        optional=frozenset(optional),
        keys={table: tuple(keys.get(table, ())) for table in carried},
        links=links,
        packing=_packing(carried),
        order=tuple(TopologicalSorter(graph).static_order()),
    )


def _packing(carried: set[str]) -> tuple[str, ...]:
    by_packed = {packed(table): table for table in carried}
    asks = {
        table: {
            by_packed[found] for found in _PACKED.findall(plan.WHICH.get(table, "")) if found in by_packed
        }
        for table in sorted(carried)
    }
    return tuple(TopologicalSorter(asks).static_order())


def goes_along(table: str, columns: list[str]) -> bool:
    """Whether rows of a table go along; raises for one of which nobody said so."""
    if table in plan.LEFT:
        return False
    if table in plan.WHICH or "municipality_id" in columns:
        return True
    raise ValueError(f"say in app.moving.plan whether {table} goes along")


def packed(table: str) -> str:
    """The temporary table in which its rows wait."""
    return "moving_" + table.replace(".", "_")


def name(table: str) -> sql.Identifier:
    """As SQL."""
    return sql.Identifier(*table.split("."))


def names(columns: tuple[str, ...], prefix: str = "") -> sql.Composed:
    """A list of columns, as SQL."""
    return sql.SQL(", ").join(
        sql.Identifier(prefix, column) if prefix else sql.Identifier(column) for column in columns
    )
