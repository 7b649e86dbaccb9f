-- A parent or guardian also says whether their child asks for help.
ALTER TABLE consent DROP CONSTRAINT ck_consent_purpose;
ALTER TABLE consent ADD CONSTRAINT ck_consent_purpose
    CHECK (purpose IN ('voorstellen', 'over-de-grens', 'gevoelig', 'tips', 'jong-helpen', 'jong-vragen'));

-- The version of the text that somebody's standing yes belongs to; null without one.
CREATE FUNCTION agreed_version(person uuid, what text) RETURNS smallint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT c.version FROM consent c WHERE c.person_id = person AND c.purpose = what AND c.withdrawn_at IS NULL
    $$;

-- Whoever may still be fifteen: a parent or guardian says yes for them (UAVG, article 5). We know a year of birth only.
CREATE FUNCTION is_under_16(person uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM contact c WHERE c.person_id = person
               AND extract(year FROM ledger.now() AT TIME ZONE 'Europe/Amsterdam') - c.birth_year - 1 < 16
        )
    $$;

-- Whether a request may say something about health: by its category, or by what the helper must be able to do with
-- (a wheelchair 8, dementia 512, sign language 1024).
CREATE FUNCTION is_sensitive(category_number integer, skills integer) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = public, pg_temp
    AS $$
        SELECT skills & 1544 <> 0 OR EXISTS (SELECT FROM category c WHERE c.number = $1 AND c.sensitive)
    $$;

-- Why somebody's request may not be open: a parent's yes or one's own is still to come, or was taken back; else null.
CREATE FUNCTION yes_to_come(person uuid, category_number integer, skills integer) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT CASE
            WHEN is_under_16(person) AND agreed_version(person, 'jong-vragen') IS NULL THEN 'parent'
            WHEN NOT is_sensitive(category_number, skills) OR agreed_version(person, 'gevoelig') IS NOT NULL THEN NULL
            WHEN is_under_16(person) THEN 'parent'
            WHEN refuses(person, 'gevoelig') THEN 'taken-back'
            ELSE 'yes'
        END
    $$;

CREATE OR REPLACE FUNCTION keep_request_to_consent() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF is_sensitive(NEW.category_number, NEW.skills) THEN
        NEW.is_public := false;
    END IF;
    IF NEW.status = 'open' AND (
        TG_OP = 'INSERT' OR OLD.status <> 'open' OR OLD.category_number <> NEW.category_number OR OLD.skills <> NEW.skills
    ) AND yes_to_come(NEW.person_id, NEW.category_number, NEW.skills) IS NOT NULL THEN
        RAISE EXCEPTION 'consent for this request was not given' USING ERRCODE = 'check_violation', CONSTRAINT = 'consent';
    END IF;
    IF NEW.cross_border AND refuses(NEW.person_id, 'over-de-grens') THEN
        NEW.cross_border := false;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER consent ON help_request;
CREATE TRIGGER consent
    BEFORE INSERT OR UPDATE OF status, cross_border, is_public, category_number, skills, person_id ON help_request
    FOR EACH ROW EXECUTE FUNCTION keep_request_to_consent();

REVOKE EXECUTE ON FUNCTION agreed_version(uuid, text), is_under_16(uuid), yes_to_come(uuid, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agreed_version(uuid, text), is_under_16(uuid), yes_to_come(uuid, integer, integer)
    TO {application};
