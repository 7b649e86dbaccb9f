"""Arriving: what a municipality brought is laid out beside this installation's own, compared, and put in as one."""

import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import psycopg
from psycopg import sql

from app.agreements.upkeep import OCCURRENCES_OUT_OF_STEP
from app.audit.write import Act
from app.backups import reading, streams, tools
from app.backups.making import END, MANIFEST
from app.moving import manifest as manifests, plan, tables
from app.moving.leaving import BOOKS, ROWS
from app.moving.manifest import Manifest
from app.moving.packing import Progress
from app.moving.refusals import CannotMove
from app.moving.tables import Key, Schema, name, names, packed
from app.treasury.check import LEFT_OF_THE_FORGOTTEN
from app.watching.standing import newest_revision

_MAP: Final = "SELECT id, joined FROM municipality WHERE id = ANY (%s)"
# those who live or work in what moves, as when it left: whoever comes along beside them is a key and no more
_WHO: Final = """
CREATE TEMPORARY TABLE moving_municipality ON COMMIT DROP AS SELECT id FROM municipality WHERE id = ANY ({});
CREATE TEMPORARY TABLE moving_person ON COMMIT DROP AS
    SELECT p.id, p.pseudonym FROM moving_public_person p WHERE p.id IN (
        SELECT person_id FROM moving_public_membership WHERE municipality_id IN (SELECT id FROM moving_municipality)
        UNION
        SELECT person_id FROM moving_public_role_grant WHERE municipality_id IN (SELECT id FROM moving_municipality));
"""
_LATER: Final = ("posted", "held_out", "held_in", "entries", "head", "earned", "entries_at_close")
"""Of an account, what can be said only when its entries are there."""
_TRIGGERS: Final = """
SELECT n.nspname || '.' || c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND t.tgtype & 4 = 4 AND t.tgname <> %s
    AND n.nspname || '.' || c.relname = ANY (%s) ORDER BY 1, 2
"""
# unscoped: the owner's own work
_SPOKEN: Final = """
UPDATE moving_public_help_request SET reference = nextval('help_request_reference')
WHERE reference IN (SELECT reference FROM help_request)
"""
"""The number of a request that is said by telephone: where it is taken here, it gets another one."""
_WRITTEN: Final = "SELECT audit_write('broker', %s, NULL, %s, 'municipality', NULL, NULL, %s, NULL)"
_SEQUENCES: Final = """
SELECT n.nspname || '.' || c.relname, a.attname, pg_get_serial_sequence(n.nspname || '.' || c.relname, a.attname)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attidentity <> '' AND n.nspname || '.' || c.relname = ANY (%s) ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Arriving:
    """What is laid out, and what is in its way here, one sentence each."""

    manifest: Manifest
    schema: Schema
    conflicts: Sequence[str]


@contextmanager
def opened(owner_url: str) -> Iterator[psycopg.Connection]:
    """One transaction: all of it, or nothing."""
    with psycopg.connect(tools.conninfo(owner_url)) as connection:
        yield connection


def lay_out(
    connection: psycopg.Connection, path: Path, identities: list[Any], progress: Progress = lambda *_: None
) -> Arriving:
    """Read the whole file into temporary tables and compare. Raises Damaged, WrongKey, CannotMove."""
    schema = tables.read(connection)
    with reading.whole(path), streams.opened(path, identities) as content:
        made = _read(connection, content, schema, progress)
    _refuse_of_others(connection, schema, made)
    return Arriving(made, schema, _conflicts(connection, schema, made))


def _read(connection: psycopg.Connection, content: BinaryIO, schema: Schema, progress: Progress) -> Manifest:
    digest, parts, ended = hashlib.sha256(), 0, False
    made: Manifest | None = None
    seen: set[str] = set()
    with tarfile.open(fileobj=content, mode="r|") as archive:
        for member in archive:
            if made is None:
                if member.name != MANIFEST:
                    raise tarfile.ReadError
                made = manifests.read(reading.small(archive, member))
                _lay(connection, schema, made)
            elif member.name == END:
                said = json.loads(reading.small(archive, member))
                ended = said == {"parts": parts, "sha256": digest.hexdigest()}
            else:
                table = member.name.removeprefix(f"{ROWS}/").rpartition("/")[0]
                if table not in made.rows:
                    raise tarfile.ReadError
                seen.add(table)
                progress(table, len(seen), len(made.rows))
                query = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    name(packed(table)), names(made.columns[table])
                )
                with connection.cursor().copy(query) as copy:
                    for piece in reading.pieces_of(archive, member):
                        digest.update(piece)
                        copy.write(piece)
                parts += 1
    if made is None or not ended:
        raise tarfile.ReadError
    return made


def _refuse_of_others(connection: psycopg.Connection, schema: Schema, made: Manifest) -> None:
    """What leaving would not have packed was not brought by it: a role over the region, somebody else's staff."""
    connection.execute(sql.SQL(_WHO).format(sql.Literal([int(key) for key in made.municipalities])))
    strange = []
    for table in schema.order:
        rule = plan.OF_OTHERS.get(table, plan.WHICH.get(table, plan.OURS))
        query = sql.SQL("SELECT count(*) FROM {} WHERE ({}) IS NOT TRUE").format(
            name(packed(table)), sql.SQL(rule)
        )
        row = connection.execute(query).fetchone()
        assert row is not None
        if row[0]:
            strange.append(f"{row[0]} rows of {table}")
    if strange:
        raise CannotMove("In this file are not only those who move: " + "; ".join(strange) + ".")


