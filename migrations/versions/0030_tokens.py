"""Tokens of programs that are narrower than their person, and end with a role that changes.

Revises: 0028
"""

from migrations.helpers import run_script

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0030_tokens.sql")


def downgrade() -> None:
    run_script("0030_down.sql")
