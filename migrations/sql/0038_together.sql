-- Doing things together: activities with dates, places and a waiting list; and the social map: what organisations have
-- for residents. Places are counted here, whatever the program does.

CREATE TABLE activity (
    host_id UUID,
    organisation_id UUID,
    made_by_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    title TEXT NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    at_home BOOLEAN DEFAULT false NOT NULL,
    venue TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    pc4 INTEGER NOT NULL,
    access SMALLINT DEFAULT 0 NOT NULL,
    cost_cents INTEGER DEFAULT 0 NOT NULL,
    cost_words TEXT DEFAULT '' NOT NULL,
    places SMALLINT NOT NULL,
    guests SMALLINT DEFAULT 1 NOT NULL,
    frequency VARCHAR(32) NOT NULL,
    minutes INTEGER NOT NULL,
    status VARCHAR(32) NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    version INTEGER NOT NULL,
    search TSVECTOR GENERATED ALWAYS AS (to_tsvector('dutch'::regconfig, plain(title || ' ' || body || ' ' || venue))) STORED NOT NULL,
    words TEXT GENERATED ALWAYS AS (plain(title || ' ' || body || ' ' || venue)) STORED NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_activity PRIMARY KEY (id),
    CONSTRAINT ck_activity_kind CHECK (kind IN ('eten', 'koffie', 'cursus', 'bewegen', 'maken', 'uitje', 'praten', 'anders')),
    CONSTRAINT ck_activity_status CHECK (status IN ('submitted', 'open', 'rejected', 'stopped')),
    CONSTRAINT ck_activity_frequency CHECK (frequency IN ('eenmalig', 'wekelijks', 'tweewekelijks', 'maandelijks')),
    CONSTRAINT ck_activity_public_while_open CHECK (status = 'open' OR NOT is_public),
    CONSTRAINT ck_activity_one_host CHECK (host_id IS NULL OR organisation_id IS NULL),
    CONSTRAINT ck_activity_home CHECK (NOT at_home OR (venue = '' AND address = '')),
    CONSTRAINT ck_activity_title CHECK (char_length(title) BETWEEN 1 AND 120),
    CONSTRAINT ck_activity_body CHECK (char_length(body) <= 4000),
    CONSTRAINT ck_activity_access CHECK (access BETWEEN 0 AND 511),
    CONSTRAINT ck_activity_cost CHECK (cost_cents BETWEEN 0 AND 100000),
    CONSTRAINT ck_activity_places CHECK (places BETWEEN 1 AND 500),
    CONSTRAINT ck_activity_guests CHECK (guests BETWEEN 0 AND 4),
    CONSTRAINT ck_activity_minutes CHECK (minutes BETWEEN 15 AND 1440),
    CONSTRAINT fk_activity_host_id_person FOREIGN KEY(host_id) REFERENCES person (id),
    CONSTRAINT fk_activity_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_activity_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_activity_pc4_neighbourhood FOREIGN KEY(pc4) REFERENCES neighbourhood (pc4),
    CONSTRAINT fk_activity_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_activity_municipality_id_status ON activity (municipality_id, status);
CREATE INDEX ix_activity_host_id ON activity (host_id);
CREATE INDEX ix_activity_organisation_id ON activity (organisation_id);
CREATE INDEX ix_activity_search ON activity USING gin (search);
CREATE INDEX ix_activity_words ON activity USING gin (words gin_trgm_ops);

-- Where it is when it is at somebody's home: for who comes, the host and the desk.
CREATE TABLE activity_home (
    activity_id UUID NOT NULL,
    address TEXT NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_activity_home PRIMARY KEY (id),
    CONSTRAINT uq_activity_home_activity_id UNIQUE (activity_id),
    CONSTRAINT ck_activity_home_address CHECK (char_length(address) BETWEEN 1 AND 120),
    CONSTRAINT fk_activity_home_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id) ON DELETE CASCADE,
    CONSTRAINT fk_activity_home_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE TABLE activity_date (
    activity_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    places SMALLINT NOT NULL,
    taken SMALLINT DEFAULT 0 NOT NULL,
    waiting SMALLINT DEFAULT 0 NOT NULL,
    status VARCHAR(32) NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_activity_date PRIMARY KEY (id),
    CONSTRAINT uq_activity_date_activity_id_starts_at UNIQUE (activity_id, starts_at),
    CONSTRAINT ck_activity_date_status CHECK (status IN ('planned', 'cancelled')),
    CONSTRAINT ck_activity_date_ends CHECK (ends_at > starts_at),
    -- the promise: nobody can be let in beyond the number of places, whoever writes
    CONSTRAINT ck_activity_date_taken CHECK (taken BETWEEN 0 AND places),
    CONSTRAINT ck_activity_date_waiting CHECK (waiting >= 0),
    CONSTRAINT fk_activity_date_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id),
    CONSTRAINT fk_activity_date_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_activity_date_municipality_id_starts_at ON activity_date (municipality_id, starts_at);

CREATE TABLE activity_signup (
    date_id UUID NOT NULL,
    activity_id UUID NOT NULL,
    person_id UUID NOT NULL,
    heads SMALLINT NOT NULL,
    status VARCHAR(32) NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    moved_up_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_activity_signup PRIMARY KEY (id),
    CONSTRAINT uq_activity_signup_date_id_person_id UNIQUE (date_id, person_id),
    CONSTRAINT ck_activity_signup_status CHECK (status IN ('in', 'waiting')),
    CONSTRAINT ck_activity_signup_heads CHECK (heads BETWEEN 1 AND 5),
    CONSTRAINT fk_activity_signup_date_id_activity_date FOREIGN KEY(date_id) REFERENCES activity_date (id),
    CONSTRAINT fk_activity_signup_activity_id_activity FOREIGN KEY(activity_id) REFERENCES activity (id),
    CONSTRAINT fk_activity_signup_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_activity_signup_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_activity_signup_person_id ON activity_signup (person_id);
CREATE INDEX ix_activity_signup_activity_id ON activity_signup (activity_id);

-- What an organisation has for residents: the social map (sociale kaart).
CREATE TABLE provision (
    organisation_id UUID NOT NULL,
    name TEXT NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    audience TEXT DEFAULT '' NOT NULL,
    how TEXT DEFAULT '' NOT NULL,
    category_numbers SMALLINT[] NOT NULL,
    venue TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    pc4 INTEGER,
    serves INTEGER[] DEFAULT '{}' NOT NULL,
    phone TEXT DEFAULT '' NOT NULL,
    email TEXT DEFAULT '' NOT NULL,
    website TEXT DEFAULT '' NOT NULL,
    opening_hours TEXT DEFAULT '' NOT NULL,
    cost TEXT DEFAULT '' NOT NULL,
    access SMALLINT DEFAULT 0 NOT NULL,
    status VARCHAR(32) NOT NULL,
    external_id TEXT DEFAULT '' NOT NULL,
    checked_on DATE,
    version INTEGER NOT NULL,
    search TSVECTOR GENERATED ALWAYS AS (to_tsvector('dutch'::regconfig, plain(name || ' ' || body || ' ' || audience))) STORED NOT NULL,
    words TEXT GENERATED ALWAYS AS (plain(name || ' ' || body || ' ' || audience)) STORED NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_provision PRIMARY KEY (id),
    CONSTRAINT ck_provision_status CHECK (status IN ('active', 'closed_for_now', 'ended')),
    CONSTRAINT ck_provision_name CHECK (char_length(name) BETWEEN 1 AND 120),
    CONSTRAINT ck_provision_body CHECK (char_length(body) <= 4000),
    CONSTRAINT ck_provision_access CHECK (access BETWEEN 0 AND 511),
    CONSTRAINT ck_provision_categories CHECK (cardinality(category_numbers) BETWEEN 1 AND 12),
    CONSTRAINT fk_provision_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_provision_pc4_neighbourhood FOREIGN KEY(pc4) REFERENCES neighbourhood (pc4),
    CONSTRAINT fk_provision_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE UNIQUE INDEX uq_provision_external ON provision (organisation_id, external_id) WHERE external_id <> '';
CREATE INDEX ix_provision_organisation_id ON provision (organisation_id);
CREATE INDEX ix_provision_municipality_id_status ON provision (municipality_id, status);
CREATE INDEX ix_provision_search ON provision USING gin (search);
CREATE INDEX ix_provision_words ON provision USING gin (words gin_trgm_ops);

ALTER TABLE organisation ADD COLUMN external_id TEXT DEFAULT '' NOT NULL, ADD COLUMN email TEXT DEFAULT '' NOT NULL;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['activity', 'activity_home', 'activity_date', 'activity_signup', 'provision'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- Whether the actor is the host: the resident, whoever works for the organisation, or the desk where it is the desk's.
-- The worker has no person and the reach of all.
CREATE FUNCTION hosts_activity(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM activity a WHERE a.id = wanted AND NOT is_acting() AND (
                a.host_id = (SELECT actor_person())
                OR a.organisation_id = ANY ((SELECT actor_organisations())::uuid[])
                OR (a.municipality_id = ANY ((SELECT actor_reach())::integer[])
                    AND ((a.host_id IS NULL AND a.organisation_id IS NULL)
                         OR nullif(current_setting('app.person_id', true), '') IS NULL))
            )
        )
    $$;

-- Whether the actor comes, or waits for a place.
CREATE FUNCTION comes_to(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM activity_signup s WHERE s.activity_id = wanted AND s.person_id = (SELECT actor_person())) $$;

CREATE FUNCTION has_place_in(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM activity_signup s JOIN activity_date d ON d.id = s.date_id JOIN activity a ON a.id = s.activity_id
            WHERE s.activity_id = wanted AND s.person_id = (SELECT actor_person()) AND s.status = 'in'
              AND d.status = 'planned' AND d.ends_at > ledger.now()
              AND (a.host_id IS NULL OR NOT are_apart(a.host_id, s.person_id))
        )
    $$;

CREATE POLICY shown ON activity FOR SELECT TO {application} USING (is_public);
CREATE POLICY seen ON activity FOR SELECT TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR host_id = (SELECT actor_person())
    OR organisation_id = ANY ((SELECT actor_organisations())::uuid[]) OR comes_to(id)
);
CREATE POLICY host ON activity TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) OR host_id = (SELECT actor_person())
    OR organisation_id = ANY ((SELECT actor_organisations())::uuid[])
) WITH CHECK (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
    OR (host_id = (SELECT actor_person()) AND organisation_id IS NULL)
    OR organisation_id = ANY ((SELECT actor_organisations())::uuid[])
);
CREATE POLICY seen ON activity_home FOR SELECT TO {application} USING (
    hosts_activity(activity_id) OR has_place_in(activity_id) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY host ON activity_home TO {application} USING (
    hosts_activity(activity_id) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
-- A date shows with its activity; how many places are left is no secret, who takes them is.
CREATE POLICY seen ON activity_date FOR SELECT TO {application} USING (
    EXISTS (SELECT FROM activity a WHERE a.id = activity_date.activity_id)
);
CREATE POLICY host ON activity_date TO {application} USING (
    hosts_activity(activity_id) OR municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY own ON activity_signup FOR SELECT TO {application} USING (
    person_id = (SELECT actor_person()) OR hosts_activity(activity_id)
);
CREATE POLICY read ON provision FOR SELECT TO {application} USING (true);
CREATE POLICY tenant ON provision TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY of_organisation ON provision TO {application} USING (
    organisation_id = ANY ((SELECT actor_organisations())::uuid[])
);
-- An organisation tells about itself in its own words; that it signed, what it is and where stays the desk's.
CREATE POLICY of_organisation ON organisation FOR UPDATE TO {application} USING (
    id = ANY ((SELECT actor_organisations())::uuid[])
);
CREATE FUNCTION keep_to_own_words() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid WHERE c.oid = TG_RELID) AND NOT OLD.municipality_id = ANY (coalesce(actor_reach(), '{}')) AND
       (NEW.municipality_id, NEW.name, NEW.kind, NEW.covenant_signed_on, NEW.insurance, NEW.external_id)
       IS DISTINCT FROM
       (OLD.municipality_id, OLD.name, OLD.kind, OLD.covenant_signed_on, OLD.insurance, OLD.external_id)
    THEN
        RAISE EXCEPTION 'this is the desk''s to change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_words BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION keep_to_own_words();

GRANT SELECT, INSERT, UPDATE ON activity TO {application};
GRANT SELECT, INSERT, UPDATE, DELETE ON activity_home TO {application};
-- what is taken is counted by the trigger below, and by nobody else
GRANT SELECT, DELETE ON activity_date TO {application};
GRANT INSERT (id, municipality_id, activity_id, starts_at, ends_at, places, status, reason) ON activity_date TO {application};
GRANT UPDATE (starts_at, ends_at, places, status, reason) ON activity_date TO {application};
GRANT SELECT ON activity_signup TO {application};
GRANT SELECT, INSERT, UPDATE ON provision TO {application};

CREATE FUNCTION count_places() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- what is over keeps its numbers when the names go
    IF TG_OP <> 'INSERT' AND NOT (TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM activity_date WHERE id = OLD.date_id AND ends_at < ledger.now()
    )) THEN
        UPDATE activity_date SET taken = taken - CASE WHEN OLD.status = 'in' THEN OLD.heads ELSE 0 END,
            waiting = waiting - CASE WHEN OLD.status = 'waiting' THEN OLD.heads ELSE 0 END WHERE id = OLD.date_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE activity_date SET taken = taken + CASE WHEN NEW.status = 'in' THEN NEW.heads ELSE 0 END,
            waiting = waiting + CASE WHEN NEW.status = 'waiting' THEN NEW.heads ELSE 0 END WHERE id = NEW.date_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER places AFTER INSERT OR UPDATE OR DELETE ON activity_signup FOR EACH ROW EXECUTE FUNCTION count_places();

-- One's own place, or the waiting list where there is none for so many: 'in' or 'waiting'; asked again it says
-- where one stands. NULL when there is nothing to come to, nor for who is kept apart from the host.
CREATE FUNCTION take_place(wanted uuid, number_of smallint) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := actor_person(); d activity_date; a activity; said text;
BEGIN
    IF me IS NULL OR is_acting() OR is_suspended(me) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO d FROM activity_date WHERE id = wanted FOR UPDATE;
    SELECT * INTO a FROM activity WHERE id = d.activity_id;
    IF a.id IS NULL OR a.status <> 'open' OR d.status <> 'planned' OR d.starts_at <= ledger.now()
       OR a.host_id = me OR number_of > 1 + a.guests OR (a.host_id IS NOT NULL AND are_apart(a.host_id, me)) THEN
        RETURN NULL;
    END IF;
    SELECT status INTO said FROM activity_signup WHERE date_id = wanted AND person_id = me;
    IF said IS NOT NULL THEN
        RETURN said;
    END IF;
    -- who waits is let in as soon as they fit: whoever waits now is with too many for what is free
    said := CASE WHEN d.taken + number_of <= d.places THEN 'in' ELSE 'waiting' END;
    INSERT INTO activity_signup (id, municipality_id, date_id, activity_id, person_id, heads, status)
        VALUES (gen_random_uuid(), d.municipality_id, wanted, d.activity_id, me, number_of, said);
    RETURN said;
END $$;

-- The first who wait come in as far as there are places, in their order: who are too many for what is free let the
-- next go first, and who is kept apart from the host is passed over. Says whom to tell.
CREATE FUNCTION move_up(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d activity_date; s activity_signup; host uuid;
BEGIN
    SELECT * INTO d FROM activity_date WHERE id = wanted FOR UPDATE;
    SELECT host_id INTO host FROM activity WHERE id = d.activity_id;
    IF d.status IS DISTINCT FROM 'planned' OR d.starts_at <= ledger.now() THEN
        RETURN;
    END IF;
    FOR s IN SELECT * FROM activity_signup WHERE date_id = wanted AND status = 'waiting' ORDER BY signed_at, id LOOP
        IF (SELECT taken + s.heads <= places FROM activity_date WHERE id = wanted)
           AND (host IS NULL OR NOT are_apart(host, s.person_id)) THEN
            UPDATE activity_signup SET status = 'in', moved_up_at = ledger.now() WHERE id = s.id;
            RETURN NEXT s.person_id;
        END IF;
    END LOOP;
END $$;

-- Gives one's own place back; says whether one had any, and who comes in for it.
CREATE FUNCTION leave_place(wanted uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM activity_date WHERE id = wanted FOR UPDATE;
    IF NOT is_acting() THEN
        DELETE FROM activity_signup WHERE date_id = wanted AND person_id = actor_person();
        RETURN QUERY SELECT move_up(wanted);
    END IF;
END $$;

-- Whom to tell of a change: for the host, and for the desk that stops something.
CREATE FUNCTION people_of_date(wanted uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT s.person_id FROM activity_signup s
        WHERE s.date_id = wanted
          AND (hosts_activity(s.activity_id) OR s.municipality_id = ANY (coalesce((SELECT actor_reach()), '{}')))
    $$;

-- Who came is nobody's business any more after three months; how many is kept. For the worker, in all of its reach.
CREATE FUNCTION forget_signups() RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n integer;
BEGIN
    DELETE FROM activity_signup s USING activity_date d
        WHERE d.id = s.date_id AND d.ends_at < ledger.now() - interval '3 months'
          AND s.municipality_id = ANY (coalesce(actor_reach(), '{}'));
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- Text search with its own tenancy, as for requests and offers.
CREATE FUNCTION search_activities(typed text) RETURNS TABLE (id uuid, rank real)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT a.id, ts_rank(a.search, q.words)
    FROM (SELECT websearch_to_tsquery('dutch', plain(typed)) AS words,
                 '%' || replace(replace(replace(plain(typed), '\', '\\'), '%', '\%'), '_', '\_') || '%' AS part) q,
         activity a
    WHERE (a.search @@ q.words OR a.words LIKE q.part) AND a.is_public
$$;

CREATE FUNCTION search_provisions(typed text, categories smallint[]) RETURNS TABLE (id uuid, rank real)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT p.id, ts_rank(p.search, q.words) + (p.category_numbers && categories)::integer
        + CASE WHEN plain(o.name) LIKE q.part THEN 2 ELSE 0 END
    FROM (SELECT websearch_to_tsquery('dutch', plain(typed)) AS words,
                 '%' || replace(replace(replace(plain(typed), '\', '\\'), '%', '\%'), '_', '\_') || '%' AS part) q,
         provision p JOIN organisation o ON o.id = p.organisation_id
    WHERE p.search @@ q.words OR p.words LIKE q.part OR p.category_numbers && categories OR plain(o.name) LIKE q.part
$$;

REVOKE EXECUTE ON FUNCTION
    hosts_activity(uuid), comes_to(uuid), has_place_in(uuid), take_place(uuid, smallint), move_up(uuid), leave_place(uuid),
    people_of_date(uuid), forget_signups(), search_activities(text), search_provisions(text, smallint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hosts_activity(uuid), comes_to(uuid), has_place_in(uuid), take_place(uuid, smallint), move_up(uuid), leave_place(uuid),
    people_of_date(uuid), forget_signups(), search_activities(text), search_provisions(text, smallint[]) TO {application};

