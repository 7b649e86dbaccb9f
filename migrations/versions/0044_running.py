"""The application says whether it is ready and how much there is of what, and the owner forgets people again.

Revises: 0040
"""

from migrations.helpers import run_script

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0044_running.sql")


def downgrade() -> None:
    run_script("0044_down.sql")
