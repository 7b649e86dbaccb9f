"""Who looked, what was allowed, what is forgotten.

Revises: 0027
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PARENTS = "purpose = 'jong-helpen' AND (SELECT acting_pseudonym()) IS NOT NULL"
"""Consents that who decides for somebody may read and give in their name."""


def upgrade() -> None:
    run_script("0028_audit.sql")
    run_script("0028_privacy.sql")
    run_script("0028_forget.sql")
    run_script("0028_retention.sql")
    narrow_while_acting("consent", PARENTS, PARENTS)
    for table in ("data_export", "audit_entry"):
        narrow_while_acting(table)


def downgrade() -> None:
    run_script("0028_down.sql")
