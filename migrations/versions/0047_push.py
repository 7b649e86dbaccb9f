"""Browsers that show somebody that there is something for them; organisations lead talks of their own volunteers.

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


def downgrade() -> None:
    run_script("0047_coordinators_down.sql")
    run_script("0047_down.sql")