def _lay(connection: psycopg.Connection, schema: Schema, made: Manifest) -> None:
    """A place for the rows of each table."""
    if made.revision != newest_revision():
        raise CannotMove(
            f"This file has schema {made.revision}, and this program {newest_revision()}: bring both installations"
            " to the same version, and export again."
        )
    columns = {**schema.columns, "ledger.elsewhere": ("account_id", "posted")}
    for table in made.columns:
        if columns.get(table) != made.columns[table]:
            raise CannotMove(f"{table} is another table here than in the file.")
    for table, of_table in columns.items():
        query = sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA")
        connection.execute(query.format(name(packed(table)), names(of_table), name(table)))


def _conflicts(connection: psycopg.Connection, schema: Schema, made: Manifest) -> list[str]:
    found = list(_of_the_map(connection, made))
    connection.execute(_SPOKEN)
    for table in schema.order:
        _skip_alike(connection, schema, table)
        if table == "public.municipality":
            continue
        for key in schema.keys[table]:
            count = _taken(connection, table, key)
            if count:
                found.append(f"{table}: {count} of {', '.join(key.columns)} are taken here")
    return found


def _of_the_map(connection: psycopg.Connection, made: Manifest) -> Iterator[str]:
    there: dict[int, bool] = dict(
        connection.execute(_MAP, ([int(key) for key in made.municipalities],)).fetchall()
    )
    if not connection.execute("SELECT 1 FROM region").fetchone():
        yield "there is no region yet: zorgvoorelkaar region create NAME"
    for key, called in made.municipalities.items():
        if int(key) not in there:
            yield f"{called} is not on the map: zorgvoorelkaar geo import FOLDER"
        elif there[int(key)]:
            yield f"{called} takes part here already"
    missing = connection.execute(
        "SELECT DISTINCT c.helper_municipality_id FROM moving_public_proposal c"
        " WHERE c.helper_municipality_id NOT IN (SELECT id FROM municipality) ORDER BY 1"
    ).fetchall()
    for (code,) in missing:
        yield f"neighbour GM{code:04} is not on the map: zorgvoorelkaar geo import FOLDER"
    for (pc4,) in connection.execute(
        "SELECT DISTINCT pc4 FROM moving_public_membership WHERE pc4 NOT IN (SELECT pc4 FROM neighbourhood) ORDER BY 1"
    ).fetchall():
        yield f"postcode {pc4} is not on the map: zorgvoorelkaar geo import FOLDER"


