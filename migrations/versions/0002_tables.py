"""All tables but the ledger's.

Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE help_request_reference START 97001")
    op.create_table(
        "ask_draft",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_ask_draft")),
    )
    op.create_table(
        "attempt",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_rule_subject_at"), "attempt", ["rule", "subject", "at"], unique=False)
    op.create_table(
        "category",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("theme_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("synonyms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "unpaid",
            sa.Enum("yes", "conditions", "professionals", name="unpaid", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("checks", sa.SmallInteger(), nullable=False),
        sa.Column("introduction", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "unpaid IN ('yes', 'conditions', 'professionals')", name=op.f("ck_category_unpaid")
        ),
        sa.CheckConstraint("number BETWEEN 0 AND 63", name=op.f("ck_category_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_category")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("percentage_65_plus", sa.Double(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("mediation", sa.SmallInteger(), nullable=False),
        sa.Column("broker_title", sa.Text(), nullable=False),
        sa.Column("broker_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("opening_hours", sa.Text(), nullable=False),
        sa.Column("request_days", sa.Integer(), nullable=False),
        sa.Column("promise_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("mediation BETWEEN 1 AND 5", name=op.f("ck_municipality_mediation")),
        sa.CheckConstraint("promise_days BETWEEN 1 AND 30", name=op.f("ck_municipality_promise_days")),
        sa.CheckConstraint("request_days BETWEEN 7 AND 365", name=op.f("ck_municipality_request_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
    )
    op.create_table(
        "person",
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("pseudonym", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("do_not_ask", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("ledger.now()"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_person_pseudonym")),
    )
    op.create_table(
        "refused_access",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_access")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("draft_hash", sa.LargeBinary(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_email"), "sign_in_link", ["email"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_token")),
    )
    op.create_table(
        "border",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("neighbour_id", sa.Integer(), nullable=False),
        sa.Column("border_m", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_border_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["neighbour_id"], ["municipality.id"], name=op.f("fk_border_neighbour_id_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "neighbour_id", name=op.f("pk_border")),
    )
    op.create_table(
        "contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("email", postgresql.CITEXT(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("house_number", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("address_doubtful", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
        sa.UniqueConstraint("email", name=op.f("uq_contact_email")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_idempotency_key_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "operation", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "neighbourhood",
        sa.Column("pc4", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("percentage_65_plus", sa.Double(), nullable=False),
        sa.Column("percentage_75_plus", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_neighbourhood_municipality_id_municipality"),
        ),
        sa.PrimaryKeyConstraint("pc4", name=op.f("pk_neighbourhood")),
    )
    op.create_index(
        op.f("ix_neighbourhood_municipality_id"), "neighbourhood", ["municipality_id"], unique=False
    )
    op.create_table(
        "notice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_notice_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "person_id", "kind", "subject_id", "turn", name=op.f("uq_notice_person_id_kind_subject_id_turn")
        ),
    )
    op.create_index(op.f("ix_notice_municipality_id"), "notice", ["municipality_id"], unique=False)
    op.create_index(
        op.f("ix_notice_person_id_created_at"), "notice", ["person_id", "created_at"], unique=False
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "welfare",
                "care",
                "volunteers",
                "club",
                "school",
                "employer",
                "library",
                name="organisationkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("covenant_signed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('welfare', 'care', 'volunteers', 'club', 'school', 'employer', 'library')",
            name=op.f("ck_organisation_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_organisation_municipality_id_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(
        op.f("ix_organisation_municipality_id_name"),
        "organisation",
        ["municipality_id", "name"],
        unique=False,
    )
    op.create_table(
        "person_check",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("seen_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_person_check_period")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_person_check_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_check_person_id_person")),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["person.id"], name=op.f("fk_person_check_seen_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_check")),
    )
    op.create_index(op.f("ix_person_check_person_id"), "person_check", ["person_id"], unique=False)
    op.create_table(
        "professional",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kvk_number", sa.Text(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("rate_cents", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_professional_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_professional_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_professional")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("default_municipality_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_region_one_row")),
        sa.ForeignKeyConstraint(
            ["default_municipality_id"],
            ["municipality.id"],
            name=op.f("fk_region_default_municipality_id_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
    )
    op.create_table(
        "sharing",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("trust_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_sharing_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["municipality.id"], name=op.f("fk_sharing_partner_id_municipality")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "partner_id", name=op.f("pk_sharing")),
    )
    op.create_table(
        "state_event",
        sa.Column("other_municipality_id", sa.Integer(), nullable=True),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("parties", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_state_event_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["other_municipality_id"],
            ["municipality.id"],
            name=op.f("fk_state_event_other_municipality_id_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_event")),
    )
    op.create_index(op.f("ix_state_event_entity_id_at"), "state_event", ["entity_id", "at"], unique=False)
    op.create_index(
        op.f("ix_state_event_municipality_id_entity_after_at"),
        "state_event",
        ["municipality_id", "entity", "after", "at"],
        unique=False,
    )
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_person_id"), "web_session", ["person_id"], unique=False)
    op.create_table(
        "help_offer",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("category_numbers", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("skills", sa.Integer(), nullable=False),
        sa.Column("languages", sa.Integer(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("radius_km", sa.SmallInteger(), nullable=False),
        sa.Column("cross_border", sa.Boolean(), nullable=False),
        sa.Column("pc4", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "open", "paused", "withdrawn", name="status", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('dutch'::regconfig, plain(title || ' ' || body))", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "words", sa.Text(), sa.Computed("plain(title || ' ' || body)", persisted=True), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("status = 'open' OR NOT is_public", name=op.f("ck_help_offer_public_while_open")),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'paused', 'withdrawn')", name=op.f("ck_help_offer_status")
        ),
        sa.CheckConstraint(
            "cardinality(category_numbers) BETWEEN 1 AND 12", name=op.f("ck_help_offer_categories")
        ),
        sa.CheckConstraint("char_length(body) <= 4000", name=op.f("ck_help_offer_body")),
        sa.CheckConstraint("char_length(title) BETWEEN 1 AND 120", name=op.f("ck_help_offer_title")),
        sa.CheckConstraint(
            "minutes_per_week BETWEEN 15 AND 2400", name=op.f("ck_help_offer_minutes_per_week")
        ),
        sa.CheckConstraint("radius_km BETWEEN 1 AND 50", name=op.f("ck_help_offer_radius_km")),
        sa.CheckConstraint("slots BETWEEN 1 AND 268435455", name=op.f("ck_help_offer_slots")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_help_offer_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_help_offer_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["pc4"], ["neighbourhood.pc4"], name=op.f("fk_help_offer_pc4_neighbourhood")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_help_offer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_offer")),
    )
    op.create_index(
        op.f("ix_help_offer_municipality_id_status_posted_at"),
        "help_offer",
        ["municipality_id", "status", "posted_at"],
        unique=False,
    )
    op.create_index(op.f("ix_help_offer_person_id"), "help_offer", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_help_offer_search"), "help_offer", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_help_offer_words",
        "help_offer",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_table(
        "help_request",
        sa.Column(
            "reference",
            sa.Integer(),
            server_default=sa.text("nextval('help_request_reference')"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("broker_id", sa.Uuid(), nullable=True),
        sa.Column("category_number", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("roosjes", "zonder", "betaald", "cheque", name="kind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum("makelaar", "voorgesteld", "iedereen", name="visibility", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("skills", sa.Integer(), nullable=False),
        sa.Column("languages", sa.Integer(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "eenmalig",
                "wekelijks",
                "tweewekelijks",
                "maandelijks",
                name="frequency",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("at_time", sa.Time(), nullable=True),
        sa.Column("until_date", sa.Date(), nullable=True),
        sa.Column("helpers_wanted", sa.SmallInteger(), nullable=False),
        sa.Column("helpers_found", sa.SmallInteger(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("max_km", sa.SmallInteger(), nullable=False),
        sa.Column("cross_border", sa.Boolean(), nullable=False),
        sa.Column("pc4", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "open",
                "filled",
                "done",
                "paused",
                "referred",
                "expired",
                "withdrawn",
                "closed",
                name="status",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('dutch'::regconfig, plain(title || ' ' || body))", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "words", sa.Text(), sa.Computed("plain(title || ' ' || body)", persisted=True), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "frequency IN ('eenmalig', 'wekelijks', 'tweewekelijks', 'maandelijks')",
            name=op.f("ck_help_request_frequency"),
        ),
        sa.CheckConstraint(
            "kind IN ('roosjes', 'zonder', 'betaald', 'cheque')", name=op.f("ck_help_request_kind")
        ),
        sa.CheckConstraint(
            "status = 'open' OR NOT is_public", name=op.f("ck_help_request_public_while_open")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'open', 'filled', 'done', 'paused', 'referred', 'expired', 'withdrawn', 'closed')",
            name=op.f("ck_help_request_status"),
        ),
        sa.CheckConstraint(
            "visibility IN ('makelaar', 'voorgesteld', 'iedereen')", name=op.f("ck_help_request_visibility")
        ),
        sa.CheckConstraint("char_length(body) <= 4000", name=op.f("ck_help_request_body")),
        sa.CheckConstraint("char_length(title) BETWEEN 1 AND 120", name=op.f("ck_help_request_title")),
        sa.CheckConstraint(
            "helpers_found BETWEEN 0 AND helpers_wanted", name=op.f("ck_help_request_helpers_found")
        ),
        sa.CheckConstraint("helpers_wanted BETWEEN 1 AND 20", name=op.f("ck_help_request_helpers_wanted")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 2400", name=op.f("ck_help_request_minutes")),
        sa.CheckConstraint("slots BETWEEN 0 AND 268435455", name=op.f("ck_help_request_slots")),
        sa.CheckConstraint("urgency BETWEEN 0 AND 3", name=op.f("ck_help_request_urgency")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_help_request_author_id_person")),
        sa.ForeignKeyConstraint(["broker_id"], ["person.id"], name=op.f("fk_help_request_broker_id_person")),
        sa.ForeignKeyConstraint(
            ["category_number"], ["category.number"], name=op.f("fk_help_request_category_number_category")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_help_request_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["pc4"], ["neighbourhood.pc4"], name=op.f("fk_help_request_pc4_neighbourhood")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_help_request_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_help_request_reference")),
    )
    op.create_index(
        op.f("ix_help_request_municipality_id_status_posted_at"),
        "help_request",
        ["municipality_id", "status", "posted_at"],
        unique=False,
    )
    op.create_index(op.f("ix_help_request_person_id"), "help_request", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_help_request_search"), "help_request", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        op.f("ix_help_request_status_expires_at"), "help_request", ["status", "expires_at"], unique=False
    )
    op.create_index(
        "ix_help_request_words",
        "help_request",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("lives", "helps", "works", name="membershipkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("pc4", sa.Integer(), nullable=True),
        sa.Column("cell", sa.Integer(), nullable=True),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('lives', 'helps', 'works')", name=op.f("ck_membership_kind")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_membership_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(["pc4"], ["neighbourhood.pc4"], name=op.f("fk_membership_pc4_neighbourhood")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "municipality_id", "kind", name=op.f("pk_membership")),
    )
    op.create_index(
        op.f("ix_membership_municipality_id_kind"), "membership", ["municipality_id", "kind"], unique=False
    )
    op.create_table(
        "neighbourhood_span",
        sa.Column("pc4", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_neighbourhood_span_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["pc4"], ["neighbourhood.pc4"], name=op.f("fk_neighbourhood_span_pc4_neighbourhood")
        ),
        sa.PrimaryKeyConstraint("pc4", "municipality_id", name=op.f("pk_neighbourhood_span")),
    )
    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "organisation_member",
                "organisation_administrator",
                "referrer",
                "broker",
                "treasurer",
                "privacy_officer",
                "municipality_administrator",
                "region_administrator",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "given_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "municipality_id IS NOT NULL OR role = 'region_administrator'",
            name=op.f("ck_role_grant_region_only"),
        ),
        sa.CheckConstraint(
            "role IN ('member', 'organisation_member', 'organisation_administrator', 'referrer', 'broker', 'treasurer', 'privacy_officer', 'municipality_administrator', 'region_administrator')",
            name=op.f("ck_role_grant_role"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_role_grant_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_role_grant_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_person_id"), "role_grant", ["person_id"], unique=False)
    op.create_table(
        "case_note",
        sa.Column("help_request_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("note", "call", "visit", name="notekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('note', 'call', 'visit')", name=op.f("ck_case_note_kind")),
        sa.CheckConstraint("char_length(text) <= 4000", name=op.f("ck_case_note_text")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_case_note_author_id_person")),
        sa.ForeignKeyConstraint(
            ["help_request_id"], ["help_request.id"], name=op.f("fk_case_note_help_request_id_help_request")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_case_note_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    op.create_index(
        op.f("ix_case_note_help_request_id_at"), "case_note", ["help_request_id", "at"], unique=False
    )
    op.create_index(op.f("ix_case_note_municipality_id"), "case_note", ["municipality_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("helper_municipality_id", sa.Integer(), nullable=False),
        sa.Column("help_request_id", sa.Uuid(), nullable=False),
        sa.Column("help_offer_id", sa.Uuid(), nullable=True),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("engine", "broker", "helper", name="origin", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "willing",
                "meeting",
                "agreed",
                "declined",
                "passed",
                "full",
                "expired",
                "withdrawn",
                name="status",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("distance_m", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("code_word", sa.Text(), nullable=False),
        sa.Column("meeting_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("origin IN ('engine', 'broker', 'helper')", name=op.f("ck_proposal_origin")),
        sa.CheckConstraint(
            "status IN ('proposed', 'willing', 'meeting', 'agreed', 'declined', 'passed', 'full', 'expired', 'withdrawn')",
            name=op.f("ck_proposal_status"),
        ),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_proposal_asker_id_person")),
        sa.ForeignKeyConstraint(
            ["help_offer_id"], ["help_offer.id"], name=op.f("fk_proposal_help_offer_id_help_offer")
        ),
        sa.ForeignKeyConstraint(
            ["help_request_id"], ["help_request.id"], name=op.f("fk_proposal_help_request_id_help_request")
        ),
        sa.ForeignKeyConstraint(["helper_id"], ["person.id"], name=op.f("fk_proposal_helper_id_person")),
        sa.ForeignKeyConstraint(
            ["helper_municipality_id"],
            ["municipality.id"],
            name=op.f("fk_proposal_helper_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_proposal_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "help_request_id", "helper_id", name=op.f("uq_proposal_help_request_id_helper_id")
        ),
    )
    op.create_index(op.f("ix_proposal_asker_id"), "proposal", ["asker_id"], unique=False)
    op.create_index(op.f("ix_proposal_help_offer_id"), "proposal", ["help_offer_id"], unique=False)
    op.create_index(op.f("ix_proposal_helper_id_status"), "proposal", ["helper_id", "status"], unique=False)
    op.create_index(
        op.f("ix_proposal_helper_municipality_id_status"),
        "proposal",
        ["helper_municipality_id", "status"],
        unique=False,
    )
    op.create_index(
        op.f("ix_proposal_municipality_id_status"), "proposal", ["municipality_id", "status"], unique=False
    )
    op.create_table(
        "agreement",
        sa.Column("helper_municipality_id", sa.Integer(), nullable=False),
        sa.Column("help_request_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("roosjes", "zonder", "betaald", "cheque", name="kind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum(
                "eenmalig",
                "wekelijks",
                "tweewekelijks",
                "maandelijks",
                name="frequency",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column(
            "arranged_by",
            sa.Enum("asker", "broker", name="arrangedby", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("arranged_by_id", sa.Uuid(), nullable=False),
        sa.Column("contract_seen", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "done", "cancelled", name="status", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("arranged_by IN ('asker', 'broker')", name=op.f("ck_agreement_arranged_by")),
        sa.CheckConstraint(
            "frequency IN ('eenmalig', 'wekelijks', 'tweewekelijks', 'maandelijks')",
            name=op.f("ck_agreement_frequency"),
        ),
        sa.CheckConstraint(
            "kind IN ('roosjes', 'zonder', 'betaald', 'cheque')", name=op.f("ck_agreement_kind")
        ),
        sa.CheckConstraint("status IN ('active', 'done', 'cancelled')", name=op.f("ck_agreement_status")),
        sa.CheckConstraint("asker_id <> helper_id", name=op.f("ck_agreement_two_people")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 2400", name=op.f("ck_agreement_minutes")),
        sa.ForeignKeyConstraint(
            ["arranged_by_id"], ["person.id"], name=op.f("fk_agreement_arranged_by_id_person")
        ),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_agreement_asker_id_person")),
        sa.ForeignKeyConstraint(
            ["help_request_id"], ["help_request.id"], name=op.f("fk_agreement_help_request_id_help_request")
        ),
        sa.ForeignKeyConstraint(["helper_id"], ["person.id"], name=op.f("fk_agreement_helper_id_person")),
        sa.ForeignKeyConstraint(
            ["helper_municipality_id"],
            ["municipality.id"],
            name=op.f("fk_agreement_helper_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_agreement_municipality_id_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_agreement_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_agreement_proposal_id")),
    )
    op.create_index(op.f("ix_agreement_asker_id_status"), "agreement", ["asker_id", "status"], unique=False)
    op.create_index(op.f("ix_agreement_help_request_id"), "agreement", ["help_request_id"], unique=False)
    op.create_index(op.f("ix_agreement_helper_id_status"), "agreement", ["helper_id", "status"], unique=False)
    op.create_index(
        op.f("ix_agreement_helper_municipality_id_status"),
        "agreement",
        ["helper_municipality_id", "status"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agreement_municipality_id_status"), "agreement", ["municipality_id", "status"], unique=False
    )
    op.create_table(
        "occurrence",
        sa.Column("helper_municipality_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("roosjes", "zonder", "betaald", "cheque", name="kind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("done_minutes", sa.Integer(), nullable=True),
        sa.Column("late_cancel", sa.Boolean(), nullable=False),
        sa.Column("thanks", sa.Text(), nullable=False),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "agreed",
                "helped",
                "received",
                "disputed",
                "done",
                "cancelled",
                "no_show",
                name="occurrencestatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("ledger.now()"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("helper_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("status IN ('agreed', 'helped', 'received')"),
            using="gist",
            name="ex_occurrence_helper_at_two_places",
        ),
        sa.CheckConstraint(
            "(hold_id IS NOT NULL) = (kind = 'roosjes' AND status <> 'planned') OR status IN ('cancelled', 'no_show')",
            name=op.f("ck_occurrence_hold"),
        ),
        sa.CheckConstraint(
            "kind IN ('roosjes', 'zonder', 'betaald', 'cheque')", name=op.f("ck_occurrence_kind")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'agreed', 'helped', 'received', 'disputed', 'done', 'cancelled', 'no_show')",
            name=op.f("ck_occurrence_status"),
        ),
        sa.CheckConstraint(
            "done_minutes IS NULL OR done_minutes BETWEEN 1 AND 2400", name=op.f("ck_occurrence_done_minutes")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occurrence_period")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 2400", name=op.f("ck_occurrence_minutes")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_occurrence_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["asker_id"], ["person.id"], name=op.f("fk_occurrence_asker_id_person")),
        sa.ForeignKeyConstraint(["helper_id"], ["person.id"], name=op.f("fk_occurrence_helper_id_person")),
        sa.ForeignKeyConstraint(
            ["helper_municipality_id"],
            ["municipality.id"],
            name=op.f("fk_occurrence_helper_municipality_id_municipality"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_occurrence_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
    )
    op.create_index(
        op.f("ix_occurrence_agreement_id_starts_at"),
        "occurrence",
        ["agreement_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_occurrence_asker_id_starts_at"), "occurrence", ["asker_id", "starts_at"], unique=False
    )
    op.create_index(
        op.f("ix_occurrence_helper_id_starts_at"), "occurrence", ["helper_id", "starts_at"], unique=False
    )
    op.create_index(
        op.f("ix_occurrence_helper_municipality_id_status_starts_at"),
        "occurrence",
        ["helper_municipality_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_occurrence_municipality_id_status_starts_at"),
        "occurrence",
        ["municipality_id", "status", "starts_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_occurrence_municipality_id_status_starts_at"), table_name="occurrence")
    op.drop_index(op.f("ix_occurrence_helper_municipality_id_status_starts_at"), table_name="occurrence")
    op.drop_index(op.f("ix_occurrence_helper_id_starts_at"), table_name="occurrence")
    op.drop_index(op.f("ix_occurrence_asker_id_starts_at"), table_name="occurrence")
    op.drop_index(op.f("ix_occurrence_agreement_id_starts_at"), table_name="occurrence")
    op.drop_table("occurrence")
    op.drop_index(op.f("ix_agreement_municipality_id_status"), table_name="agreement")
    op.drop_index(op.f("ix_agreement_helper_municipality_id_status"), table_name="agreement")
    op.drop_index(op.f("ix_agreement_helper_id_status"), table_name="agreement")
    op.drop_index(op.f("ix_agreement_help_request_id"), table_name="agreement")
    op.drop_index(op.f("ix_agreement_asker_id_status"), table_name="agreement")
    op.drop_table("agreement")
    op.drop_index(op.f("ix_proposal_municipality_id_status"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_helper_municipality_id_status"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_helper_id_status"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_help_offer_id"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_asker_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(op.f("ix_case_note_municipality_id"), table_name="case_note")
    op.drop_index(op.f("ix_case_note_help_request_id_at"), table_name="case_note")
    op.drop_table("case_note")
    op.drop_index(op.f("ix_role_grant_person_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_table("neighbourhood_span")
    op.drop_index(op.f("ix_membership_municipality_id_kind"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(
        "ix_help_request_words",
        table_name="help_request",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_help_request_status_expires_at"), table_name="help_request")
    op.drop_index(op.f("ix_help_request_search"), table_name="help_request", postgresql_using="gin")
    op.drop_index(op.f("ix_help_request_person_id"), table_name="help_request")
    op.drop_index(op.f("ix_help_request_municipality_id_status_posted_at"), table_name="help_request")
    op.drop_table("help_request")
    op.drop_index(
        "ix_help_offer_words",
        table_name="help_offer",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_help_offer_search"), table_name="help_offer", postgresql_using="gin")
    op.drop_index(op.f("ix_help_offer_person_id"), table_name="help_offer")
    op.drop_index(op.f("ix_help_offer_municipality_id_status_posted_at"), table_name="help_offer")
    op.drop_table("help_offer")
    op.drop_index(op.f("ix_web_session_person_id"), table_name="web_session")
    op.drop_table("web_session")
    op.drop_index(op.f("ix_state_event_municipality_id_entity_after_at"), table_name="state_event")
    op.drop_index(op.f("ix_state_event_entity_id_at"), table_name="state_event")
    op.drop_table("state_event")
    op.drop_table("sharing")
    op.drop_table("region")
    op.drop_table("professional")
    op.drop_index(op.f("ix_person_check_person_id"), table_name="person_check")
    op.drop_table("person_check")
    op.drop_index(op.f("ix_organisation_municipality_id_name"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_notice_person_id_created_at"), table_name="notice")
    op.drop_index(op.f("ix_notice_municipality_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_neighbourhood_municipality_id"), table_name="neighbourhood")
    op.drop_table("neighbourhood")
    op.drop_table("idempotency_key")
    op.drop_table("contact")
    op.drop_table("border")
    op.drop_table("api_token")
    op.drop_index(op.f("ix_sign_in_link_email"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_table("refused_access")
    op.drop_table("person")
    op.drop_table("municipality")
    op.drop_table("category")
    op.drop_index(op.f("ix_attempt_rule_subject_at"), table_name="attempt")
    op.drop_table("attempt")
    op.drop_table("ask_draft")
    op.execute("DROP SEQUENCE help_request_reference")
