-- Figures of a municipality and of the region, as they may be shown. The application adds a release and never changes
-- one: what is told a second time, with somebody erased in between, tells who that was.

ALTER TABLE region ADD COLUMN reports_since DATE;
ALTER TABLE municipality ADD COLUMN hour_cents INTEGER, ADD COLUMN hour_source TEXT DEFAULT '' NOT NULL, ADD COLUMN paid_only SMALLINT[] DEFAULT '{}' NOT NULL, ADD COLUMN closed_categories SMALLINT[] DEFAULT '{}' NOT NULL;
ALTER TABLE municipality ADD CONSTRAINT ck_municipality_hour_value CHECK ((hour_cents IS NULL) = (hour_source = '') AND hour_cents BETWEEN 100 AND 10000) NOT VALID;
ALTER TABLE municipality VALIDATE CONSTRAINT ck_municipality_hour_value;

CREATE TABLE report_release (
    span VARCHAR(32) NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,
    figures JSONB NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_report_release PRIMARY KEY (id),
    CONSTRAINT ck_report_release_span CHECK (span IN ('month', 'half')),
    CONSTRAINT ck_report_release_term CHECK (until > since),
    CONSTRAINT uq_report_release_municipality_id_span_since UNIQUE (municipality_id, span, since),
    CONSTRAINT fk_report_release_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE TABLE region_release (
    since DATE NOT NULL,
    until DATE NOT NULL,
    figures JSONB NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    CONSTRAINT pk_region_release PRIMARY KEY (id),
    CONSTRAINT ck_region_release_term CHECK (until > since),
    CONSTRAINT uq_region_release_since UNIQUE (since)
);

CREATE TABLE factlab (
    made_by_id UUID NOT NULL,
    title TEXT NOT NULL,
    partners TEXT[] NOT NULL,
    figures JSONB,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_factlab PRIMARY KEY (id),
    CONSTRAINT ck_factlab_title CHECK (char_length(title) BETWEEN 1 AND 120),
    CONSTRAINT ck_factlab_partners CHECK (cardinality(partners) BETWEEN 2 AND 6),
    CONSTRAINT ck_factlab_linked CHECK ((linked_at IS NULL) = (figures IS NULL)),
    CONSTRAINT fk_factlab_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_factlab_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_factlab_municipality_id_created_at ON factlab (municipality_id, created_at);

CREATE TABLE panel_point (
    made_by_id UUID NOT NULL,
    title TEXT NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    said_on DATE NOT NULL,
    keeper TEXT DEFAULT '' NOT NULL,
    due_on DATE,
    outcome TEXT DEFAULT '' NOT NULL,
    status VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_panel_point PRIMARY KEY (id),
    CONSTRAINT ck_panel_point_status CHECK (status IN ('open', 'taken_up', 'done', 'declined')),
    CONSTRAINT ck_panel_point_title CHECK (char_length(title) BETWEEN 1 AND 120),
    CONSTRAINT ck_panel_point_body CHECK (char_length(body) <= 2000),
    CONSTRAINT ck_panel_point_taken_up CHECK ((status = 'taken_up') <= (keeper <> '' AND due_on IS NOT NULL)),
    CONSTRAINT ck_panel_point_answered CHECK ((status IN ('done', 'declined')) = (ended_at IS NOT NULL) AND (status IN ('done', 'declined')) <= (outcome <> '')),
    CONSTRAINT fk_panel_point_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_panel_point_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_panel_point_municipality_id_status ON panel_point (municipality_id, status);

CREATE TABLE settings_version (
    made_by_id UUID,
    number INTEGER NOT NULL,
    settings JSONB NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_settings_version PRIMARY KEY (id),
    CONSTRAINT uq_settings_version_municipality_id_number UNIQUE (municipality_id, number),
    CONSTRAINT fk_settings_version_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_settings_version_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE TABLE settings_template (
    made_by_id UUID NOT NULL,
    title TEXT NOT NULL,
    why TEXT NOT NULL,
    settings JSONB NOT NULL,
    is_public BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_settings_template PRIMARY KEY (id),
    CONSTRAINT ck_settings_template_title CHECK (char_length(title) BETWEEN 1 AND 120),
    CONSTRAINT ck_settings_template_why CHECK (char_length(why) BETWEEN 1 AND 1000),
    CONSTRAINT fk_settings_template_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_settings_template_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_settings_template_municipality_id_created_at ON settings_template (municipality_id, created_at);

CREATE TABLE import_run (
    made_by_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    fingerprint TEXT NOT NULL,
    is_rehearsal BOOLEAN NOT NULL,
    lines INTEGER NOT NULL,
    taken_over INTEGER NOT NULL,
    known_already INTEGER NOT NULL,
    faults JSONB NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_import_run PRIMARY KEY (id),
    CONSTRAINT ck_import_run_kind CHECK (kind IN ('people', 'offers', 'organisations')),
    CONSTRAINT ck_import_run_counts CHECK (taken_over >= 0 AND known_already >= 0 AND taken_over + known_already <= lines),
    CONSTRAINT fk_import_run_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_import_run_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_import_run_municipality_id_made_at ON import_run (municipality_id, made_at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['report_release', 'region_release', 'factlab', 'panel_point', 'settings_version',
        'settings_template', 'import_run'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

CREATE POLICY tenant ON report_release TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON factlab TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON panel_point TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON settings_version TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON settings_template TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON import_run TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
-- Who has a desk anywhere may take over what another municipality shares.
CREATE POLICY shared ON settings_template FOR SELECT TO {application} USING (is_public AND cardinality((SELECT actor_reach())::integer[]) > 0);
-- Sums of the region name no municipality whose own count is small; who has a desk anywhere reads them.
CREATE POLICY desks ON region_release TO {application} USING (cardinality((SELECT actor_reach())::integer[]) > 0);
-- What is told of a month or a half year is counted by the worker: no desk writes its own figures, or the region's.
CREATE POLICY counted ON report_release AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (nullif(current_setting('app.person_id', true), '') IS NULL);
CREATE POLICY counted ON region_release AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (nullif(current_setting('app.person_id', true), '') IS NULL);

GRANT SELECT, INSERT ON report_release, region_release, settings_version, import_run TO {application};
GRANT SELECT, INSERT, DELETE ON settings_template TO {application};
GRANT SELECT, INSERT ON factlab TO {application};
-- What was counted is written once; who took part is not changed afterwards.
GRANT UPDATE (figures, linked_at) ON factlab TO {application};
GRANT SELECT, INSERT ON panel_point TO {application};
GRANT UPDATE (keeper, due_on, outcome, status, ended_at, version) ON panel_point TO {application};
-- A municipality takes part when the region's administrator says so, in their own name; true when it does.
CREATE FUNCTION let_join(wanted integer) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF acting_administrator() IS NULL OR NOT EXISTS (
        SELECT FROM role_grant g JOIN person p ON p.id = g.person_id
        WHERE g.person_id = acting_administrator() AND p.disabled_at IS NULL AND g.role = 'region_administrator'
    ) THEN
        RETURN false;
    END IF;
    UPDATE municipality SET joined = true
    WHERE id = wanted AND EXISTS (SELECT FROM neighbourhood n WHERE n.municipality_id = wanted);
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION let_join(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION let_join(integer) TO {application};
