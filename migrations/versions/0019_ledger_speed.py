"""Bookings with fewer statements.

Revises: 0017
"""

from migrations.helpers import run_script

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0019_ledger_speed.sql")


def downgrade() -> None:
    run_script("0019_down.sql")
