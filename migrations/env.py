"""Runs migrations as the owner; the application role is named by the caller."""

import os

from alembic import context
from sqlalchemy import BigInteger, create_engine, pool
from sqlalchemy.dialects.postgresql.base import ischema_names

import app.models  # noqa: F401 - the tables that autogenerate compares
from app.db import Base

# Above a hundred tables alembic reads all columns that there are, also of tables that it then leaves alone.
ischema_names.setdefault("xid8", BigInteger)
UNMANAGED = ("procrastinate_", "match_change")


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave alone what a library installs itself, and the ledger, which a test of its own compares."""
    return not (kind == "table" and (name or "").startswith(UNMANAGED))


def owner_url() -> str:
    """From the caller, or from the environment on the command line."""
    url: str | None = context.config.attributes.get("owner_url") or os.environ.get("DATABASE_OWNER_URL")
    if not url:
        raise SystemExit("Set DATABASE_OWNER_URL, or use `zorgvoorelkaar migrate`.")
    return url


def run() -> None:
    """Upgrade or downgrade in one transaction under a lock, so that two starts do not collide."""
    engine = create_engine(owner_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=include_name,
            compare_type=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(71205)")
            # a table in use must not queue every reader behind a migration that waits for it
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
            context.run_migrations()


run()
