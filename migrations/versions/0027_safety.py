"""Safety: reports, blocking, suspension, house rules, the safety file, and under whose insurance help is given.

Revises: 0026
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NARROWED = {
    **dict.fromkeys(
        (
            "person_block", "rules_acceptance", "suspension", "suspension_appeal", "safety_signal",
            "safety_file", "safety_opening", "safety_entry", "safety_step",
        ),
        "false",
    ),
    "safety_report": "reporter_id = (SELECT actor_person())",
}  # fmt: skip
"""Table, and what who acts for another may add: they may report for them, and read none of it back."""


def upgrade() -> None:
    run_script("0027_safety.sql")
    for table, writes in NARROWED.items():
        narrow_while_acting(table, writes=writes)


def downgrade() -> None:
    run_script("0027_down.sql")
