"""Who looked, what was allowed, what is forgotten.

Revises: 0020
"""

from migrations.helpers import run_script

revision = "0026"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0026_audit.sql")
    run_script("0026_privacy.sql")
    run_script("0026_forget.sql")
    run_script("0026_retention.sql")


def downgrade() -> None:
    run_script("0026_down.sql")
