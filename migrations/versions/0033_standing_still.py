"""A makelaar lets somebody's Roosjes stand still, and go again.

Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = "'grant', 'limits', 'booking', 'group', 'correction', 'departure'"


DROP = "ALTER TABLE ledger_note\n-- squawk-ignore ban-drop-constraint\n DROP CONSTRAINT ck_ledger_note_kind"
ADD = (
    "ALTER TABLE ledger_note\n-- squawk-ignore constraint-missing-not-valid\n ADD CONSTRAINT ck_ledger_note_kind"
    " CHECK (kind IN ({}))"
)


def upgrade() -> None:
    op.execute(DROP)
    op.execute(ADD.format(f"{KINDS}, 'freeze', 'thaw'"))


def downgrade() -> None:
    op.execute(DROP)
    op.execute(ADD.format(KINDS) + " NOT VALID")  # what was written stays
