"""Safety: reports, blocking, suspension, house rules, the safety file, and under whose insurance help is given.

Revises: 0026
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OWN = (
    "person_block", "suspension", "suspension_appeal", "rules_acceptance", "safety_signal", "safety_file",
    "safety_opening", "safety_entry", "safety_step",
)  # fmt: skip
"""What nobody reads or writes in another's name."""


def upgrade() -> None:
    run_script("0027_safety.sql")
    for table in OWN:
        narrow_while_acting(table)
    # a report may be made in the name of another, and is read in one's own
    narrow_while_acting("safety_report", writes="reporter_id = (SELECT actor_person())")


def downgrade() -> None:
    run_script("0027_down.sql")
