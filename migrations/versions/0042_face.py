"""A municipality's own look, stories that people tell, and plans and ideas with reactions.

Revises: 0040
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0042_face.sql")
    # who acts for another reads what everybody may, and writes nothing in their name
    for table in ("look", "story", "idea", "idea_reaction"):
        narrow_while_acting(table, sees="is_public")


def downgrade() -> None:
    run_script("0042_down.sql")
