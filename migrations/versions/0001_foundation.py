"""Extensions, plain text for searching, and the ledger.

Revises:
"""

from alembic import op

from migrations.helpers import driver, run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("btree_gist", "citext", "pg_trgm", "unaccent")


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    driver().execute(
        "CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS "
        "$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$"
    )
    run_script("0001_ledger.sql")


def downgrade() -> None:
    op.execute("DROP SCHEMA ledger CASCADE")
    op.execute("DROP FUNCTION plain(text)")
    for extension in reversed(EXTENSIONS):
        op.execute(f"DROP EXTENSION IF EXISTS {extension}")
