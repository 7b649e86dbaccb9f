"""Leaving: a municipality's file for another installation, encrypted for whoever runs that one, and its report."""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from app.backups import making, streams, tools
from app.backups.making import END, MANIFEST, PART_BYTES, entry
from app.moving import manifest as manifests, packing
from app.moving.manifest import Manifest
from app.moving.packing import Packed, Progress
from app.moving.refusals import CannotMove
from app.moving.tables import name, names, packed

ROWS: Final = "rows"
BOOKS: Final = """
SELECT encode(ledger.merkle_root(array_agg(ledger.seal_leaf(id, entries, head) ORDER BY id)), 'hex')
FROM {} WHERE id NOT IN (SELECT account_id FROM moving_ledger_elsewhere)
"""
# unscoped: the owner's own work
_OPEN: Final = {
    "agreements with somebody of another municipality go on": """
SELECT count(*) FROM agreement WHERE status = 'active'
    AND (municipality_id IN (SELECT id FROM moving_municipality))
        <> (helper_municipality_id IN (SELECT id FROM moving_municipality))""",
    "proposals to or from somebody of another municipality wait": """
SELECT count(*) FROM proposal WHERE status IN ('proposed', 'willing', 'meeting')
    AND (municipality_id IN (SELECT id FROM moving_municipality))
        <> (helper_municipality_id IN (SELECT id FROM moving_municipality))""",
    "rings with somebody of another municipality go on": """
SELECT count(*) FROM ring WHERE status IN ('proposed', 'ready')
    AND municipality_ids && ARRAY(SELECT id FROM moving_municipality)
    AND NOT municipality_ids <@ ARRAY(SELECT id FROM moving_municipality)""",
    "appointments with a neighbour's helper or asker hold Roosjes": """
SELECT count(*) FROM ledger.open_hold h JOIN ledger.account a ON a.id IN (h.debit_id, h.credit_id)
WHERE a.kind = 'clearing' AND a.municipality_id IN (SELECT id FROM moving_municipality)
    AND a.counter_municipality_id NOT IN (SELECT id FROM moving_municipality)""",
    "invoices with neighbours are not paid": """
SELECT count(*) FROM ledger.invoice_standing WHERE state NOT IN ('paid', 'withdrawn')
    AND (payer_id IN (SELECT id FROM moving_municipality)) <> (payee_id IN (SELECT id FROM moving_municipality))""",
}
"""What has to be over before anybody leaves: each a number that has to be nought."""
_STANDING: Final = """
SELECT m.name, k.name, a.posted FROM ledger.account a
JOIN municipality m ON m.id = a.municipality_id JOIN municipality k ON k.id = a.counter_municipality_id
WHERE a.kind = 'clearing' AND a.posted <> 0 AND a.unit = 'ROOSJE_MIN'
    AND a.municipality_id IN (SELECT id FROM moving_municipality)
    AND a.counter_municipality_id NOT IN (SELECT id FROM moving_municipality) ORDER BY 1, 2
"""
_BEHIND: Final = """
SELECT count(*), coalesce(sum(a.posted), 0)
FROM ledger.account a JOIN moving_person p ON p.pseudonym = a.owner_pseudonym
WHERE a.municipality_id NOT IN (SELECT id FROM moving_municipality) AND (a.posted, a.held_out, a.held_in) <> (0, 0, 0)
"""
# unscoped: the owner's own work
_ELSEWHERE_OF_OURS: Final = """
SELECT (SELECT count(*) FROM agreement WHERE helper_id IN (SELECT id FROM moving_person) AND municipality_id NOT IN
            (SELECT id FROM moving_municipality)),
       (SELECT count(*) FROM agreement WHERE municipality_id IN (SELECT id FROM moving_municipality)
            AND helper_municipality_id NOT IN (SELECT id FROM moving_municipality)),
       (SELECT count(DISTINCT g.person_id) FROM role_grant g
        WHERE g.municipality_id IN (SELECT id FROM moving_municipality)
            AND g.person_id NOT IN (SELECT id FROM moving_person))
"""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What goes and what does not, for whoever decides on it."""

    municipalities: Mapping[int, str]
    packed: Packed
    in_the_way: Sequence[str]
    standing: Sequence[tuple[str, str, int]]
    """Minutes between one that goes and one that stays: above nought where its own residents got more."""
    lines: Sequence[str]
    """What crosses the border, one sentence each."""


@contextmanager
def opened(owner_url: str) -> Iterator[psycopg.Connection]:
    """A transaction that looks at one moment, and leaves nothing."""
    with psycopg.connect(tools.conninfo(owner_url)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield connection
        connection.rollback()


def look(
    connection: psycopg.Connection, municipalities: Mapping[int, str], progress: Progress = lambda *_: None
) -> Leaving:
    """Pack everything, and say what crosses and what is in the way; nothing is written."""
    ready = packing.pack(connection, list(municipalities), progress)
    in_the_way = [f"{count} {what}" for what, query in _OPEN.items() if (count := _number(connection, query))]
    standing = connection.execute(_STANDING).fetchall()
    return Leaving(municipalities, ready, in_the_way, standing, _crossing(connection, ready))


def _crossing(connection: psycopg.Connection, ready: Packed) -> list[str]:
    row = connection.execute(_ELSEWHERE_OF_OURS).fetchone()
    behind = connection.execute(_BEHIND).fetchone()
    assert row is not None
    assert behind is not None
    helped, were_helped, colleagues = row
    lines = [
        f"{were_helped} agreements with helpers of other municipalities go along, {helped} with askers there stay.",
        f"{ready.strangers} people of other municipalities are named by what goes along: a key goes, no name.",
    ]
    lines += [f"{count} x {what} led to what stays, and is emptied." for what, count in ready.emptied.items()]
    lines += [
        f"{count} rows of {table} stay: they lead to what stays." for table, count in ready.stayed.items()
    ]
    if behind[0]:
        lines.append(
            f"{behind[0]} accounts of residents at other municipalities stay, {behind[1]} minutes in all."
        )
    if colleagues:
        lines.append(
            f"{colleagues} people work here and live elsewhere: invite them anew with `user invite`."
        )
    return lines


def write(
    connection: psycopg.Connection, leaving: Leaving, path: Path, recipients: str, origin: str,
    progress: Progress = lambda *_: None,
) -> Manifest:  # fmt: skip
    """Write what was packed to a file that is not there yet; it has its name once it is whole and on disk."""
    if leaving.in_the_way:
        raise CannotMove("First: " + "; ".join(leaving.in_the_way) + ".")
    if path.exists():
        raise CannotMove(f"{path} is there already: give each file a name of its own.")
    made = _manifest(connection, leaving, origin)
    with making.whole_or_nothing(path) as file:
        streams.encrypt(_pieces(connection, made, progress), file, recipients)
        file.flush()
        os.fsync(file.fileno())
        Path(file.name).rename(path)
        making.on_disk(path.parent)
    return made


def _manifest(connection: psycopg.Connection, leaving: Leaving, origin: str) -> Manifest:
    ready = leaving.packed
    row = connection.execute(sql.SQL(BOOKS).format(name(packed("ledger.account")))).fetchone()
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row is not None
    assert revision is not None
    columns = {**ready.schema.columns, "ledger.elsewhere": ("account_id", "posted")}
    rows = {table: count for table, count in ready.rows.items() if count}
    return Manifest(
        format=manifests.FORMAT, version=making.version(), revision=revision[0],
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"), origin=origin,
        municipalities={str(key): value for key, value in leaving.municipalities.items()}, rows=rows,
        books=row[0] or "",
        columns={table: columns[table] for table in rows}, strangers=ready.strangers,
    )  # fmt: skip


def _pieces(connection: psycopg.Connection, made: Manifest, progress: Progress) -> Iterator[bytes]:
    """A tar archive: the manifest, each table's rows in parts, and what it came to."""
    digest, parts = hashlib.sha256(), 0
    yield from entry(MANIFEST, made.written())
    for done, table in enumerate(made.rows):
        progress(table, done, len(made.rows))
        for number, part in enumerate(_parts(connection, table, made.columns[table])):
            digest.update(part)
            yield from entry(f"{ROWS}/{table}/{number:06}", part)
            parts += 1
    progress("written", len(made.rows), len(made.rows))
    yield from entry(END, json.dumps({"parts": parts, "sha256": digest.hexdigest()}).encode())
    yield bytes(2 * tarfile.BLOCKSIZE)


def _parts(connection: psycopg.Connection, table: str, columns: tuple[str, ...]) -> Iterator[bytes]:
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(names(columns), name(packed(table)))
    with connection.cursor().copy(query) as copy:
        held = bytearray()
        for piece in copy:
            held += piece
            if len(held) >= PART_BYTES:
                yield bytes(held)
                held.clear()
        if held:
            yield bytes(held)


def _number(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()  # of our own making
    assert row is not None
    return int(row[0])
