"""What a backup says of itself: of which moment it is, and what must be there again when it is put back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from psycopg import sql

from app.backups.refusals import Damaged

FORMAT: Final = 1
FORGOTTEN: Final = frozenset({"public.match_change"})
"""Tables whose rows stay behind: they are keyed by transactions of the server that wrote them, and each process
reads what they stand for anew when it starts."""
_TABLES: Final = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'ledger') ORDER BY 1, 2
"""
_BOOKS: Final = """
SELECT count(*), coalesce(sum(entries), 0)::bigint,
       encode(ledger.merkle_root(array_agg(ledger.seal_leaf(id, entries, head) ORDER BY id)), 'hex')
FROM ledger.account
"""
_AUDIT: Final = "SELECT number, encode(hash, 'hex') FROM audit_link ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is compared afterwards. ``ledger`` and ``audit`` stand for every chain as it was."""

    format: int
    version: str
    revision: str
    taken_at: str
    server: str
    owner: str
    application: str
    rows: Mapping[str, int]
    ledger: Mapping[str, Any]
    audit: Mapping[str, Any]
    elsewhere: tuple[str, ...] = ()
    """Secrets that stand in the environment or in files of their own, by name: keep them yourself."""

    @property
    def moment(self) -> datetime:
        """Of which moment it is."""
        return datetime.fromisoformat(self.taken_at)

    def written(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps(asdict(self), indent=2).encode()


def read(content: bytes) -> Manifest:
    """Raises Damaged for what is none, or of a later format."""
    try:
        said = json.loads(content)
        if said["format"] != FORMAT:
            raise Damaged(
                f"This backup has format {said['format']}, and this program reads {FORMAT}: use its own version."
            )
        return Manifest(**{**said, "elsewhere": tuple(said["elsewhere"])})
    except (ValueError, TypeError, KeyError):
        raise Damaged("This backup has no manifest that can be read.") from None


def rows(connection: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has, as the owner sees them, in the snapshot of the transaction."""
    found = {}
    for schema, table in connection.execute(_TABLES).fetchall():
        name = f"{schema}.{table}"
        if name not in FORGOTTEN:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
            found[name] = _one(connection.execute(query))[0]
    return found


def books(connection: psycopg.Connection) -> dict[str, Any]:
    """Every chain of the ledger in one hash."""
    accounts, entries, root = _one(connection.execute(_BOOKS))
    return {"accounts": accounts, "entries": entries, "root": root}


def audit(connection: psycopg.Connection) -> dict[str, Any]:
    """The head of the chain of the audit."""
    last = connection.execute(_AUDIT).fetchone()
    return {"number": last[0], "hash": last[1]} if last else {"number": 0, "hash": None}


def taken(
    connection: psycopg.Connection, version: str, application: str, elsewhere: tuple[str, ...]
) -> Manifest:
    """What this database is, in the snapshot of the transaction."""
    moment, server, owner = _one(
        connection.execute("SELECT clock_timestamp(), current_setting('server_version'), current_user")
    )
    return Manifest(
        format=FORMAT, version=version, taken_at=moment.astimezone(UTC).isoformat(timespec="seconds"),
        revision=_one(connection.execute("SELECT version_num FROM alembic_version"))[0],
        server=server, owner=owner, application=application, rows=rows(connection), ledger=books(connection),
        audit=audit(connection), elsewhere=elsewhere,
    )  # fmt: skip


def differences(manifest: Manifest, connection: psycopg.Connection) -> list[str]:
    """What a database that was put back has otherwise, one line each."""
    there = rows(connection)
    found = [
        f"{name}: {there.get(name, 'no table')} rows, {count} in the backup"
        for name, count in manifest.rows.items()
        if there.get(name) != count
    ]
    if books(connection) != manifest.ledger:
        found.append("the heads of the ledger are others")
    if audit(connection) != manifest.audit:
        found.append("the head of the audit is another")
    return found


def _one(cursor: psycopg.Cursor[Any]) -> tuple[Any, ...]:
    row = cursor.fetchone()
    assert row is not None
    return tuple(row)
