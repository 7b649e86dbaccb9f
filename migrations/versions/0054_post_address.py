"""Where paper goes that somebody sends back.

Revises: 0053
"""

from migrations.helpers import run_script

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0054_post_address.sql")


def downgrade() -> None:
    run_script("0054_down.sql")
