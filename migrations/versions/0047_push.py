"""Browsers show that there is something; organisations lead talks of their volunteers; one chooses who arranges for one.

Revises: 0046
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0047_push.sql")
    narrow_while_acting("push_device")
    run_script("0047_coordinators.sql")
    run_script("0047_mandates.sql")


def downgrade() -> None:
    run_script("0047_mandates_down.sql")
    run_script("0047_coordinators_down.sql")
    run_script("0047_down.sql")
