"""Indexes that give the public lists in their order, the newest first.

Revises: 0058
"""

from migrations.helpers import run_script

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0059_public_lists.sql")


def downgrade() -> None:
    run_script("0059_down.sql")
