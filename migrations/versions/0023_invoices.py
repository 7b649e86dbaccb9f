"""Invoices for cheques, with their states, and booked.

Revises: 0022
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0023_invoices.sql")
    narrow_while_acting("ledger.invoice")


def downgrade() -> None:
    run_script("0023_down.sql")
