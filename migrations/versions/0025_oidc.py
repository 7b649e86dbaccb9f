"""Signing in through a municipality's own provider (OpenID Connect).

Revises: 0024
"""

from migrations.helpers import run_script

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0025_oidc.sql")


def downgrade() -> None:
    run_script("0025_down.sql")
