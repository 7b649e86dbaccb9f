-- Getting in: a code beside the link, letters, passkeys and apps, what a session has proven, invitations for staff.
ALTER TABLE sign_in_link ADD COLUMN tries SMALLINT DEFAULT 0 NOT NULL;
ALTER TABLE sign_in_link ADD CONSTRAINT ck_sign_in_link_tries CHECK (tries BETWEEN 0 AND 5);

ALTER TABLE web_session ADD COLUMN id UUID DEFAULT gen_random_uuid() NOT NULL;
ALTER TABLE web_session ADD COLUMN way VARCHAR(32) DEFAULT 'link' NOT NULL;
ALTER TABLE web_session ADD COLUMN proven_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL;
ALTER TABLE web_session ADD COLUMN second_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE web_session ADD COLUMN browser TEXT DEFAULT '' NOT NULL;
ALTER TABLE web_session ADD CONSTRAINT uq_web_session_id UNIQUE (id);
ALTER TABLE web_session ADD CONSTRAINT ck_web_session_way CHECK (
    way IN ('link', 'code', 'letter', 'passkey', 'invitation', 'oidc', 'demonstration')
);

CREATE TABLE passkey (
    person_id UUID NOT NULL,
    credential_id BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    user_handle BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    CONSTRAINT pk_passkey PRIMARY KEY (id),
    CONSTRAINT uq_passkey_credential_id UNIQUE (credential_id),
    CONSTRAINT ck_passkey_sign_count CHECK (sign_count >= 0),
    CONSTRAINT ck_passkey_credential CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    CONSTRAINT fk_passkey_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_passkey_person_id ON passkey (person_id);

-- The secret of an app is made anew from the installation's key and this row's id: the row itself opens nothing.
CREATE TABLE authenticator (
    person_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    CONSTRAINT pk_authenticator PRIMARY KEY (id),
    CONSTRAINT uq_authenticator_person_id UNIQUE (person_id),
    CONSTRAINT fk_authenticator_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);

-- What may be shown once and was: challenges of passkeys, steps of an app. Hashes only.
CREATE TABLE spent_proof (
    hash BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_spent_proof PRIMARY KEY (hash)
);

CREATE TABLE letter_code (
    person_id UUID NOT NULL,
    made_by_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    tries SMALLINT DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_letter_code PRIMARY KEY (id),
    CONSTRAINT uq_letter_code_code_hash UNIQUE (code_hash),
    CONSTRAINT ck_letter_code_tries CHECK (tries BETWEEN 0 AND 5),
    CONSTRAINT ck_letter_code_somebody_else CHECK (made_by_id <> person_id),
    CONSTRAINT fk_letter_code_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_letter_code_made_by_id_person FOREIGN KEY(made_by_id) REFERENCES person (id),
    CONSTRAINT fk_letter_code_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_letter_code_person_id ON letter_code (person_id);

CREATE TABLE staff_invitation (
    email CITEXT NOT NULL,
    first_name TEXT NOT NULL,
    role VARCHAR(32) NOT NULL,
    invited_by_id UUID NOT NULL,
    person_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    id UUID NOT NULL,
    municipality_id INTEGER NOT NULL,
    CONSTRAINT pk_staff_invitation PRIMARY KEY (id),
    CONSTRAINT ck_staff_invitation_role CHECK (
        role IN ('broker', 'treasurer', 'seller', 'privacy_officer', 'safety_officer', 'municipality_administrator')
    ),
    CONSTRAINT ck_staff_invitation_one_end CHECK (used_at IS NULL OR withdrawn_at IS NULL),
    CONSTRAINT ck_staff_invitation_whose CHECK ((used_at IS NULL) = (person_id IS NULL)),
    CONSTRAINT fk_staff_invitation_invited_by_id_person FOREIGN KEY(invited_by_id) REFERENCES person (id),
    CONSTRAINT fk_staff_invitation_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_staff_invitation_municipality_id_municipality FOREIGN KEY(municipality_id) REFERENCES municipality (id)
);
CREATE INDEX ix_staff_invitation_municipality_id_created_at ON staff_invitation (municipality_id, created_at);

-- What happened to somebody's ways in, for that person to read; only ever added to.
CREATE TABLE sign_in_event (
    person_id UUID NOT NULL,
    by_id UUID NOT NULL,
    kind VARCHAR(32) NOT NULL,
    said TEXT DEFAULT '' NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT ledger.now() NOT NULL,
    id UUID NOT NULL,
    CONSTRAINT pk_sign_in_event PRIMARY KEY (id),
    CONSTRAINT ck_sign_in_event_kind CHECK (
        kind IN ('signed_in', 'letter_made', 'passkey_added', 'passkey_removed', 'app_added', 'app_removed',
                 'sessions_ended', 'factors_reset', 'role_given', 'role_ended', 'provider_added', 'provider_removed',
                 'shut_out', 'let_in')
    ),
    CONSTRAINT fk_sign_in_event_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_sign_in_event_by_id_person FOREIGN KEY(by_id) REFERENCES person (id)
);
CREATE INDEX ix_sign_in_event_person_id_at ON sign_in_event (person_id, at);

ALTER TABLE passkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE authenticator ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE letter_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE staff_invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE sign_in_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON passkey TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON authenticator TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON letter_code TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON staff_invitation TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON sign_in_event TO CURRENT_USER USING (true) WITH CHECK (true);

-- Keys are nobody's but one's own.
CREATE POLICY own ON passkey TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY own ON authenticator TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY own ON letter_code FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
CREATE POLICY tenant ON letter_code TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY tenant ON staff_invitation TO {application} USING (
    municipality_id = ANY ((SELECT actor_reach())::integer[])
);
CREATE POLICY own ON sign_in_event FOR SELECT TO {application} USING (person_id = (SELECT actor_person()));
-- Whoever does something to another's ways in says so in their own name.
CREATE POLICY tell ON sign_in_event FOR INSERT TO {application} WITH CHECK (by_id = (SELECT actor_person()));

-- A role that comes, goes or changes ends every session of the person; so does being shut out, for programs too.
CREATE FUNCTION role_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE web_session SET ended_at = ledger.now()
        WHERE ended_at IS NULL AND person_id IN (OLD.person_id, NEW.person_id);
        RETURN NULL;
    END $$;
CREATE TRIGGER role_changed AFTER INSERT OR UPDATE OR DELETE ON role_grant
    FOR EACH ROW EXECUTE FUNCTION role_changed();

CREATE FUNCTION person_disabled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE web_session SET ended_at = ledger.now() WHERE ended_at IS NULL AND person_id = NEW.id;
        UPDATE api_token SET ended_at = ledger.now() WHERE ended_at IS NULL AND person_id = NEW.id;
        RETURN NULL;
    END $$;
CREATE TRIGGER person_disabled AFTER UPDATE OF disabled_at ON person
    FOR EACH ROW WHEN (NEW.disabled_at IS NOT NULL AND OLD.disabled_at IS NULL) EXECUTE FUNCTION person_disabled();

-- Who signs in with a passkey is nobody yet: the key leads to the person.
CREATE FUNCTION passkey_for(credential bytea)
    RETURNS TABLE (id uuid, person_id uuid, public_key bytea, user_handle bytea, sign_count bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT k.id, k.person_id, k.public_key, k.user_handle, k.sign_count
        FROM passkey k JOIN person p ON p.id = k.person_id
        WHERE k.credential_id = credential AND p.disabled_at IS NULL
    $$;

-- Whoever works at a desk has a mailbox, and keys: a colleague who could write to them would be them.
CREATE FUNCTION works_at_a_desk(who uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g
            WHERE g.person_id = who
              AND g.role NOT IN ('member', 'organisation_member', 'organisation_administrator', 'referrer')
        )
    $$;

-- A letter's code with the postcode of whom it is for. Each try is counted; the right one is the last.
CREATE FUNCTION use_letter(hash bytea, typed_postcode text) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        UPDATE letter_code l
        SET tries = l.tries + 1,
            used_at = CASE WHEN replace(c.postcode, ' ', '') = typed_postcode THEN ledger.now() END
        FROM contact c JOIN person p ON p.id = c.person_id
        WHERE l.code_hash = hash AND c.person_id = l.person_id AND p.disabled_at IS NULL AND NOT works_at_a_desk(p.id)
          AND l.used_at IS NULL AND l.withdrawn_at IS NULL AND l.tries < 5 AND l.expires_at > ledger.now()
        RETURNING CASE WHEN l.used_at IS NOT NULL THEN l.person_id END
    $$;

CREATE FUNCTION administers(who uuid, municipality integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g JOIN person p ON p.id = g.person_id
            WHERE g.person_id = who AND p.disabled_at IS NULL
              AND (g.role = 'region_administrator'
                   OR (g.role = 'municipality_administrator' AND g.municipality_id = municipality))
        )
    $$;

-- Whoever may change who works somewhere, in their own name; nobody for a visitor or who acts for another.
CREATE FUNCTION acting_administrator() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT CASE WHEN NOT is_acting() THEN nullif(current_setting('app.person_id', true), '')::uuid END $$;

-- What the link of an invitation shows, before anyone is signed in.
CREATE FUNCTION invited(key uuid)
    RETURNS TABLE (email citext, first_name text, role text, municipality_id integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT i.email, i.first_name, i.role, i.municipality_id
        FROM staff_invitation i
        WHERE i.id = key AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > ledger.now()
          AND administers(i.invited_by_id, i.municipality_id)
          AND NOT EXISTS (
              SELECT FROM contact c JOIN person p ON p.id = c.person_id
              WHERE c.email = i.email AND p.disabled_at IS NOT NULL
          )
    $$;

CREATE FUNCTION given_by_hand(who uuid, kind text, municipality integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM role_grant g WHERE g.person_id = who AND g.role = kind AND g.municipality_id = municipality
        )
    $$;

-- Used once: the role and the municipality are the invitation's own. The keys for new rows come from whoever calls.
CREATE FUNCTION accept_invitation(key uuid, new_person uuid, new_pseudonym uuid, new_grant uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        mine staff_invitation;
        someone uuid;
    BEGIN
        SELECT * INTO mine FROM staff_invitation WHERE id = key FOR UPDATE;
        IF NOT EXISTS (SELECT FROM invited(key)) THEN
            RETURN NULL;
        END IF;
        SELECT person_id INTO someone FROM contact WHERE email = mine.email;
        IF someone IS NULL THEN
            someone := new_person;
            INSERT INTO person (id, first_name, pseudonym, language, do_not_ask, paused)
            VALUES (someone, mine.first_name, new_pseudonym, 'nl', false, false);
            INSERT INTO contact (person_id, last_name, email, phone, postcode, house_number, street, address_doubtful)
            VALUES (someone, '', mine.email, '', '', '', '', false);
        END IF;
        UPDATE staff_invitation SET used_at = ledger.now(), person_id = someone WHERE id = key;
        INSERT INTO role_grant (id, person_id, role, municipality_id)
        SELECT new_grant, someone, mine.role, mine.municipality_id
        WHERE NOT given_by_hand(someone, mine.role, mine.municipality_id);
        INSERT INTO membership (person_id, municipality_id, kind) VALUES (someone, mine.municipality_id, 'works')
        ON CONFLICT DO NOTHING;
        RETURN someone;
    END $$;

-- An administrator ends a colleague's role, never one's own.
CREATE FUNCTION end_staff_role(key uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        gone role_grant;
    BEGIN
        DELETE FROM role_grant g
        WHERE g.id = key AND g.person_id <> acting_administrator()
          AND g.role IN ('broker', 'treasurer', 'seller', 'privacy_officer', 'safety_officer', 'municipality_administrator')
          AND administers(acting_administrator(), g.municipality_id)
        RETURNING * INTO gone;
        IF gone.id IS NULL THEN
            RETURN NULL;
        END IF;
        DELETE FROM membership m
        WHERE m.person_id = gone.person_id AND m.municipality_id = gone.municipality_id AND m.kind = 'works'
          AND NOT EXISTS (
              SELECT FROM role_grant g
              WHERE g.person_id = gone.person_id AND g.municipality_id = gone.municipality_id
          );
        RETURN gone.person_id;
    END $$;

-- Whether a second administrator may touch a colleague's ways in: of a municipality where they work, or the region's.
CREATE FUNCTION looks_after(colleague uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT colleague <> acting_administrator() AND EXISTS (
            SELECT FROM role_grant g
            WHERE g.person_id = colleague AND g.organisation_id IS NULL
              AND administers(acting_administrator(), g.municipality_id)
        ) AND (
            NOT EXISTS (SELECT FROM role_grant g WHERE g.person_id = colleague AND g.role = 'region_administrator')
            OR EXISTS (SELECT FROM role_grant g
                       WHERE g.person_id = acting_administrator() AND g.role = 'region_administrator')
        )
    $$;

-- Lost telephone: every key and app of a colleague goes, and every session. They begin again with their mail.
CREATE FUNCTION reset_second_factor(colleague uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF looks_after(colleague) IS NOT TRUE THEN
            RETURN false;
        END IF;
        DELETE FROM passkey WHERE person_id = colleague;
        DELETE FROM authenticator WHERE person_id = colleague;
        UPDATE web_session SET ended_at = ledger.now() WHERE person_id = colleague AND ended_at IS NULL;
        RETURN true;
    END $$;

CREATE FUNCTION end_staff_sessions(colleague uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF looks_after(colleague) IS NOT TRUE THEN
            RETURN false;
        END IF;
        UPDATE web_session SET ended_at = ledger.now() WHERE person_id = colleague AND ended_at IS NULL;
        RETURN true;
    END $$;

-- Who of the colleagues has a second way, and who not yet; only for who looks after them.
CREATE FUNCTION staff_security(municipality integer)
    RETURNS TABLE (person_id uuid, passkeys bigint, app boolean, sessions bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT g.person_id,
               (SELECT count(*) FROM passkey k WHERE k.person_id = g.person_id),
               EXISTS (SELECT FROM authenticator a WHERE a.person_id = g.person_id AND a.confirmed_at IS NOT NULL),
               (SELECT count(*) FROM web_session s
                WHERE s.person_id = g.person_id AND s.ended_at IS NULL AND s.expires_at > ledger.now())
        FROM (SELECT DISTINCT r.person_id FROM role_grant r WHERE r.municipality_id = municipality) g
        WHERE administers(acting_administrator(), municipality)
    $$;

CREATE FUNCTION forget_getting_in() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        DELETE FROM spent_proof WHERE expires_at < ledger.now();
        DELETE FROM letter_code WHERE expires_at < ledger.now() - interval '90 days';
        DELETE FROM staff_invitation WHERE used_at IS NULL AND expires_at < ledger.now() - interval '90 days';
        DELETE FROM authenticator WHERE confirmed_at IS NULL AND created_at < ledger.now() - interval '1 day';
        DELETE FROM sign_in_event WHERE at < ledger.now() - interval '1 year' AND kind <> 'shut_out';
    $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON passkey, authenticator TO {application};
GRANT SELECT, INSERT ON spent_proof, sign_in_event TO {application};
GRANT SELECT, INSERT, UPDATE ON letter_code, staff_invitation TO {application};
REVOKE EXECUTE ON FUNCTION
    role_changed(), person_disabled(), passkey_for(bytea), use_letter(bytea, text), works_at_a_desk(uuid), administers(uuid, integer),
    invited(uuid), given_by_hand(uuid, text, integer), accept_invitation(uuid, uuid, uuid, uuid),
    end_staff_role(uuid), looks_after(uuid), reset_second_factor(uuid), end_staff_sessions(uuid),
    staff_security(integer), forget_getting_in() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    passkey_for(bytea), use_letter(bytea, text), works_at_a_desk(uuid), invited(uuid), accept_invitation(uuid, uuid, uuid, uuid),
    end_staff_role(uuid), reset_second_factor(uuid), end_staff_sessions(uuid), staff_security(integer),
    forget_getting_in() TO {application};
