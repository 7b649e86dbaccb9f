-- Organisations: joining, the covenant with its signatures, who works and helps there, and introductions.

CREATE TABLE joining (
    applicant_id UUID NOT NULL,
    name TEXT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    description TEXT NOT NULL,
    phone TEXT NOT NULL,
    website TEXT NOT NULL,
    kvk_number TEXT NOT NULL,
    position TEXT NOT NULL,
    status VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    organisation_id UUID,
    decided_by_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_joining PRIMARY KEY (id),
    CONSTRAINT ck_joining_status CHECK (status IN ('submitted', 'approved', 'rejected', 'withdrawn')),
    CONSTRAINT ck_joining_kind CHECK (kind IN ('welfare', 'care', 'volunteers', 'club', 'school', 'employer', 'library')),
    CONSTRAINT ck_joining_name CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT ck_joining_description CHECK (char_length(description) <= 1000),
    CONSTRAINT ck_joining_approved CHECK ((status = 'approved') = (organisation_id IS NOT NULL)),
    CONSTRAINT ck_joining_reason CHECK (status <> 'rejected' OR reason <> ''),
    CONSTRAINT fk_joining_applicant_id_person FOREIGN KEY(applicant_id) REFERENCES person (id),
    CONSTRAINT fk_joining_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_joining_decided_by_id_person FOREIGN KEY(decided_by_id) REFERENCES person (id),
    CONSTRAINT fk_joining_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_joining_applicant_id ON joining (applicant_id);
CREATE INDEX ix_joining_municipality_id_status ON joining (municipality_id, status);

CREATE TABLE covenant (
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    changed TEXT NOT NULL,
    sign_before DATE,
    by_id UUID NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_covenant PRIMARY KEY (id),
    CONSTRAINT uq_covenant_municipality_id_number UNIQUE (municipality_id, number),
    CONSTRAINT ck_covenant_number CHECK (number >= 1),
    CONSTRAINT ck_covenant_text CHECK (char_length(text) BETWEEN 1 AND 20000),
    CONSTRAINT fk_covenant_by_id_person FOREIGN KEY(by_id) REFERENCES person (id),
    CONSTRAINT fk_covenant_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);

CREATE TABLE covenant_signature (
    covenant_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    side VARCHAR(32) NOT NULL,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_covenant_signature PRIMARY KEY (id),
    CONSTRAINT ck_covenant_signature_side CHECK (side IN ('organisatie', 'gemeente')),
    CONSTRAINT uq_covenant_signature_covenant_id_organisation_id_side UNIQUE (covenant_id, organisation_id, side),
    CONSTRAINT fk_covenant_signature_covenant_id_covenant FOREIGN KEY(covenant_id) REFERENCES covenant (id),
    CONSTRAINT fk_covenant_signature_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_covenant_signature_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_covenant_signature_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_covenant_signature_municipality_id ON covenant_signature (municipality_id);
CREATE INDEX ix_covenant_signature_organisation_id ON covenant_signature (organisation_id);

CREATE TABLE organisation_invitation (
    organisation_id UUID NOT NULL,
    email TEXT NOT NULL,
    first_name TEXT NOT NULL,
    role VARCHAR(32) NOT NULL,
    exclusive BOOLEAN NOT NULL,
    invited_by_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    person_id UUID,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_organisation_invitation PRIMARY KEY (id),
    CONSTRAINT ck_organisation_invitation_role CHECK (role IN ('organisation_member', 'organisation_administrator', 'volunteer')),
    CONSTRAINT ck_organisation_invitation_one_end CHECK (used_at IS NULL OR withdrawn_at IS NULL),
    CONSTRAINT ck_organisation_invitation_whose CHECK ((used_at IS NULL) = (person_id IS NULL)),
    CONSTRAINT ck_organisation_invitation_exclusive CHECK (role = 'volunteer' OR NOT exclusive),
    CONSTRAINT fk_organisation_invitation_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_organisation_invitation_invited_by_id_person FOREIGN KEY(invited_by_id) REFERENCES person (id),
    CONSTRAINT fk_organisation_invitation_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_organisation_invitation_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_organisation_invitation_municipality_id ON organisation_invitation (municipality_id);
CREATE INDEX ix_organisation_invitation_organisation_id_created_at ON organisation_invitation (organisation_id, created_at);

CREATE TABLE organisation_volunteer (
    organisation_id UUID NOT NULL,
    person_id UUID NOT NULL,
    exclusive BOOLEAN NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_organisation_volunteer PRIMARY KEY (id),
    CONSTRAINT fk_organisation_volunteer_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_organisation_volunteer_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_organisation_volunteer_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_organisation_volunteer_municipality_id ON organisation_volunteer (municipality_id);
CREATE INDEX ix_organisation_volunteer_person_id ON organisation_volunteer (person_id);
CREATE UNIQUE INDEX uq_organisation_volunteer_live ON organisation_volunteer (organisation_id, person_id) WHERE ended_at IS NULL;

CREATE TABLE introduction (
    one_id UUID NOT NULL,
    other_id UUID NOT NULL,
    why TEXT NOT NULL,
    one_yes BOOLEAN,
    other_yes BOOLEAN,
    status VARCHAR(32) NOT NULL,
    outcome TEXT NOT NULL,
    made_by_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_introduction PRIMARY KEY (id),
    CONSTRAINT ck_introduction_status CHECK (status IN ('proposed', 'agreed', 'declined', 'done')),
    CONSTRAINT ck_introduction_two CHECK (one_id <> other_id),
    CONSTRAINT ck_introduction_why CHECK (char_length(why) BETWEEN 1 AND 1000),
    CONSTRAINT ck_introduction_both CHECK (status NOT IN ('agreed', 'done') OR (one_yes AND other_yes)),
    CONSTRAINT fk_introduction_one_id_organisation FOREIGN KEY(one_id) REFERENCES organisation (id),
    CONSTRAINT fk_introduction_other_id_organisation FOREIGN KEY(other_id) REFERENCES organisation (id),
    CONSTRAINT fk_introduction_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_introduction_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_introduction_municipality_id_status ON introduction (municipality_id, status);
CREATE INDEX ix_introduction_one_id ON introduction (one_id);
CREATE INDEX ix_introduction_other_id ON introduction (other_id);


-- Whether the actor administers this organisation; nobody does while they act for another.
CREATE FUNCTION administers_organisation(key uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g JOIN person p ON p.id = g.person_id
            WHERE g.person_id = nullif(current_setting('app.person_id', true), '')::uuid AND NOT is_acting()
              AND g.organisation_id = key AND g.role = 'organisation_administrator' AND p.disabled_at IS NULL
        )
    $$;
-- A desk gives the first role of an organisation that it let in: to whoever asked for it, never to itself, and not in
-- an organisation that somebody administers.
CREATE FUNCTION appoint_at_organisation(org uuid, who uuid, kind text, new_grant uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE place integer;
BEGIN
    SELECT o.municipality_id INTO place FROM organisation o
    JOIN joining j ON j.organisation_id = o.id AND j.applicant_id = who AND j.status = 'approved'
    WHERE o.id = org;
    IF place IS NULL OR kind <> 'organisation_administrator' OR who = actor_person() OR NOT place = ANY (
        coalesce(granted_in(ARRAY['broker', 'municipality_administrator']), '{}'))
       OR EXISTS (SELECT FROM role_grant g WHERE g.organisation_id = org AND g.role = 'organisation_administrator') THEN
        RETURN false;
    END IF;
    INSERT INTO role_grant (id, person_id, role, municipality_id, organisation_id) VALUES (new_grant, who, kind, place, org);
    RETURN true;
END $$;
CREATE FUNCTION organisation_colleagues(key uuid) RETURNS TABLE (grant_id uuid, person_id uuid, first_name text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT g.id, p.id, p.first_name, g.role::text FROM role_grant g JOIN person p ON p.id = g.person_id
        WHERE g.organisation_id = key AND g.role IN ('organisation_member', 'organisation_administrator')
          AND p.disabled_at IS NULL AND key = ANY (coalesce(actor_works_for(), '{}'))
        ORDER BY lower(p.first_name), g.id
    $$;
-- Only who signed in with the address that it was sent to reads an invitation, for as long as who made it administers
-- the organisation.
CREATE FUNCTION invited_by_organisation(key uuid)
    RETURNS TABLE (organisation_id uuid, organisation text, first_name text, role text, exclusive boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT i.organisation_id, o.name, i.first_name, i.role::text, i.exclusive
        FROM organisation_invitation i JOIN organisation o ON o.id = i.organisation_id
        JOIN contact c ON c.person_id = actor_person() AND c.email = i.email::citext
        WHERE i.id = key AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > ledger.now() AND NOT is_acting()
          AND EXISTS (
              SELECT FROM role_grant g JOIN person p ON p.id = g.person_id
              WHERE g.person_id = i.invited_by_id AND g.organisation_id = i.organisation_id
                AND g.role = 'organisation_administrator' AND p.disabled_at IS NULL)
    $$;
CREATE FUNCTION accept_organisation_invitation(key uuid, new_grant uuid, new_row uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mine organisation_invitation; me uuid := actor_person();
BEGIN
    SELECT * INTO mine FROM organisation_invitation WHERE id = key FOR UPDATE;
    IF NOT EXISTS (SELECT FROM invited_by_organisation(key)) THEN
        RETURN false;
    END IF;
    UPDATE organisation_invitation SET used_at = ledger.now(), person_id = me WHERE id = key;
    IF mine.role = 'volunteer' THEN
        INSERT INTO organisation_volunteer (id, municipality_id, organisation_id, person_id, exclusive)
            VALUES (new_row, mine.municipality_id, mine.organisation_id, me, mine.exclusive)
            ON CONFLICT (organisation_id, person_id) WHERE ended_at IS NULL DO UPDATE SET exclusive = mine.exclusive;
    ELSE
        INSERT INTO role_grant (id, person_id, role, municipality_id, organisation_id)
        SELECT new_grant, me, mine.role, mine.municipality_id, mine.organisation_id
        WHERE NOT EXISTS (SELECT FROM role_grant g WHERE g.person_id = me AND g.role = mine.role
                          AND g.organisation_id = mine.organisation_id);
    END IF;
    RETURN true;
END $$;
CREATE FUNCTION end_organisation_role(key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone role_grant;
BEGIN
    -- one after the other: of two who end each other's role at one moment, one stays
    PERFORM FROM organisation o JOIN role_grant g ON g.organisation_id = o.id WHERE g.id = key FOR UPDATE OF o;
    DELETE FROM role_grant g
    WHERE g.id = key AND g.organisation_id IS NOT NULL AND g.role IN ('organisation_member', 'organisation_administrator')
      AND administers_organisation(g.organisation_id)
      AND (g.role = 'organisation_member' OR (
          SELECT count(*) FROM role_grant o
          WHERE o.organisation_id = g.organisation_id AND o.role = 'organisation_administrator') > 1)
    RETURNING * INTO gone;
    RETURN gone.id IS NOT NULL;
END $$;
CREATE FUNCTION share_volunteer(key uuid, only_ours boolean) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v organisation_volunteer;
BEGIN
    UPDATE organisation_volunteer SET exclusive = only_ours
    WHERE id = key AND ended_at IS NULL AND administers_organisation(organisation_id) RETURNING * INTO v;
    IF v.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE help_offer SET exclusive = only_ours WHERE person_id = v.person_id AND organisation_id = v.organisation_id;
    RETURN true;
END $$;
-- Either side ends it: the offers stand on as a neighbour's.
CREATE FUNCTION end_volunteer(key uuid) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v organisation_volunteer;
BEGIN
    UPDATE organisation_volunteer SET ended_at = ledger.now()
    WHERE id = key AND ended_at IS NULL AND NOT is_acting()
      AND (administers_organisation(organisation_id) OR person_id = actor_person()) RETURNING * INTO v;
    IF v.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE help_offer SET organisation_id = NULL, exclusive = false
    WHERE person_id = v.person_id AND organisation_id = v.organisation_id;
    RETURN true;
END $$;

-- What was agreed for cheques under the flag of an organisation, with where and for whom: for who works there, from
-- today on for two weeks. An address shows as it shows to who helps: while the time is still to come.
CREATE FUNCTION jobs_of_organisation(org uuid)
    RETURNS TABLE (occurrence_id uuid, asker_id uuid, municipality_id integer, starts_at timestamptz, minutes integer,
                   title text, asker text, address text, phone text, helper text, cheques integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT o.id, o.asker_id, o.municipality_id, o.starts_at, o.minutes, r.title, a.first_name,
               btrim(concat_ws(', ', nullif(btrim(concat_ws(' ', nullif(c.street, ''), c.house_number)), ''), c.postcode)),
               c.phone, h.first_name, ceil(o.minutes / 60.0)::integer
        FROM occurrence o JOIN agreement g ON g.id = o.agreement_id JOIN help_request r ON r.id = g.help_request_id
        JOIN person a ON a.id = o.asker_id JOIN person h ON h.id = o.helper_id JOIN contact c ON c.person_id = o.asker_id
        WHERE g.flag_id = org AND o.kind = 'cheque' AND o.status = 'agreed'
          AND org = ANY (coalesce(actor_works_for(), '{}')) AND NOT are_apart(o.asker_id, actor_person())
          AND o.starts_at BETWEEN ledger.now() - interval '12 hours' AND ledger.now() + interval '14 days'
        ORDER BY o.starts_at, o.id
    $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['joining', 'covenant', 'covenant_signature', 'organisation_invitation',
                             'organisation_volunteer', 'introduction'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
-- A desk reads and decides; nobody asks in the name of another, whom a role would then be given to.
CREATE POLICY tenant ON joining FOR SELECT TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY decide ON joining FOR UPDATE TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[]) AND applicant_id IS DISTINCT FROM (SELECT actor_person())
);
CREATE POLICY own ON joining TO {application} USING (applicant_id = (SELECT actor_person()))
    WITH CHECK (applicant_id = (SELECT actor_person()) AND status IN ('submitted', 'withdrawn') AND organisation_id IS NULL);
CREATE POLICY read ON covenant FOR SELECT TO {application} USING (true);
CREATE POLICY publish ON covenant FOR INSERT TO {application} WITH CHECK (
    municipality_id = ANY ((SELECT granted_in(ARRAY['municipality_administrator']))::integer[])
);
CREATE POLICY tenant ON covenant_signature FOR SELECT TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY of_organisation ON covenant_signature FOR SELECT TO {application} USING (
    organisation_id = ANY ((SELECT actor_works_for())::uuid[])
);
-- Each side signs in its own name, and nobody for both.
CREATE POLICY sign ON covenant_signature FOR INSERT TO {application} WITH CHECK (
    person_id = (SELECT actor_person()) AND (
        (side = 'organisatie' AND administers_organisation(organisation_id))
        OR (side = 'gemeente' AND municipality_id = ANY ((SELECT granted_in(ARRAY['municipality_administrator']))::integer[])
            AND NOT coalesce(organisation_id = ANY ((SELECT actor_works_for())::uuid[]), false))
    )
);
-- A signature is under the words as they stand there, of the municipality of that organisation.
CREATE POLICY of_these_words ON covenant_signature AS RESTRICTIVE FOR INSERT TO {application} WITH CHECK (
    EXISTS (
        SELECT FROM covenant c JOIN organisation o ON o.municipality_id = c.municipality_id
        WHERE c.id = covenant_id AND o.id = organisation_id AND c.municipality_id = covenant_signature.municipality_id
          AND text_sha256 = encode(sha256(convert_to(c.text, 'UTF8')), 'hex')
    )
);
CREATE POLICY administer ON organisation_invitation TO {application} USING (administers_organisation(organisation_id))
    WITH CHECK (administers_organisation(organisation_id) AND used_at IS NULL);
CREATE POLICY in_own_name ON organisation_invitation AS RESTRICTIVE FOR INSERT TO {application}
    WITH CHECK (invited_by_id = (SELECT actor_person()) AND EXISTS (
        SELECT FROM organisation o WHERE o.id = organisation_id AND o.municipality_id = organisation_invitation.municipality_id));
CREATE POLICY worker ON organisation_invitation FOR SELECT TO {application} USING (
    nullif(current_setting('app.person_id', true), '') IS NULL AND municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY of_organisation ON organisation_volunteer FOR SELECT TO {application} USING (
    organisation_id = ANY ((SELECT actor_works_for())::uuid[])
);
CREATE POLICY own ON organisation_volunteer FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY tenant ON organisation_volunteer FOR SELECT TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY tenant ON introduction TO {application} USING (municipality_id = ANY ((SELECT actor_reach())::integer[]));
CREATE POLICY of_organisation ON introduction FOR SELECT TO {application} USING (
    one_id = ANY ((SELECT actor_works_for())::uuid[]) OR other_id = ANY ((SELECT actor_works_for())::uuid[])
);
CREATE POLICY answer ON introduction FOR UPDATE TO {application} USING (
    one_id = ANY ((SELECT actor_works_for())::uuid[]) OR other_id = ANY ((SELECT actor_works_for())::uuid[])
) WITH CHECK (status IN ('proposed', 'agreed', 'declined'));
-- Each says yes for itself, and nobody for the other.
CREATE FUNCTION keep_introduction() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT rolname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid WHERE c.oid = TG_RELID)
       AND ((NEW.one_yes IS DISTINCT FROM OLD.one_yes AND NOT NEW.one_id = ANY (coalesce(actor_works_for(), '{}')))
         OR (NEW.other_yes IS DISTINCT FROM OLD.other_yes AND NOT NEW.other_id = ANY (coalesce(actor_works_for(), '{}'))))
    THEN
        RAISE EXCEPTION 'nobody says yes for another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON introduction FOR EACH ROW EXECUTE FUNCTION keep_introduction();

GRANT SELECT, INSERT ON joining, covenant, covenant_signature, organisation_invitation, introduction TO {application};
GRANT SELECT ON organisation_volunteer TO {application};
GRANT UPDATE (status, reason, organisation_id, decided_by_id, decided_at, version) ON joining TO {application};
GRANT UPDATE (withdrawn_at) ON organisation_invitation TO {application};
GRANT UPDATE (one_yes, other_yes, status, outcome, ended_at, version) ON introduction TO {application};
REVOKE EXECUTE ON FUNCTION
    administers_organisation(uuid), appoint_at_organisation(uuid, uuid, text, uuid), organisation_colleagues(uuid),
    invited_by_organisation(uuid), accept_organisation_invitation(uuid, uuid, uuid), end_organisation_role(uuid),
    share_volunteer(uuid, boolean), end_volunteer(uuid), jobs_of_organisation(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    administers_organisation(uuid), appoint_at_organisation(uuid, uuid, text, uuid), organisation_colleagues(uuid),
    invited_by_organisation(uuid), accept_organisation_invitation(uuid, uuid, uuid), end_organisation_role(uuid),
    share_volunteer(uuid, boolean), end_volunteer(uuid), jobs_of_organisation(uuid) TO {application};
