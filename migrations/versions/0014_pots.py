"""What the desk does with the pot, and whose account it is after moving house.

Revises: 0013
"""

from alembic import op

from migrations.helpers import run_script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NOTE = """
CREATE TABLE ledger_note (
    person_id UUID NOT NULL,
    by_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    text TEXT NOT NULL,
    salt BYTEA NOT NULL,
    minutes BIGINT,
    floor BIGINT,
    ceiling BIGINT,
    occurrence_id UUID,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_ledger_note PRIMARY KEY (id),
    CONSTRAINT ck_ledger_note_kind CHECK (kind IN ('grant', 'limits', 'booking', 'group', 'correction', 'departure')),
    CONSTRAINT ck_ledger_note_text CHECK (char_length(text) <= 400),
    CONSTRAINT fk_ledger_note_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_ledger_note_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_ledger_note_occurrence_id_occurrence FOREIGN KEY(occurrence_id) REFERENCES occurrence (id),
    CONSTRAINT fk_ledger_note_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
)
"""


def upgrade() -> None:
    op.execute(NOTE)
    op.execute("CREATE INDEX ix_ledger_note_person_id_at ON ledger_note (person_id, at)")
    op.execute("CREATE INDEX ix_ledger_note_occurrence_id ON ledger_note (occurrence_id)")
    op.execute("CREATE INDEX ix_ledger_note_municipality_id ON ledger_note (municipality_id)")
    run_script("0014_pots.sql")


def downgrade() -> None:
    run_script("0014_down.sql")
    op.drop_table("ledger_note")
