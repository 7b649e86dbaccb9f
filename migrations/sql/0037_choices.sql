-- Answers of Help mij kiezen that somebody wants to find again: their own, of no desk, for a year.
-- Themes and options stand there as codes; what could give away somebody in danger is never among them.
CREATE TABLE kept_choices (
    person_id UUID NOT NULL,
    codes TEXT[] NOT NULL,
    kept_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_kept_choices PRIMARY KEY (id),
    CONSTRAINT ck_kept_choices_codes CHECK (cardinality(codes) BETWEEN 1 AND 300),
    CONSTRAINT ck_kept_choices_term CHECK (expires_at > kept_at),
    CONSTRAINT uq_kept_choices_person_id_codes UNIQUE (person_id, codes),
    CONSTRAINT fk_kept_choices_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_kept_choices_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_kept_choices_municipality_id ON kept_choices (municipality_id);
CREATE INDEX ix_kept_choices_expires_at ON kept_choices (expires_at);

ALTER TABLE kept_choices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON kept_choices TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY own ON kept_choices TO {application} USING (person_id = (SELECT actor_person()));
GRANT SELECT, INSERT, DELETE ON kept_choices TO {application};
GRANT UPDATE (kept_at, expires_at) ON kept_choices TO {application};

-- The nights' work: a year is over.
CREATE FUNCTION forget_choices() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DELETE FROM kept_choices WHERE expires_at <= ledger.now();
$$;
REVOKE EXECUTE ON FUNCTION forget_choices() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_choices() TO {application};
