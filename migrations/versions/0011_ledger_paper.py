"""What is on paper (dienstencheques, paper Roosjes), welfare budgets, and the meter of allowances.

Revises: 0010
"""

from migrations.helpers import run_script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0011_ledger_paper.sql")


def downgrade() -> None:
    run_script("0011_down.sql")
