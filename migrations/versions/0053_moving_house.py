"""A municipality moves to another installation: where it went, and accounts whose entries stand in other books.

Revises: 0052
"""

from migrations.helpers import run_script

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0053_moving_house.sql")


def downgrade() -> None:
    run_script("0053_down.sql")
