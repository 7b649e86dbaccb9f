"""Invoices for cheques, with their states, and booked.

Revises: 0020
"""

from migrations.helpers import run_script

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0021_invoices.sql")


def downgrade() -> None:
    run_script("0021_down.sql")
