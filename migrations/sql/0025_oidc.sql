-- Signing in through a municipality's own provider. Which providers there are is the owner's to say, as are roles.
CREATE TABLE oidc_provider (
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_auth VARCHAR(32) NOT NULL,
    secret_from TEXT NOT NULL,
    origins TEXT[] NOT NULL,
    scopes TEXT[] NOT NULL,
    acr_values TEXT[] NOT NULL,
    second_acr TEXT[] NOT NULL,
    second_amr TEXT[] NOT NULL,
    email_domains TEXT[] NOT NULL,
    role_claim TEXT NOT NULL,
    role_map JSONB NOT NULL,
    registers BOOLEAN NOT NULL,
    staff_only BOOLEAN NOT NULL,
    session_hours SMALLINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_oidc_provider PRIMARY KEY (id),
    CONSTRAINT ck_oidc_provider_client_auth CHECK (client_auth IN ('client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none')),
    CONSTRAINT ck_oidc_provider_secret CHECK ((client_auth = 'none') = (secret_from = '')),
    CONSTRAINT ck_oidc_provider_session_hours CHECK (session_hours BETWEEN 1 AND 336),
    CONSTRAINT fk_oidc_provider_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_oidc_provider_municipality_id ON oidc_provider (municipality_id);

-- On the way to a provider and back: found by its own secret, good once, for ten minutes.
CREATE TABLE oidc_attempt (
    state_hash BYTEA NOT NULL,
    provider_id UUID NOT NULL,
    next_path TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_oidc_attempt PRIMARY KEY (state_hash),
    CONSTRAINT fk_oidc_attempt_provider_id_oidc_provider FOREIGN KEY(provider_id) REFERENCES oidc_provider (id)
);

-- Whom a provider's subject is here. The subject itself, which may be a number of the government, is not kept.
CREATE TABLE oidc_identity (
    provider_id UUID NOT NULL,
    subject_hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    proof VARCHAR(32) NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    CONSTRAINT pk_oidc_identity PRIMARY KEY (provider_id, subject_hash),
    CONSTRAINT uq_oidc_identity_provider_id_person_id UNIQUE (provider_id, person_id),
    CONSTRAINT ck_oidc_identity_proof CHECK (proof IN ('session', 'invitation', 'registered')),
    CONSTRAINT fk_oidc_identity_provider_id_oidc_provider FOREIGN KEY(provider_id) REFERENCES oidc_provider (id),
    CONSTRAINT fk_oidc_identity_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_oidc_identity_person_id ON oidc_identity (person_id);

-- Somebody whom a provider vouches for and whom we do not know yet, until they say who they are here.
CREATE TABLE oidc_arrival (
    token_hash BYTEA NOT NULL,
    provider_id UUID NOT NULL,
    subject_hash BYTEA NOT NULL,
    email CITEXT,
    first_name TEXT NOT NULL,
    roles TEXT[] NOT NULL,
    second BOOLEAN NOT NULL,
    next_path TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_oidc_arrival PRIMARY KEY (token_hash),
    CONSTRAINT fk_oidc_arrival_provider_id_oidc_provider FOREIGN KEY(provider_id) REFERENCES oidc_provider (id)
);

-- The desk says in advance who of its people comes in through a provider.
CREATE TABLE oidc_invitation (
    provider_id UUID NOT NULL,
    person_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    CONSTRAINT pk_oidc_invitation PRIMARY KEY (id),
    CONSTRAINT fk_oidc_invitation_provider_id_oidc_provider FOREIGN KEY(provider_id) REFERENCES oidc_provider (id),
    CONSTRAINT fk_oidc_invitation_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_oidc_invitation_person_id ON oidc_invitation (person_id);

-- Through which provider a browser came in, and which roles a provider's claims gave.
ALTER TABLE web_session ADD COLUMN provider_id UUID;
ALTER TABLE web_session ADD CONSTRAINT fk_web_session_provider_id_oidc_provider
    FOREIGN KEY (provider_id) REFERENCES oidc_provider (id);
ALTER TABLE web_session ADD CONSTRAINT ck_web_session_through CHECK ((way = 'oidc') = (provider_id IS NOT NULL));
ALTER TABLE role_grant ADD COLUMN provider_id UUID;
ALTER TABLE role_grant ADD CONSTRAINT fk_role_grant_provider_id_oidc_provider
    FOREIGN KEY (provider_id) REFERENCES oidc_provider (id);

-- How often somebody did something in a stretch of time. A crash may forget it.
CREATE UNLOGGED TABLE pace (
    rule TEXT NOT NULL,
    subject BYTEA NOT NULL,
    begins_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used INTEGER NOT NULL,
    CONSTRAINT pk_pace PRIMARY KEY (rule, subject, begins_at)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['oidc_provider', 'oidc_identity', 'oidc_invitation'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

-- Who stands at the door must be able to choose one.
CREATE POLICY read ON oidc_provider FOR SELECT TO {application} USING (true);
CREATE POLICY own ON oidc_identity TO {application} USING (person_id = (SELECT actor_person()));

-- Whom a subject is here, before anybody is signed in.
CREATE FUNCTION oidc_person(provider uuid, subject bytea) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT i.person_id FROM oidc_identity i JOIN oidc_provider o ON o.id = i.provider_id
        WHERE i.provider_id = provider AND i.subject_hash = subject AND o.ended_at IS NULL
    $$;

-- An invitation is for one person, known by an address that the provider vouches for; it is good once.
CREATE FUNCTION oidc_accept(provider uuid, subject bytea, address citext) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH accepted AS (
            UPDATE oidc_invitation v SET used_at = ledger.now()
            FROM contact c JOIN person p ON p.id = c.person_id
            WHERE v.provider_id = provider AND v.person_id = c.person_id AND c.email = address
              AND p.disabled_at IS NULL AND v.used_at IS NULL AND v.expires_at > ledger.now()
              AND NOT EXISTS (SELECT FROM oidc_identity i WHERE i.provider_id = provider AND i.person_id = v.person_id)
              AND EXISTS (SELECT FROM oidc_provider o WHERE o.id = provider AND o.ended_at IS NULL)
            RETURNING v.person_id
        )
        INSERT INTO oidc_identity (provider_id, subject_hash, person_id, proof)
        SELECT provider, subject, a.person_id, 'invitation' FROM (SELECT DISTINCT person_id FROM accepted) a
        RETURNING person_id
    $$;

-- The roles that somebody's claims give at this moment, no others than the provider may give, in its municipality
-- only. What a claim gave goes with the claim; what the desk gave by hand stays. Says whether anything changed.
CREATE FUNCTION oidc_roles(provider uuid, who uuid, wanted text[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        place integer;
        allowed text[];
        gone integer;
        come integer;
    BEGIN
        SELECT o.municipality_id, ARRAY(SELECT DISTINCT value FROM jsonb_each_text(o.role_map)) INTO place, allowed
        FROM oidc_provider o JOIN oidc_identity i ON i.provider_id = o.id
        WHERE o.id = provider AND o.ended_at IS NULL AND i.person_id = who;
        IF place IS NULL OR NOT wanted <@ allowed OR 'region_administrator' = ANY (wanted) THEN
            RAISE EXCEPTION 'this provider does not give these roles to this person';
        END IF;
        DELETE FROM role_grant g
        WHERE g.person_id = who AND g.provider_id = provider AND NOT g.role = ANY (wanted);
        GET DIAGNOSTICS gone = ROW_COUNT;
        INSERT INTO role_grant (id, person_id, role, municipality_id, provider_id)
        SELECT gen_random_uuid(), who, w.role, place, provider FROM (SELECT DISTINCT unnest(wanted) AS role) w
        WHERE NOT EXISTS (
            SELECT FROM role_grant g WHERE g.person_id = who AND g.role = w.role AND g.municipality_id = place
        );
        GET DIAGNOSTICS come = ROW_COUNT;
        IF EXISTS (SELECT FROM role_grant g WHERE g.person_id = who AND g.municipality_id = place) THEN
            INSERT INTO membership (person_id, municipality_id, kind) VALUES (who, place, 'works') ON CONFLICT DO NOTHING;
        ELSIF gone > 0 THEN
            DELETE FROM membership m WHERE m.person_id = who AND m.municipality_id = place AND m.kind = 'works';
        END IF;
        RETURN gone + come > 0;
    END $$;

-- What an invitation gives is the desk's: a claim that gives the same may go.
CREATE OR REPLACE FUNCTION given_by_hand(who uuid, kind text, municipality integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g
            WHERE g.person_id = who AND g.role = kind AND g.municipality_id = municipality AND g.provider_id IS NULL
        )
    $$;

-- The providers that ask a colleague for a second proof, and whether a role here came by hand: that one a mail opens
-- too. Only for who looks after them.
CREATE FUNCTION staff_through(municipality integer)
    RETURNS TABLE (person_id uuid, providers text[], by_hand boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT r.person_id,
               ARRAY(SELECT o.name FROM oidc_identity i JOIN oidc_provider o ON o.id = i.provider_id
                     WHERE i.person_id = r.person_id AND o.ended_at IS NULL
                       AND (o.second_acr <> '{}' OR o.second_amr <> '{}') ORDER BY o.name),
               bool_or(r.provider_id IS NULL)
        FROM role_grant r
        WHERE r.municipality_id = municipality AND administers(acting_administrator(), municipality)
        GROUP BY r.person_id
    $$;

-- Ways in that nobody took, and roles of people who stayed away for a month: the claim may be gone since.
CREATE FUNCTION oidc_forget() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        DELETE FROM oidc_attempt WHERE expires_at < ledger.now() - interval '1 hour';
        DELETE FROM oidc_arrival WHERE expires_at < ledger.now() - interval '1 hour';
        DELETE FROM pace WHERE begins_at < ledger.now() - interval '1 day';
        DELETE FROM role_grant g WHERE g.provider_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM web_session s
            WHERE s.person_id = g.person_id AND s.provider_id = g.provider_id
              AND s.created_at > ledger.now() - interval '30 days'
        );
    $$;

GRANT SELECT ON oidc_provider TO {application};
GRANT SELECT, INSERT, UPDATE ON oidc_attempt, oidc_arrival, pace TO {application};
GRANT SELECT, INSERT, DELETE ON oidc_identity TO {application};
REVOKE EXECUTE ON FUNCTION
    oidc_person(uuid, bytea), oidc_accept(uuid, bytea, citext), oidc_roles(uuid, uuid, text[]), oidc_forget(),
    staff_through(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    oidc_person(uuid, bytea), oidc_accept(uuid, bytea, citext), oidc_roles(uuid, uuid, text[]), oidc_forget(),
    staff_through(integer) TO {application};
