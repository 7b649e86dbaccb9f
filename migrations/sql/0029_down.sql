DROP TRIGGER consent ON help_request;
CREATE TRIGGER consent BEFORE INSERT OR UPDATE OF status, cross_border, is_public, category_number, person_id ON help_request
    FOR EACH ROW EXECUTE FUNCTION keep_request_to_consent();
CREATE OR REPLACE FUNCTION keep_request_to_consent() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM category c WHERE c.number = NEW.category_number AND c.sensitive) THEN
        NEW.is_public := false;
        IF NEW.status = 'open' AND refuses(NEW.person_id, 'gevoelig') THEN
            RAISE EXCEPTION 'consent for sensitive facts was taken back' USING ERRCODE = 'check_violation', CONSTRAINT = 'consent';
        END IF;
    END IF;
    IF NEW.cross_border AND refuses(NEW.person_id, 'over-de-grens') THEN
        NEW.cross_border := false;
    END IF;
    RETURN NEW;
END $$;
DROP FUNCTION yes_to_come(uuid, integer, integer);
DROP FUNCTION is_sensitive(integer, integer);
DROP FUNCTION is_under_16(uuid);
DROP FUNCTION agreed_version(uuid, text);
DELETE FROM consent WHERE purpose = 'jong-vragen';
ALTER TABLE consent DROP CONSTRAINT ck_consent_purpose;
ALTER TABLE consent ADD CONSTRAINT ck_consent_purpose
    CHECK (purpose IN ('voorstellen', 'over-de-grens', 'gevoelig', 'tips', 'jong-helpen'));
