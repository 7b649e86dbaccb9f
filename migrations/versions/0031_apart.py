"""Who is kept apart is so through another's name too; one address is one house.

Revises: 0030
"""

from migrations.helpers import run_script

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0031_apart.sql")


def downgrade() -> None:
    run_script("0031_down.sql")
