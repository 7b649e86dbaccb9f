-- Figures of a municipality and of the region, as they may be shown. The application adds a release and never changes
-- one: what is told a second time, with somebody erased in between, tells who that was.

ALTER TABLE region ADD COLUMN reports_since DATE;
ALTER TABLE municipality ADD COLUMN hour_cents INTEGER, ADD COLUMN hour_source TEXT DEFAULT '' NOT NULL;
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

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['report_release', 'region_release'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

CREATE POLICY tenant ON report_release TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
-- Sums of the region name no municipality whose own count is small; who has a desk anywhere reads them.
CREATE POLICY desks ON region_release TO {application} USING (cardinality((SELECT actor_reach())::integer[]) > 0);

GRANT SELECT, INSERT ON report_release, region_release TO {application};
COMMENT ON TABLE report_release IS 'Figures of a municipality over a month or half a year, told once';
COMMENT ON TABLE region_release IS 'Help between municipalities over half a year, told once';
