"""A report may be about a story, an idea or a reaction again, and only the worker says what goes into a letter.

Revises: 0044
"""

from migrations.helpers import run_script

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0045_mends.sql")


def downgrade() -> None:
    run_script("0045_down.sql")
