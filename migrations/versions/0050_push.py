"""Browsers that show somebody that there is something for them; organisations lead talks of their own volunteers.

Revises: 0046
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0050"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0050_push.sql")
    narrow_while_acting("push_device")
    run_script("0050_coordinators.sql")


def downgrade() -> None:
    run_script("0050_coordinators_down.sql")
    run_script("0050_down.sql")
