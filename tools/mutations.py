"""What holds the ledger together, read from the catalogue, and for each how to take it away and put it back.

A mutation drops a constraint, a NOT NULL, a trigger, a unique index, a policy or a privilege, or gives what is not
given: writing to a table, reading what is hidden, calling an inner function.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from psycopg import Connection

WRITES: Final = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


@dataclass(frozen=True, slots=True)
class Mutation:
    """``apply`` takes something away or gives too much, ``undo`` sets it right again; both as the owner."""

    kind: str
    name: str
    apply: str
    undo: str
    with_it: tuple[str, ...] = ()
    """What cannot stay without it."""

    @property
    def id(self) -> str:
        """Its name in the table and in the file of learned tests."""
        return f"{self.kind} {self.name}"


def every(connection: Connection[Any], role: str) -> list[Mutation]:
    """All mutations of the schema; ``role`` is the application's."""
    return [
        *_constraints(connection),
        *_not_nulls(connection),
        *_triggers(connection),
        *_unique_indexes(connection),
        *_policies(connection),
        *_row_security(connection),
        *_given(connection, role),
        *_table_rights(connection, role),
        *_column_rights(connection, role),
        *_function_rights(connection, role),
        *_other_rights(connection, role),
    ]


def fingerprint(connection: Connection[Any]) -> str:
    """A hash of all that mutations touch: equal when everything is back in place."""
    rows = _rows(
        connection,
        """
        SELECT conrelid::regclass::text || conname || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'ledger'::regnamespace
        UNION ALL SELECT attrelid::regclass || '.' || attname || attnotnull || coalesce(attacl::text, '')
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0
        UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
            WHERE relnamespace = 'ledger'::regnamespace AND NOT tgisinternal
        UNION ALL SELECT relname || coalesce(relacl::text, '') || relrowsecurity || relforcerowsecurity
            FROM pg_class WHERE relnamespace = 'ledger'::regnamespace
        UNION ALL SELECT concat(tablename, policyname, roles::text, cmd, qual, with_check) FROM pg_policies
            WHERE schemaname = 'ledger'
        UNION ALL SELECT oid::regprocedure::text || coalesce(proacl::text, '') FROM pg_proc
            WHERE pronamespace = 'ledger'::regnamespace
        UNION ALL SELECT nspname || nspacl::text FROM pg_namespace WHERE oid = 'ledger'::regnamespace
    """,
    )
    return hashlib.sha256("\n".join(sorted(row[0] for row in rows)).encode()).hexdigest()


def _rows(connection: Connection[Any], query: str) -> list[Any]:
    return connection.execute(query.encode()).fetchall()


KIND_OF_CONSTRAINT: Final = {
    "c": "check",
    "f": "foreign key",
    "p": "primary key",
    "u": "unique",
    "x": "exclusion",
}


def _constraints(connection: Connection[Any]) -> Iterator[Mutation]:
    """A key that foreign keys point at goes with them, for it cannot go alone."""
    rows = _rows(
        connection,
        """
        SELECT contype, conrelid::regclass::text, conname, pg_get_constraintdef(oid), conindid FROM pg_constraint
        WHERE connamespace = 'ledger'::regnamespace AND contype IN ('c', 'u', 'p', 'f', 'x') AND conrelid <> 0
        ORDER BY 1, 2, 3
    """,
    )
    pointing: dict[int, dict[str, str]] = {}
    for kind, table, name, definition, index in rows:
        if kind == "f":
            pointing.setdefault(index, {})[name] = _added(table, name, definition)
    for kind, table, name, definition, index in rows:
        apply = f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE"
        followers = pointing.get(index, {}) if kind in "pu" else {}
        undo = "; ".join([_added(table, name, definition), *followers.values()])
        yield Mutation(KIND_OF_CONSTRAINT[kind], name, apply, undo, tuple(followers))


def _added(table: str, name: str, definition: str) -> str:
    return f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"


def _not_nulls(connection: Connection[Any]) -> Iterator[Mutation]:
    """An attribute up to PostgreSQL 17, a constraint after it; keys and identities cannot go without theirs."""
    for table, column in _rows(
        connection,
        """
        SELECT attrelid::regclass::text, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r' AND attnum > 0 AND attnotnull AND attidentity = ''
            AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = attrelid AND indisprimary
                            AND attnum = ANY (indkey::int2[]))
        ORDER BY 1, attnum
    """,
    ):
        change = f"ALTER TABLE {table} ALTER COLUMN {column}"
        name = f"{table.removeprefix('ledger.')}.{column}"
        yield Mutation("not null", name, f"{change} DROP NOT NULL", f"{change} SET NOT NULL")


def _triggers(connection: Connection[Any]) -> Iterator[Mutation]:
    for table, name, definition in _rows(
        connection,
        """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE relnamespace = 'ledger'::regnamespace AND NOT tgisinternal ORDER BY 1, 2
    """,
    ):
        yield Mutation("trigger", f"{_short(table)}.{name}", f"DROP TRIGGER {name} ON {table}", definition)


def _unique_indexes(connection: Connection[Any]) -> Iterator[Mutation]:
    """Those that are no constraint's own."""
    for name, definition in _rows(
        connection,
        """
        SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = indexrelid
        WHERE relnamespace = 'ledger'::regnamespace AND indisunique
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
        ORDER BY 1
    """,
    ):
        yield Mutation("unique index", name, f"DROP INDEX ledger.{name}", definition)


