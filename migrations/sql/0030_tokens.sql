-- Tokens of programs: what each allows, when it was used, and a key that a page may name.
ALTER TABLE api_token ADD COLUMN id UUID DEFAULT gen_random_uuid() NOT NULL;
ALTER TABLE api_token ADD COLUMN scope VARCHAR(32) DEFAULT 'all' NOT NULL;  -- those from before knew no less
ALTER TABLE api_token ALTER COLUMN scope DROP DEFAULT;
ALTER TABLE api_token ADD COLUMN used_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE api_token ADD CONSTRAINT uq_api_token_id UNIQUE (id);
ALTER TABLE api_token ADD CONSTRAINT ck_api_token_scope CHECK (scope IN ('read', 'own', 'all'));
CREATE INDEX ix_api_token_person_id ON api_token (person_id);

ALTER TABLE sign_in_event DROP CONSTRAINT ck_sign_in_event_kind;
ALTER TABLE sign_in_event ADD CONSTRAINT ck_sign_in_event_kind CHECK (
    kind IN ('signed_in', 'letter_made', 'passkey_added', 'passkey_removed', 'app_added', 'app_removed',
             'sessions_ended', 'factors_reset', 'role_given', 'role_ended', 'provider_added', 'provider_removed',
             'shut_out', 'let_in', 'program_added', 'program_removed')
);

-- A program got what its person could do then: with a role that comes, goes or changes it asks anew.
CREATE OR REPLACE FUNCTION role_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE web_session SET ended_at = ledger.now()
        WHERE ended_at IS NULL AND person_id IN (OLD.person_id, NEW.person_id);
        UPDATE api_token SET ended_at = ledger.now()
        WHERE ended_at IS NULL AND person_id IN (OLD.person_id, NEW.person_id);
        RETURN NULL;
    END $$;

-- A lost telephone, or a colleague who must be out at once: their programs too.
CREATE OR REPLACE FUNCTION reset_second_factor(colleague uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF looks_after(colleague) IS NOT TRUE THEN
            RETURN false;
        END IF;
        DELETE FROM passkey WHERE person_id = colleague;
        DELETE FROM authenticator WHERE person_id = colleague;
        UPDATE web_session SET ended_at = ledger.now() WHERE person_id = colleague AND ended_at IS NULL;
        UPDATE api_token SET ended_at = ledger.now() WHERE person_id = colleague AND ended_at IS NULL;
        RETURN true;
    END $$;

CREATE OR REPLACE FUNCTION end_staff_sessions(colleague uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF looks_after(colleague) IS NOT TRUE THEN
            RETURN false;
        END IF;
        UPDATE web_session SET ended_at = ledger.now() WHERE person_id = colleague AND ended_at IS NULL;
        UPDATE api_token SET ended_at = ledger.now() WHERE person_id = colleague AND ended_at IS NULL;
        RETURN true;
    END $$;

-- What opens nothing any more goes after a month, as a session does.
CREATE OR REPLACE FUNCTION forget_getting_in() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        DELETE FROM spent_proof WHERE expires_at < ledger.now();
        DELETE FROM letter_code WHERE expires_at < ledger.now() - interval '90 days';
        DELETE FROM staff_invitation WHERE used_at IS NULL AND expires_at < ledger.now() - interval '90 days';
        DELETE FROM authenticator WHERE confirmed_at IS NULL AND created_at < ledger.now() - interval '1 day';
        DELETE FROM sign_in_event WHERE at < ledger.now() - interval '1 year' AND kind <> 'shut_out';
        DELETE FROM api_token WHERE coalesce(ended_at, expires_at) < ledger.now() - interval '30 days';
    $$;

-- Time alone takes words and contact data, never a person: nobody was forgotten that way.
ALTER TABLE erasure DROP CONSTRAINT ck_erasure_way;
ALTER TABLE erasure ADD CONSTRAINT ck_erasure_way CHECK (way IN ('zelf', 'bureau'));
