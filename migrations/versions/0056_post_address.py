"""Where paper goes that somebody sends back.

Revises: 0055
"""

from migrations.helpers import run_script

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0056_post_address.sql")


def downgrade() -> None:
    run_script("0056_down.sql")
