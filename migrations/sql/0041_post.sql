-- How a person wants to hear from us, and what left the house for it: mails, and letters that the desk prints.

ALTER TABLE notice ADD COLUMN waiting BOOLEAN DEFAULT false NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_notice_waiting ON notice (person_id) WHERE waiting;

-- Their own, and read by the worker.
CREATE TABLE notice_wish (
    person_id UUID NOT NULL,
    about VARCHAR(32) NOT NULL,
    way VARCHAR(32) NOT NULL,
    chosen_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_notice_wish PRIMARY KEY (id),
    CONSTRAINT ck_notice_wish_about CHECK (about IN ('ja-of-nee', 'afspraken', 'veiligheid', 'gesprekken',
        'herinneringen', 'vragen', 'helpen', 'daarna', 'roosjes', 'tips', 'bureau')),
    CONSTRAINT ck_notice_wish_way CHECK (way IN ('direct', 'dag', 'week', 'brief', 'site')),
    CONSTRAINT uq_notice_wish_person_id_about UNIQUE (person_id, about),
    CONSTRAINT fk_notice_wish_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_notice_wish_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_notice_wish_municipality_id ON notice_wish (municipality_id);

-- One mail or letter with notices to one person: what it holds is settled before it goes. From handed_at on a mail may
-- have arrived, whatever becomes of the worker.
CREATE TABLE dispatch (
    person_id UUID NOT NULL,
    reader_id UUID,
    carrier VARCHAR(32) NOT NULL,
    notice_ids UUID[] NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    handed_at TIMESTAMP WITH TIME ZONE,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    failed_at TIMESTAMP WITH TIME ZONE,
    failure VARCHAR(32),
    reference TEXT DEFAULT '' NOT NULL,
    call_before TIMESTAMP WITH TIME ZONE,
    printed_at TIMESTAMP WITH TIME ZONE,
    posted_by_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_dispatch PRIMARY KEY (id),
    CONSTRAINT ck_dispatch_carrier CHECK (carrier IN ('mail', 'letter')),
    CONSTRAINT ck_dispatch_failure CHECK (failure IN ('refused', 'gave-up', 'unsure')),
    CONSTRAINT ck_dispatch_notices CHECK (cardinality(notice_ids) BETWEEN 1 AND 200),
    CONSTRAINT ck_dispatch_failed CHECK ((failed_at IS NULL) = (failure IS NULL)),
    CONSTRAINT ck_dispatch_one_end CHECK (sent_at IS NULL OR failed_at IS NULL),
    CONSTRAINT ck_dispatch_reference CHECK ((carrier = 'letter') = (reference <> '')),
    CONSTRAINT ck_dispatch_on_paper CHECK (carrier = 'letter' OR (printed_at IS NULL AND posted_by_id IS NULL)),
    CONSTRAINT ck_dispatch_posted CHECK (posted_by_id IS NULL OR sent_at IS NOT NULL),
    CONSTRAINT fk_dispatch_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_dispatch_reader_id_person FOREIGN KEY(reader_id) REFERENCES person (id),
    CONSTRAINT fk_dispatch_posted_by_id_person FOREIGN KEY(posted_by_id) REFERENCES person (id),
    CONSTRAINT fk_dispatch_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_dispatch_person_id_made_at ON dispatch (person_id, made_at);
CREATE INDEX ix_dispatch_municipality_id_sent_at ON dispatch (municipality_id, sent_at);
CREATE INDEX ix_dispatch_open ON dispatch (municipality_id, carrier) WHERE sent_at IS NULL;
-- what comes before a letter is printed goes into that letter
CREATE UNIQUE INDEX ix_dispatch_one_letter ON dispatch (person_id)
    WHERE carrier = 'letter' AND printed_at IS NULL AND sent_at IS NULL;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['notice_wish', 'dispatch'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

CREATE POLICY own ON notice_wish TO {application} USING (person_id = (SELECT actor_person()));
-- The worker has no person and the reach of all; no desk reads what somebody prefers.
CREATE POLICY worker ON notice_wish FOR SELECT TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    AND nullif(current_setting('app.person_id', true), '') IS NULL
);
CREATE POLICY own ON dispatch FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY tenant ON dispatch TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));

-- What stands in letters of one's desk. Some of it was told by a neighbouring municipality, whose notices the desk does
-- not read otherwise.
CREATE FUNCTION letter_notices(letters uuid[]) RETURNS SETOF notice
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT n.* FROM notice n JOIN dispatch d ON d.person_id = n.person_id AND n.id = ANY (d.notice_ids)
        WHERE d.id = ANY (letters) AND d.carrier = 'letter' AND NOT is_acting()
          AND d.municipality_id = ANY (coalesce(actor_reach(), '{}'))
    $$;

-- The nights' work: what left the house is known as long as notices are kept. For the worker, in all of its reach.
CREATE FUNCTION forget_dispatches(municipality integer, before timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n integer;
BEGIN
    DELETE FROM dispatch WHERE municipality_id = municipality AND made_at < before
        AND municipality = ANY (coalesce(actor_reach(), '{}')) AND nullif(current_setting('app.person_id', true), '') IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
REVOKE EXECUTE ON FUNCTION letter_notices(uuid[]), forget_dispatches(integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letter_notices(uuid[]), forget_dispatches(integer, timestamptz) TO {application};

GRANT SELECT, INSERT, DELETE ON notice_wish TO {application};
GRANT UPDATE (way, chosen_at, municipality_id) ON notice_wish TO {application};
GRANT SELECT, INSERT, DELETE ON dispatch TO {application};
-- to whom it goes and what carries it stays as it was made
GRANT UPDATE (notice_ids, handed_at, attempts, sent_at, failed_at, failure, call_before, printed_at, posted_by_id)
    ON dispatch TO {application};
