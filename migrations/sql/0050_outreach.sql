-- What is done by telephone, and outreach: who is looked in on, trustees, and mediation between neighbours.

CREATE TABLE phone_talk (
    person_id UUID NOT NULL,
    by_id UUID NOT NULL,
    way VARCHAR(32) NOT NULL,
    lines TEXT[] NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_phone_talk PRIMARY KEY (id),
    CONSTRAINT ck_phone_talk_way CHECK (way IN ('telefoon', 'deur', 'balie')),
    CONSTRAINT ck_phone_talk_lines CHECK (cardinality(lines) BETWEEN 1 AND 40),
    CONSTRAINT ck_phone_talk_two_people CHECK (person_id <> by_id),
    CONSTRAINT fk_phone_talk_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_phone_talk_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_phone_talk_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_phone_talk_municipality_id_at ON phone_talk (municipality_id, at);
CREATE INDEX ix_phone_talk_person_id ON phone_talk (person_id);

CREATE TABLE outreach (
    seen_by VARCHAR(32) NOT NULL,
    from_id UUID,
    from_name TEXT NOT NULL,
    from_reach TEXT NOT NULL,
    agreed BOOLEAN NOT NULL,
    about_name TEXT NOT NULL,
    about_phone TEXT NOT NULL,
    house_number TEXT NOT NULL,
    pc4 INTEGER NOT NULL,
    person_id UUID,
    words TEXT NOT NULL,
    owner_id UUID,
    next_on DATE,
    status VARCHAR(32) NOT NULL,
    outcome TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_outreach PRIMARY KEY (id),
    CONSTRAINT ck_outreach_seen_by CHECK (seen_by IN ('buur', 'familie', 'winkel', 'bezorger', 'organisatie', 'bureau', 'anders')),
    CONSTRAINT ck_outreach_status CHECK (status IN ('new', 'planned', 'visited', 'helped', 'closed')),
    CONSTRAINT ck_outreach_no_name_without_yes CHECK (agreed OR (about_name = '' AND about_phone = '' AND house_number = '') OR (seen_by = 'bureau' AND person_id IS NOT NULL)),
    CONSTRAINT ck_outreach_words CHECK (char_length(words) <= 1000 AND char_length(outcome) <= 1000),
    CONSTRAINT ck_outreach_ended CHECK ((status IN ('helped', 'closed')) = (ended_at IS NOT NULL)),
    CONSTRAINT fk_outreach_from_id_person FOREIGN KEY(from_id) REFERENCES person (id),
    CONSTRAINT fk_outreach_pc4_neighbourhood FOREIGN KEY(pc4) REFERENCES neighbourhood (pc4),
    CONSTRAINT fk_outreach_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_outreach_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id),
    CONSTRAINT fk_outreach_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_outreach_from_id ON outreach (from_id);
CREATE INDEX ix_outreach_municipality_id_status_next_on ON outreach (municipality_id, status, next_on);
CREATE INDEX ix_outreach_person_id ON outreach (person_id);

CREATE TABLE trustee (
    person_id UUID NOT NULL,
    pc4 INTEGER,
    people TEXT NOT NULL,
    words TEXT NOT NULL,
    made_by_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_trustee PRIMARY KEY (id),
    CONSTRAINT ck_trustee_for_whom CHECK (pc4 IS NOT NULL OR people <> ''),
    CONSTRAINT ck_trustee_words CHECK (char_length(words) <= 400),
    CONSTRAINT fk_trustee_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_trustee_pc4_neighbourhood FOREIGN KEY(pc4) REFERENCES neighbourhood (pc4),
    CONSTRAINT fk_trustee_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_trustee_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_trustee_municipality_id_ended_at ON trustee (municipality_id, ended_at);
CREATE INDEX ix_trustee_person_id ON trustee (person_id);

CREATE TABLE mediator (
    person_id UUID NOT NULL,
    trained_on DATE NOT NULL,
    valid_until DATE NOT NULL,
    made_by_id UUID NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_mediator PRIMARY KEY (id),
    CONSTRAINT ck_mediator_period CHECK (valid_until > trained_on),
    CONSTRAINT fk_mediator_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_mediator_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_mediator_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_mediator_person_id ON mediator (person_id);
CREATE UNIQUE INDEX uq_mediator_live ON mediator (municipality_id, person_id) WHERE ended_at IS NULL;

CREATE TABLE mediation (
    asker_id UUID NOT NULL,
    words TEXT NOT NULL,
    other TEXT NOT NULL,
    mediator_id UUID,
    status VARCHAR(32) NOT NULL,
    other_agreed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_mediation PRIMARY KEY (id),
    CONSTRAINT ck_mediation_status CHECK (status IN ('asked', 'assigned', 'both', 'settled', 'stopped')),
    CONSTRAINT ck_mediation_words CHECK (char_length(words) BETWEEN 1 AND 1000 AND char_length(other) <= 200),
    CONSTRAINT ck_mediation_mediator CHECK (status NOT IN ('assigned', 'both', 'settled') OR mediator_id IS NOT NULL),
    CONSTRAINT ck_mediation_two_people CHECK (mediator_id <> asker_id),
    CONSTRAINT ck_mediation_ended CHECK ((status IN ('settled', 'stopped')) = (ended_at IS NOT NULL)),
    CONSTRAINT fk_mediation_asker_id_person FOREIGN KEY(asker_id) REFERENCES person (id),
    CONSTRAINT fk_mediation_mediator_id_person FOREIGN KEY(mediator_id) REFERENCES person (id),
    CONSTRAINT fk_mediation_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_mediation_asker_id ON mediation (asker_id);
CREATE INDEX ix_mediation_mediator_id ON mediation (mediator_id);
CREATE INDEX ix_mediation_municipality_id_status ON mediation (municipality_id, status);

CREATE TABLE mediation_note (
    mediation_id UUID NOT NULL,
    author_id UUID NOT NULL,
    words TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_mediation_note PRIMARY KEY (id),
    CONSTRAINT ck_mediation_note_words CHECK (char_length(words) BETWEEN 1 AND 1000),
    CONSTRAINT fk_mediation_note_mediation_id_mediation FOREIGN KEY(mediation_id) REFERENCES mediation (id),
    CONSTRAINT fk_mediation_note_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_mediation_note_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_mediation_note_mediation_id_at ON mediation_note (mediation_id, at);
CREATE INDEX ix_mediation_note_municipality_id ON mediation_note (municipality_id);


DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['phone_talk', 'outreach', 'trustee', 'mediator', 'mediation', 'mediation_note'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
-- Whether the actor mediates here today: trained, not over, and not suspended.
CREATE FUNCTION mediates(place integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM mediator m WHERE m.person_id = actor_person() AND NOT is_acting() AND m.municipality_id = place
              AND m.ended_at IS NULL AND m.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
              AND NOT is_suspended(m.person_id)
        )
    $$;
-- How the mediator reaches who asked, as long as it runs; nobody else gets it from here.
CREATE FUNCTION mediation_reach(key uuid) RETURNS TABLE (phone text, email text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT c.phone::text, c.email::text FROM mediation m JOIN contact c ON c.person_id = m.asker_id
        WHERE m.id = key AND m.mediator_id = actor_person() AND m.ended_at IS NULL AND mediates(m.municipality_id)
    $$;
CREATE POLICY tenant ON phone_talk FOR SELECT TO {application} USING (municipality_id = ANY ((SELECT referral_desk())::integer[]));
CREATE POLICY write ON phone_talk FOR INSERT TO {application} WITH CHECK (
    by_id = (SELECT actor_person()) AND municipality_id = ANY ((SELECT referral_desk())::integer[])
);
CREATE POLICY own ON phone_talk FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
-- What others told of somebody is the makelaars' alone; whoever tells it reads none of it.
CREATE POLICY tenant ON outreach TO {application} USING (municipality_id = ANY ((SELECT referral_desk())::integer[]));
CREATE POLICY tell ON outreach FOR INSERT TO {application} WITH CHECK (
    status = 'new' AND owner_id IS NULL AND person_id IS NULL AND seen_by <> 'bureau'
    AND from_id IS NOT DISTINCT FROM (SELECT actor_person())
);
-- Nobody is pointed to somebody who is suspended.
CREATE POLICY shown ON trustee FOR SELECT TO {application} USING (ended_at IS NULL AND NOT is_suspended(person_id));
CREATE POLICY tenant ON trustee TO {application} USING (municipality_id = ANY ((SELECT referral_desk())::integer[]));
CREATE POLICY own ON trustee FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY stop ON trustee FOR UPDATE TO {application} USING (person_id = (SELECT actor_person()))
    WITH CHECK (person_id = (SELECT actor_person()) AND ended_at IS NOT NULL);
CREATE POLICY tenant ON mediator TO {application} USING (municipality_id = ANY ((SELECT referral_desk())::integer[]));
CREATE POLICY own ON mediator FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
-- Never public: who asked, the makelaars, and the one who mediates as long as their training counts.
CREATE POLICY tenant ON mediation TO {application} USING (municipality_id = ANY ((SELECT referral_desk())::integer[]));
CREATE POLICY own ON mediation TO {application} USING (asker_id = (SELECT actor_person()))
    WITH CHECK (asker_id = (SELECT actor_person()) AND status IN ('asked', 'stopped'));
-- Nobody asks for it in the name of another, or says who mediates.
CREATE POLICY in_own_name ON mediation AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (asker_id = (SELECT actor_person()) AND mediator_id IS NULL);
CREATE POLICY mediate ON mediation TO {application} USING (
    mediator_id = (SELECT actor_person()) AND mediates(municipality_id) AND NOT are_apart(asker_id, mediator_id)
) WITH CHECK (mediator_id = (SELECT actor_person()) AND mediates(municipality_id));
-- What a mediator notes is nobody else's.
CREATE POLICY own ON mediation_note TO {application} USING (author_id = (SELECT actor_person()) AND mediates(municipality_id))
    WITH CHECK (author_id = (SELECT actor_person()) AND EXISTS (
        SELECT FROM mediation m WHERE m.id = mediation_id AND m.mediator_id = (SELECT actor_person())));

GRANT SELECT, INSERT ON phone_talk, outreach, trustee, mediator, mediation, mediation_note TO {application};
GRANT UPDATE (owner_id, next_on, status, outcome, ended_at, person_id, version) ON outreach TO {application};
GRANT UPDATE (ended_at) ON trustee, mediator TO {application};
GRANT UPDATE (mediator_id, status, other_agreed_at, ended_at, version) ON mediation TO {application};

-- A year after somebody was looked in on, and a quarter after a mediation ended, what was written goes.
CREATE FUNCTION forget_outreach() RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n integer; gone integer; over uuid[]; reach integer[] := coalesce(actor_reach(), '{}');
BEGIN
    IF nullif(current_setting('app.person_id', true), '') IS NOT NULL THEN
        RAISE EXCEPTION 'only the worker lets go' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM outreach WHERE municipality_id = ANY (reach) AND ended_at < ledger.now() - interval '1 year';
    GET DIAGNOSTICS n = ROW_COUNT;
    SELECT coalesce(array_agg(id), '{}') INTO over FROM mediation
        WHERE municipality_id = ANY (reach) AND ended_at < ledger.now() - interval '3 months';
    DELETE FROM mediation_note WHERE mediation_id = ANY (over);
    DELETE FROM mediation WHERE id = ANY (over);
    DELETE FROM trustee WHERE municipality_id = ANY (reach) AND ended_at < ledger.now() - interval '3 months';
    DELETE FROM phone_talk WHERE municipality_id = ANY (reach) AND at < ledger.now() - interval '2 years';
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN n + gone + cardinality(over);
END $$;
REVOKE EXECUTE ON FUNCTION mediates(integer), mediation_reach(uuid), forget_outreach() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mediates(integer), mediation_reach(uuid), forget_outreach() TO {application};
