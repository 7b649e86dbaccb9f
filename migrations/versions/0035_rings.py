"""A ring remembers how good the search was that found it.

Revises: 0034
"""

from migrations.helpers import run_script

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0035_rings.sql")


def downgrade() -> None:
    run_script("0035_down.sql")
