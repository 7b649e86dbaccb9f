"""Addresses of a municipality's own systems that hear that something happened, and what was sent there.

Revises: 0050
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0051_webhooks.sql")
    # nobody runs a municipality in the name of another
    narrow_while_acting("webhook")
    narrow_while_acting("webhook_message")


def downgrade() -> None:
    run_script("0051_down.sql")
