"""What was withdrawn leaves no words; nobody is told at a desk of their own house; letters for who has no other way.

Revises: 0033
"""

from migrations.helpers import run_script

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0034_trust.sql")


def downgrade() -> None:
    run_script("0034_down.sql")
