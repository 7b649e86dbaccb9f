"""Talks of lasting couplings, signing up in another's name, and whom an activity opens to.

Revises: 0040
"""

from migrations.helpers import narrow_while_acting, run_script, widen_while_acting

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

WITHOUT_CONTACTS = "(SELECT acting_contact()) IS NULL"
"""A contact person follows; where somebody lives is for who decides for the one who comes."""


def upgrade() -> None:
    run_script("0043_lasting.sql")
    # who acts for another sees when the talks are, and ends them with the agreement; what was said stays with who said it
    narrow_while_acting("coupling_talk", sees="true", writes="true")
    narrow_while_acting("talk_answer")
    for table, sees in (("activity_signup", "true"), ("activity_home", WITHOUT_CONTACTS)):
        widen_while_acting(table)
        narrow_while_acting(table, sees=sees)


def downgrade() -> None:
    for table in ("activity_signup", "activity_home"):
        widen_while_acting(table)
        narrow_while_acting(table)
    run_script("0043_down.sql")
