-- The public face: what a municipality looks like, the stories that people tell, and plans and ideas with what others
-- say of them. Nobody shows their own words: a row becomes public through the desk, and the database holds to that.

ALTER TABLE municipality ADD COLUMN look TEXT DEFAULT '' NOT NULL, ADD COLUMN logo TEXT DEFAULT '' NOT NULL;

-- Each look that was ever shown stays, to go back to; one that is being made is seen by the desk only.
CREATE TABLE look (
    made_by_id UUID NOT NULL,
    main TEXT DEFAULT '' NOT NULL,
    accent TEXT DEFAULT '' NOT NULL,
    logo BYTEA,
    logo_type TEXT DEFAULT '' NOT NULL,
    logo_key TEXT DEFAULT '' NOT NULL,
    key TEXT DEFAULT '' NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_look PRIMARY KEY (id),
    CONSTRAINT ck_look_main CHECK (main = '' OR main ~ '^#[0-9a-f]{6}$'),
    CONSTRAINT ck_look_accent CHECK (accent = '' OR accent ~ '^#[0-9a-f]{6}$'),
    CONSTRAINT ck_look_logo CHECK ((logo IS NULL) = (logo_type = '') AND logo_type IN ('', 'image/png', 'image/svg+xml')
        AND (logo IS NULL OR octet_length(logo) <= 16384)),
    CONSTRAINT ck_look_shown CHECK (is_public = (published_at IS NOT NULL)),
    CONSTRAINT fk_look_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_look_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_look_draft ON look (municipality_id) WHERE published_at IS NULL;
CREATE INDEX ix_look_municipality_id_published_at ON look (municipality_id, published_at);

CREATE TABLE story (
    teller_id UUID,
    made_by_id UUID NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    theme TEXT DEFAULT 'anders' NOT NULL,
    status VARCHAR(32) NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    shown_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_story PRIMARY KEY (id),
    CONSTRAINT ck_story_status CHECK (status IN ('submitted', 'shown', 'rejected', 'withdrawn')),
    CONSTRAINT ck_story_public_while_shown CHECK (is_public = (status = 'shown')),
    CONSTRAINT ck_story_title CHECK (char_length(title) BETWEEN 1 AND 120),
    CONSTRAINT ck_story_body CHECK (char_length(body) BETWEEN 1 AND 4000),
    CONSTRAINT ck_story_name CHECK (char_length(name) BETWEEN 1 AND 120),
    CONSTRAINT fk_story_teller_id_person FOREIGN KEY(teller_id) REFERENCES person (id),
    CONSTRAINT fk_story_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_story_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_story_municipality_id_status ON story (municipality_id, status);
CREATE INDEX ix_story_teller_id ON story (teller_id);

CREATE TABLE idea (
    author_id UUID,
    made_by_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    status VARCHAR(32) NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    open_until DATE,
    outcome TEXT DEFAULT '' NOT NULL,
    outcome_at TIMESTAMP WITH TIME ZONE,
    reason TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    shown_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_idea PRIMARY KEY (id),
    CONSTRAINT ck_idea_kind CHECK (kind IN ('plan', 'idea')),
    CONSTRAINT ck_idea_status CHECK (status IN ('submitted', 'open', 'answered', 'rejected', 'withdrawn')),
    CONSTRAINT ck_idea_public_while_shown CHECK (is_public = (status IN ('open', 'answered'))),
    CONSTRAINT ck_idea_answered CHECK ((status = 'answered') <= (outcome <> '' AND outcome_at IS NOT NULL)),
    CONSTRAINT ck_idea_title CHECK (char_length(title) BETWEEN 1 AND 120),
    CONSTRAINT ck_idea_body CHECK (char_length(body) BETWEEN 1 AND 4000),
    CONSTRAINT ck_idea_name CHECK (char_length(name) BETWEEN 1 AND 120),
    CONSTRAINT fk_idea_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_idea_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_idea_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_idea_municipality_id_status ON idea (municipality_id, status);
CREATE INDEX ix_idea_author_id ON idea (author_id);

CREATE TABLE idea_reaction (
    idea_id UUID NOT NULL,
    author_id UUID NOT NULL,
    organisation_id UUID,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    status VARCHAR(32) NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_idea_reaction PRIMARY KEY (id),
    CONSTRAINT ck_idea_reaction_status CHECK (status IN ('submitted', 'shown', 'rejected', 'withdrawn')),
    CONSTRAINT ck_idea_reaction_public_while_shown CHECK (is_public = (status = 'shown')),
    CONSTRAINT ck_idea_reaction_body CHECK (char_length(body) BETWEEN 1 AND 2000),
    CONSTRAINT ck_idea_reaction_name CHECK (char_length(name) BETWEEN 1 AND 120),
    CONSTRAINT fk_idea_reaction_idea_id_idea FOREIGN KEY(idea_id) REFERENCES idea (id) ON DELETE CASCADE,
    CONSTRAINT fk_idea_reaction_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_idea_reaction_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_idea_reaction_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_idea_reaction_idea_id ON idea_reaction (idea_id);
CREATE INDEX ix_idea_reaction_municipality_id_status ON idea_reaction (municipality_id, status);
CREATE INDEX ix_idea_reaction_author_id ON idea_reaction (author_id);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['look', 'story', 'idea', 'idea_reaction'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

CREATE POLICY shown ON look FOR SELECT TO {application} USING (is_public);
CREATE POLICY tenant ON look TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));

CREATE POLICY shown ON story FOR SELECT TO {application} USING (is_public);
CREATE POLICY tenant ON story TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY own ON story TO {application} USING (teller_id = (SELECT actor_person()))
    WITH CHECK (teller_id = (SELECT actor_person()) AND NOT is_public);

CREATE POLICY shown ON idea FOR SELECT TO {application} USING (is_public);
CREATE POLICY tenant ON idea TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY own ON idea TO {application} USING (author_id = (SELECT actor_person()))
    WITH CHECK (author_id = (SELECT actor_person()) AND NOT is_public);

-- What is said of an idea shows with it, and goes with it.
CREATE POLICY shown ON idea_reaction FOR SELECT TO {application} USING (
    is_public AND EXISTS (SELECT FROM idea i WHERE i.id = idea_reaction.idea_id AND i.is_public)
);
CREATE POLICY tenant ON idea_reaction TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY own ON idea_reaction TO {application} USING (author_id = (SELECT actor_person()))
    WITH CHECK (author_id = (SELECT actor_person()) AND NOT is_public);

GRANT SELECT, INSERT, UPDATE, DELETE ON look TO {application};
GRANT SELECT, INSERT, UPDATE ON story, idea, idea_reaction TO {application};

-- What was taken back or refused goes after a month; a story after two years, and what was said of a plan two years
-- after it was answered. For the worker, in all of its reach.
CREATE FUNCTION forget_told() RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n integer; gone integer; reach integer[] := coalesce(actor_reach(), '{}');
BEGIN
    DELETE FROM story WHERE municipality_id = ANY (reach)
        AND (ended_at < ledger.now() - interval '30 days' OR shown_at < ledger.now() - interval '2 years');
    GET DIAGNOSTICS n = ROW_COUNT;
    DELETE FROM idea WHERE municipality_id = ANY (reach) AND ended_at < ledger.now() - interval '30 days';
    GET DIAGNOSTICS gone = ROW_COUNT;
    n := n + gone;
    DELETE FROM idea_reaction r WHERE r.municipality_id = ANY (reach) AND (
        r.ended_at < ledger.now() - interval '30 days'
        OR EXISTS (SELECT FROM idea i WHERE i.id = r.idea_id AND i.outcome_at < ledger.now() - interval '2 years')
    );
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN n + gone;
END $$;
REVOKE EXECUTE ON FUNCTION forget_told() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_told() TO {application};

-- Who reads a story or a reaction that is not right says so, as everywhere.
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'story', 'idea', 'reaction', 'none')) NOT VALID;
ALTER TABLE safety_report VALIDATE CONSTRAINT ck_safety_report_subject;
