"""Nobody opens what others keep by writing a row about them, and a contact person sees only what they took part in.

Revises: 0045
"""

from migrations.helpers import narrow_while_acting, run_script, widen_while_acting

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

OF_THE_AGREEMENT = "EXISTS (SELECT FROM agreement a WHERE a.id = agreement_id)"
"""The talks of what the asker agreed; of a contact person, of what they asked."""
DECIDES = f"(SELECT acting_contact()) IS NULL AND {OF_THE_AGREEMENT}"
OWN_HAND = "(SELECT acting_contact()) IS NULL OR by_id = (SELECT acting_contact())"
"""A contact person sees the places that they took for somebody."""


def upgrade() -> None:
    run_script("0046_doors.sql")
    for table, sees, writes in (
        ("coupling_talk", OF_THE_AGREEMENT, DECIDES),
        ("activity_signup", OWN_HAND, "false"),
    ):
        widen_while_acting(table)
        narrow_while_acting(table, sees=sees, writes=writes)


def downgrade() -> None:
    for table, writes in (("coupling_talk", "true"), ("activity_signup", "false")):
        widen_while_acting(table)
        narrow_while_acting(table, sees="true", writes=writes)
    run_script("0046_down.sql")
