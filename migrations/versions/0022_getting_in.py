"""Getting in: codes, letters, passkeys, apps, what a session has proven, and invitations for staff.

Revises: 0021
"""

from migrations.helpers import run_script

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0022_getting_in.sql")


def downgrade() -> None:
    run_script("0022_down.sql")
