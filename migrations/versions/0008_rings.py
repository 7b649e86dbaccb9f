"""Exchange rings: who is proposed to help whom, in a circle, until all say yes.

Revises: 0007
"""

from alembic import op

from migrations.helpers import run_script

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RING = """
CREATE TABLE ring (
    municipality_ids INTEGER[] NOT NULL,
    member_ids UUID[] NOT NULL,
    status VARCHAR(32) NOT NULL,
    occasion VARCHAR(32) NOT NULL,
    yes SMALLINT NOT NULL,
    chords SMALLINT NOT NULL,
    reason TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_ring PRIMARY KEY (id),
    CONSTRAINT ck_ring_status CHECK (status IN ('proposed', 'ready', 'agreed', 'dissolved', 'expired')),
    CONSTRAINT ck_ring_occasion CHECK (occasion IN ('hand', 'night')),
    CONSTRAINT ck_ring_members CHECK (cardinality(member_ids) BETWEEN 2 AND 4),
    CONSTRAINT ck_ring_yes CHECK (yes BETWEEN 0 AND cardinality(member_ids)),
    CONSTRAINT ck_ring_municipality CHECK (municipality_id = ANY (municipality_ids)),
    CONSTRAINT fk_ring_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
)
"""
ARC = """
CREATE TABLE ring_arc (
    ring_id UUID NOT NULL,
    position SMALLINT NOT NULL,
    giver_municipality_id INTEGER NOT NULL,
    giver_id UUID NOT NULL,
    receiver_id UUID NOT NULL,
    help_request_id UUID NOT NULL,
    help_offer_id UUID NOT NULL,
    title TEXT NOT NULL,
    score INTEGER NOT NULL,
    terms JSONB NOT NULL,
    distance_m INTEGER NOT NULL,
    live BOOLEAN NOT NULL,
    answer VARCHAR(32) NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    proposal_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_ring_arc PRIMARY KEY (id),
    CONSTRAINT uq_ring_arc_ring_id_position UNIQUE (ring_id, position),
    CONSTRAINT ck_ring_arc_answer CHECK (answer IN ('waiting', 'yes', 'no')),
    CONSTRAINT ck_ring_arc_two CHECK (giver_id <> receiver_id),
    CONSTRAINT fk_ring_arc_ring_id_ring FOREIGN KEY(ring_id) REFERENCES ring (id) ON DELETE CASCADE,
    CONSTRAINT fk_ring_arc_giver_municipality_id_municipality FOREIGN KEY(giver_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_ring_arc_giver_id_person FOREIGN KEY(giver_id) REFERENCES person (id),
    CONSTRAINT fk_ring_arc_receiver_id_person FOREIGN KEY(receiver_id) REFERENCES person (id),
    CONSTRAINT fk_ring_arc_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id),
    CONSTRAINT fk_ring_arc_help_offer_id_help_offer FOREIGN KEY(help_offer_id) REFERENCES help_offer (id),
    CONSTRAINT fk_ring_arc_proposal_id_proposal FOREIGN KEY(proposal_id) REFERENCES proposal (id),
    CONSTRAINT fk_ring_arc_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
)
"""
INDEXES = (
    "CREATE INDEX ix_ring_municipality_ids ON ring USING gin (municipality_ids)",
    "CREATE INDEX ix_ring_member_ids ON ring USING gin (member_ids)",
    "CREATE INDEX ix_ring_status_expires_at ON ring (status, expires_at)",
    "CREATE UNIQUE INDEX uq_ring_arc_live_giver_id ON ring_arc (giver_id) WHERE live",
    "CREATE INDEX ix_ring_arc_receiver_id ON ring_arc (receiver_id)",
    "CREATE INDEX ix_ring_arc_help_request_id ON ring_arc (help_request_id)",
    "CREATE INDEX ix_ring_arc_help_offer_id ON ring_arc (help_offer_id)",
)


def upgrade() -> None:
    for statement in (RING, ARC, *INDEXES):
        op.execute(statement)
    _origins("'engine', 'broker', 'helper', 'distribution', 'ring'")
    run_script("0008_rings.sql")


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
    op.drop_table("ring_arc")
    op.drop_table("ring")
    run_script("0008_down.sql")
    op.execute("UPDATE proposal SET origin = 'engine' WHERE origin = 'ring'")
    _origins("'engine', 'broker', 'helper', 'distribution'")
