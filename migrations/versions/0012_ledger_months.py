"""Months that are closed, imbalances that are cancelled, and a seal for every night.

Revises: 0011
"""

from migrations.helpers import run_script

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0012_ledger_months.sql")


def downgrade() -> None:
    run_script("0012_down.sql")
