-- Consent, by the version of its text; taken back it is dated, and given again it is a new row.
CREATE TABLE consent (
    person_id UUID NOT NULL,
    purpose VARCHAR(32) NOT NULL,
    version SMALLINT NOT NULL,
    way VARCHAR(32) NOT NULL,
    recorded_by_id UUID NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (id),
    CONSTRAINT ck_consent_purpose CHECK (purpose IN ('voorstellen', 'over-de-grens', 'gevoelig', 'tips', 'jong-helpen')),
    CONSTRAINT ck_consent_way CHECK (way IN ('schriftelijk', 'mondeling', 'site')),
    CONSTRAINT ck_consent_version CHECK (version >= 1),
    CONSTRAINT ck_consent_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)),
    CONSTRAINT ck_consent_said CHECK (given_at IS NOT NULL OR withdrawn_at IS NOT NULL),
    CONSTRAINT fk_consent_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_consent_recorded_by_id_person FOREIGN KEY(recorded_by_id) REFERENCES person (id),
    CONSTRAINT fk_consent_withdrawn_by_id_person FOREIGN KEY(withdrawn_by_id) REFERENCES person (id),
    CONSTRAINT fk_consent_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_consent_municipality_id ON consent (municipality_id);
CREATE INDEX ix_consent_person_id_purpose ON consent (person_id, purpose);
CREATE UNIQUE INDEX uq_consent_live ON consent (person_id, purpose) WHERE withdrawn_at IS NULL;

-- What somebody took back and did not give again.
CREATE FUNCTION refuses(person uuid, what text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (SELECT FROM consent c WHERE c.person_id = person AND c.purpose = what)
           AND NOT EXISTS (SELECT FROM consent c WHERE c.person_id = person AND c.purpose = what AND c.withdrawn_at IS NULL)
    $$;

-- Whatever the program does: no offer is open and nothing crosses a border against what somebody said, and what a
-- sensitive question tells is never there for everybody. The change log takes it from here to every index.
CREATE FUNCTION keep_offer_to_consent() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.status = 'open' AND (refuses(NEW.person_id, 'voorstellen') OR refuses(NEW.person_id, 'jong-helpen')) THEN
        RAISE EXCEPTION 'consent to be proposed was taken back' USING ERRCODE = 'check_violation', CONSTRAINT = 'consent';
    END IF;
    IF NEW.cross_border AND refuses(NEW.person_id, 'over-de-grens') THEN
        NEW.cross_border := false;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION keep_request_to_consent() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM category c WHERE c.number = NEW.category_number AND c.sensitive) THEN
        NEW.is_public := false;
        IF NEW.status = 'open' AND refuses(NEW.person_id, 'gevoelig') THEN
            RAISE EXCEPTION 'consent for sensitive facts was taken back' USING ERRCODE = 'check_violation', CONSTRAINT = 'consent';
        END IF;
    END IF;
    IF NEW.cross_border AND refuses(NEW.person_id, 'over-de-grens') THEN
        NEW.cross_border := false;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consent BEFORE INSERT OR UPDATE OF status, cross_border, person_id ON help_offer
    FOR EACH ROW EXECUTE FUNCTION keep_offer_to_consent();
CREATE TRIGGER consent BEFORE INSERT OR UPDATE OF status, cross_border, is_public, category_number, person_id ON help_request
    FOR EACH ROW EXECUTE FUNCTION keep_request_to_consent();

-- A parent took back that their child may help. Whoever acts for another sees no offer of theirs, so it is paused here.
CREATE FUNCTION pause_child() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH paused AS (
            UPDATE help_offer SET status = 'paused', is_public = false, version = version + 1
            WHERE status = 'open' AND person_id = (acting_under()).represented_id
              AND (acting_under()).kind = 'wettelijk vertegenwoordiger'
            RETURNING *
        )
        INSERT INTO state_event (id, municipality_id, entity, entity_id, before, after, by_person_id, reason, parties)
        SELECT gen_random_uuid(), municipality_id, 'help_offer', id, 'open', 'paused', actor_hand(), 'consent-withdrawn',
               ARRAY[person_id]
        FROM paused
    $$;

