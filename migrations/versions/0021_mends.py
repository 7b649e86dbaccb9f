"""What shuts more tightly: representations that are over, and what is seen while acting for another.

Revises: 0020
"""

from alembic import op

from migrations.helpers import narrow_while_acting, run_script, widen_while_acting

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

GIVEN = "represented_id IS NOT NULL AND consent_way IS NOT NULL AND consent_at IS NOT NULL AND recorded_by_id IS NOT NULL"

DECIDES = "(SELECT public.acting_pseudonym()) IS NOT NULL"
OWN = "person_id = (SELECT actor_person())"
NARROWED = (
    # what somebody does for others, and what is theirs alone
    *((table, "false", "false") for table in (
        "giving_code", "cheque_seller", "person_check", "role_grant", "agreed_cost", "paid_cost", "welfare_plan",
        "welfare_grant", "welfare_spending", "welfare_receipt", "ledger.allowance",
    )),
    ("help_offer", "person_id <> (SELECT actor_person())", "false"),
    ("professional", "checked_at IS NOT NULL", "false"),
    # what everybody reads
    ("person", "true", "false"),
    ("mileage_rate", "true", "false"),
    # what a question needs
    ("membership", OWN, "false"),
    ("representation", "id = (SELECT nullif(current_setting('app.representation', true), ''))::uuid", "false"),
    ("cheque_use", "acting_on('occurrence', occurrence_id)", "false"),
    ("ring_arc", "acting_on('help_request', help_request_id)", "false"),
    ("ring", "acting_on('ring', id)", "acting_on('ring', id)"),
    ("state_event", "by_person_id = (SELECT actor_hand()) OR acting_on(entity, entity_id)",
     "by_person_id IS NULL OR by_person_id = (SELECT actor_hand())"),
    # what the statement tells, for who may decide
    ("roosjes_note", DECIDES, "false"),
    ("line_question", DECIDES, "false"),
    ("ledger_note", DECIDES, "false"),
    ("ledger.pending", DECIDES, "false"),
)  # fmt: skip
"""Table, the rows that who acts for another sees, and those they may write; ADR 0022 says why."""


def upgrade() -> None:
    _consent(f"status <> 'active' OR ({GIVEN})")
    run_script("0021_mends.sql")
    op.execute(
        "ALTER TABLE agreed_cost\n-- squawk-ignore constraint-missing-not-valid\n ADD CONSTRAINT"
        " ck_agreed_cost_agreed_at CHECK (status NOT IN ('agreed', 'stopped') OR agreed_at IS NOT NULL)"
    )
    for table, sees, writes in NARROWED:
        narrow_while_acting(table, sees, writes)


def _consent(rule: str) -> None:
    """The same rule in other words, which no row of before can break."""
    op.execute(
        "ALTER TABLE representation\n-- squawk-ignore ban-drop-constraint\n"
        " DROP CONSTRAINT ck_representation_consent"
    )
    op.execute(
        "ALTER TABLE representation\n-- squawk-ignore constraint-missing-not-valid\n"
        f" ADD CONSTRAINT ck_representation_consent CHECK ({rule})"
    )


def downgrade() -> None:
    for table, _, _ in NARROWED:
        widen_while_acting(table)
    run_script("0021_down.sql")
    _consent(f"status NOT IN ('active') OR ({GIVEN})")
