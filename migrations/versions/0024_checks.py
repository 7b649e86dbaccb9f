"""Checks: requirements, records with their withdrawal, and the register of companies.

Revises: 0020
"""

from migrations.helpers import run_script

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0024_checks.sql")


def downgrade() -> None:
    run_script("0024_down.sql")
