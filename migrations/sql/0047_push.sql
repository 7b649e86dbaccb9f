-- Browsers that somebody asked to show that there is something for them, and per group whether they do.

ALTER TABLE notice_wish ADD COLUMN push BOOLEAN DEFAULT false NOT NULL;
GRANT UPDATE (push) ON notice_wish TO {application};

CREATE TABLE push_device (
    person_id UUID NOT NULL,
    endpoint TEXT NOT NULL,
    mark BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    auth BYTEA NOT NULL,
    server_key BYTEA NOT NULL,
    name TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    shown_at TIMESTAMP WITH TIME ZONE,
    refusals SMALLINT DEFAULT 0 NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_push_device PRIMARY KEY (id),
    CONSTRAINT uq_push_device_mark UNIQUE (mark),
    CONSTRAINT ck_push_device_endpoint CHECK (char_length(endpoint) BETWEEN 10 AND 1000),
    CONSTRAINT ck_push_device_mark CHECK (octet_length(mark) = 32),
    CONSTRAINT ck_push_device_sealing CHECK (octet_length(public_key) = 65 AND octet_length(auth) = 16),
    CONSTRAINT ck_push_device_server_key CHECK (octet_length(server_key) = 65),
    CONSTRAINT ck_push_device_name CHECK (char_length(name) <= 60),
    CONSTRAINT ck_push_device_refusals CHECK (refusals BETWEEN 0 AND 100),
    CONSTRAINT fk_push_device_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_push_device_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_push_device_person_id ON push_device (person_id);
CREATE INDEX ix_push_device_municipality_id ON push_device (municipality_id);

ALTER TABLE push_device ENABLE ROW LEVEL SECURITY;
ALTER TABLE push_device FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON push_device TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY own ON push_device TO {application} USING (person_id = (SELECT actor_person()));
-- The worker has no person and the reach of all; no desk knows where somebody reads us.
CREATE POLICY worker ON push_device TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    AND nullif(current_setting('app.person_id', true), '') IS NULL
);

-- One browser shows the notices of one person: whoever asks for it there last. Its address is a secret of that browser.
CREATE FUNCTION leave_push_device(device bytea) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        DELETE FROM push_device WHERE mark = device AND person_id <> actor_person()
            AND actor_person() IS NOT NULL AND NOT is_acting()
    $$;
COMMENT ON FUNCTION leave_push_device(bytea) IS 'ends what others asked for in the browser that the actor uses now';
REVOKE EXECUTE ON FUNCTION leave_push_device(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leave_push_device(bytea) TO {application};

GRANT SELECT, INSERT, DELETE ON push_device TO {application};
GRANT UPDATE (shown_at, refusals) ON push_device TO {application};
