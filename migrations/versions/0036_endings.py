"""A request is over when the agreements of all its helpers are.

Revises: 0035
"""

from migrations.helpers import run_script

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0036_endings.sql")


def downgrade() -> None:
    run_script("0036_down.sql")
