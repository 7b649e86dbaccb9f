"""Indexes with which the pages of a large desk read only what they show.

Revises: 0057
"""

from migrations.helpers import run_script

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0058_large_desk.sql")


def downgrade() -> None:
    run_script("0058_down.sql")
