"""Gifts: policies with limits that grow, the pot, grants and payments that wait for somebody, leaving.

Revises: 0009
"""

from migrations.helpers import run_script

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0010_ledger_gifts.sql")


def downgrade() -> None:
    run_script("0010_down.sql")