-- A copy of one's own data: made when it is fetched, once, within a day.
CREATE TABLE data_export (
    person_id UUID NOT NULL,
    reference TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_data_export PRIMARY KEY (id),
    CONSTRAINT fk_data_export_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_data_export_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_data_export_person_id ON data_export (person_id);
CREATE INDEX ix_data_export_municipality_id ON data_export (municipality_id);

-- That somebody was forgotten: when, how, and how much. A hash of the key finds them again in a backup that is put back.
CREATE TABLE erasure (
    reference TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    way VARCHAR(32) NOT NULL,
    person_hash BYTEA NOT NULL,
    counts JSONB NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_erasure PRIMARY KEY (id),
    CONSTRAINT uq_erasure_reference UNIQUE (reference),
    CONSTRAINT ck_erasure_way CHECK (way IN ('zelf', 'bureau', 'termijn')),
    CONSTRAINT fk_erasure_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_erasure_municipality_id_at ON erasure (municipality_id, at);

ALTER TABLE person ADD COLUMN forgotten_at TIMESTAMP WITH TIME ZONE;
-- A file about safety outlives a wish to be forgotten, until its term by law; its officer still knows whom it is about.
ALTER TABLE safety_file ADD COLUMN name TEXT DEFAULT '' NOT NULL;

-- How long each kind is kept, where a municipality chose otherwise; and what came of it, each night.
CREATE TABLE retention_term (
    municipality_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    days INTEGER NOT NULL,
    set_by_id UUID,
    set_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    CONSTRAINT pk_retention_term PRIMARY KEY (municipality_id, kind),
    CONSTRAINT ck_retention_term_days CHECK (days BETWEEN 1 AND 36500),
    CONSTRAINT fk_retention_term_set_by_id_person FOREIGN KEY(set_by_id) REFERENCES person (id),
    CONSTRAINT fk_retention_term_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE TABLE retention_run (
    kind TEXT NOT NULL,
    days INTEGER NOT NULL,
    before TIMESTAMP WITH TIME ZONE NOT NULL,
    looked_at INTEGER NOT NULL,
    done INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_retention_run PRIMARY KEY (id),
    CONSTRAINT ck_retention_run_done CHECK (done BETWEEN 0 AND looked_at),
    CONSTRAINT fk_retention_run_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_retention_run_municipality_id_at ON retention_run (municipality_id, at);

-- The register of the code, as the database needs it to forget somebody: loaded at each migration.
CREATE TABLE data_table (
    name TEXT NOT NULL,
    place INTEGER NOT NULL,
    own TEXT[] NOT NULL,
    linked TEXT[] NOT NULL,
    follow BOOLEAN NOT NULL,
    goes BOOLEAN NOT NULL,
    CONSTRAINT pk_data_table PRIMARY KEY (name)
);
CREATE TABLE data_column (
    table_name TEXT NOT NULL,
    name TEXT NOT NULL,
    fate TEXT NOT NULL,
    words BOOLEAN NOT NULL,
    CONSTRAINT pk_data_column PRIMARY KEY (table_name, name),
    CONSTRAINT ck_data_column_fate CHECK (fate IN ('keep', 'empty', 'gone', 'null')),
    CONSTRAINT fk_data_column_table_name_data_table FOREIGN KEY(table_name) REFERENCES data_table (name) ON DELETE CASCADE
);

ALTER TABLE consent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE data_export ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE erasure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE retention_term ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE retention_run ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE data_table ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE data_column ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON consent TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON data_export TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON erasure TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON retention_term TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON retention_run TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON data_table TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON data_column TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY tenant ON consent TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR person_id = (SELECT actor_person())
);
CREATE POLICY own ON data_export TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY tenant ON erasure FOR SELECT TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON retention_term TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY tenant ON retention_run TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
GRANT SELECT, INSERT ON consent TO {application};
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON consent TO {application};
GRANT SELECT, INSERT ON data_export TO {application};
GRANT UPDATE (fetched_at) ON data_export TO {application};
GRANT SELECT ON erasure TO {application};
GRANT SELECT, INSERT, UPDATE ON retention_term TO {application};
GRANT SELECT, INSERT ON retention_run TO {application};
REVOKE EXECUTE ON FUNCTION refuses(uuid, text), pause_child() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refuses(uuid, text), pause_child() TO {application};
