"""Row-level security shows the same rows at less cost.

Revises: 0036
"""

from migrations.helpers import run_script

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0040_cheaper.sql")


def downgrade() -> None:
    run_script("0040_down.sql")
