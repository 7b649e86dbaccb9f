ALTER TABLE erasure DROP CONSTRAINT ck_erasure_way;
ALTER TABLE erasure ADD CONSTRAINT ck_erasure_way CHECK (way IN ('zelf', 'bureau', 'termijn'));

CREATE OR REPLACE FUNCTION forget_getting_in() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        DELETE FROM spent_proof WHERE expires_at < ledger.now();
        DELETE FROM letter_code WHERE expires_at < ledger.now() - interval '90 days';
        DELETE FROM staff_invitation WHERE used_at IS NULL AND expires_at < ledger.now() - interval '90 days';
        DELETE FROM authenticator WHERE confirmed_at IS NULL AND created_at < ledger.now() - interval '1 day';
        DELETE FROM sign_in_event WHERE at < ledger.now() - interval '1 year' AND kind <> 'shut_out';
    $$;

CREATE OR REPLACE FUNCTION end_staff_sessions(colleague uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        IF looks_after(colleague) IS NOT TRUE THEN
            RETURN false;
        END IF;
        UPDATE web_session SET ended_at = ledger.now() WHERE person_id = colleague AND ended_at IS NULL;
        RETURN true;
    END $$;

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
        RETURN true;
    END $$;

CREATE OR REPLACE FUNCTION role_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    BEGIN
        UPDATE web_session SET ended_at = ledger.now()
        WHERE ended_at IS NULL AND person_id IN (OLD.person_id, NEW.person_id);
        RETURN NULL;
    END $$;

DELETE FROM sign_in_event WHERE kind IN ('program_added', 'program_removed');
ALTER TABLE sign_in_event DROP CONSTRAINT ck_sign_in_event_kind;
ALTER TABLE sign_in_event ADD CONSTRAINT ck_sign_in_event_kind CHECK (
    kind IN ('signed_in', 'letter_made', 'passkey_added', 'passkey_removed', 'app_added', 'app_removed',
             'sessions_ended', 'factors_reset', 'role_given', 'role_ended', 'provider_added', 'provider_removed',
             'shut_out', 'let_in')
);
DROP INDEX ix_api_token_person_id;
ALTER TABLE api_token DROP COLUMN used_at, DROP COLUMN scope, DROP COLUMN id;
