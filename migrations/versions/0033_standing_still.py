"""A makelaar lets somebody's Roosjes stand still, and go again.

Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = "'grant', 'limits', 'booking', 'group', 'correction', 'departure'"


def upgrade() -> None:
    op.execute("ALTER TABLE ledger_note DROP CONSTRAINT ck_ledger_note_kind")
    op.execute(
        "ALTER TABLE ledger_note ADD CONSTRAINT ck_ledger_note_kind"
        f" CHECK (kind IN ({KINDS}, 'freeze', 'thaw'))"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE ledger_note DROP CONSTRAINT ck_ledger_note_kind")
    op.execute(f"ALTER TABLE ledger_note ADD CONSTRAINT ck_ledger_note_kind CHECK (kind IN ({KINDS}))")