def _policies(connection: Connection[Any]) -> Iterator[Mutation]:
    """All but those on deleting in another's name: the application may delete nothing, so that they change nothing."""
    rows = _rows(
        connection,
        """
        SELECT tablename, policyname, permissive, cmd, array_to_string(roles, ', '), qual, with_check FROM pg_policies
        WHERE schemaname = 'ledger' AND policyname <> 'acting_delete' ORDER BY 1, 2
    """,
    )
    for table, name, permissive, command, roles, using, check in rows:
        undo = f"CREATE POLICY {name} ON ledger.{table} AS {permissive} FOR {command} TO {roles}"
        undo += f" USING ({using})" if using else ""
        undo += f" WITH CHECK ({check})" if check else ""
        yield Mutation("policy", f"{table}.{name}", f"DROP POLICY {name} ON ledger.{table}", undo)


def _row_security(connection: Connection[Any]) -> Iterator[Mutation]:
    """Off, not forced on the owner, and open to everybody's eyes where it is not so already."""
    for table, is_open in _rows(
        connection,
        """
        SELECT relname, EXISTS (SELECT FROM pg_policies p WHERE schemaname = 'ledger' AND tablename = relname
                                AND roles = '{public}' AND qual = 'true')
        FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relrowsecurity ORDER BY 1
    """,
    ):
        alter = f"ALTER TABLE ledger.{table}"
        open_ = f"POLICY mutation ON ledger.{table}"
        yield Mutation(
            "rls", table, f"{alter} DISABLE ROW LEVEL SECURITY", f"{alter} ENABLE ROW LEVEL SECURITY"
        )
        yield Mutation(
            "forced rls", table, f"{alter} NO FORCE ROW LEVEL SECURITY", f"{alter} FORCE ROW LEVEL SECURITY"
        )
        if is_open:
            continue
        yield Mutation("open to all", table, f"CREATE {open_} FOR SELECT USING (true)", f"DROP {open_}")


def _given(connection: Connection[Any], role: str) -> Iterator[Mutation]:
    """What is granted now, on tables, views, functions and the schema."""
    for what, name, right in _rows(
        connection,
        """
        SELECT 'TABLE', c.oid::regclass::text, privilege_type FROM pg_class c, LATERAL aclexplode(relacl) acl
        WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'v') AND acl.grantee <> relowner
        UNION ALL SELECT 'FUNCTION', p.oid::regprocedure::text, privilege_type
        FROM pg_proc p, LATERAL aclexplode(coalesce(proacl, acldefault('f', proowner))) acl
        WHERE pronamespace = 'ledger'::regnamespace AND acl.grantee <> proowner
        UNION ALL SELECT 'SCHEMA', nspname, privilege_type
        FROM pg_namespace n, LATERAL aclexplode(nspacl) acl
        WHERE n.oid = 'ledger'::regnamespace AND acl.grantee <> nspowner
        ORDER BY 1, 2, 3
    """,
    ):
        thing = f"{right} ON {what} {name}"
        yield Mutation(
            "revoke", f"{right} {_short(name)}", f'REVOKE {thing} FROM "{role}"', f'GRANT {thing} TO "{role}"'
        )


def _table_rights(connection: Connection[Any], role: str) -> Iterator[Mutation]:
    """What is not granted on tables and views."""
    for name, kind in _rows(
        connection,
        """
        SELECT oid::regclass::text, relkind FROM pg_class
        WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1
    """,
    ):
        for right in ("SELECT", *(WRITES if kind == "r" else ())):
            if not _has(connection, "table", role, name, right):
                yield _grant(f"{right} ON {name}", f"{right} {_short(name)}", role)


def _column_rights(connection: Connection[Any], role: str) -> Iterator[Mutation]:
    """On tables that are read by column: each column given, and each withheld."""
    for table, column, given in _rows(
        connection,
        """
        SELECT attrelid::regclass::text, attname, attacl IS NOT NULL FROM pg_attribute
        WHERE attnum > 0 AND NOT attisdropped AND attrelid IN (
            SELECT attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = 'ledger'::regnamespace AND attacl IS NOT NULL)
        ORDER BY 1, attnum
    """,
    ):
        thing, name = f"SELECT ({column}) ON {table}", f"SELECT {_short(table)}.{column}"
        if given:
            yield Mutation("revoke", name, f'REVOKE {thing} FROM "{role}"', f'GRANT {thing} TO "{role}"')
        else:
            yield _grant(thing, name, role)


def _function_rights(connection: Connection[Any], role: str) -> Iterator[Mutation]:
    for (name,) in _rows(
        connection,
        """
        SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace ORDER BY 1
    """,
    ):
        if not _has(connection, "function", role, name, "EXECUTE"):
            yield _grant(f"EXECUTE ON FUNCTION {name}", f"EXECUTE {_short(name)}", role)


def _other_rights(connection: Connection[Any], role: str) -> Iterator[Mutation]:
    """Numbers are drawn by the owner's functions only, and nothing is added to the schema."""
    for (name,) in _rows(
        connection,
        """
        SELECT oid::regclass::text FROM pg_class
        WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'S' ORDER BY 1
    """,
    ):
        yield _grant(f"USAGE, UPDATE ON SEQUENCE {name}", f"USAGE {_short(name)}", role)
    yield _grant("CREATE ON SCHEMA ledger", "CREATE ledger", role)


def _has(connection: Connection[Any], what: str, role: str, name: str, right: str) -> bool:
    query = f"SELECT has_{what}_privilege(%s, %s, %s)"
    row = connection.execute(query.encode(), (role, name, right)).fetchone()
    return bool(row and row[0])


def _grant(thing: str, name: str, role: str) -> Mutation:
    return Mutation("grant", name, f'GRANT {thing} TO "{role}"', f'REVOKE {thing} FROM "{role}"')


def _short(name: str) -> str:
    return name.replace("ledger.", "")
