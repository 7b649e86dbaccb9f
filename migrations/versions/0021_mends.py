"""What shuts more tightly: representations that are over, and what is seen while acting for another.

Revises: 0020
"""

from alembic import op

from migrations.helpers import run_script

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

GIVEN = "represented_id IS NOT NULL AND consent_way IS NOT NULL AND consent_at IS NOT NULL AND recorded_by_id IS NOT NULL"


def upgrade() -> None:
    _consent(f"status <> 'active' OR ({GIVEN})")
    run_script("0021_mends.sql")


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
    run_script("0021_down.sql")
    _consent(f"status NOT IN ('active') OR ({GIVEN})")
