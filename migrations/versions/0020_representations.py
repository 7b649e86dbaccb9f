"""One person acting for another.

Revises: 0019
"""

from migrations.helpers import run_script

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0020_representations.sql")


def downgrade() -> None:
    run_script("0020_down.sql")
