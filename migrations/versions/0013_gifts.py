"""What members give each other by hand, and what was advised.

Revises: 0012
"""

from migrations.helpers import run_script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0013_gifts.sql")


def downgrade() -> None:
    run_script("0013_down.sql")
