-- The chain: referrals that come in, are shared out and told back.

CREATE TABLE referral_link (
    name TEXT NOT NULL,
    source VARCHAR(32) NOT NULL,
    email TEXT NOT NULL,
    turn SMALLINT NOT NULL,
    valid_until DATE NOT NULL,
    made_by_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_referral_link PRIMARY KEY (id),
    CONSTRAINT ck_referral_link_source CHECK (source IN ('huisarts', 'wijkverpleging', 'ziekenhuis', 'wijkteam', 'organisatie')),
    CONSTRAINT ck_referral_link_name CHECK (char_length(name) BETWEEN 1 AND 120),
    CONSTRAINT fk_referral_link_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_referral_link_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_referral_link_municipality_id_name ON referral_link (municipality_id, name);

CREATE TABLE referral (
    reference TEXT NOT NULL,
    source VARCHAR(32) NOT NULL,
    link_id UUID,
    referrer_id UUID,
    from_organisation_id UUID,
    referrer_name TEXT NOT NULL,
    referrer_email TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    postcode TEXT NOT NULL,
    house_number TEXT NOT NULL,
    phone TEXT NOT NULL,
    birth_year SMALLINT,
    person_id UUID,
    wish VARCHAR(32) NOT NULL,
    words TEXT NOT NULL,
    tells_back BOOLEAN NOT NULL,
    tells_back_since TIMESTAMP WITH TIME ZONE,
    tells_back_ended_at TIMESTAMP WITH TIME ZONE,
    home_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    owner_id UUID,
    stand_in_id UUID,
    organisation_id UUID,
    asked_at TIMESTAMP WITH TIME ZONE,
    help_request_id UUID,
    status VARCHAR(32) NOT NULL,
    stop_reason VARCHAR(32),
    told TEXT NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE,
    spoken_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_referral PRIMARY KEY (id),
    CONSTRAINT ck_referral_source CHECK (source IN ('huisarts', 'wijkverpleging', 'ziekenhuis', 'wijkteam', 'organisatie')),
    CONSTRAINT ck_referral_wish CHECK (wish IN ('mensen', 'bewegen', 'maken', 'leren', 'buiten', 'rust', 'huis', 'anders')),
    CONSTRAINT ck_referral_status CHECK (status IN ('received', 'passed', 'taken', 'spoken', 'started', 'done', 'stopped')),
    CONSTRAINT ck_referral_stop_reason CHECK (stop_reason IN ('wil-niet', 'niet-bereikt', 'elders', 'overleden')),
    CONSTRAINT ck_referral_stopped CHECK ((status = 'stopped') = (stop_reason IS NOT NULL)),
    CONSTRAINT ck_referral_ended CHECK ((status IN ('done', 'stopped')) = (ended_at IS NOT NULL)),
    CONSTRAINT ck_referral_passed CHECK (status NOT IN ('passed') OR organisation_id IS NOT NULL),
    CONSTRAINT ck_referral_owned CHECK (status NOT IN ('taken', 'spoken', 'started') OR owner_id IS NOT NULL OR organisation_id IS NOT NULL),
    CONSTRAINT ck_referral_two_people CHECK (owner_id IS DISTINCT FROM stand_in_id OR owner_id IS NULL),
    CONSTRAINT ck_referral_clock CHECK (home_at IS NULL OR due_at >= home_at),
    CONSTRAINT ck_referral_words CHECK (char_length(words) <= 1000),
    CONSTRAINT uq_referral_reference UNIQUE (reference),
    CONSTRAINT fk_referral_link_id_referral_link FOREIGN KEY(link_id) REFERENCES referral_link (id),
    CONSTRAINT fk_referral_referrer_id_person FOREIGN KEY(referrer_id) REFERENCES person (id),
    CONSTRAINT fk_referral_from_organisation_id_organisation FOREIGN KEY(from_organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_referral_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_referral_owner_id_person FOREIGN KEY(owner_id) REFERENCES person (id),
    CONSTRAINT fk_referral_stand_in_id_person FOREIGN KEY(stand_in_id) REFERENCES person (id),
    CONSTRAINT fk_referral_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_referral_help_request_id_help_request FOREIGN KEY(help_request_id) REFERENCES help_request (id),
    CONSTRAINT fk_referral_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_referral_link_id ON referral (link_id);
CREATE INDEX ix_referral_municipality_id_status_due_at ON referral (municipality_id, status, due_at);
CREATE INDEX ix_referral_organisation_id ON referral (organisation_id);
CREATE INDEX ix_referral_person_id ON referral (person_id);
CREATE INDEX ix_referral_referrer_id ON referral (referrer_id);

CREATE TABLE referral_need (
    referral_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    who TEXT NOT NULL,
    arranged_at TIMESTAMP WITH TIME ZONE,
    arranged_by_id UUID,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_referral_need PRIMARY KEY (id),
    CONSTRAINT ck_referral_need_kind CHECK (kind IN ('boodschappen', 'maaltijd', 'was', 'huishouden', 'gezelschap', 'vervoer', 'aanpassing', 'alarm', 'verzorging')),
    CONSTRAINT ck_referral_need_arranged CHECK ((arranged_at IS NULL) = (arranged_by_id IS NULL)),
    CONSTRAINT ck_referral_need_who CHECK (char_length(who) <= 120),
    CONSTRAINT uq_referral_need_referral_id_kind UNIQUE (referral_id, kind),
    CONSTRAINT fk_referral_need_referral_id_referral FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_referral_need_arranged_by_id_person FOREIGN KEY(arranged_by_id) REFERENCES person (id),
    CONSTRAINT fk_referral_need_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_referral_need_municipality_id ON referral_need (municipality_id);

CREATE TABLE referral_step (
    referral_id UUID NOT NULL,
    author_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    words TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_referral_step PRIMARY KEY (id),
    CONSTRAINT ck_referral_step_kind CHECK (kind IN ('notitie', 'gebeld', 'niet-bereikt', 'bezocht', 'teruggegeven', 'verteld')),
    CONSTRAINT ck_referral_step_words CHECK (char_length(words) <= 1000),
    CONSTRAINT fk_referral_step_referral_id_referral FOREIGN KEY(referral_id) REFERENCES referral (id),
    CONSTRAINT fk_referral_step_author_id_person FOREIGN KEY(author_id) REFERENCES person (id),
    CONSTRAINT fk_referral_step_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_referral_step_municipality_id ON referral_step (municipality_id);
CREATE INDEX ix_referral_step_referral_id_at ON referral_step (referral_id, at);


-- Who may do something about referrals: the makelaars of there, and whoever works for the organisation that was asked.
-- Others of the desk read none of it. For the worker, which is nobody, wherever it reaches.
CREATE FUNCTION referral_desk() RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT CASE WHEN nullif(current_setting('app.person_id', true), '') IS NULL THEN actor_reach()
                    ELSE granted_in(ARRAY['broker']) END
    $$;
-- The organisations that one works for: who only refers from one reads nothing that it was asked.
CREATE FUNCTION actor_works_for() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT array_agg(g.organisation_id) FROM role_grant g JOIN person p ON p.id = g.person_id
        WHERE g.person_id = nullif(current_setting('app.person_id', true), '')::uuid AND NOT is_acting()
          AND g.role IN ('organisation_member', 'organisation_administrator') AND g.organisation_id IS NOT NULL
          AND p.disabled_at IS NULL
    $$;
CREATE FUNCTION does_referral(key uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM referral r WHERE r.id = key AND NOT is_acting() AND (
                r.municipality_id = ANY (coalesce(referral_desk(), '{}'))
                OR (r.organisation_id = ANY (coalesce((SELECT actor_works_for()), '{}')) AND r.status <> 'received')
            )
        )
    $$;
-- What was sent a moment ago and nobody has yet: whoever sends it also says what is needed at home.
CREATE FUNCTION referral_is_fresh(key uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM referral r WHERE r.id = key AND r.status IN ('received', 'passed') AND r.owner_id IS NULL
              AND r.created_at > ledger.now() - interval '1 minute'
        )
    $$;
CREATE FUNCTION referral_link_stands(key uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM referral_link l WHERE l.id = key AND l.ended_at IS NULL
              AND l.valid_until >= (ledger.now() AT TIME ZONE 'Europe/Amsterdam')::date
        )
    $$;
-- Whose link it is, for whoever holds the signed one.
CREATE FUNCTION referral_link_of(key uuid, its_turn smallint)
    RETURNS TABLE (name text, source text, email text, municipality_id integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT l.name, l.source::text, l.email, l.municipality_id FROM referral_link l
        WHERE l.id = key AND l.turn = its_turn AND referral_link_stands(l.id)
    $$;
-- Whether the actor refers under an account of their own.
CREATE FUNCTION is_referrer() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(cardinality(granted_in(ARRAY['referrer'])), 0) > 0 $$;

-- What a referrer may know. Without the person's yes that is: it came in, somebody has it, it is over.
CREATE FUNCTION referral_outside(r referral)
    RETURNS TABLE (id uuid, municipality_id integer, reference text, source text, first_name text, status text, told text,
                   told_at timestamptz, tells_back boolean, by_whom text, created_at timestamptz, due_at timestamptz,
                   home_at timestamptz, ended_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT r.id, r.municipality_id, r.reference, r.source::text, r.first_name,
               CASE WHEN r.tells_back THEN r.status::text
                    WHEN r.status IN ('done', 'stopped') THEN 'done'
                    WHEN r.status IN ('received', 'passed') THEN 'received' ELSE 'taken' END,
               CASE WHEN r.tells_back THEN r.told ELSE '' END,
               CASE WHEN r.tells_back THEN r.told_at END,
               r.tells_back,
               coalesce((SELECT o.name FROM organisation o WHERE o.id = r.organisation_id AND r.status NOT IN ('received', 'passed')),
                        (SELECT p.first_name FROM person p WHERE p.id = r.owner_id), ''),
               r.created_at, r.due_at, r.home_at, CASE WHEN r.tells_back THEN r.ended_at END
    $$;
CREATE FUNCTION referrals_of_actor()
    RETURNS TABLE (id uuid, municipality_id integer, reference text, source text, first_name text, status text, told text,
                   told_at timestamptz, tells_back boolean, by_whom text, created_at timestamptz, due_at timestamptz,
                   home_at timestamptz, ended_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT o.* FROM referral r, LATERAL referral_outside(r) o
        WHERE NOT is_acting() AND r.link_id IS NULL AND (
            (r.referrer_id = (SELECT actor_person()) AND r.from_organisation_id IS NULL AND (SELECT is_referrer())
             AND NOT r.municipality_id = ANY (coalesce(referral_desk(), '{}')))
            OR r.from_organisation_id = ANY (coalesce((SELECT actor_works_for()), '{}'))
        )
    $$;
-- The same for whoever holds the signed link to one referral.
CREATE FUNCTION referral_by_key(key uuid)
    RETURNS TABLE (id uuid, municipality_id integer, reference text, source text, first_name text, status text, told text,
                   told_at timestamptz, tells_back boolean, by_whom text, created_at timestamptz, due_at timestamptz,
                   home_at timestamptz, ended_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT o.* FROM referral r, LATERAL referral_outside(r) o WHERE r.id = key $$;

CREATE FUNCTION organisation_staff(key uuid) RETURNS TABLE (person_id uuid, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT g.person_id, g.role::text FROM role_grant g JOIN person p ON p.id = g.person_id
        WHERE g.organisation_id = key AND p.disabled_at IS NULL
          AND g.role IN ('organisation_member', 'organisation_administrator')
    $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['referral_link', 'referral', 'referral_need', 'referral_step'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY tenant ON referral_link TO {application} USING (municipality_id = ANY ((SELECT referral_desk())::integer[]));
CREATE POLICY tenant ON referral TO {application} USING (municipality_id = ANY ((SELECT referral_desk())::integer[]));
CREATE POLICY own ON referral FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
-- What one takes back oneself: that the referrer hears how it goes.
CREATE POLICY take_back ON referral FOR UPDATE TO {application} USING (person_id = (SELECT actor_person()))
    WITH CHECK (person_id = (SELECT actor_person()) AND NOT tells_back);
-- What an organisation gave back it reads no more, until it is asked anew. The statement that gives it back still does:
-- the function looks at the row as that statement found it.
CREATE POLICY of_organisation ON referral FOR SELECT TO {application} USING (
    organisation_id = ANY ((SELECT actor_works_for())::uuid[]) AND (status <> 'received' OR does_referral(id))
);
CREATE POLICY by_organisation ON referral FOR UPDATE TO {application} USING (
    organisation_id = ANY ((SELECT actor_works_for())::uuid[]) AND status <> 'received'
) WITH CHECK (organisation_id = ANY ((SELECT actor_works_for())::uuid[]));
CREATE POLICY send ON referral FOR INSERT TO {application} WITH CHECK (
    person_id IS NULL AND owner_id IS NULL AND stand_in_id IS NULL AND help_request_id IS NULL AND told = '' AND (
        (link_id IS NOT NULL AND referrer_id IS NULL AND from_organisation_id IS NULL AND organisation_id IS NULL
         AND status = 'received' AND referral_link_stands(link_id))
        OR (referrer_id = (SELECT actor_person()) AND link_id IS NULL AND from_organisation_id IS NULL
            AND organisation_id IS NULL AND status = 'received' AND (SELECT is_referrer()))
        OR (referrer_id = (SELECT actor_person()) AND link_id IS NULL AND status IN ('received', 'passed')
            AND from_organisation_id = ANY ((SELECT actor_works_for())::uuid[]))
    )
);
CREATE POLICY done_by ON referral_need TO {application} USING (does_referral(referral_id));
CREATE POLICY own ON referral_need FOR SELECT TO {application} USING (
    EXISTS (SELECT FROM referral r WHERE r.id = referral_id AND r.person_id = (SELECT actor_person()))
);
CREATE POLICY send ON referral_need FOR INSERT TO {application} WITH CHECK (
    arranged_at IS NULL AND referral_is_fresh(referral_id)
);
CREATE POLICY done_by ON referral_step TO {application} USING (does_referral(referral_id));
CREATE POLICY in_own_name ON referral_step AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (author_id = (SELECT actor_person()));

-- Whom it is about takes back that yes and changes nothing else; the organisation that does it says how it goes, and not
-- about whom it is, who sent it, or by when.
CREATE FUNCTION keep_referral() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    own text[] := ARRAY['tells_back', 'tells_back_since', 'tells_back_ended_at', 'told', 'told_at', 'version'];
BEGIN
    IF current_user = (SELECT rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid WHERE c.oid = TG_RELID)
       OR OLD.municipality_id = ANY (coalesce(referral_desk(), '{}')) THEN
        RETURN NEW;
    END IF;
    IF OLD.organisation_id = ANY (coalesce(actor_works_for(), '{}')) THEN
        own := own || ARRAY['owner_id', 'stand_in_id', 'status', 'taken_at', 'spoken_at', 'ended_at'];
    END IF;
    IF to_jsonb(NEW) - own IS DISTINCT FROM to_jsonb(OLD) - own THEN
        RAISE EXCEPTION 'that is the desk''s to change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON referral FOR EACH ROW EXECUTE FUNCTION keep_referral();

GRANT SELECT, INSERT ON referral_link, referral, referral_need, referral_step TO {application};
GRANT UPDATE (name, email, turn, valid_until, ended_at) ON referral_link TO {application};
GRANT UPDATE (first_name, last_name, postcode, house_number, phone, birth_year, person_id, wish, tells_back,
    tells_back_since, tells_back_ended_at, home_at, due_at, owner_id, stand_in_id, organisation_id, asked_at,
    help_request_id, status, stop_reason, told, told_at, taken_at, spoken_at, ended_at, version) ON referral TO {application};
GRANT UPDATE (who, arranged_at, arranged_by_id) ON referral_need TO {application};
GRANT DELETE ON referral_need TO {application};

-- What stopped goes after a month, what was done after two years; with what was written about it. For the worker.
CREATE FUNCTION forget_referrals() RETURNS integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE due uuid[];
BEGIN
    SELECT coalesce(array_agg(r.id), '{}') INTO due FROM referral r
    WHERE nullif(current_setting('app.person_id', true), '') IS NULL AND r.municipality_id = ANY (coalesce(actor_reach(), '{}'))
      AND r.ended_at < ledger.now() - CASE r.status WHEN 'stopped' THEN interval '30 days' ELSE interval '2 years' END;
    DELETE FROM referral_step WHERE referral_id = ANY (due);
    DELETE FROM referral_need WHERE referral_id = ANY (due);
    DELETE FROM notice WHERE subject_id = ANY (due);
    DELETE FROM referral WHERE id = ANY (due);
    RETURN cardinality(due);
END $$;
REVOKE EXECUTE ON FUNCTION
    actor_works_for(), does_referral(uuid), referral_is_fresh(uuid), referral_link_stands(uuid), referral_link_of(uuid, smallint),
    referral_outside(referral), referrals_of_actor(), referral_by_key(uuid), organisation_staff(uuid),
    forget_referrals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    actor_works_for(), does_referral(uuid), referral_is_fresh(uuid), referral_link_stands(uuid), referral_link_of(uuid, smallint),
    referrals_of_actor(), referral_by_key(uuid), organisation_staff(uuid), forget_referrals() TO {application};
