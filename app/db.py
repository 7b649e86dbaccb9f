"""The database: base classes, the scope of a transaction, and the only ``commit`` in the program."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum as PythonEnum, StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

import psycopg
from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    Uuid,
    create_engine,
    event,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

from app.ids import uuid7

__all__ = [
    "Base",
    "BigInteger",
    "Database",
    "Keyed",
    "Scope",
    "SmallInteger",
    "Tenanted",
    "scope_to",
    "scoped_to",
]


def _values(members: type[PythonEnum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """All tables; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        date: Date,
        UUID: Uuid,
        str: Text,
        dict[str, Any]: JSONB,
        # plain text with a CHECK: a value can be added without rewriting a type
        StrEnum: Enum(
            StrEnum, native_enum=False, create_constraint=False, length=32, values_callable=_values
        ),
    }


class Keyed:
    """A row with a time-ordered key of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


class Tenanted:
    """A row that belongs to one municipality; the four questions say who else may see it."""

    municipality_id: Mapped[int] = mapped_column(Integer, ForeignKey("municipality.id"))

    @classmethod
    def in_reach_of(cls, municipalities: frozenset[int]) -> ColumnElement[bool]:
        """Rows of these municipalities."""
        return cls.municipality_id.in_(municipalities)

    @classmethod
    def owned_by(cls, person_id: UUID) -> ColumnElement[bool]:
        """Rows that are this person's own."""
        return false()

    @classmethod
    def has_party(cls, person_id: UUID) -> ColumnElement[bool]:
        """Rows of which this person is a party."""
        return false()

    @classmethod
    def is_public_row(cls) -> ColumnElement[bool]:
        """Rows that their owner made public."""
        return false()


@dataclass(frozen=True, slots=True)
class Scope:
    """What row-level security knows of the actor during one transaction."""

    person_id: UUID | None = None
    pseudonym: UUID | None = None
    municipalities: frozenset[int] = frozenset()
    organisations: frozenset[UUID] = frozenset()
    representation: UUID | None = None
    """Under which consent one acts for the person; the database looks each time whether it stands."""
    hand: UUID | None = None
    """Who acts for the person: what is done is told in this name."""

    def as_parameters(self) -> tuple[str, str, str, str, str]:
        """The five settings as text; empty where there is nothing."""
        return (
            str(self.person_id or ""),
            str(self.pseudonym or ""),
            _array(sorted(self.municipalities)),
            _array(sorted(self.organisations)),
            str(self.representation or ""),
        )


NOBODY: Final = Scope()


def _array(values: list[Any]) -> str:
    return "{" + ",".join(map(str, values)) + "}" if values else ""


SET_SCOPE = (
    "SELECT set_config('app.person_id', %s, true) || set_config('app.pseudonym', %s, true)"
    " || set_config('app.municipalities', %s, true) || set_config('app.organisations', %s, true)"
    " || set_config('app.representation', %s, true)"
)
"""Local to the transaction: a setting of the session would leak through the pool to the next actor. Answered in one
column: who describes five of them takes as long as who sets them."""


def scope_to(session: Session, scope: Scope) -> None:
    """Let the rest of this session act within ``scope``, in this transaction and any later one."""
    if session.in_transaction():
        session.flush()  # what was done so far was done by whoever acted so far
    session.info["scope"] = scope
    if session.in_transaction():
        session.connection().exec_driver_sql(SET_SCOPE, scope.as_parameters())


@contextmanager
def scoped_to(session: Session, scope: Scope) -> Iterator[None]:
    """Act within ``scope`` for a while, whole or not at all; then whoever acted before does so again."""
    before: Scope = session.info.get("scope", Scope())
    try:
        with session.begin_nested():
            scope_to(session, scope)
            yield
    except BaseException:
        session.info["scope"] = before  # the settings in the database went back with the savepoint
        raise
    scope_to(session, before)