def _skip_alike(connection: psycopg.Connection, schema: Schema, table: str) -> None:
    """What two municipalities have in common, and came with the first: an organisation, a stranger, the other's leg."""
    if table in plan.SHARED:
        columns = schema.columns[table]
        query = sql.SQL("DELETE FROM {} c USING {} t WHERE {}")
        same = sql.SQL(" AND ").join(
            sql.SQL("c.{0} IS NOT DISTINCT FROM t.{0}").format(sql.Identifier(column)) for column in columns
        )
        connection.execute(query.format(name(packed(table)), name(table), same))
    elif table == "public.person":
        connection.execute(
            "DELETE FROM moving_public_person c USING person t WHERE t.id = c.id AND t.pseudonym = c.pseudonym"
            " AND c.id NOT IN (SELECT person_id FROM moving_public_contact)"
        )


def _taken(connection: psycopg.Connection, table: str, key: Key) -> int:
    columns = names(key.columns)
    known = (
        sql.SQL("true")
        if key.nulls_alike
        else sql.SQL(" AND ").join(
            sql.SQL("{} IS NOT NULL").format(sql.Identifier(one)) for one in key.columns
        )
    )
    query = sql.SQL(
        "SELECT count(*) FROM (SELECT {0} FROM {1} WHERE {3} AND {4} INTERSECT SELECT {0} FROM {2} WHERE {3}) s"
    )
    where = sql.SQL(key.where)  # the database's own
    row = connection.execute(query.format(columns, name(packed(table)), name(table), where, known)).fetchone()
    assert row is not None
    return int(row[0])


def put_in(connection: psycopg.Connection, arriving: Arriving, progress: Progress = lambda *_: None) -> None:
    """Everything at once, and compared; the transaction is the caller's to commit. Raises CannotMove."""
    if arriving.conflicts:
        raise CannotMove("In the way: " + "; ".join(arriving.conflicts) + ".")
    schema, made = arriving.schema, arriving.manifest
    quiet = connection.execute(_TRIGGERS, (plan.BY_CHANGE, list(schema.order))).fetchall()
    _switch(connection, quiet, "DISABLE")
    for done, table in enumerate(schema.order):
        progress(table, done, len(schema.order))
        _insert(connection, schema, table)
    connection.execute("INSERT INTO ledger.elsewhere SELECT account_id, posted FROM moving_ledger_elsewhere")
    _finish_accounts(connection)
    _switch(connection, quiet, "ENABLE")
    connection.execute("INSERT INTO audit_waiting (entry_id) SELECT id FROM moving_public_audit_entry")
    for municipality in made.municipalities:
        connection.execute(_WRITTEN, (Act.MOVED_IN.value, int(municipality), made.origin))
    _count_on(connection, schema)
    progress("put in", len(schema.order), len(schema.order))
    differs = list(_differences(connection, schema, made))
    if differs:
        raise CannotMove("What came in is not what was brought: " + "; ".join(differs[:20]) + ".")


def refuse_wrong_books(connection: psycopg.Connection) -> None:
    """The whole of `ledger check`, before anything is kept. Raises CannotMove."""
    rows = connection.execute("SELECT invariant, offender, detail FROM ledger.violation").fetchall()
    faults = [" ".join(str(one) for one in row) for row in rows]
    for query in (OCCURRENCES_OUT_OF_STEP, LEFT_OF_THE_FORGOTTEN):
        faults += [" ".join(str(one) for one in row) for row in connection.execute(query).fetchall()]
    if faults:
        raise CannotMove("The books would not be right: " + "; ".join(faults[:20]) + ".")


def _switch(connection: psycopg.Connection, triggers: list[Any], how: str) -> None:
    for table, trigger in triggers:
        query = sql.SQL("ALTER TABLE {} " + how + " TRIGGER {}")
        connection.execute(query.format(name(table), sql.Identifier(trigger)))


