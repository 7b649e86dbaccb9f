"""What a treasurer keeps of a month.

Revises: 0016
"""

from migrations.helpers import run_script

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0017_months.sql")


def downgrade() -> None:
    run_script("0017_down.sql")