def _apply_scope(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested:  # within a savepoint the settings are those of the transaction around it
        return
    scope: Scope = session.info.get("scope", NOBODY)
    if scope != NOBODY:  # each setting ended with the transaction that made it: a new one begins as nobody's
        connection.exec_driver_sql(SET_SCOPE, scope.as_parameters())


IDLE_S = 2.0
"""A connection unused for longer is asked for a sign of life; under load that question would double the talk."""


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _refuse_the_dead(connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    """After a restart of the database, let the pool make a new connection instead of handing out a dead one."""
    if time.monotonic() - record.info.get("used_at", 0.0) < IDLE_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as dead:
        raise DisconnectionError from dead


PREPARED_AFTER: Final = 5
"""A statement that one connection was asked so often is prepared there: under policies its plan costs as much as it."""


def _prepare_where_it_lasts(connection: psycopg.Connection, _record: ConnectionPoolEntry) -> None:
    """Only where the server itself is at the other end. Behind a pgbouncer in transaction mode each transaction has
    another server; it answers under a number of its own making, by which it is known."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    connection.rollback()
    if row == (connection.info.backend_pid,):
        connection.prepare_threshold = PREPARED_AFTER


Afterwards = Callable[[Session], None]


def afterwards(session: Session, act: Afterwards) -> None:
    """Run ``act`` in a short transaction of its own once this one ended, however it ends.

    For what must survive a refusal: attempts, and the audit of refused access.
    """
    session.info.setdefault("afterwards", []).append(act)


OLDEST: Final = 15
"""The first PostgreSQL that knows NULLS NOT DISTINCT, with which some keys of the tables are made."""

# prepared is only what `_prepare_where_it_lasts` allows
CONNECTING: dict[str, Any] = {"prepare_threshold": None, "connect_timeout": 5}


def apart(url: str | URL) -> Engine:
    """A database beside any pool: each connection is of its own and closed after its use.

    It does not see what a request may yet roll back; and a request that took a second connection from the pool could
    wait for ever.
    """
    return create_engine(url, poolclass=NullPool, connect_args=CONNECTING, hide_parameters=True)


class Database:
    """A pool of connections as the application role, and sessions on it."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            connect_args=CONNECTING,
            hide_parameters=True,  # an error that is logged would quote what somebody typed
        )
        event.listen(self.engine, "connect", _prepare_where_it_lasts)
        event.listen(self.engine, "checkin", _note_use)
        event.listen(self.engine, "checkout", _refuse_the_dead)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        event.listen(self.sessions, "after_begin", _apply_scope)

    @contextmanager
    def transaction(self, scope: Scope | None = None) -> Iterator[Session]:
        """One session, one transaction: committed at the end, rolled back on any error."""
        session = self.sessions(info={"scope": scope or Scope()})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
            self._run_afterwards(session)

    def _run_afterwards(self, session: Session) -> None:
        acts: list[Afterwards] = session.info.pop("afterwards", [])
        if not acts:
            return
        with self.sessions(info={"scope": session.info["scope"]}) as second:
            for act in acts:
                act(second)
            second.commit()

    def refuse_old_server(self) -> None:
        """Raise where the server is older than the statements of this program."""
        with self.engine.connect() as connection:
            refuse_old(connection)

    def refuse_strong_roles(self) -> None:
        """Raise when the serving role could step over row-level security."""
        query = text(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relowner = r.oid AND n.nspname IN ('public', 'ledger'))"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        with self.engine.connect() as connection:
            if connection.execute(query).scalar_one():
                raise TooStrong

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


class TooOld(RuntimeError):
    """The server is a PostgreSQL that this program cannot work with."""

    def __init__(self, version: str) -> None:
        super().__init__(f"This is PostgreSQL {version}. ZorgvoorElkaar needs {OLDEST} or newer.")


def refuse_old(connection: Connection) -> None:
    """Raises TooOld for a server from before OLDEST."""
    version: tuple[Any, ...] = connection.dialect.server_version_info or (0,)
    if version[0] < OLDEST:
        raise TooOld(".".join(map(str, version)))


class TooStrong(RuntimeError):
    """DATABASE_URL logs in as a superuser, an owner of tables, or a role that bypasses RLS."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL must log in as the application role: not a superuser, without BYPASSRLS, owner of no table."
        )
