"""Between two people: what they write, the times that they propose, and whether they are content.

Revises: 0036
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

OF_THE_TIME = "EXISTS (SELECT FROM occurrence o WHERE o.id = occurrence_id)"
"""Whoever acts for the asker sees the times of what they may see, and nothing of what was said about content."""


def upgrade() -> None:
    run_script("0039_between_two.sql")
    for table in ("message", "talk_side", "satisfaction"):
        narrow_while_acting(table)
    narrow_while_acting("time_proposal", sees=OF_THE_TIME, writes=OF_THE_TIME)


def downgrade() -> None:
    run_script("0039_down.sql")
