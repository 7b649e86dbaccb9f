"""Referrals that are shared out and told back, organisations that join and sign, talks by telephone, and outreach.

Revises: 0049
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0050_chain.sql")
    # what is said about somebody is not for who acts for another
    for table in ("referral_link", "referral", "referral_need", "referral_step"):
        narrow_while_acting(table)
    run_script("0050_partners.sql")
    # nobody works for an organisation, or helps under its flag, in the name of another
    narrow_while_acting("covenant", sees="true")
    for table in (
        "joining",
        "covenant_signature",
        "organisation_invitation",
        "organisation_volunteer",
        "introduction",
    ):
        narrow_while_acting(table)
    run_script("0050_outreach.sql")
    # who acts for another reads whom one can speak to, and nothing of what is told about people
    narrow_while_acting("trustee", sees="ended_at IS NULL")
    for table in ("phone_talk", "outreach", "mediator", "mediation", "mediation_note"):
        narrow_while_acting(table)


def downgrade() -> None:
    run_script("0050_down.sql")
