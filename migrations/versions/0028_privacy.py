"""Who looked, what was allowed, what is forgotten.

Revises: 0027
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

OF_A_CHILD = "purpose = 'jong-helpen' AND (SELECT (acting_under()).kind) = 'wettelijk vertegenwoordiger'"
"""What a parent says in the name of their child; everything else is one's own to say."""


def upgrade() -> None:
    run_script("0028_audit.sql")
    run_script("0028_privacy.sql")
    run_script("0028_forget.sql")
    run_script("0028_retention.sql")
    for table in ("data_export", "audit_entry"):
        narrow_while_acting(table)
    narrow_while_acting("consent", sees=OF_A_CHILD, writes=OF_A_CHILD)


def downgrade() -> None:
    run_script("0028_down.sql")
