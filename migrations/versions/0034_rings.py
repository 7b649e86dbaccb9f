"""A ring remembers how good the search was that found it.

Revises: 0031
"""

from migrations.helpers import run_script

revision = "0034"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0034_rings.sql")


def downgrade() -> None:
    run_script("0034_down.sql")
