"""Whom a desk knows, in order of name and to be found by it, and what ends there, however large the region is.

Revises: 0054
"""

from migrations.helpers import run_script

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0055_bureau.sql")


def downgrade() -> None:
    run_script("0055_down.sql")
