"""What somebody keeps for themselves of Help mij kiezen.

Revises: 0036
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0037_choices.sql")
    narrow_while_acting("kept_choices")


def downgrade() -> None:
    run_script("0037_down.sql")
