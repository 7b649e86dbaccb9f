"""Group activities with places and a waiting list, and the provisions of the social map (sociale kaart).

Revises: 0036
"""

from migrations.helpers import narrow_while_acting, run_script, widen_while_acting

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0038_together.sql")
    # who acts for another reads what everybody may, and comes to nothing in their name
    for table in ("activity", "activity_date", "organisation"):
        narrow_while_acting(table, sees="true")
    for table in ("activity_home", "activity_signup"):
        narrow_while_acting(table)
    narrow_while_acting("provision", sees="true")


def downgrade() -> None:
    widen_while_acting("organisation")
    run_script("0038_down.sql")
