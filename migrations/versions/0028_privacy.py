"""Who looked, what was allowed, what is forgotten.

Revises: 0027
"""

from migrations.helpers import run_script

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0028_audit.sql")
    run_script("0028_privacy.sql")
    run_script("0028_forget.sql")
    run_script("0028_retention.sql")


def downgrade() -> None:
    run_script("0028_down.sql")
