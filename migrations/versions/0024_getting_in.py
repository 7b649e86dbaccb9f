"""Getting in: codes, letters, passkeys, apps, what a session has proven, and invitations for staff.

Revises: 0023
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OWN = ("passkey", "authenticator", "letter_code", "sign_in_event")
"""What nobody reads or writes in another's name."""


def upgrade() -> None:
    run_script("0024_getting_in.sql")
    for table in OWN:
        narrow_while_acting(table)


def downgrade() -> None:
    run_script("0024_down.sql")
