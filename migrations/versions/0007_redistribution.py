"""Redistributions: runs over the whole region, kept per municipality until a makelaar has looked at them.

Revises: 0006
"""

from alembic import op

from migrations.helpers import run_script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RUN = """
CREATE TABLE distribution (
    occasion VARCHAR(32) NOT NULL,
    made_by_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requests INTEGER NOT NULL,
    places INTEGER NOT NULL,
    people INTEGER NOT NULL,
    coverage INTEGER NOT NULL,
    coverage_bound INTEGER NOT NULL,
    first_come INTEGER NOT NULL,
    objective BIGINT NOT NULL,
    dual_objective BIGINT NOT NULL,
    edges BIGINT NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_distribution PRIMARY KEY (id),
    CONSTRAINT ck_distribution_occasion CHECK (occasion IN ('hand', 'night')),
    CONSTRAINT ck_distribution_coverage CHECK (coverage BETWEEN 0 AND places),
    CONSTRAINT ck_distribution_first_come CHECK (first_come BETWEEN 0 AND coverage),
    CONSTRAINT fk_distribution_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_distribution_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
)
"""
LINE = """
CREATE TABLE distribution_line (
    distribution_id UUID NOT NULL,
    position INTEGER NOT NULL,
    help_request_id UUID NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    help_offer_id UUID,
    helper_id UUID,
    helper_municipality_id INTEGER,
    score INTEGER NOT NULL,
    terms JSONB NOT NULL,
    distance_m INTEGER NOT NULL,
    kept BOOLEAN NOT NULL,
    places SMALLINT NOT NULL,
    why JSONB NOT NULL,
    status VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    decided_by_id UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    proposal_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_distribution_line PRIMARY KEY (id),
    CONSTRAINT ck_distribution_line_outcome CHECK (outcome IN ('served', 'nobody_fits', 'needed_elsewhere')),
    CONSTRAINT ck_distribution_line_status CHECK (status IN ('suggested', 'accepted', 'refused', 'stale')),
    CONSTRAINT ck_distribution_line_offer CHECK ((outcome = 'served') = (help_offer_id IS NOT NULL)),
    CONSTRAINT ck_distribution_line_helper CHECK ((help_offer_id IS NULL) = (helper_id IS NULL)),
    CONSTRAINT ck_distribution_line_only_served CHECK (outcome = 'served' OR status = 'suggested'),
    CONSTRAINT fk_distribution_line_distribution_id_distribution FOREIGN KEY(distribution_id) REFERENCES distribution (id) ON DELETE CASCADE,
    CONSTRAINT fk_distribution_line_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id),
    CONSTRAINT fk_distribution_line_help_offer_id_help_offer FOREIGN KEY(help_offer_id) REFERENCES help_offer (id),
    CONSTRAINT fk_distribution_line_helper_id_person FOREIGN KEY(helper_id) REFERENCES person (id),
    CONSTRAINT fk_distribution_line_helper_municipality_id_municipality FOREIGN KEY(helper_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_distribution_line_decided_by_id_person FOREIGN KEY(decided_by_id) REFERENCES person (id),
    CONSTRAINT fk_distribution_line_proposal_id_proposal FOREIGN KEY(proposal_id) REFERENCES proposal (id),
    CONSTRAINT fk_distribution_line_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
)
"""
INDEXES = (
    "CREATE INDEX ix_distribution_municipality_id_created_at ON distribution (municipality_id, created_at)",
    "CREATE INDEX ix_distribution_line_distribution_id_position ON distribution_line (distribution_id, position)",
    "CREATE INDEX ix_distribution_line_help_request_id ON distribution_line (help_request_id)",
)


def upgrade() -> None:
    for statement in (RUN, LINE, *INDEXES):
        op.execute(statement)
    _origins("'engine', 'broker', 'helper', 'distribution'")
    run_script("0007_redistribution.sql")


def _origins(allowed: str) -> None:
    """Who may have thought of a proposal: one word more, which no row of before can break."""
    op.execute(
        "ALTER TABLE proposal\n-- squawk-ignore ban-drop-constraint\n DROP CONSTRAINT ck_proposal_origin"
    )
    op.execute(
        "ALTER TABLE proposal\n"
        "-- squawk-ignore constraint-missing-not-valid\n"
        f" ADD CONSTRAINT ck_proposal_origin CHECK (origin IN ({allowed}))"
    )


def downgrade() -> None:
    run_script("0007_down.sql")
    op.drop_table("distribution_line")
    op.drop_table("distribution")
    op.execute("UPDATE proposal SET origin = 'broker' WHERE origin = 'distribution'")
    _origins("'engine', 'broker', 'helper'")
