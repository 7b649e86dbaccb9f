"""Cheques and Roosjes on paper: where they are sold, and who hands them in.

Revises: 0014
"""

from alembic import op

from migrations.helpers import run_script

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROLES = (
    "'member', 'organisation_member', 'organisation_administrator', 'referrer', 'broker', 'treasurer', "
    "'privacy_officer', 'municipality_administrator', 'region_administrator'"
)


def upgrade() -> None:
    _roles(f"{ROLES}, 'seller'")
    run_script("0015_cheques.sql")


def _roles(allowed: str) -> None:
    """One role more, which no row of before can break."""
    op.execute(
        "ALTER TABLE role_grant\n-- squawk-ignore ban-drop-constraint\n DROP CONSTRAINT ck_role_grant_role"
    )
    op.execute(
        "ALTER TABLE role_grant\n"
        "-- squawk-ignore constraint-missing-not-valid\n"
        f" ADD CONSTRAINT ck_role_grant_role CHECK (role IN ({allowed}))"
    )


def downgrade() -> None:
    run_script("0015_down.sql")
    op.execute("DELETE FROM role_grant WHERE role = 'seller'")
    _roles(ROLES)
