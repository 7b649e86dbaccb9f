"""Safety: reports, blocking, suspension, house rules, the safety file, and under whose insurance help is given.

Revises: 0020
"""

from migrations.helpers import run_script

revision = "0025"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0025_safety.sql")


def downgrade() -> None:
    run_script("0025_down.sql")
