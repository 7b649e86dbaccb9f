"""A payment with fewer statements still.

Revises: 0021
"""

from migrations.helpers import run_script

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0022_ledger_thin.sql")


def downgrade() -> None:
    run_script("0022_down.sql")
