"""Row-level security, the change log of the match index, search, and grants.

Revises: 0002
"""

from migrations.helpers import run_script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0003_access.sql")
    run_script("0003_change_log.sql")
    run_script("0003_grants.sql")


def downgrade() -> None:
    run_script("0003_down.sql")
