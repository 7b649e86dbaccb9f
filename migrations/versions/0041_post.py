"""How somebody wants to hear from us, and the mails and letters that left the house.

Revises: 0040
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0041_post.sql")
    for table in ("notice_wish", "dispatch"):
        narrow_while_acting(table)


def downgrade() -> None:
    run_script("0041_down.sql")
