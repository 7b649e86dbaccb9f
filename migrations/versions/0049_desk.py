"""The desk: presence, tasks, faces, questions, talks, plans of households, and what happens in a life.

Revises: 0048
"""

from migrations.helpers import narrow_while_acting, run_script, widen_while_acting

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

WITHOUT_CONTACTS = "(SELECT acting_contact()) IS NULL"
"""A contact person follows what they asked themselves, and no more."""
FOR_THE_ASKER = ("case_task", "case_team", "case_question", "case_note", "wmo_report")


def upgrade() -> None:
    run_script("0049_desk.sql")
    for table in FOR_THE_ASKER:
        narrow_while_acting(table, sees=WITHOUT_CONTACTS)
    # a plan is of a household, and how heavy caring is, of the carer alone
    for table in ("household_plan", "plan_person", "plan_line", "plan_decision", "plan_moment", "carer_load",
                  "life_event", "desk_choice", "desk_presence", "case_evaluation"):  # fmt: skip
        narrow_while_acting(table)


def downgrade() -> None:
    widen_while_acting("case_note")
    run_script("0049_down.sql")
