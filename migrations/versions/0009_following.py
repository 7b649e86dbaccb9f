"""Following: a log that says what it let go of, changes by time alone, Dutch days, and a helper held while confirmed.

Revises: 0008
"""

from migrations.helpers import run_script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0009_following.sql")


def downgrade() -> None:
    run_script("0009_down.sql")
