"""The application reads which revision the schema has, to say whether it is ready.

Revises: 0040
"""

from alembic import op

from migrations.helpers import application_role

revision = "0044"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(f"GRANT SELECT ON alembic_version TO {application_role()}")


def downgrade() -> None:
    op.execute(f"REVOKE SELECT ON alembic_version FROM {application_role()}")  # noqa: S608 - the role is quoted