def _insert(connection: psycopg.Connection, schema: Schema, table: str) -> None:
    columns = schema.columns[table]
    if table == "public.municipality":
        _settle(connection, columns)
        return
    given: sql.Composable = names(columns)
    if table == "ledger.account":
        given = sql.SQL(", ").join(
            sql.SQL(_BEGINS[column]) if column in _BEGINS else sql.Identifier(column) for column in columns
        )
    query = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}")
    connection.execute(query.format(name(table), names(columns), given, name(packed(table))))


_BEGINS: Final[Mapping[str, str]] = {
    "posted": "0", "held_out": "0", "held_in": "0", "entries": "0", "head": "NULL", "earned": "0",
    "entries_at_close": "CASE WHEN status = 'closed' THEN 0 END",
}  # fmt: skip
_FACTS: Final = frozenset(
    {
        "id",
        "name",
        "province",
        "latitude",
        "longitude",
        "residents",
        "percentage_65_plus",
        "joined",
        "moved_to",
    }
)


def _settle(connection: psycopg.Connection, columns: tuple[str, ...]) -> None:
    """It is on the map already: now it takes part, with the settings that it chose."""
    own = sql.SQL(", ").join(
        sql.SQL("{0} = c.{0}").format(sql.Identifier(column)) for column in columns if column not in _FACTS
    )
    query = sql.SQL(
        "UPDATE municipality t SET joined = true, moved_to = '', {} FROM moving_public_municipality c WHERE c.id = t.id"
    )
    connection.execute(query.format(own))
    connection.execute(
        "UPDATE region SET default_municipality_id = (SELECT min(id) FROM moving_public_municipality)"
        " WHERE default_municipality_id IS NULL"
    )


def _finish_accounts(connection: psycopg.Connection) -> None:
    assignments = sql.SQL(", ").join(sql.SQL("{0} = c.{0}").format(sql.Identifier(one)) for one in _LATER)
    query = sql.SQL("UPDATE ledger.account t SET {} FROM moving_ledger_account c WHERE c.id = t.id")
    connection.execute(query.format(assignments))


def _count_on(connection: psycopg.Connection, schema: Schema) -> None:
    """Numbers that come next are higher than any that came along."""
    for table, column, sequence in connection.execute(_SEQUENCES, (list(schema.order),)).fetchall():
        query = sql.SQL("SELECT setval({}, greatest((SELECT last_value FROM {}), (SELECT max({}) FROM {})))")
        connection.execute(
            query.format(sql.Literal(sequence), name(sequence), sql.Identifier(column), name(table))
        )
    # unscoped: the owner's own work
    connection.execute(
        "SELECT setval('help_request_reference', greatest((SELECT last_value FROM help_request_reference),"
        " (SELECT max(reference) FROM help_request)))"
    )


def _differences(connection: psycopg.Connection, schema: Schema, made: Manifest) -> Iterator[str]:
    """Every row of the file stands here as it was, and every chain ends where it ended."""
    for table in schema.order:
        if table == "public.municipality":
            continue
        query = sql.SQL("SELECT count(*) FROM (SELECT {0} FROM {1} EXCEPT ALL SELECT {0} FROM {2}) s")
        columns = sql.SQL(", ").join(
            sql.SQL("{}::text").format(sql.Identifier(one)) for one in schema.columns[table]
        )
        row = connection.execute(query.format(columns, name(packed(table)), name(table))).fetchone()
        assert row is not None
        if row[0]:
            yield f"{row[0]} rows of {table}"
    books = sql.SQL(BOOKS).format(
        sql.SQL("(SELECT * FROM ledger.account WHERE id IN (SELECT id FROM moving_ledger_account)) a")
    )
    row = connection.execute(books).fetchone()
    assert row is not None
    if (row[0] or "") != made.books:
        yield "the heads of the ledger"
