"""Safety: reports, blocking, suspension, house rules, the safety file, and under whose insurance help is given.

Revises: 0026
"""

from migrations.helpers import run_script

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0027_safety.sql")


def downgrade() -> None:
    run_script("0027_down.sql")
