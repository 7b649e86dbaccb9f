"""An index for what a desk counts each day, so that a region with years behind it counts as fast as a new one.

Revises: 0051
"""

from migrations.helpers import run_script

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0052_at_size.sql")


def downgrade() -> None:
    run_script("0052_down.sql")
