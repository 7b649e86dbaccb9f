"""Referrals that come in, are shared out and told back.

Revises: 0044
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0053"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0053_chain.sql")
    # what is said about somebody is not for who acts for another
    for table in ("referral_link", "referral", "referral_need", "referral_step"):
        narrow_while_acting(table)


def downgrade() -> None:
    run_script("0053_down.sql")
