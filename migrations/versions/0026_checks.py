"""Checks: requirements, records with their withdrawal, and the register of companies.

Revises: 0025
"""

from migrations.helpers import run_script

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0026_checks.sql")


def downgrade() -> None:
    run_script("0026_down.sql")
