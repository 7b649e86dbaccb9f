"""Addresses outside hear of a step only where it was taken.

Revises: 0056
"""

from migrations.helpers import run_script

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0057_as_it_stands.sql")


def downgrade() -> None:
    run_script("0057_down.sql")
