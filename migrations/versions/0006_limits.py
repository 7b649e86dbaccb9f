"""Human limits: how often somebody is asked, rest, one's own limit, and who goes first when helpers are scarce.

Revises: 0005
"""

from alembic import op

from migrations.helpers import run_script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDED = {
    "municipality": {
        "asked_at_once": ("smallint DEFAULT 5 NOT NULL", "BETWEEN 1 AND 20"),
        "proposals_per_week": ("smallint DEFAULT 3 NOT NULL", "BETWEEN 1 AND 20"),
        "rest_days": ("smallint DEFAULT 0 NOT NULL", "BETWEEN 0 AND 60"),
        "points_urgency": ("smallint DEFAULT 2 NOT NULL", "BETWEEN 0 AND 5"),
        "points_vulnerable": ("smallint DEFAULT 3 NOT NULL", "BETWEEN 0 AND 5"),
        "points_waiting": ("smallint DEFAULT 1 NOT NULL", "BETWEEN 0 AND 5"),
    },
    "person": {
        "paused_until": ("date", ""),
        "proposals_per_week": ("smallint", "BETWEEN 0 AND 20"),
        "rest_days": ("smallint", "BETWEEN 0 AND 60"),
        "load_limit_minutes": ("integer", "BETWEEN 15 AND 2400"),
    },
    "contact": {"gender": ("varchar(32)", "IN ('vrouw', 'man')")},
    "help_request": {"helper_gender": ("varchar(32)", "IN ('vrouw', 'man')")},
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, (kind, allowed) in columns.items():
            check = f" CONSTRAINT ck_{table}_{name} CHECK ({name} {allowed})" if allowed else ""
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}{check}")
    # the column is empty: there is no row to look up
    op.execute(
        "ALTER TABLE help_request ADD COLUMN organisation_id uuid\n"
        "-- squawk-ignore adding-foreign-key-constraint\n"
        " CONSTRAINT fk_help_request_organisation_id_organisation REFERENCES organisation (id)"
    )
    run_script("0006_limits.sql")


def downgrade() -> None:
    run_script("0006_down.sql")
    run_script("0005_mended.sql")  # its match_offers again; the rest of it stands as it stood
    run_script("0006_down_grants.sql")
    op.drop_column("help_request", "organisation_id")
    for table, columns in reversed(ADDED.items()):
        for name in columns:
            op.drop_column(table, name)
