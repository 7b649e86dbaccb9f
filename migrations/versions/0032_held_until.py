"""A hold's date and its other leg are compared too.

Revises: 0031
"""

from migrations.helpers import run_script

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0032_held_until.sql")


def downgrade() -> None:
    run_script("0032_down.sql")
