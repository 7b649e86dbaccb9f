"""What was withdrawn leaves no words; nobody is told at a desk of their own house; letters for who has no other way.

Revises: 0031
"""

from migrations.helpers import run_script

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0033_trust.sql")


def downgrade() -> None:
    run_script("0033_down.sql")
