"""Mended: who throws a draft away, keys that stay for ever, and days since a proposal that lies ahead.

Revises: 0004
"""

from migrations.helpers import run_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0005_mended.sql")


def downgrade() -> None:
    run_script("0005_down.sql")
