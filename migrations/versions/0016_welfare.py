"""Welfare plans, and what was agreed about costs.

Revises: 0015
"""

from migrations.helpers import run_script

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0016_welfare.sql")


def downgrade() -> None:
    run_script("0016_down.sql")
