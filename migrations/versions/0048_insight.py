"""What was told of a month and a half year stays as it was told.

Revises: 0047
"""

from migrations.helpers import narrow_while_acting, run_script

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_script("0048_insight.sql")
    for table in (
        "report_release",
        "region_release",
        "factlab",
        "panel_point",
        "settings_version",
        "settings_template",
        "import_run",
    ):
        narrow_while_acting(table)


def downgrade() -> None:
    run_script("0048_down.sql")
