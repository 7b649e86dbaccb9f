"""Signing in through a municipality's own provider (OpenID Connect).

Revises: 0024
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0025_oidc.sql")
    narrow_while_acting("oidc_identity")


def downgrade() -> None:
    run_script("0025_down.sql")
