"""Indexes with which the pages of a large desk read only what they show.

Revises: 0056
"""

from migrations.helpers import run_script

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0057_miljoen.sql")


def downgrade() -> None:
    run_script("0057_down.sql")
