-- What members do with Roosjes by hand: a number to give to, words with a gift, questions about a line, and what a
-- makelaar is shown of the books.
CREATE TABLE giving_code (
    person_id UUID NOT NULL,
    code TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    CONSTRAINT pk_giving_code PRIMARY KEY (person_id),
    CONSTRAINT uq_giving_code_code UNIQUE (code),
    CONSTRAINT fk_giving_code_person_id_person FOREIGN KEY (person_id) REFERENCES person (id)
);
CREATE TABLE roosjes_note (
    other_municipality_id INTEGER,
    from_id UUID NOT NULL,
    to_id UUID,
    key TEXT NOT NULL,
    salt BYTEA NOT NULL,
    note_hash BYTEA NOT NULL,
    text TEXT NOT NULL,
    about TEXT NOT NULL,
    question_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_roosjes_note PRIMARY KEY (id),
    CONSTRAINT uq_roosjes_note_from_id_key UNIQUE (from_id, key),
    CONSTRAINT uq_roosjes_note_note_hash UNIQUE (note_hash),
    CONSTRAINT uq_roosjes_note_question_id UNIQUE (question_id),
    CONSTRAINT ck_roosjes_note_text CHECK (char_length(text) <= 400),
    CONSTRAINT ck_roosjes_note_note_hash CHECK (octet_length(note_hash) = 32),
    CONSTRAINT fk_roosjes_note_other_municipality_id_municipality FOREIGN KEY (other_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_roosjes_note_from_id_person FOREIGN KEY (from_id) REFERENCES person (id),
    CONSTRAINT fk_roosjes_note_to_id_person FOREIGN KEY (to_id) REFERENCES person (id),
    CONSTRAINT fk_roosjes_note_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_roosjes_note_to_id ON roosjes_note (to_id);
CREATE INDEX ix_roosjes_note_municipality_id ON roosjes_note (municipality_id);
CREATE TABLE line_question (
    other_municipality_id INTEGER,
    transfer_id BIGINT NOT NULL,
    asked_by_id UUID NOT NULL,
    other_id UUID,
    minutes INTEGER NOT NULL,
    line TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    words TEXT NOT NULL,
    answer TEXT NOT NULL,
    status VARCHAR(32) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by_id UUID,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_line_question PRIMARY KEY (id),
    CONSTRAINT uq_line_question_transfer_id UNIQUE (transfer_id),
    CONSTRAINT ck_line_question_status CHECK (status IN ('open', 'corrected', 'explained')),
    CONSTRAINT ck_line_question_words CHECK (char_length(words) BETWEEN 1 AND 400),
    CONSTRAINT ck_line_question_answered CHECK ((status = 'open') = (answered_at IS NULL)),
    CONSTRAINT fk_line_question_other_municipality_id_municipality FOREIGN KEY (other_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_line_question_asked_by_id_person FOREIGN KEY (asked_by_id) REFERENCES person (id),
    CONSTRAINT fk_line_question_other_id_person FOREIGN KEY (other_id) REFERENCES person (id),
    CONSTRAINT fk_line_question_answered_by_id_person FOREIGN KEY (answered_by_id) REFERENCES person (id),
    CONSTRAINT fk_line_question_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_line_question_municipality_id_status ON line_question (municipality_id, status);
CREATE INDEX ix_line_question_asked_by_id ON line_question (asked_by_id);
CREATE INDEX ix_line_question_other_id ON line_question (other_id);
CREATE TABLE roosjes_signal (
    other_municipality_id INTEGER,
    kind VARCHAR(32) NOT NULL,
    person_id UUID NOT NULL,
    other_id UUID,
    since DATE NOT NULL,
    minutes INTEGER NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE,
    seen_by_id UUID,
    remark TEXT NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_roosjes_signal PRIMARY KEY (id),
    CONSTRAINT uq_roosjes_signal_kind_person_id_other_id_since
        UNIQUE NULLS NOT DISTINCT (kind, person_id, other_id, since),
    CONSTRAINT ck_roosjes_signal_kind CHECK (kind IN ('back_and_forth', 'long_day', 'one_household')),
    CONSTRAINT ck_roosjes_signal_remark CHECK (char_length(remark) <= 400),
    CONSTRAINT fk_roosjes_signal_other_municipality_id_municipality FOREIGN KEY (other_municipality_id) REFERENCES municipality (id),
    CONSTRAINT fk_roosjes_signal_person_id_person FOREIGN KEY (person_id) REFERENCES person (id),
    CONSTRAINT fk_roosjes_signal_other_id_person FOREIGN KEY (other_id) REFERENCES person (id),
    CONSTRAINT fk_roosjes_signal_seen_by_id_person FOREIGN KEY (seen_by_id) REFERENCES person (id),
    CONSTRAINT fk_roosjes_signal_municipality_id_municipality FOREIGN KEY (municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_roosjes_signal_municipality_id_seen_at ON roosjes_signal (municipality_id, seen_at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['giving_code', 'roosjes_note', 'line_question', 'roosjes_signal'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
-- A number is its person's; whoever was told it finds the person by the function below.
CREATE POLICY own ON giving_code USING (person_id = (SELECT actor_person()));
-- Words are for the two, and for the desks of both.
CREATE POLICY tenant ON roosjes_note USING (
    from_id = (SELECT actor_person()) OR to_id = (SELECT actor_person())
    OR municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR other_municipality_id = ANY ((SELECT actor_reach())::integer[])
) WITH CHECK (
    from_id = (SELECT actor_person()) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY tenant ON line_question USING (
    asked_by_id = (SELECT actor_person()) OR other_id = (SELECT actor_person())
    OR municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR other_municipality_id = ANY ((SELECT actor_reach())::integer[])
) WITH CHECK (
    asked_by_id = (SELECT actor_person()) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
-- What the books made somebody look at is for the desk only.
CREATE POLICY tenant ON roosjes_signal USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR other_municipality_id = ANY ((SELECT actor_reach())::integer[])
);
GRANT SELECT, INSERT ON giving_code TO {application};
GRANT SELECT, INSERT, DELETE ON roosjes_note TO {application};
GRANT UPDATE (question_id) ON roosjes_note TO {application};
GRANT SELECT, INSERT, UPDATE ON line_question, roosjes_signal TO {application};

-- Whose number this is and where they live; nobody for a number that is nobody's, or of who is not here any more.
CREATE FUNCTION giving_code_holder(wanted text) RETURNS TABLE (person_id uuid, municipality_id integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT c.person_id, m.municipality_id
    FROM giving_code c
    JOIN person p ON p.id = c.person_id AND p.disabled_at IS NULL
    JOIN membership m ON m.person_id = c.person_id AND m.kind = 'lives'
    WHERE c.code = wanted
    ORDER BY m.since DESC LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION giving_code_holder(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION giving_code_holder(text) TO {application};
